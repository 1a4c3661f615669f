from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from briefing.findings import Refused
from briefing.pipeline.publish import MANIFEST, publish, recover
from tests.support.waiting import PATIENCE_S

A = {"brief.pdf": b"the brief of A" * 50, "sheet.pdf": b"the sheet of A" * 50}
B = {"brief.pdf": b"the brief of B" * 60, "sheet.pdf": b"the sheet of B" * 60}
FACTS = {"version": "1"}
KILLS = 100

# Every call by which publishing changes a disk.
STEPS = ("open", "write", "fsync", "link", "replace", "unlink")


class Dead(BaseException):
    """The process is gone: nothing that follows happens."""


def contents(out: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in out.iterdir()}


def visible(out: Path) -> dict[str, bytes]:
    return {name: data for name, data in contents(out).items() if name.endswith(".pdf")}


def is_one_build(out: Path) -> bool:
    """Whether the folder holds the whole of A or the whole of B, its manifest, and nothing else."""
    held = contents(out)
    manifest = json.loads(held.pop(MANIFEST))
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in held.items()}
    return held in (A, B) and sums == {name: facts["sha256"] for name, facts in manifest["files"].items()}


def interrupt(
    monkeypatch: pytest.MonkeyPatch, at: int, how: Callable[[], BaseException], *, for_good: bool
) -> list[str]:
    """Let the step with that number fail, or all steps from it on; returns the names of the steps as they come."""
    seen: list[str] = []

    def step(name: str, real: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if name == "open" and not arguments[1] & os.O_CREAT:
            return real(*arguments, **named)
        seen.append(name)
        if len(seen) == at or (for_good and len(seen) > at):
            raise how()
        return real(*arguments, **named)

    for name in STEPS:
        monkeypatch.setattr(os, name, partial(step, name, getattr(os, name)))
    return seen


def steps_of_a_publish(out: Path) -> list[str]:
    publish(A, out, FACTS)
    with pytest.MonkeyPatch.context() as patch:
        seen = interrupt(patch, 0, Dead, for_good=False)
        publish(B, out, FACTS)
    assert set(STEPS) <= set(seen)
    return seen


def refusal(build: dict[str, bytes], out: Path) -> list[str]:
    """The codes with which a build is refused; none where it is published."""
    try:
        publish(build, out, FACTS)
    except Refused as refused:
        return [finding.code for finding in refused.findings]
    return []


def test_a_build_is_published_with_its_manifest(tmp_path: Path) -> None:
    done = publish(A, tmp_path / "new" / "folder", {"version": "1", "files": {"brief.pdf": {"pages": 4}}})
    assert is_one_build(done.folder)
    assert done.written == ("brief.pdf", "sheet.pdf", MANIFEST)
    manifest = json.loads((done.folder / MANIFEST).read_text())
    assert manifest["version"] == "1"
    assert manifest["files"]["brief.pdf"] == {
        "pages": 4,
        "bytes": len(A["brief.pdf"]),
        "sha256": hashlib.sha256(A["brief.pdf"]).hexdigest(),
    }


def test_the_same_build_is_published_as_the_same_bytes_and_only_once(tmp_path: Path) -> None:
    publish(A, tmp_path / "one", FACTS)
    before = {file.name: file.stat().st_mtime_ns for file in (tmp_path / "one").iterdir()}
    again = publish(dict(reversed(A.items())), tmp_path / "one", FACTS)
    publish(A, tmp_path / "two", FACTS)
    assert again.written == ()
    assert {file.name: file.stat().st_mtime_ns for file in (tmp_path / "one").iterdir()} == before
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_only_a_file_that_changed_is_written(tmp_path: Path) -> None:
    publish(A, tmp_path, FACTS)
    done = publish({**A, "sheet.pdf": b"new"}, tmp_path, FACTS)
    assert done.written == ("sheet.pdf", MANIFEST)
    assert done.unchanged == ("brief.pdf",)


def test_files_of_others_in_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    publish(A, tmp_path, FACTS)
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("name", ["../up.pdf", "a/b.pdf", ".hidden.pdf", MANIFEST, ""])
def test_a_name_that_leaves_the_folder_or_hides_is_a_bug(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a file name"):
        publish({name: b""}, tmp_path / "out", FACTS)
    assert not (tmp_path / "out").exists()


def test_a_link_is_replaced_and_never_written_through(tmp_path: Path) -> None:
    precious = tmp_path / "precious.pdf"
    precious.write_bytes(b"precious")
    out = tmp_path / "out"
    out.mkdir()
    (out / "brief.pdf").symlink_to(precious)
    (out / ".publish-0-new").symlink_to(precious)
    (out / ".publish-journal-new").symlink_to(precious)
    publish(A, out, FACTS)
    assert precious.read_bytes() == b"precious"
    assert not (out / "brief.pdf").is_symlink()
    assert is_one_build(out)


def test_a_folder_that_is_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to("real")
    publish(A, tmp_path / "out", FACTS)
    assert (tmp_path / "out").is_symlink()
    assert is_one_build(tmp_path / "real")


def test_a_link_comes_back_when_a_build_is_taken_back(tmp_path: Path) -> None:
    (tmp_path / "brief.pdf").symlink_to("elsewhere.pdf")
    (tmp_path / "sheet.pdf").mkdir()
    assert refusal(A, tmp_path) == ["out-unwritable"]
    assert (tmp_path / "brief.pdf").readlink() == Path("elsewhere.pdf")


def test_a_folder_in_the_place_of_a_file_is_refused_and_the_other_file_kept(tmp_path: Path) -> None:
    publish(A, tmp_path, FACTS)
    (tmp_path / "sheet.pdf").unlink()
    (tmp_path / "sheet.pdf").mkdir()
    assert refusal(B, tmp_path) == ["out-unwritable"]
    assert (tmp_path / "brief.pdf").read_bytes() == A["brief.pdf"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["brief.pdf", MANIFEST, "sheet.pdf"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    assert refusal(A, tmp_path / "out") == ["out-unwritable"]
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk-full"),
        (errno.EDQUOT, "disk-full"),
        (errno.EROFS, "out-unwritable"),
        (errno.EIO, "out-unwritable"),
    ],
)
def test_whichever_step_fails_the_old_build_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    count = len(steps_of_a_publish(tmp_path / "count"))
    refusals = 0
    for at in range(1, count + 1):
        out = tmp_path / str(at)
        publish(A, out, FACTS)
        with monkeypatch.context() as patch:
            seen = interrupt(patch, at, lambda: OSError(number, os.strerror(number)), for_good=False)
            codes = refusal(B, out)
        if codes:
            assert codes == [code]
            assert visible(out) == A, f"{seen[at - 1]}, step {at} of {count}"
            refusals += 1
        else:  # a second name that cannot be had is replaced by a copy; tidying up may wait
            assert seen[at - 1] in ("link", "unlink")
            assert visible(out) == B
        recover(out)
        assert is_one_build(out)
    assert refusals > count / 2


def test_at_whichever_step_the_power_goes_the_next_run_finds_one_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = len(steps_of_a_publish(tmp_path / "count"))
    ends = set()
    for at in range(1, count + 1):
        out = tmp_path / str(at)
        publish(A, out, FACTS)
        with monkeypatch.context() as patch:
            interrupt(patch, at, Dead, for_good=True)
            with pytest.raises(Dead):
                publish(B, out, FACTS)
        recover(out)
        assert is_one_build(out), f"step {at} of {count}"
        ends.add((out / "brief.pdf").read_bytes())
    assert ends == {A["brief.pdf"], B["brief.pdf"]}


def test_a_power_cut_while_recovering_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut = steps_of_a_publish(tmp_path / "count").index("replace") + 3  # the journal stands, nothing has moved
    for at in range(1, 12):
        out = tmp_path / str(at)
        publish(A, out, FACTS)
        with monkeypatch.context() as patch:
            interrupt(patch, cut, Dead, for_good=True)
            with pytest.raises(Dead):
                publish(B, out, FACTS)
        with monkeypatch.context() as patch:
            interrupt(patch, at, Dead, for_good=True)
            with contextlib.suppress(Dead):
                recover(out)
        recover(out)
        assert is_one_build(out)
        assert visible(out) == B


def test_all_files_and_their_journal_lie_on_the_disk_before_the_first_is_moved(tmp_path: Path) -> None:
    steps = [step for step in steps_of_a_publish(tmp_path) if step in ("fsync", "replace")]
    files = ["fsync"] * 4  # brief, sheet, manifest, journal
    assert steps == [*files, "replace", "fsync", "replace", "replace", "replace", "fsync"]


@pytest.fixture
def half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with A in which a run died after it had put one file of B in place."""
    steps = steps_of_a_publish(tmp_path / "count")
    moves = [number for number, step in enumerate(steps, start=1) if step == "replace"]
    out = tmp_path / "out"
    publish(A, out, FACTS)
    with monkeypatch.context() as patch:
        interrupt(patch, moves[2], Dead, for_good=True)  # the first replace puts the journal in place
        with pytest.raises(Dead):
            publish(B, out, FACTS)
    assert visible(out) == {"brief.pdf": B["brief.pdf"], "sheet.pdf": A["sheet.pdf"]}
    return out


def test_a_build_that_was_stopped_is_finished_and_the_editor_told(half_done: Path) -> None:
    assert [finding.code for finding in recover(half_done)] == ["publish-finished"]
    assert visible(half_done) == B
    assert recover(half_done) == ()


def test_publishing_first_finishes_what_was_stopped(half_done: Path) -> None:
    done = publish(B, half_done, FACTS)
    assert [finding.code for finding in done.findings] == ["publish-finished"]
    assert done.written == ()
    assert is_one_build(half_done)


def test_a_build_that_was_stopped_is_taken_back_when_a_part_of_it_is_lost(half_done: Path) -> None:
    (half_done / ".publish-1-new").write_bytes(b"damaged")
    assert [finding.code for finding in recover(half_done)] == ["publish-undone"]
    assert visible(half_done) == A
    assert is_one_build(half_done)


def test_a_file_that_somebody_put_there_since_is_not_taken_back(half_done: Path) -> None:
    (half_done / ".publish-1-new").unlink()
    (half_done / "brief.pdf").write_bytes(b"mine")
    recover(half_done)
    assert (half_done / "brief.pdf").read_bytes() == b"mine"


@pytest.mark.parametrize(
    "journal",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b'[{"temporary": 1, "final": 2, "kept": 3, "sha256": 4}]',
        b'[{"temporary": ".publish-0-new", "final": "../brief.pdf", "kept": "", "sha256": "0"}]',
        b'[{"temporary": "brief.pdf", "final": "sheet.pdf", "kept": "", "sha256": "0"}]',
    ],
)
def test_a_journal_that_is_not_ours_moves_nothing(tmp_path: Path, journal: bytes) -> None:
    out = tmp_path / "out"
    publish(A, out, FACTS)
    (out / ".publish-journal").write_bytes(journal)
    assert [finding.code for finding in recover(out)] == ["publish-unknown"]
    assert visible(out) == A
    assert is_one_build(out)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_temporary_files_of_dead_runs_are_cleared_away(tmp_path: Path) -> None:
    publish(A, tmp_path, FACTS)
    (tmp_path / ".publish-0-new").write_bytes(b"half a f")
    (tmp_path / ".publish-1-old").write_bytes(A["sheet.pdf"])
    assert recover(tmp_path) == ()
    assert is_one_build(tmp_path)


def test_recovering_leaves_a_folder_that_is_not_there_alone(tmp_path: Path) -> None:
    assert recover(tmp_path / "none") == ()
    assert not (tmp_path / "none").exists()


def test_a_second_run_waits_for_the_first(tmp_path: Path) -> None:
    publish(A, tmp_path, FACTS)
    folder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    second = threading.Thread(target=publish, args=(B, tmp_path, FACTS))
    second.start()
    second.join(0.2)
    assert second.is_alive()
    assert visible(tmp_path) == A
    os.close(folder)
    second.join(PATIENCE_S)
    assert visible(tmp_path) == B


def test_a_run_that_holds_the_folder_for_ever_is_told_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("briefing.pipeline.publish._PATIENCE_S", 0.1)
    folder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        assert refusal(A, tmp_path) == ["out-busy"]
    finally:
        os.close(folder)
    assert contents(tmp_path) == {}


def test_a_file_system_without_locks_is_told_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    assert [finding.code for finding in publish(A, tmp_path, FACTS).findings] == ["out-unlocked"]
    assert is_one_build(tmp_path)


def child(out: Path, rounds: int) -> subprocess.Popen[bytes]:
    """A process that publishes A and B by turns, and says a word before it begins."""
    work = (
        "import sys; from pathlib import Path; from tests.pipeline.test_publish import A, B, FACTS; "
        "from briefing.pipeline.publish import publish; print('ready', flush=True); "
        f"[publish(build, Path(sys.argv[1]), FACTS) for _ in range({rounds}) for build in (A, B)]"
    )
    here = Path(__file__).parents[2]
    return subprocess.Popen([sys.executable, "-c", work, str(out)], cwd=here, stdout=subprocess.PIPE)


def forked(out: Path) -> int:
    """A copy of this process that publishes A and B by turns until it is killed."""
    process = os.fork()
    if process == 0:
        try:
            while True:
                publish(A, out, FACTS)
                publish(B, out, FACTS)
        finally:
            os._exit(1)
    return process


@pytest.mark.slow
def test_two_runs_at_once_leave_one_build(tmp_path: Path) -> None:
    runs = [child(tmp_path, 40) for _ in range(2)]
    assert [run.communicate()[0] for run in runs] == [b"ready\n"] * 2
    assert [run.returncode for run in runs] == [0, 0]
    assert is_one_build(tmp_path)


@pytest.mark.slow
def test_a_run_killed_at_any_moment_leaves_one_build(tmp_path: Path) -> None:
    moments = random.Random(7)
    publish(A, tmp_path, FACTS)
    half_way = 0
    for _ in range(KILLS):
        process = forked(tmp_path)
        time.sleep(moments.uniform(0.001, 0.02))
        os.kill(process, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == -signal.SIGKILL
        for name, data in visible(tmp_path).items():
            assert data in (A[name], B[name])
        half_way += any(path.name.startswith(".publish-") for path in tmp_path.iterdir())
        recover(tmp_path)
        assert is_one_build(tmp_path)
    assert half_way > KILLS / 4  # else the kills came at idle moments and have shown nothing
