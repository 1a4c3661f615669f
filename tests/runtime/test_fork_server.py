"""Processes forked from a server: what they have loaded, how they end, and that none outlives who asked for it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection, wait
from pathlib import Path

import pytest

from briefing.runtime import fork_server
from tests.support.waiting import PATIENCE_S, until

ROOT = Path(__file__).parents[2]
LOADED = "wave"  # a small module that nothing else loads
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not fork_server.FORKING, reason="macOS has a fresh interpreter for each process"),
]


@pytest.fixture(params=[True, False], ids=["forked", "fresh"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server of its own for a test, started in both ways."""
    monkeypatch.setattr(fork_server, "_SERVERS", {})
    monkeypatch.setattr(fork_server, "_load", load_wave)
    monkeypatch.setattr(fork_server, "_forkable", lambda: request.param)
    monkeypatch.setattr(fork_server, "assert_forkable", lambda: None)  # whatever other tests have left in this process
    yield
    for server in fork_server._SERVERS.values():
        server._ours.close()
        assert until(lambda server=server: not server.process.is_alive())  # type: ignore[misc]
        assert server.process.exitcode == 0


def load_wave() -> None:
    import wave  # noqa: F401


def living(process: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # it goes while this is read
        return False


def tell(pipe: Connection, given: str) -> None:
    pipe.send((given, os.getppid(), LOADED in sys.modules, os.getpid()))


def wait_for_it(pipe: Connection) -> None:
    pipe.send(os.getpid())
    time.sleep(60)


def lead(pipe: Connection) -> None:
    """Lead a group with somebody in it."""
    os.setpgid(0, 0)
    other = os.fork()
    if other:
        pipe.send(other)
    time.sleep(60)


def leave(pipe: Connection, how: int) -> None:
    """End in a way; somebody that it has started lives on a while."""
    if os.fork() == 0:
        time.sleep(30)
        os._exit(0)
    os.kill(os.getpid(), how)


@pytest.mark.usefixtures("way")
def test_children_share_what_their_server_has_loaded() -> None:
    told = []
    for given in ("a", "b" * 1_000_000):  # more than a pipe holds
        child = fork_server.start(tell, given)
        word, parent, loaded, _ = child.pipe.recv()
        assert (word, loaded) == (given, True)
        assert child.ended(PATIENCE_S) == 0
        told.append(parent)
    assert told[0] == told[1] != os.getpid()


@pytest.mark.usefixtures("way")
def test_a_child_that_is_killed_has_ended_by_a_signal() -> None:
    child = fork_server.start(wait_for_it)
    child.pipe.recv()
    assert child.ended() is None
    child.kill()
    assert child.ended(PATIENCE_S) == -signal.SIGKILL
    child.kill()  # once more does no harm
    assert fork_server.start(tell, "next").pipe.recv()[0] == "next"


@pytest.mark.usefixtures("way")
def test_an_ending_is_told_on_an_old_system_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pidfd_open")  # the fresh server has it
    child = fork_server.start(wait_for_it)
    child.pipe.recv()
    child.kill()
    assert child.ended(PATIENCE_S) == -signal.SIGKILL


@pytest.mark.usefixtures("way")
def test_an_ending_is_told_though_what_it_has_started_lives_on() -> None:
    child = fork_server.start(leave, signal.SIGTERM)
    assert child.ended(PATIENCE_S) == -signal.SIGTERM


@pytest.mark.usefixtures("way")
def test_a_child_that_leads_a_group_takes_it_along() -> None:
    child = fork_server.start(lead)
    other = child.pipe.recv()
    child.kill()
    assert child.ended(PATIENCE_S) == -signal.SIGKILL
    assert until(lambda: not living(other))


@pytest.mark.usefixtures("way")
def test_a_child_that_nobody_waits_for_does_nothing() -> None:
    fork_server.begin(load_wave)
    (server,) = fork_server._SERVERS.values()
    assert server.is_ready()
    os.kill(server.process.pid or 0, signal.SIGSTOP)
    child = fork_server.start(wait_for_it)
    child.kill()
    os.kill(server.process.pid or 0, signal.SIGCONT)
    assert child.ended(PATIENCE_S) == -signal.SIGKILL


@pytest.mark.usefixtures("way")
def test_a_server_that_is_never_asked_for_anything_ends_in_silence(capfd: pytest.CaptureFixture[str]) -> None:
    fork_server.begin(load_wave)
    (server,) = fork_server._SERVERS.values()
    assert wait([server._ours], 20)  # it is ready
    server._ours.close()
    server.process.join(PATIENCE_S)
    assert server.process.exitcode == 0
    assert capfd.readouterr().err == ""


@pytest.mark.usefixtures("way")
def test_a_server_that_has_died_is_told_and_replaced() -> None:
    child = fork_server.start(wait_for_it)
    process = child.pipe.recv()
    (server,) = fork_server._SERVERS.values()
    server.process.kill()
    server.process.join()
    assert child.ended(PATIENCE_S) == 1
    os.kill(process, signal.SIGKILL)
    assert fork_server.start(tell, "again").pipe.recv()[0] == "again"


def go_on(pipe: Connection, given: str) -> None:
    """Let a child of this child do it."""
    pipe.send(fork_server.start(tell, given).pipe.recv())


@pytest.mark.usefixtures("way")
def test_a_child_may_have_children_of_the_same_kind() -> None:
    word, _, loaded, process = fork_server.start(go_on, "further").pipe.recv()
    assert (word, loaded) == ("further", True)
    assert until(lambda: not living(process))


STARTER = """
import sys, threading, time
from briefing.runtime import fork_server
from tests.runtime.test_fork_server import load_wave, wait_for_it
if {threads}:
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
fork_server.begin(load_wave)
child = fork_server.start(wait_for_it)
print(fork_server._server().process.pid, child.pipe.recv(), "wave" in sys.modules, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("threads", [False, True])
def test_nothing_outlives_the_process_that_has_started_it(threads: bool) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER.format(threads=threads)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout
    with starter, starter.stdout as said:
        server, child, loaded_here = said.readline().split()
        command = Path(f"/proc/{server}/cmdline").read_bytes()
        assert (b"spawn" in command) == threads  # only a process with one thread is forked
        assert loaded_here == "False"
        starter.kill()
    assert until(lambda: not living(int(server)) and not living(int(child)))


@pytest.mark.parametrize("threads", [False, True])
def test_nothing_is_loaded_from_the_current_folder(threads: bool, tmp_path: Path) -> None:
    for name in ("wave", "multiprocessing", "socket"):
        (tmp_path / f"{name}.py").write_text("print('HOSTILE', flush=True)\n")
    code = f"import sys; sys.path[:] = [{str(ROOT)!r}, *sys.path[1:]]\n" + STARTER.format(threads=threads)
    starter = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": ""},
    )
    assert starter.stdout
    with starter, starter.stdout as said:
        assert "HOSTILE" not in said.readline()
        starter.kill()


# ------------------------------------------------------------------ what may be forked


def run_alone(code: str) -> str:
    """What a process of its own, which has one thread, prints."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize(
    "begun", ["briefing.pipeline.typesetters import warm", "briefing.preview.typesetting import begin"]
)
def test_a_server_with_all_that_it_loads_has_one_thread_and_no_font_map(begun: str) -> None:
    code = f"""
import os
from briefing.runtime import fork_server
from {begun} as begin
from tests.runtime.test_fork_server import tell
begin()
child = fork_server.start(tell, "")
server = child.pipe.recv()[1]
print(child.forked, len(os.listdir(f"/proc/{{server}}/task")))
"""
    assert run_alone(code).split() == ["True", "1"]


def test_what_makes_a_font_map_before_a_fork_is_refused(tmp_path: Path) -> None:
    """Whatever the version of Pango: since 1.5x its font map has a thread, which no forked process has."""
    code = """
from pathlib import Path
from briefing.runtime import fork_server
from briefing.layout.typesetter import typesetter
fork_server.assert_forkable()
typesetter(Path("templates/fonts"))
try:
    fork_server.assert_forkable()
except fork_server.Unforkable as fault:
    print(fault)
"""
    assert run_alone(code).startswith("no fork is safe here: Pango has a font map")


@pytest.mark.parametrize(
    "harm",
    [
        "import threading, time; threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
        (
            "from pathlib import Path; "
            "from briefing.layout.typesetter import typesetter; typesetter(Path('templates/fonts'))"
        ),
    ],
    ids=["a thread", "a font map"],
)
def test_a_server_that_may_not_fork_has_fresh_interpreters_in_place_of_its_children(harm: str, tmp_path: Path) -> None:
    (tmp_path / "harmful.py").write_text(harm, encoding="utf-8")
    code = f"""
import sys
sys.path.append({str(tmp_path)!r})
from briefing.runtime import fork_server
from tests.runtime.test_fork_server import tell
def load():
    import harmful
fork_server.begin(load)
child = fork_server.start(tell, "done")
print(child.forked, child.pipe.recv()[0])
"""
    assert run_alone(code).split() == ["False", "done"]


# ------------------------------------------------------------------ standing still


def wait_without_end(pipe: Connection) -> None:
    time.sleep(60)


def work_without_end(pipe: Connection) -> None:
    while True:
        pass


def have_another_work(pipe: Connection) -> None:
    if os.fork() == 0:
        work_without_end(pipe)
    time.sleep(60)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("do", "still"), [(wait_without_end, True), (work_without_end, False), (have_another_work, False)]
)
def test_only_processes_that_use_no_processor_stand_still(
    do: fork_server.Do, still: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fork_server, "STILL_SECONDS", 0.5)
    child, watch = fork_server.start(do), fork_server.StillnessWatch()
    end = time.monotonic() + (20 if still else 1.0)
    found = False
    while not found and time.monotonic() < end:
        found = watch.stand_still([child])
        time.sleep(0.1)
    assert found is still
    for other in Path(f"/proc/{child._pid}/task/{child._pid}/children").read_text().split():  # type: ignore[attr-defined]
        os.kill(int(other), signal.SIGKILL)
    child.kill()
    assert child.ended(PATIENCE_S) == -signal.SIGKILL
