"""The order of work over many content files: names and a model job in, what became of each out."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from briefing.findings import Finding
from briefing.pipeline import discover, dispatch, typesetters
from briefing.pipeline.build import Job
from briefing.pipeline.dispatch import FileResult, FileState, Tell
from briefing.runtime import worker_pool

Say = Callable[[tuple[Finding, ...]], None]


@dataclass(frozen=True)
class Batch:
    """What became of every content file, in order; stopped where somebody has pressed Ctrl-C."""

    tolds: tuple[FileResult, ...]
    stopped: bool

    @property
    def lacking(self) -> bool:
        """Whether this machine lacks something that all of them need."""
        return any(told.lacking for told in self.tolds)

    @property
    def refused(self) -> bool:
        """Whether not all of them could be made."""
        return any(told.state in (FileState.REFUSED, FileState.NOT_REACHED) for told in self.tolds)


def run(
    named: Sequence[str], here: Path, model: Job, at_once: int | None, say: Say, tell: Tell, cluster: str | None = None
) -> Batch:
    """Make all content files that are named, each as the model job says, in a folder of its own below the model's.

    Findings are said in the order of the files, as soon as those before are done. Raises `Refused` or `Missing` where
    they are to be made on a `cluster` and it cannot be used.
    """
    found = discover.discover_content_files(named, here, model.out)
    jobs = [_job(model, entry) for entry in found.entries]
    tolds = _refused(found.findings)
    turn = _Turn([*tolds, *(job.name for job in jobs)], tolds, say)
    stopped = False
    try:
        tolds |= {told.name: told for job in jobs if (told := dispatch.find_unchanged(job))}
        left = [job for job in jobs if job.name not in tolds]
        turn.say()
        with closing(_made(left, model, at_once, cluster)) as made:
            for told in made:
                tolds[told.name] = told
                tell(f"{len(tolds)} of {len(turn.names)}, last {told.name}")
                turn.say()
    except KeyboardInterrupt:
        stopped = True
    turn.say(to_the_end=True)
    return Batch(tuple(tolds.get(name) or FileResult(name, FileState.NOT_REACHED) for name in turn.names), stopped)


def _made(
    jobs: Sequence[Job], model: Job, at_once: int | None, cluster: str | None
) -> Generator[FileResult, None, None]:
    """What is to be made, on processes of this machine or of a cluster."""
    if not jobs:
        return
    if cluster:
        from briefing.pipeline.cluster import content_files

        yield from content_files.run(jobs, model, cluster, at_once)
        return
    count = min(at_once or worker_pool.cores(), len(jobs))
    with worker_pool.Workers(count, typesetters.load) as executor:
        yield from dispatch.run(jobs, executor, count)


@dataclass
class _Turn:
    """Findings wait until those of the files before have been said."""

    names: Sequence[str]
    tolds: Mapping[str, FileResult]
    out: Say
    said: int = 0

    def say(self, to_the_end: bool = False) -> None:
        """Say what is next; `to_the_end` passes over files of which there is nothing to tell."""
        for name in self.names[self.said :]:
            if name in self.tolds:
                self.out(self.tolds[name].findings)
            elif not to_the_end:
                return
            self.said += 1


def _job(model: Job, entry: discover.ContentFile) -> Job:
    """A check writes nothing but drawings that are kept by content, and those may lie together."""
    out = model.out if model.dry else model.out / entry.out
    return replace(model, content=entry.content, name=entry.name, out=out)


def _refused(findings: Sequence[Finding]) -> dict[str, FileResult]:
    """What could not even be handed out."""
    names = dict.fromkeys(finding.place.file for finding in findings)
    return {
        name: FileResult(name, FileState.REFUSED, tuple(finding for finding in findings if finding.place.file == name))
        for name in names
    }
