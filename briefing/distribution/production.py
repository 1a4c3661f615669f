"""Runs made: pages are built, the plan is recorded, and numbered copies are written for the printer and for e-mail.

All pages are built, and all names are seen to fit, before anything is recorded or written. What was written before a
run was stopped is found and kept: the same plan of the same pages gives the same bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from briefing import program
from briefing.content.briefing import Briefing
from briefing.content.records import PaperName
from briefing.design.outputs import OUTPUTS, OutputName
from briefing.distribution import cluster_parts
from briefing.distribution.order import Inputs
from briefing.distribution.part_files import PartWriter, RunPlace, SharedFile, WrittenPart
from briefing.distribution.private_folder import WORK, write_private
from briefing.distribution.records import DistributionPlan, RunPlan
from briefing.distribution.register import plans
from briefing.distribution.register.keys import register_key
from briefing.distribution.register.plans import DocumentFacts, EditionFacts, RecordedRun
from briefing.distribution.register.register import Register
from briefing.distribution.run_folders import make_run_folder
from briefing.distribution.run_marks import FinishedPages, RunMarks
from briefing.distribution.shop_folder import ShopFolder, ShopRun
from briefing.distribution.status_address import slug_of
from briefing.findings import Finding, Place, Refused, error, has_errors
from briefing.pipeline import build
from briefing.pipeline.job import Job, Tell
from briefing.products.printshop.condition import printing_condition_of


@dataclass(frozen=True, slots=True)
class MadeRun:
    """What was written of one run, in a folder called by its letters."""

    letters: str
    plan: RunPlan
    folder: str
    parts: tuple[str, ...]  # files for the printer
    shared: str  # the file with the pages that all copies share, where it is printed apart
    copies: tuple[str, ...]  # files of one copy each
    shop: tuple[str, ...]  # what a print shop is sent
    kept: int  # files that were there already, with the same bytes


def make_runs(
    inputs: Inputs,
    plan: DistributionPlan,
    job: Job,
    register: Register,
    tell: Tell,
    again: bool = False,
    cluster: str | None = None,
) -> tuple[tuple[MadeRun, ...], tuple[Finding, ...]]:
    """Make all runs of a plan, with new numbers where it was made before and that is wanted; raises `Refused`.

    What the editor should look at comes with them.
    `job` is a plain build of the content. Files are written on this machine, or on those of a `cluster`, which raises
    `Missing` too.
    """
    if inputs.briefing.mark is None:
        hint = "write mark: {} into the content, so that page one keeps room for the numbers of copies"
        raise Refused([error("mark-missing", "the content has no mark:", Place(job.name), hint)])
    pages = _build_pages(plan, job, tell)
    if faults := [fault for run in plan.runs for fault in _miscounted(run, pages[_pages_of(run)])]:
        raise Refused(faults)
    markers = [RunMarks(inputs, run, pages[_pages_of(run)], job.templates) for run in plan.runs]
    found = tuple(fault for marker in markers for fault in marker.shape())
    if has_errors(found):
        raise Refused(found)
    with _executor(cluster, inputs, register) as executor:
        facts = [_document_facts(run, pages[_pages_of(run)].pdf) for run in plan.runs]
        recorded = plans.record_plan(register, _edition_facts(inputs), plan, facts, inputs.people.recipients, again)
        key = register_key(register, make=True)
        assert key
        made = list[MadeRun]()
        for marker, one in zip(markers, recorded, strict=True):
            folder, shown = make_run_folder(inputs, register.where, one.letters)
            place = RunPlace(folder.resolve(), shown, one.tag, key)  # wherever it is written
            writer = PartWriter(marker, inputs.settings.settings.print, place)
            shared, written = writer.write_shared(), _written(writer, inputs, executor, tell)
            plans.record_parts(register, one, [file.part for file in written])
            shop = _write_shop(writer, job, shared, tell)
            made.append(_made_run(one, writer, written, shared, shop))
        return tuple(made), found


def _written(writer: PartWriter, inputs: Inputs, executor: Executor | None, tell: Tell) -> list[WrittenPart]:
    """The files of a run, of which those that are missing were written."""
    if executor:
        return cluster_parts.write(writer, inputs, executor, tell)
    written = list[WrittenPart]()
    for piece in writer.pieces:
        tell(f"copies {piece.first} to {piece.last} of {writer.marks.run.total}")
        written += writer.write(piece)
    return written


def _write_shop(writer: PartWriter, job: Job, shared: SharedFile | None, tell: Tell) -> tuple[str, ...]:
    """What a print shop is sent, where one prints the run."""
    if not writer.printed or writer.marks.run.use != OutputName.PRESS:
        return ()
    tell("files for the print shop")
    run = ShopRun(writer, shared.data if shared else b"")
    return ShopFolder(run, job.templates).write(job.options.shop or printing_condition_of(job.templates))


def _made_run(
    recorded: RecordedRun,
    writer: PartWriter,
    written: list[WrittenPart],
    shared: SharedFile | None,
    shop: tuple[str, ...],
) -> MadeRun:
    return MadeRun(
        letters=recorded.letters,
        plan=writer.marks.run,
        folder=writer.place.shown,
        parts=tuple(one.part.file for one in written if not one.mailed),
        shared=shared.file if shared else "",
        copies=tuple(one.part.file for one in written if one.mailed),
        shop=shop,
        kept=sum(one.kept for one in written) + (shared is not None and shared.kept),
    )


@contextlib.contextmanager
def _executor(address: str | None, inputs: Inputs, register: Register) -> Iterator[Executor | None]:
    """The cluster there, which must see the folder that files are written to; nothing where none is named."""
    if not address:
        yield None
        return
    from briefing.runtime import cluster

    folder, shown = make_run_folder(inputs, register.where)
    seen = folder.resolve() / f"{WORK}{secrets.token_hex(8)}"
    write_private(seen, secrets.token_bytes(32), f"{shown}/{seen.name}")  # such as lies nowhere else
    try:
        with cluster.connected(address, cluster_parts.load, seen) as (executor, _):
            yield executor
    finally:
        seen.unlink(missing_ok=True)


# ------------------------------------------------------------------ pages


def _build_pages(plan: DistributionPlan, job: Job, tell: Tell) -> dict[tuple[str, str, str], FinishedPages]:
    """The pages of every run, by document, use and paper; raises `Refused` where some cannot be built."""
    found = dict[tuple[str, str, str], FinishedPages]()
    asked = {_pages_of(run) for run in plan.runs}
    for use, paper in dict.fromkeys((run.use, run.paper) for run in plan.runs):
        name = OutputName(use)
        documents = tuple(one for one in Briefing.DOCUMENTS if (one, use, paper) in asked)
        made = build.make_outcome(replace(job, outputs=(name,), paper=PaperName(paper), documents=documents), tell)
        if made.refused or made.work is None:
            raise Refused(made.findings)
        for document in documents:
            proof = made.work.proofs[document]
            assert proof.mark, document
            data = made.sets[name].files[OUTPUTS[name].file(document)]
            found[document, use, paper] = FinishedPages(data, proof.pages, proof.mark, made.work.manuscript)
    return found


def _pages_of(run: RunPlan) -> tuple[str, str, str]:
    return run.document, run.use, run.paper


def _miscounted(run: RunPlan, pages: FinishedPages) -> Iterator[Finding]:
    """A run that was planned with another number of pages than it has."""
    if run.pages != pages.pages:
        named = f"{run.document.replace('_', ' ')}, {run.use}, {run.paper}"
        counts = [f"{count} {'page' if count == 1 else 'pages'}" for count in (pages.pages, run.pages)]
        hint = f"build it with {program.name()} build --use {run.use} --paper {run.paper}, and plan again"
        yield error("plan-old", f"{named} has {counts[0]}, and the plan counts {counts[1]}", hint=hint)


def _edition_facts(inputs: Inputs) -> EditionFacts:
    front = inputs.briefing.briefing
    return EditionFacts(
        slug_of(front.short_title),
        front.edition,
        front.language,
        front.short_title,
        front.date,
        hashlib.sha256(inputs.content).hexdigest(),
        front.embargo,
    )


def _document_facts(run: RunPlan, data: bytes) -> DocumentFacts:
    return DocumentFacts(run.document, run.use, run.paper, run.pages, hashlib.sha256(data).hexdigest(), len(data))
