"""Many content files in one run: jobs in, what became of each out, as each is done.

The work is handed out through the standard interface of executors, as plain records that can be pickled: processes of
this machine, threads or a cluster make no difference here. No more is handed out than can be worked at, and what comes
back is a summary, so memory does not grow with the number of files.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from enum import StrEnum

from briefing.findings import Finding, Missing, Place, error
from briefing.pipeline import batch_records, build, typesetters
from briefing.pipeline.build import Job


class FileState(StrEnum):
    """What became of a content file."""

    BUILT = "built"
    CHECKED = "checked"
    UNCHANGED = "unchanged"  # what was made from the same inputs is there
    REFUSED = "refused"
    NOT_REACHED = "not reached"


@dataclass(frozen=True)
class FileResult:
    """What became of one content file."""

    name: str
    state: FileState
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    documents: int = 0
    pages: int = 0
    lacking: bool = False  # this machine lacks something that all of them need


Tell = Callable[[str], None]
HandOut = Callable[[Executor, Job], Future[FileResult]]


def hand_out(executor: Executor, job: Job) -> Future[FileResult]:
    """Have a content file made on this machine."""
    return executor.submit(make, job)


def run(
    jobs: Iterable[Job],
    executor: Executor,
    at_once: int,
    tell: Tell = lambda _: None,
    hand_out: HandOut = hand_out,
) -> Iterator[FileResult]:
    """Make all of them, so many at once, and tell of each when it is done; a bad one stops none of the others.

    A record is kept of each that is built, so that another run can pass it over. Ends early where no job
    could succeed: this machine lacks something, or the executor takes no more. To close the iterator hands out no more.
    """
    waiting = iter(jobs)
    under_way: dict[Future[FileResult], Job] = {}
    more = True
    try:
        while True:
            while more and len(under_way) < at_once and (job := next(waiting, None)):
                try:
                    under_way[hand_out(executor, job)] = job
                except (BrokenExecutor, RuntimeError):  # it is broken, or was shut down
                    more = False
                    break
                tell(job.name)
            if not under_way:
                return
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=lambda one: under_way[one].name):
                told = _told(future, under_way.pop(future))
                more = more and not told.lacking
                yield told
    finally:
        for future in under_way:
            future.cancel()


def make(job: Job) -> FileResult:
    """One content file, wherever it is made."""
    began = time.monotonic()
    typesetters.warm()  # the typesetter loads while the content is read
    try:
        outcome = build.run(job)
    except Missing as missing:
        return FileResult(job.name, FileState.REFUSED, missing.findings, time.monotonic() - began, lacking=True)
    batch_records.store_record(job, outcome)
    good = FileState.CHECKED if job.dry else FileState.BUILT
    return FileResult(
        job.name,
        FileState.REFUSED if outcome.refused else good,
        outcome.findings,
        time.monotonic() - began,
        len(outcome.made),
        sum(one.pages for one in outcome.made),
    )


def find_unchanged(job: Job) -> FileResult | None:
    """What there is to tell of a build that need not be made anew."""
    began = time.monotonic()
    found = batch_records.find_unchanged(job)
    if not found:
        return None
    return FileResult(
        job.name, FileState.UNCHANGED, found.findings, time.monotonic() - began, found.documents, found.pages
    )


def _told(future: Future[FileResult], job: Job) -> FileResult:
    """What came back, or a finding where nothing did."""
    try:
        return future.result()
    except BrokenExecutor as fault:
        said = str(fault).partition("\n")[0]
        message = (
            f"the process that made this was stopped ({said})" if said else "the process that made this was stopped"
        )
        hint = (
            "build it alone; where that works, the machine had too little memory for so many at once: use fewer --jobs"
        )
        found = error("worker-died", message, Place(job.name), hint)
    except Exception as fault:
        said = (str(fault).strip().splitlines() or [""])[-1][:200]
        message = f"the program failed on this file: {type(fault).__name__}: {said}"
        found = error("worker-failed", message, Place(job.name), "build it alone to see where, and report it")
    return FileResult(job.name, FileState.REFUSED, (found,))
