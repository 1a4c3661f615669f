"""The order of work: a job in, an outcome out. Each step is a stage of its own; none of them knows the next."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from briefing import program
from briefing.checks import answers
from briefing.content.briefing import Briefing
from briefing.content.records import Status
from briefing.design.brand.dress import Dress
from briefing.design.outputs import Output, OutputName, Use
from briefing.design.tokens import LOOKS
from briefing.documents.manuscript import Manuscript
from briefing.findings import Finding, Place, Refused, Severity, error, in_order, note
from briefing.pipeline import edition_history, publish
from briefing.pipeline.job import FinishedDocument, Job, Outcome, PublishedSet, Tell
from briefing.pipeline.load import images, load
from briefing.pipeline.produce import Produced, produce
from briefing.products import registry
from briefing.proofing.proof_set import ProofSet
from briefing.runtime import inputs
from briefing.runtime.fingerprint import take_fingerprint
from briefing.runtime.run_record import Files, documents_of

__all__ = ["FinishedDocument", "Job", "Outcome", "PublishedSet", "Tell", "make_outcome", "run"]


def run(job: Job, tell: Tell = lambda _: None) -> Outcome:
    """Read, check, draw, typeset and publish; every fault of a step is told before the run stops there."""
    try:
        for kind in () if job.dry else job.output_rows:
            publish.refuse_folder(job.folder(kind))
        before = [] if job.dry else [one for row in job.output_rows for one in publish.recover(job.folder(row))]
        outcome = make_outcome(job, tell)
    except Refused as refused:
        return Outcome((), refused.findings, (), True, draft=refused.draft)
    outcome = replace(outcome, findings=in_order([*before, *outcome.findings]))
    if outcome.refused:
        return outcome
    if job.dry:
        return replace(outcome, files=_settled(job, outcome, {}))
    job = replace(job, outputs=tuple(outcome.sets))
    if moved := tuple(_moved(job, outcome)):
        return replace(outcome, findings=in_order([*outcome.findings, *moved]), refused=True)
    tell("publishing")
    outcome = _published(job, outcome)
    return replace(outcome, files=None) if before else outcome


def make_outcome(job: Job, tell: Tell = lambda _: None) -> Outcome:
    """Everything but publishing; raises `Refused` where there is nothing to publish."""
    tell("reading")
    loaded = load(job)
    status = loaded.briefing.briefing.status
    draft, withheld = status is Status.DRAFT, job.withheld(status)
    if left := tuple(name for name in job.outputs if name not in withheld):  # where none is, it is refused
        job = replace(job, outputs=left)
    try:
        return _made_of(produce(loaded, job, tell), job, tell, draft)
    except Refused as refused:
        refused.draft = draft
        raise


def _made_of(produced: Produced, job: Job, tell: Tell, draft: bool) -> Outcome:
    """The outcome of what was produced, with the files of its products where nothing forbids them."""
    manuscript, works = produced.manuscript, produced.sets
    briefing = manuscript.briefing
    kept, other = _history(None if job.dry else edition_history.read_last_edition(job.out), manuscript)
    found = manuscript.locate([*manuscript.findings, *produced.findings, *other])
    still_open, met = answers.apply_answers(found, briefing)
    if job.documents == Briefing.DOCUMENTS:
        still_open += manuscript.locate(answers.find_unused_answers(briefing, met))
    sets: dict[OutputName, PublishedSet] = {}
    if not job.dry and not _forbids(still_open, job):
        for kind in job.output_rows:
            work = works[kind.pages.name]
            tell(f"finishing {kind.name}")
            told = registry.RunContext(in_order(still_open), met)
            files, faults = registry.files(kind, work, told, job.options, job.templates)
            sets[kind.name] = PublishedSet(files, _facts(job, kind, work, kept))
            still_open += manuscript.locate(faults)
    table = tuple(
        one
        for kind in job.output_rows
        for one in _made(works[kind.pages.name], kind, job.documents, sets.get(kind.name))
    )
    first = works[job.output_rows[0].pages.name]
    return Outcome(table, in_order(still_open), met, _forbids(still_open, job), first, sets, (kept, other), draft)


def _moved(job: Job, outcome: Outcome) -> Iterator[Finding]:
    """What was edited while the documents were made: nobody can say of which version they are then.

    They are not made again here, since what was read is kept in more than one process; the next run reads all anew.
    """
    taken = _taken(outcome)
    hint = "build again; the last good PDFs are as they were"
    for path in inputs.find_changed_inputs(taken, take_fingerprint(str(job.templates), job.environment, taken.stands)):
        own = path == str(job.content)
        name = job.name if own else f"the {path}" if path in inputs.TREES else Path(path).name
        place = Place(job.name) if own else Place()
        yield error("inputs-changed", f"{name} changed while the documents were made", place, hint)


def _published(job: Job, outcome: Outcome) -> Outcome:
    """What was made, put in its folders."""
    noticed: list[Finding] = []
    for kind in job.output_rows:
        made = outcome.sets[kind.name]
        try:
            noticed += publish.publish(made.files, job.folder(kind), made.facts).findings
        except Refused as fault:
            return replace(outcome, findings=in_order([*outcome.findings, *noticed, *fault.findings]), refused=True)
    there = {kind.name: documents_of(os.listdir(job.folder(kind))) for kind in job.output_rows}
    findings = in_order([*outcome.findings, *noticed, *_left_behind(job, outcome.sets, there)])
    return replace(outcome, findings=findings, files=None if noticed else _settled(job, outcome, there))


def _settled(job: Job, outcome: Outcome, there: Mapping[OutputName, Sequence[str]]) -> Files | None:
    """What a record of the run must hold; nothing where the same run might do or say something else.

    It might where git was asked, where something was touched meanwhile, and where what was just published tells other
    things of the last build than what lay there before. `there` are the documents in the folders of what was published.
    """
    assert outcome.work
    taken = _taken(outcome)
    if job.bars or job.shelf is None or not job.shelf.as_taken() or inputs.find_changed_inputs(taken, job.shelf.stands):
        return None
    if reading := outcome.sets.get(OutputName.READING):
        before = edition_history.parse_edition(publish.format_manifest(reading.files, reading.facts))
        if outcome.held != _history(before, outcome.work.manuscript):
            return None
    folders = {
        str(job.folder(kind)): (publish.sums(made.files, made.facts), there[kind.name])
        for kind in job.output_rows
        if (made := outcome.sets.get(kind.name))
    }
    return Files(taken.files, folders)


def _taken(outcome: Outcome) -> inputs.BuildInputs:
    assert outcome.work
    assert outcome.work.manuscript.taken
    return outcome.work.manuscript.taken


def _history(
    before: edition_history.PrintedEdition | None, manuscript: Manuscript
) -> tuple[edition_history.PrintedEdition, tuple[Finding, ...]]:
    """What this edition prints, held against what it has printed before."""
    printed = edition_history.printed_edition(manuscript.briefing.briefing, manuscript.ledger, manuscript.wording)
    return edition_history.check_edition(before, printed)


def _forbids(findings: Iterable[Finding], job: Job) -> bool:
    """Whether a finding forbids publishing: an error, and in a strict run a warning or a check that was not made."""
    grave = {Severity.ERROR, Severity.WARNING, Severity.NOT_RUN} if job.strict else {Severity.ERROR}
    return any(finding.severity in grave for finding in findings)


def _worn_name(file: Path, dress: Dress, job: Job) -> str:
    """How a manifest calls a file of a dress: from the folder of the brand, or from that of the look."""
    own = dress.files[0].parent
    if file.is_relative_to(own):
        return f"brand/{file.relative_to(own)}"
    return f"look/{os.path.relpath(file, (job.templates / LOOKS / dress.look).resolve())}"


def _facts(job: Job, kind: Output, work: ProofSet, kept: edition_history.PrintedEdition) -> dict[str, object]:
    """What the manifest says of a build."""
    briefing = work.manuscript.briefing
    assert work.manuscript.taken
    named = {job.content.resolve().name: job.content, **images(job, briefing, work.proofs)}
    dress = work.manuscript.dress
    worn = {_worn_name(file, dress, job): file for file in dress.files} if dress else {}
    return {
        "program": program.VERSION,
        "made_for": kind.name.value,
        **(kept.facts() if kind.name is OutputName.READING else {}),
        "date": briefing.briefing.date.isoformat(),
        "paper": work.setup.paper.name.value,
        "documents": list(work.proofs),
        "bars": job.bars is not None,
        **({"brand": dress.facts()} if dress else {}),
        **({"own_templates": house.sum} if (house := work.manuscript.house_templates) else {}),
        "options": job.options.facts(),
        "inputs": inputs.format_inputs(work.manuscript.taken, {**named, **worn}),
        "files": {
            kind.file(name): {"pages": made.pages, **({"mark": asdict(made.mark)} if made.mark else {})}
            for name, made in work.proofs.items()
            if name in kind.documents and isinstance(kind, Use)
        },
    }


def _left_behind(
    job: Job, sets: Mapping[OutputName, PublishedSet], there: Mapping[OutputName, Sequence[str]]
) -> list[Finding]:
    """Documents in the folders that this run was not asked to build: they may say something else now."""
    hint = "build it again, or delete it, before you hand anything out"
    return [
        note("document-older", f"{name} is of an earlier build", hint=hint)
        for kind in job.output_rows
        for name in there[kind.name]
        if name not in sets[kind.name].files
    ]


def _made(
    work: ProofSet, kind: Output, documents: Iterable[str], published: PublishedSet | None
) -> Iterator[FinishedDocument]:
    for name in documents:
        if name in kind.documents and (made := work.proofs.get(name)):
            yield FinishedDocument(
                document=name,
                file=str(Path(kind.folder, kind.file(name))),
                pages=made.pages,
                budget=made.budget,
                fill=made.fill,
                words=made.words,
                bytes=len(published.files[kind.file(name)] if published else made.pdf),
                seconds=made.seconds,
                renders=made.renders,
                findings=len(made.findings) + len(made.amiss),
                html=made.html,
            )
