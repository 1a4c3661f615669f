"""The order of work: a job in, an outcome out. Each step is a stage of its own; none of them knows the next."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from briefing import (
    __version__,
    answers,
    audit,
    checks,
    editorial,
    ledger,
    pictures,
    press,
    proof,
    publish,
    record,
    schema,
    source,
    telling,
)
from briefing.editions import EDITIONS, FILES, EditionName
from briefing.findings import Finding, Refused, Severity, in_order, note
from briefing.model import Briefing
from briefing.paper import PAPERS
from briefing.proof import Proof
from briefing.records import PaperName
from briefing.tokens import read_tokens
from briefing.wording import read_wording
from briefing.work import Read, Work

if TYPE_CHECKING:
    from briefing.saying import Version


@dataclass(frozen=True)
class Job:
    """What a run is asked to do; paths are absolute but for the name that findings call the content by."""

    content: Path
    name: str
    out: Path
    templates: Path
    today: datetime.date  # on which figures and sources are stale, or lie in the future; never printed
    documents: tuple[str, ...] = Briefing.DOCUMENTS
    paper: PaperName | None = None  # the content's own where none is named
    edition: EditionName = EditionName.READING
    bars: str | None = None  # a content file or a git revision: bars stand beside what differs from it
    environment: Mapping[str, str] = field(default_factory=dict)  # for git
    dry: bool = False  # everything but publishing
    strict: bool = False  # a warning forbids publishing too


@dataclass(frozen=True)
class Made:
    """One document of an outcome."""

    document: str
    file: str
    pages: int
    budget: int
    fill: float
    words: int
    bytes: int
    seconds: float
    renders: int
    findings: int
    html: str


@dataclass(frozen=True)
class Outcome:
    """What a run has made and noticed; nothing is published where it is refused."""

    made: tuple[Made, ...]
    findings: tuple[Finding, ...]
    answered: tuple[answers.Met, ...]  # what the content has answered
    refused: bool
    work: Work | None = None  # nothing where the content could not be read


Tell = Callable[[str], None]


def run(job: Job, tell: Tell = lambda _: None) -> Outcome:
    """Read, check, draw, typeset and publish; every fault of a step is told before the run stops there."""
    try:
        return _run(job, tell)
    except Refused as refused:
        return Outcome((), refused.findings, (), True)


def _run(job: Job, tell: Tell) -> Outcome:
    before = () if job.dry else publish.recover(job.out)
    work, noticed = _typeset(job, tell)
    read, proofs = work.read, work.proofs
    printed = record.printed(read.briefing.briefing, read.book, read.wording)
    before_it = None if job.dry else record.kept(job.out)
    kept, other = record.held(before_it, printed, read.source.place(("briefing", "edition")))
    made = tuple(_made(proofs[name], read.briefing) for name in job.documents if name in proofs)
    still_open, met = answers.divided([*before, *noticed, *other], read.briefing.answers)
    if job.documents == Briefing.DOCUMENTS:
        still_open += tuple(answers.unused(read.briefing.answers, met, read.source.place))
    if _forbids(still_open, job) or job.dry:
        return Outcome(made, in_order(still_open), met, _forbids(still_open, job), work)
    out, facts = job.out, _facts(proofs, read, kept)
    files = {FILES[name]: done.pdf for name, done in proofs.items()}
    if job.edition is EditionName.REVIEW:
        from briefing import annotate

        tell("annotating")
        files, faults = annotate.review_copies(work, in_order(still_open), met, job.templates)
        still_open += faults
        if _forbids(faults, job):
            return Outcome(made, in_order(still_open), met, True, work)
        # In a folder of their own: what is published stays as it is.
        kind = EDITIONS[job.edition]
        out, facts = out / kind.folder, {"program": __version__}
        made = tuple(replace(one, file=f"{kind.folder}/{kind.file(one.document)}") for one in made)
    tell("publishing")
    try:
        published = publish.publish(files, out, facts)
    except Refused as fault:
        return Outcome(made, in_order([*still_open, *fault.findings]), met, True, work)
    older = _left_behind(job) if job.edition is EditionName.READING else []
    return Outcome(made, in_order([*still_open, *published.findings, *older]), met, False, work)


def _typeset(job: Job, tell: Tell) -> tuple[Work, tuple[Finding, ...]]:
    """Everything up to the finished pages, and all that was noticed on the way."""
    tell("reading")
    read = _read(job)
    before = _before(job, read) if job.bars else None
    tell("drawing")
    drawn, noticed = _draw(job, read)
    tell("typesetting")
    orders = proof.orders(
        read.briefing, read.book, read.wording, job.documents, read.room.paper, drawn, job.templates, read.source.place
    )
    proofs, faults = press.run(orders)
    lacking = tuple(telling.told(proofs, read.briefing, read.wording, read.source))
    if before:
        from briefing import annotate

        proofs = annotate.barred(proofs, *before, read, job.templates)
    return Work(read, proofs), (*read.findings, *noticed, *faults, *lacking)


def _before(job: Job, read: Read) -> tuple[Version, Version]:
    """The version to compare with, and this one; raises `Refused` where the first cannot be read."""
    from briefing import revisions
    from briefing.saying import Version

    now = Version(read.source.file, read.briefing, read.book, read.wording, read.source.place)
    return revisions.earlier(job.bars or "", job.content, job.templates, job.environment), now


def _forbids(findings: Iterable[Finding], job: Job) -> bool:
    """Whether a finding forbids publishing: an error, and in a strict run a warning or a check that was not made."""
    grave = {Severity.ERROR, Severity.WARNING, Severity.NOT_RUN} if job.strict else {Severity.ERROR}
    return any(finding.severity in grave for finding in findings)


def _read(job: Job) -> Read:
    """Read, type, account, judge and plan the pictures; raises `Refused` with every fault."""
    read = source.read(job.content, job.name)
    briefing = schema.build(read)
    front = briefing.briefing
    wording = read_wording(job.templates, front.language, briefing.units, read.place(("briefing", "language")))
    book, noticed = ledger.build(briefing, wording, read.place)
    findings = (
        *noticed,
        *checks.check(briefing, book, wording, _folder(job), read.place),
        *audit.audit(briefing, book, job.today, read.place),
        *editorial.check(briefing, book, wording, read.place),
    )
    paper = PAPERS[job.paper or front.paper]
    room = pictures.Room(wording, read_tokens(job.templates), paper, job.templates, read.place)
    try:
        wanted = pictures.plan(briefing, book, job.documents, room)
    except Refused as refused:
        raise Refused(answers.divided([*findings, *refused.findings], briefing.answers)[0]) from None
    _stop(findings, briefing)
    return Read(read, briefing, wording, book, room, wanted, findings)


def _draw(job: Job, read: Read) -> tuple[pictures.Pictures, tuple[Finding, ...]]:
    cache = job.out / ".cache"
    drawn, noticed = pictures.make(read.wanted, read.briefing, job.documents, read.room, _folder(job), cache)
    _stop([*read.findings, *noticed], read.briefing)
    return drawn, noticed


def _stop(findings: Iterable[Finding], briefing: Briefing) -> None:
    """Refuse what has an error."""
    findings = tuple(findings)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise Refused(answers.divided(findings, briefing.answers)[0])


def _folder(job: Job) -> Path:
    """Where the content's pictures are."""
    return job.content.resolve().parent


def _facts(proofs: Mapping[str, Proof], read: Read, kept: record.Record) -> dict[str, object]:
    """What the manifest says of a build."""
    return {
        "program": __version__,
        **kept.facts(),
        "date": read.briefing.briefing.date.isoformat(),
        "paper": read.room.paper.name.value,
        "files": {FILES[name]: {"pages": made.pages} for name, made in proofs.items()},
    }


def _left_behind(job: Job) -> list[Finding]:
    """Documents in the folder that this run was told not to build: they may say something else now."""
    others = (FILES[name] for name in Briefing.DOCUMENTS if name not in job.documents)
    hint = "build without --only before you hand both out"
    return [
        note("document-older", f"{file} is of an earlier build", hint=hint)
        for file in others
        if (job.out / file).exists()
    ]


def _made(made: Proof, briefing: Briefing) -> Made:
    return Made(
        document=made.document,
        file=FILES[made.document],
        pages=made.pages,
        budget=briefing.document(made.document).pages,
        fill=made.fill,
        words=made.words,
        bytes=len(made.pdf),
        seconds=made.seconds,
        renders=made.renders,
        findings=len(made.findings) + len(made.amiss),
        html=made.html,
    )
