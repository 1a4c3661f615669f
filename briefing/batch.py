"""The order of work over many content files: names and a model job in, what became of each out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from briefing import gather, many, resume, workers
from briefing.findings import Finding
from briefing.many import State, Tell, Told
from briefing.pipeline import Job

Say = Callable[[tuple[Finding, ...]], None]


@dataclass(frozen=True)
class Batch:
    """What became of every content file, in order; stopped where somebody has pressed Ctrl-C."""

    tolds: tuple[Told, ...]
    stopped: bool

    @property
    def lacking(self) -> bool:
        """Whether this machine lacks something that all of them need."""
        return any(told.lacking for told in self.tolds)

    @property
    def refused(self) -> bool:
        """Whether not all of them could be made."""
        return any(told.state in (State.REFUSED, State.NOT_REACHED) for told in self.tolds)


def run(
    named: Sequence[str], here: Path, model: Job, at_once: int | None, began_ns: int, say: Say, tell: Tell
) -> Batch:
    """Make all content files that are named, each as the model job says, in a folder of its own below the model's.

    Findings are said in the order of the files, as soon as those before are done.
    """
    found = gather.gathered(named, here, model.out)
    jobs = [_job(model, entry) for entry in found.entries]
    tolds = _refused(found.findings)
    names = [*tolds, *(job.name for job in jobs)]
    around = None if model.dry else resume.surroundings(began_ns)
    count = min(at_once or workers.cores(), max(1, len(jobs)))
    said = 0
    stopped = False
    try:
        with workers.Workers(count) as executor:
            for told in many.run(jobs, executor, count, around):
                tolds[told.name] = told
                tell(f"{len(tolds)} of {len(names)}, last {told.name}")
                while said < len(names) and names[said] in tolds:
                    say(tolds[names[said]].findings)
                    said += 1
    except KeyboardInterrupt:
        stopped = True
    for name in names[said:]:
        if name in tolds:
            say(tolds[name].findings)
    return Batch(tuple(tolds.get(name) or Told(name, State.NOT_REACHED) for name in names), stopped)


def _job(model: Job, entry: gather.Entry) -> Job:
    """A check writes nothing but drawings that are kept by content, and those may lie together."""
    out = model.out if model.dry else model.out / entry.out
    return replace(model, content=entry.content, name=entry.name, out=out)


def _refused(findings: Sequence[Finding]) -> dict[str, Told]:
    """What could not even be handed out."""
    names = dict.fromkeys(finding.place.file for finding in findings)
    return {
        name: Told(name, State.REFUSED, tuple(finding for finding in findings if finding.place.file == name))
        for name in names
    }
