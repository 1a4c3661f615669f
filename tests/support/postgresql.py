"""A PostgreSQL server of the tests' own: on a socket in a folder of its own, gone with the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.system import not_run

_SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "max_connections=20",
    "shared_buffers=16MB",
    "dynamic_shared_memory_type=mmap",
)


@contextmanager
def server() -> Iterator[tuple[str, Path]]:
    """The address of its database, and the folder of its data."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "")]
    if not programs[-1].name:
        not_run("there is no PostgreSQL. make test installs it on Debian.")
    binaries = programs[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="briefing-pg-"))
    user = _another_user() if os.geteuid() == 0 else None  # the server refuses to be root's
    try:
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        data = folder / "data"
        made = [
            str(binaries / "initdb"),
            "-D",
            str(data),
            "-A",
            "trust",
            "-U",
            "briefing",
            "-E",
            "UTF8",
            "--no-locale",
            "-N",
        ]
        subprocess.run(_as(user, made), check=True, capture_output=True, cwd="/", timeout=120)
        started = [str(binaries / "postgres"), "-D", str(data), "-k", str(folder)]
        for setting in _SETTINGS:
            started += ["-c", setting]
        with (folder / "log").open("wb") as log:
            running = subprocess.Popen(_as(user, started), stdout=log, stderr=log, cwd="/")
        try:
            address = f"postgresql://briefing@/postgres?host={folder}"
            _wait(running, address, folder / "log")
            yield address, data
        finally:
            running.send_signal(2)  # SIGINT: end connections and stop
            running.wait(30)
    finally:
        shutil.rmtree(folder)


def _another_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _as(user: pwd.struct_passwd | None, command: list[str]) -> list[str]:
    """The command as that user; it ends when this process does."""
    leave = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
    if user:
        leave += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return [*leave, *command]


def _wait(running: subprocess.Popen[bytes], address: str, log: Path) -> None:
    import psycopg

    until = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(address, connect_timeout=5).close()
            return
        except psycopg.OperationalError:
            assert running.poll() is None and time.monotonic() < until, log.read_text()  # noqa: PT018
            time.sleep(0.02)
