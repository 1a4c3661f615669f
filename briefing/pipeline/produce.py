"""What was planned becomes proofs: pages are laid while the wording is checked and the pictures are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.design.outputs import OutputName
from briefing.documents.manuscript import Manuscript
from briefing.findings import Finding
from briefing.pipeline import proof_cache, typesetters
from briefing.pipeline.document_job import DocumentJob
from briefing.pipeline.job import Job, Tell
from briefing.pipeline.load import check_wording, is_refused, refuse_errors
from briefing.pipeline.plan import draw, page_setups, plan, plan_pictures
from briefing.proofing import findings as proof_findings
from briefing.proofing.proof_set import ProofSet
from briefing.runtime import sandbox, timings

if TYPE_CHECKING:
    from briefing.proofing.proof import Proof


@dataclass(frozen=True)
class Produced:
    """The finished pages of every use, and all that was noticed on the way."""

    manuscript: Manuscript
    sets: dict[OutputName, ProofSet]
    findings: tuple[Finding, ...]  # besides those of the manuscript


def produce(manuscript: Manuscript, job: Job, tell: Tell) -> Produced:
    """Plan and make all pages that are asked for; raises `Refused` with every fault where none are wanted."""
    setups = page_setups(manuscript, job)
    if is_refused(manuscript):  # the rest is looked at all the same: every fault is told at once
        plan_pictures(manuscript, job, setups)
        refuse_errors(check_wording(manuscript))
    before = _before(job)
    planned = plan(manuscript, job, setups)
    tell("typesetting")
    at_shelf = proof_cache.look_up(planned.jobs, job.shelf)
    with _begun(at_shelf.wanted, job) as begun:
        wanted = plan_pictures(manuscript, job, setups)
        manuscript = check_wording(manuscript)
        refuse_errors(manuscript)
        # Drawings of kept proofs are judged, too: what is noticed of them must be told again.
        drawn, findings = draw(manuscript, planned, wanted, planned.jobs, job.drawings)
        running = begun()
        running.tell([drawn[one.use.name][one.document] for one in at_shelf.wanted])
        from briefing.proofing import proof  # noqa: F401 (the answers are made of it: it is loaded while they are waited for)

        with timings.span("main", "wait for the documents"):
            made, faults = running.ended()
            proofs = at_shelf.store(made)
    findings += [*faults, *proof_findings.format_findings(proofs, manuscript.briefing)]
    sets = {}
    for name, setup in setups.items():
        mine = {one.document: one for one in proofs if one.use is name}
        if before:
            from briefing.products.review import review_copy

            mine = review_copy.add_change_bars(mine, before, manuscript, setup)
        sets[name] = ProofSet(manuscript, setup, mine)
    return Produced(manuscript, sets, tuple(findings))


@contextmanager
def _begun(wanted: tuple[DocumentJob, ...], job: Job) -> Iterator[Callable[[], sandbox.TaskRun[Proof]]]:
    """Documents at work, to be had when their children have started: the server may still be loading the typesetter."""
    typesetters.warm()  # while there is one thread
    with ThreadPoolExecutor(1) as aside:
        running = aside.submit(typesetters.begin, wanted, job.at_once)
        try:
            yield running.result
        finally:
            running.result().stop()


def _before(job: Job) -> Manuscript | None:
    """The version to compare with, where bars are asked for; raises `Refused` where it cannot be read."""
    if not job.bars:
        return None
    from briefing.products.changes import versions

    return versions.earlier(job.bars, job.content, job.templates, job.environment)
