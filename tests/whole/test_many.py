"""Many content files in one run: which they are, how they are handed out, what one bad one costs, and going on."""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import json
import multiprocessing
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from briefing.content.records import PaperName
from briefing.design.outputs import OutputName
from briefing.findings import Missing, Place, error
from briefing.pipeline import batch_records, build, discover, dispatch, typesetters
from briefing.pipeline.build import Job
from briefing.pipeline.dispatch import FileResult, FileState
from briefing.pipeline.proof_cache import ProofCache
from briefing.products.registry import ProductOptions
from briefing.runtime import cache_store, fingerprint, worker_pool
from tests.support.builds import GOOD, LATER, TEMPLATES, command
from tests.support.examples import usually
from tests.support.waiting import PATIENCE_S, until

BAD = GOOD.replace("value: 300", "value: many")
PICTURE = GOOD.replace(
    "    - takeaways:",
    "    - image: {file: dot.png, alt: A dot, credit: Desk, licence: Free, height_mm: 10}\n    - takeaways:",
)


def write(folder: Path, **files: str) -> Path:
    """Content files by name: `a__b` is a/b.yaml."""
    for name, text in files.items():
        file = folder / (name.replace("__", "/") + ".yaml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def job(content: Path, out: Path, **more: Any) -> Job:
    return Job(content, content.name, out, TEMPLATES, LATER, documents=("fact_sheet",), at_once=1, **more)


# ------------------------------------------------------------------ which files


def names(folder: Path, *named: str, out: str = "build") -> dict[str, str]:
    """What is gathered without a fault: by name, where its documents go."""
    found = discover.discover_content_files(named, folder, folder / out)
    assert found.findings == ()
    return {entry.name: entry.out for entry in found.entries}


def faults(folder: Path, *named: str) -> dict[str, str]:
    found = discover.discover_content_files(named, folder, folder / "build")
    return {finding.place.file: finding.code for finding in found.findings}


def test_a_folder_stands_for_the_briefings_in_it_and_below(tmp_path: Path) -> None:
    write(tmp_path, desk__content="not yet", desk__a__content=GOOD, desk__b=GOOD, desk__words="sources: {}\n")
    (tmp_path / "desk" / "c.yml").write_text("# remark\n" + GOOD)
    (tmp_path / "desk" / "notes.txt").write_text(GOOD)
    (tmp_path / "desk" / "folder.yaml").mkdir()
    assert names(tmp_path, "desk") == {
        "desk/a/content.yaml": "desk/a",
        "desk/b.yaml": "desk/b",
        "desk/c.yml": "desk/c",
        "desk/content.yaml": "desk",
    }


def test_what_is_hidden_a_link_or_in_the_output_folder_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, desk__a=GOOD, desk__build__old=GOOD, elsewhere__b=GOOD)
    for hidden in (".b.yaml", ".git/b.yaml"):
        (tmp_path / "desk" / hidden).parent.mkdir(exist_ok=True)
        (tmp_path / "desk" / hidden).write_text(GOOD)
    (tmp_path / "desk" / "link.yaml").symlink_to(tmp_path / "elsewhere" / "b.yaml")
    (tmp_path / "desk" / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "desk" / "round").symlink_to(tmp_path / "desk")
    os.mkfifo(tmp_path / "desk" / "pipe.yaml")
    assert names(tmp_path, "desk", out="desk/build") == {"desk/a.yaml": "desk/a"}


def test_files_of_one_name_in_two_folders_keep_their_paths(tmp_path: Path) -> None:
    write(tmp_path, x__a=GOOD, y__a=GOOD)
    assert names(tmp_path, "x/a.yaml", "y/a.yaml") == {"x/a.yaml": "x/a", "y/a.yaml": "y/a"}


def test_a_folder_elsewhere_goes_by_its_own_name(tmp_path: Path) -> None:
    write(tmp_path, x__a=GOOD, x__b__content=GOOD, here__c=GOOD)
    assert names(tmp_path / "here", "../x") == {"../x/a.yaml": "x/a", "../x/b/content.yaml": "x/b"}
    assert names(tmp_path / "here", "../x/a.yaml", "../x/b/content.yaml") == {
        "../x/a.yaml": "a",
        "../x/b/content.yaml": "b",
    }
    assert names(tmp_path / "x" / "b", ".") == {"content.yaml": "content"}


def test_what_is_named_twice_is_built_once(tmp_path: Path) -> None:
    write(tmp_path, x__a=GOOD)
    assert names(tmp_path, "x/a.yaml", "x", "./x/../x/a.yaml") == {"x/a.yaml": "x/a"}


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("a.yaml", "a/content.yaml"),
        ("a.yaml", "a.yml"),
        ("a.yaml", "A.yaml"),
        ("caf\u00e9.yaml", "cafe\u0301.yaml"),
        ("a/content.yaml", "a/press.yaml"),
    ],
)
def test_two_that_would_write_into_one_folder_are_both_refused(tmp_path: Path, one: str, two: str) -> None:
    write(tmp_path, good=GOOD, a__x=GOOD)
    for name in (one, two):
        (tmp_path / name).write_text(GOOD)
    named = (one, two, "good.yaml")
    assert faults(tmp_path, *named) == {one: "out-shared", two: "out-shared"}
    assert [entry.name for entry in discover.discover_content_files(named, tmp_path, tmp_path / "build").entries] == [
        "good.yaml"
    ]


def test_a_folder_without_content_is_told(tmp_path: Path) -> None:
    write(tmp_path, empty__words="sources: {}\n")
    assert faults(tmp_path, "empty") == {"empty": "folder-empty"}


@pytest.mark.parametrize("limit", ["MAX_FILES", "MAX_LOOKED"])
def test_a_folder_of_more_files_than_can_be_meant_is_refused(
    tmp_path: Path, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, x__a=GOOD, x__b=GOOD, x__c=GOOD)
    monkeypatch.setattr(discover, limit, 3)
    assert len(names(tmp_path, "x")) == 3
    monkeypatch.setattr(discover, limit, 2)
    assert faults(tmp_path, "x") == {"x": "folder-large"}


# ------------------------------------------------------------------ handing out


class InLine(Executor):
    """Makes each call at once, where it is submitted."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as fault:
            future.set_exception(fault)
        return future


class Counting(ThreadPoolExecutor):
    """Counts the calls that are under way."""

    most = now = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.now += 1
        self.most = max(self.most, self.now)
        return super().submit(fn, *args, **kwargs)


@dataclass
class Taken:
    """Counts the jobs that were asked for."""

    jobs: Sequence[Job]
    count: int = 0

    def __iter__(self) -> Iterator[Job]:
        for one in self.jobs:
            self.count += 1
            yield one


def pretended(job: Job) -> FileResult:
    """Instead of making a content file: what its name says becomes of it."""
    if job.name == "bug":
        raise ZeroDivisionError("of a bug")
    if job.name == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if job.name == "lacking":
        return FileResult(
            job.name, FileState.REFUSED, (error("library-missing", "none", Place(job.name)),), lacking=True
        )
    return FileResult(job.name, FileState.BUILT)


@pytest.fixture
def pretending(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "make", pretended)


def pretend(*names: str) -> list[Job]:
    return [replace(job(Path(name), Path("nowhere")), name=name) for name in names]


def became(tolds: Iterator[FileResult]) -> dict[str, object]:
    """By name, what became of each: its state, or the codes of its findings."""
    return {told.name: [f.code for f in told.findings] or told.state.value for told in tolds}


@pytest.mark.usefixtures("pretending")
def test_no_more_jobs_are_under_way_than_can_be_worked_at() -> None:
    jobs = Taken(pretend(*(str(number) for number in range(40))))
    with Counting(8) as executor:
        told = 0
        for _ in dispatch.run(jobs, executor, 3):
            told += 1
            executor.now -= 1
            assert jobs.count - told <= 3
        assert told == 40
        assert executor.most == 3


@pytest.mark.usefixtures("pretending")
def test_a_bug_costs_one_file() -> None:
    found = became(dispatch.run(pretend("a", "bug", "b"), InLine(), 1))
    assert found == {"a": "built", "bug": ["worker-failed"], "b": "built"}


@pytest.mark.usefixtures("pretending")
def test_what_all_need_and_the_machine_lacks_ends_the_run() -> None:
    assert became(dispatch.run(pretend("a", "lacking", "b"), InLine(), 1)) == {
        "a": "built",
        "lacking": ["library-missing"],
    }


@pytest.mark.usefixtures("pretending")
def test_a_process_that_is_killed_costs_its_own_file() -> None:
    with worker_pool.Workers(2, typesetters.load) as executor:
        found = became(dispatch.run(pretend("a", "killed", "b", "c"), executor, 2))
    assert found == {"a": "built", "killed": ["worker-died"], "b": "built", "c": "built"}


@pytest.mark.usefixtures("pretending")
def test_a_foreign_pool_that_breaks_ends_the_run_without_harm() -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("forkserver")) as executor:
        assert became(dispatch.run(pretend("killed", "a"), executor, 1)) == {"killed": ["worker-died"]}


def test_a_process_is_replaced_after_so_many_calls() -> None:
    with worker_pool.Workers(1, typesetters.load, calls_each=2) as executor:
        processes = [executor.submit(os.getpid).result() for _ in range(5)]
    assert len(set(processes)) == 3
    assert processes[0] == processes[1] != processes[2] == processes[3] != processes[4]


def test_what_a_call_raises_comes_back_and_the_process_goes_on() -> None:
    with worker_pool.Workers(1, typesetters.load) as executor:
        first = executor.submit(os.getpid).result()
        with pytest.raises(ZeroDivisionError):
            executor.submit(divmod, 1, 0).result()
        with pytest.raises(RuntimeError, match="cannot travel"):
            executor.submit(stubborn).result()
        with pytest.raises(BrokenProcessPool, match="SIGKILL"):
            executor.submit(signal.raise_signal, signal.SIGKILL).result()
        assert executor.submit(os.getpid).result() != first


def stubborn() -> None:
    raise Missing(error("library-missing", "cannot travel"))


@pytest.mark.parametrize("kind", ["in line", "threads", "processes"])
def test_any_executor_will_do(tmp_path: Path, kind: str) -> None:
    write(tmp_path, a=GOOD, bad=BAD)
    jobs = [job(tmp_path / f"{name}.yaml", tmp_path / "out", dry=True) for name in ("a", "bad")]
    executors: dict[str, Callable[[], Executor]] = {
        "in line": InLine,
        "threads": lambda: ThreadPoolExecutor(2),
        "processes": lambda: ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("forkserver")),
    }
    with executors[kind]() as executor:
        found = {told.name: (told.state, {f.code for f in told.findings}) for told in dispatch.run(jobs, executor, 2)}
    assert found == {
        "a.yaml": (FileState.CHECKED, {"page-thin", "figures-unchecked"}),
        "bad.yaml": (FileState.REFUSED, {"number-malformed"}),
    }


# ------------------------------------------------------------------ going on


@dataclass(frozen=True)
class Desk:
    """A build, and what it was made in."""

    job: Job
    outcome: build.Outcome


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A build of which a record is kept."""
    folder = write(tmp_path / "desk", content=PICTURE)
    Image.new("L", (60, 60)).save(folder / "dot.png")
    kept = tmp_path / "kept"
    assert cache_store.make_folder(str(kept))
    stands = fingerprint.take_fingerprint(str(TEMPLATES), {})
    one = job(folder / "content.yaml", folder / "out", shelf=ProofCache(str(kept), stands, TEMPLATES, {}))
    outcome = build.run(one)
    assert not outcome.refused, outcome.findings
    batch_records.store_record(one, outcome)
    return Desk(one, outcome)


def test_a_build_whose_inputs_and_outputs_are_as_they_were_is_unchanged_and_says_the_same(desk: Desk) -> None:
    found = batch_records.find_unchanged(desk.job)
    assert found
    assert found.findings == desk.outcome.findings
    assert [finding.code for finding in found.findings]
    assert (found.documents, found.pages) == (1, 1)
    assert batch_records.find_unchanged(replace(desk.job, shelf=None)) is None
    others: list[dict[str, Any]] = [
        {"today": LATER + datetime.timedelta(1)},
        {"paper": PaperName.A4},
        {"strict": True},
        {"documents": ("brief", "fact_sheet")},
        {"outputs": (OutputName.OFFICE,)},
        {"name": "another.yaml"},
        {"out": desk.job.out / "elsewhere"},
        {"content": desk.job.content.parent / "another.yaml"},
        {"options": ProductOptions(half=True)},
        {"bars": "HEAD"},
        {"dry": True},
    ]
    for other in others:
        assert batch_records.find_unchanged(replace(desk.job, **other)) is None, other
    for name in ("content.yaml", "dot.png", "out/fact-sheet.pdf", "out/manifest.json"):
        file = desk.job.content.parent / name
        whole = file.read_bytes()
        file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        assert batch_records.find_unchanged(desk.job) is None, name
        file.write_bytes(whole)
        assert batch_records.find_unchanged(desk.job)


def test_a_refused_run_leaves_no_record(desk: Desk) -> None:
    other = replace(desk.job, strict=True)
    batch_records.store_record(other, replace(desk.outcome, refused=True))
    assert batch_records.find_unchanged(other) is None


# ------------------------------------------------------------------ whole runs


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if name != cache_store.NO_CACHE}
    return subprocess.Popen(
        command("build", *arguments, "--only", "fact-sheet", "--today", str(LATER), "--out", "out"),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**kept, "XDG_CACHE_HOME": str(folder / "kept")},
    )


def results(told: str) -> dict[str, str]:
    lines = [json.loads(line) for line in told.splitlines()]
    return {line["content"]: line["result"] for line in lines if "result" in line}


def test_a_bad_one_among_good_ones_is_refused_and_the_others_are_built(tmp_path: Path) -> None:
    write(tmp_path, in__a=GOOD, in__bad=BAD, in__deep__content=GOOD)
    run = start(tmp_path, "in", "gone.yaml", "--jobs", "2")
    told, noise = run.communicate(timeout=PATIENCE_S)
    assert run.returncode == 1
    lines = [line.split()[:2] for line in told.splitlines()]
    assert lines[1:5] == [
        ["in/a.yaml", "built"],
        ["in/bad.yaml", "refused"],
        ["in/deep/content.yaml", "built"],
        ["gone.yaml", "refused"],
    ]
    assert told.splitlines()[-1].startswith("4 content files in ")
    assert "in/bad.yaml:5:18: error" in noise
    assert "gone.yaml: error: there is no such file" in noise
    for name, there in (("in/a", True), ("in/bad", False), ("in/deep", True)):
        assert (tmp_path / "out" / name / "fact-sheet.pdf").exists() is there


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes as Linux tells of them")
@pytest.mark.parametrize("how", usually([signal.SIGKILL], [signal.SIGINT]))
def test_a_run_that_is_stopped_leaves_no_process_and_another_makes_only_what_is_left(
    tmp_path: Path, how: signal.Signals
) -> None:
    write(tmp_path, **{f"in__{name}": GOOD for name in "abcd"})
    with held(tmp_path / "out" / "in" / "b"):  # however slow the machine, the run gets no further
        run = start(tmp_path, "in", "--jobs", "1")
        assert until(lambda: noted(tmp_path, "a"))
        if how is signal.SIGINT:
            os.killpg(run.pid, how)  # as a terminal does
        else:
            run.kill()
        told, noise = run.communicate(timeout=PATIENCE_S)
        assert until(lambda: not session(run.pid))
    done = {f"in/{name}.yaml" for name in "abcd" if noted(tmp_path, name)}
    assert done == {"in/a.yaml"}
    if how is signal.SIGINT:
        assert run.returncode == 130
        assert "Traceback" not in noise
        assert "Stopped." in told
        assert "not reached" in told
    again = start(tmp_path, "in", "--json", "--jobs", "1")
    told, noise = again.communicate(timeout=PATIENCE_S)
    assert again.returncode == 0
    assert noise == ""
    assert {name for name, state in results(told).items() if state == "unchanged"} == done
    assert {name for name, state in results(told).items() if state == "built"} == {
        f"in/{name}.yaml" for name in "abcd"
    } - done


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """A folder for which every run waits, as another run has locked it."""
    folder.mkdir(parents=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def noted(folder: Path, name: str) -> bool:
    """Whether the documents of one are there, and the record that is kept of it just after."""
    records = list((folder / "kept").rglob("*.run"))
    made = [one for one in "abcd" if (folder / "out" / "in" / one / "manifest.json").exists()]
    return name in made[: len(records)]


def session(leader: int) -> list[str]:
    """The processes that were started from a process, by whatever way."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, leads = (folder / "stat").read_text().rpartition(") ")[2].split()[:4]
            if int(leads) == leader and state != "Z":
                found.append((folder / "cmdline").read_text())
        except OSError:
            continue
    return found


def test_one_file_is_built_as_it_always_was(tmp_path: Path) -> None:
    write(tmp_path, bad=BAD)
    runs = [
        subprocess.run(
            command("build", *named, "--out", "out"), cwd=tmp_path, capture_output=True, text=True, check=False
        )
        for named in (["bad.yaml"], ["--content", "bad.yaml"])
    ]
    assert runs[0].returncode == runs[1].returncode == 1
    assert (runs[0].stdout, runs[0].stderr) == (runs[1].stdout, runs[1].stderr)
    assert runs[0].stdout.startswith("Refused: 1 error; the last good PDFs are as they were.")


def test_a_content_file_cannot_be_named_both_ways(tmp_path: Path) -> None:
    both = command("check", "a.yaml", "--content", "b.yaml")
    run = subprocess.run(both, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "name content files once" in run.stderr
