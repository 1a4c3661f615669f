"""Printers of the tests' own: ippeveprinter and cupsd in a network that only the tests see.

A namespace has loopback alone, a bus and an Avahi of its own, without which Debian's ippeveprinter does not start. All
in it ends with the tests. What a printer puts out stands in a log: a line for each copy, with the name of its job.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from briefing.distribution.printing.ipp import IppClient, read_address
from tests.support.system import not_run

_NEW_NETWORK = 0x40000000  # CLONE_NEWNET
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={bus}</listen><auth>EXTERNAL</auth><auth>ANONYMOUS</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
<allow user="*"/></policy></busconfig>
"""
_AVAHI = "[server]\nuse-ipv6=no\nallow-interfaces=lo\n[publish]\n[reflector]\n[rlimits]\n"
_START = """
ip link set lo up
mkdir -p /run/avahi-daemon && mount -t tmpfs tmpfs /run/avahi-daemon
dbus-daemon --config-file={folder}/bus.conf --nofork --nopidfile &
until [ -S {folder}/bus ]; do sleep 0.02; done
export DBUS_SYSTEM_BUS_ADDRESS=unix:path={folder}/bus
avahi-daemon --no-drop-root --no-chroot --no-rlimits -f {folder}/avahi.conf &
until [ -e /run/avahi-daemon/pid ]; do sleep 0.02; done
echo ready
wait
"""
_OUT = """#!/bin/sh
# "Prints" copy by copy: counts its sides, and puts the name of the job into the log.
pages=$(pdfinfo "$1" | sed -n 's/^Pages: *//p') n=0
while [ $n -lt $pages ]; do
    sleep {seconds}
    n=$((n + {pages}))
    echo "$IPP_JOB_NAME $n" >>{log}
    echo "ATTR: job-impressions-completed=$n" >&2
done
"""


@dataclass
class Room:
    """The network of the tests' printers."""

    folder: Path
    network: int  # of the namespace, an open file

    @contextmanager
    def inside(self) -> Iterator[None]:
        """This thread, and what it starts, sees the network of the printers and no other."""
        before = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            _enter(self.network)
            try:
                yield
            finally:
                _enter(before)
        finally:
            os.close(before)

    @property
    def environment(self) -> dict[str, str]:
        bus = f"unix:path={self.folder / 'bus'}"
        return {**os.environ, "PATH": _PATH, "DBUS_SYSTEM_BUS_ADDRESS": bus, "HOME": str(self.folder)}


@dataclass
class TestPrinter:
    """One ippeveprinter, to be used within the room."""

    __test__ = False  # it is no test

    room: Room
    folder: Path
    port: int = 8631
    pages: int = 2  # of a copy
    seconds: float = 0.0  # for a copy
    options: Sequence[str] = ("-2",)
    secure: bool = False  # whether it is called by its encrypted address
    running: subprocess.Popen[bytes] | None = field(default=None, init=False)
    starts: int = field(default=0, init=False)

    @property
    def address(self) -> str:
        return f"{'ipps' if self.secure else 'ipp'}://localhost:{self.port}/ipp/print"

    @property
    def log(self) -> Path:
        return self.folder / "printed.log"

    def start(self) -> None:
        self.starts += 1
        script, spool, keys = self.folder / "out.sh", self.folder / "spool", self.folder / "keys"
        for one in (spool, keys):
            one.mkdir(exist_ok=True, parents=True)
        script.write_text(_OUT.format(seconds=self.seconds, pages=self.pages, log=self.log))
        script.chmod(0o755)
        command = ["ippeveprinter", "-n", "localhost", "-p", str(self.port), "-d", str(spool), "-f", "application/pdf"]
        command += ["-K", str(keys), "-c", str(script), *self.options, f"Printer {self.port}"]
        with (self.folder / "ippeve.log").open("ab") as log:
            self.running = subprocess.Popen(
                command, stdout=log, stderr=log, env=self.room.environment, start_new_session=True
            )
        listens(self.port, self.running, self.folder / "ippeve.log")

    def kill(self) -> None:
        """End it at once, and what it prints with it."""
        if self.running is not None:
            os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
            self.running = None

    def printed(self) -> Counter[int]:
        """How often each copy came out."""
        found = Counter[int]()
        for line in self.log.read_text().splitlines() if self.log.exists() else ():
            name, _, sides = line.rpartition(" ")
            first = int(name.split("/")[1].split("-")[0])
            found[first + int(sides) // self.pages - 1] += 1
        return found


_CUPSD = """Listen localhost:{port}
LogLevel warn
WebInterface No
Browsing Off
DefaultAuthType None
PreserveJobHistory Yes
JobRetryInterval 2
<Location />
Order allow,deny
Allow all
</Location>
<Location /admin>
Order allow,deny
Allow all
</Location>
<Policy default>
<Limit All>
Order deny,allow
</Limit>
</Policy>
"""
_FILES = """ServerRoot {folder}/root
RequestRoot {folder}/requests
CacheDir {folder}/cache
StateDir {folder}/state
TempDir {folder}/requests
AccessLog {folder}/access.log
ErrorLog {folder}/error.log
PageLog {folder}/page.log
ServerBin /usr/lib/cups
DataDir /usr/share/cups
SystemGroup root lpadmin
FileDevice No
"""


@contextmanager
def queue(room: Room, printer: TestPrinter, policy: str, port: int = 6631) -> Iterator[str]:
    """The address of a queue of CUPS before a printer; to be used within the room."""
    for program, package in (("cupsd", "cups"), ("lpadmin", "cups-client")):
        if not shutil.which(program, path=_PATH):
            not_run(f"{program} is not installed. make test installs {package} on Debian.")
    folder = Path(tempfile.mkdtemp(prefix="briefing-cups-"))
    folder.chmod(0o755)  # filters are run by another user
    for name in ("root", "requests", "cache", "state"):
        (folder / name).mkdir()
    (folder / "cupsd.conf").write_text(_CUPSD.format(port=port))
    (folder / "cups-files.conf").write_text(_FILES.format(folder=folder))
    command = ["cupsd", "-f", "-c", str(folder / "cupsd.conf"), "-s", str(folder / "cups-files.conf")]
    with (folder / "cupsd.log").open("wb") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log, env=room.environment, start_new_session=True)
    try:
        listens(port, running, folder / "cupsd.log")
        made = ["lpadmin", "-h", f"localhost:{port}", "-p", "office", "-E", "-v", printer.address, "-m", "everywhere"]
        made += ["-o", f"printer-error-policy={policy}"]
        subprocess.run(made, check=True, env=room.environment, timeout=30)
        address = f"ipp://localhost:{port}/printers/office"
        _knows_its_printer(address)
        yield address
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """The network in which the printers are."""
    for program, package in (
        ("ippeveprinter", "cups-ipp-utils"), ("avahi-daemon", "avahi-daemon"), ("dbus-daemon", "dbus"),
        ("ip", "iproute2"), ("pdfinfo", "poppler-utils"), ("unshare", "util-linux"),
    ):  # fmt: skip
        if not shutil.which(program, path=_PATH):
            not_run(f"{program} is not installed. make test installs {package} on Debian.")
    if os.geteuid() != 0:
        not_run("only root can make a network for printers.")
    folder = tmp_path_factory.mktemp("printers")
    (folder / "bus.conf").write_text(_BUS.format(bus=folder / "bus"))
    (folder / "avahi.conf").write_text(_AVAHI)
    command = ["setpriv", "--pdeathsig", "KILL", "unshare", "--net", "--mount", "--propagation", "unchanged"]
    command += ["--pid", "--fork", "--kill-child", "sh", "-c", _START.format(folder=folder)]
    with (folder / "room.log").open("wb") as log:
        running = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, env={**os.environ, "PATH": _PATH}, start_new_session=True
        )
    assert running.stdout is not None
    try:
        if running.stdout.readline() != b"ready\n":
            not_run(f"no network of its own can be made: {(folder / 'room.log').read_text()[-300:]}")
        network = os.open(f"/proc/{running.pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        yield Room(folder, network)
        os.close(network)
    finally:
        running.kill()
        running.wait()
        running.stdout.close()


def listens(port: int, running: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until something listens there."""
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("localhost", port), 1).close()
            return
        except OSError:
            said = log.read_text(errors="replace")[-2000:]
            assert running.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.02)


def _knows_its_printer(queue: str) -> None:
    """Wait until a new queue can print on both sides: CUPS asks the printer after it has answered lpadmin."""
    address = read_address(queue)
    assert address is not None
    asking = IppClient(address)
    until = time.monotonic() + 30
    while "two-sided-long-edge" not in asking.printer(["sides-supported"]).get("sides-supported", ()):
        assert time.monotonic() < until, "the queue does not know what its printer can do"
        time.sleep(0.05)


def _enter(network: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(network, _NEW_NETWORK):
        raise OSError(ctypes.get_errno(), "setns")
