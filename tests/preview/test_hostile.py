"""The preview under hands that mean it ill, or are in a hurry."""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from briefing.preview import server
from tests.support.builds import GOOD, command

pytestmark = pytest.mark.slow


@contextlib.contextmanager
def started(folder: Path) -> Iterator[subprocess.Popen[str]]:
    (folder / "content.yaml").write_text(GOOD)
    process = subprocess.Popen(
        command("preview", "--no-open"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("preview")
    with started(folder) as process:
        assert process.stdout
        found = re.search(r"http://\S+/", process.stdout.readline())
        assert found
        yield found[0], folder


def answered(address: str, name: str = "", length: str = "", seconds: float = 20) -> int:
    where = urlsplit(address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=seconds)
    connection.putrequest("POST" if length else "GET", where.path + name)
    if length:
        connection.putheader("Origin", f"http://{where.netloc}")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", length)
    connection.endheaders()
    with contextlib.closing(connection):
        return connection.getresponse().status


@pytest.mark.parametrize("length", ["9" * 5_000, "-1", "1e3", "٣", " ", "5000"])
def test_a_length_that_is_none_or_too_large_is_413(length: str, one: tuple[str, Path]) -> None:
    address, _ = one
    assert answered(address, "excerpt", length.encode().decode("latin-1")) == 413  # the bytes, as the header has them


def test_connections_that_say_nothing_lock_nobody_out(one: tuple[str, Path]) -> None:
    where = urlsplit(one[0])
    with contextlib.ExitStack() as open_ones:
        for number in range(server.MAX_REQUESTS + 8):
            half = open_ones.enter_context(socket.create_connection((where.hostname, where.port)))
            half.sendall(b"GET / HT" if number % 2 else b"")
        assert answered(one[0], seconds=10) == 200
        assert answered(one[0], "preview.css", seconds=10) == 200


def test_content_that_hangs_stops_nothing(one: tuple[str, Path]) -> None:
    address, folder = one
    where = urlsplit(address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
    connection.request("GET", where.path + "events?width=800")
    states = connection.getresponse()
    with contextlib.closing(connection):
        (folder / "content.yaml").unlink()
        os.mkfifo(folder / "content.yaml")
        until(states, lambda state: any(told["code"] == "file-unreadable" for told in state["findings"]))
        (folder / "content.yaml").unlink()
        (folder / "content.yaml").write_text(GOOD)
        until(states, lambda state: not any(told["code"] == "file-unreadable" for told in state["findings"]))


def work(pid: int, seconds: float) -> None:
    """Wait until a process has worked for so long: on a loaded machine, Python itself starts late."""
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        if (int(user) + int(system)) / os.sysconf("SC_CLK_TCK") >= seconds:
            return
        time.sleep(0.005)
    raise AssertionError("it does not work")


def until(states: http.client.HTTPResponse, met) -> None:
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        line = states.readline()
        if line.startswith(b"data: ") and met(json.loads(line[6:])):
            return
    raise AssertionError("it was not shown")


@pytest.mark.parametrize("moment", [0.15, 0.3, 0.6, None], ids=str)
def test_it_ends_soon_after_ctrl_c(moment: float | None, tmp_path: Path) -> None:
    with started(tmp_path) as process:
        assert process.stdout
        if moment is None:
            process.stdout.readline()
        else:
            work(process.pid, moment)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.wait(10)
        assert time.monotonic() - began < 2.5  # one second, and a machine at work
        assert process.stderr
        assert "Traceback" not in process.stderr.read()
        assert process.returncode in (0, 130)


def test_it_ends_soon_where_another_thread_hears_ctrl_c(tmp_path: Path) -> None:
    with started(tmp_path) as process:
        assert process.stdout
        process.stdout.readline()
        while Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] != "S":
            time.sleep(0.005)  # until it waits
        other = max(int(thread) for thread in os.listdir(f"/proc/{process.pid}/task"))
        assert other != process.pid
        assert ctypes.CDLL(None).tgkill(process.pid, other, signal.SIGINT) == 0
        assert process.wait(5) in (0, 130)
