"""The order of work: a job in, an outcome out. Each step is a stage of its own; none of them knows the next."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from briefing import (
    __version__,
    account,
    answers,
    audit,
    bars,
    changes,
    checks,
    editorial,
    leaf,
    ledger,
    overlay,
    pictures,
    press,
    proof,
    publish,
    record,
    review,
    revisions,
    schema,
    source,
)
from briefing.complete import Amiss
from briefing.edition import FILES, REVIEW_FILES, REVIEW_FOLDER, EditionName
from briefing.findings import Finding, Refused, Severity, error, in_order, note, warning
from briefing.model import Briefing, printed
from briefing.paper import PAPERS
from briefing.proof import Proof
from briefing.records import PaperName
from briefing.saying import Version
from briefing.tokens import read_tokens
from briefing.wording import Wording, read_wording


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
_LOOK = "something covers it, cuts it off or gives it the colour of what lies behind: look at the page and its styles"


def run(job: Job, tell: Tell = lambda _: None) -> Outcome:
    """Read, check, draw, typeset and publish; every fault of a step is told before the run stops there."""
    try:
        return _run(job, tell)
    except Refused as refused:
        return Outcome((), refused.findings, (), True)


@dataclass(frozen=True)
class Read:
    """Content that may be printed."""

    source: source.Source
    briefing: Briefing
    wording: Wording
    book: ledger.Ledger
    room: pictures.Room
    wanted: tuple[pictures.Wanted, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Work:
    """What was read, and what was typeset from it."""

    read: Read
    proofs: Mapping[str, Proof]


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
    if job.edition is EditionName.REVIEW:
        return _review(job, work, made, in_order(still_open), met, tell)
    tell("publishing")
    try:
        files, facts = _files(proofs, read, kept)
        published = publish.publish(files, job.out, facts)
    except Refused as fault:
        return Outcome(made, in_order([*still_open, *fault.findings]), met, True, work)
    return Outcome(made, in_order([*still_open, *published.findings, *_left_behind(job)]), met, False, work)


def _review(
    job: Job,
    work: Work,
    made: tuple[Made, ...],
    findings: tuple[Finding, ...],
    met: tuple[answers.Met, ...],
    tell: Tell,
) -> Outcome:
    """Make review copies of the finished pages, in a folder of their own: what is published stays as it is."""
    tell("annotating")
    paper = work.read.room.paper
    files: dict[str, bytes] = {}
    faults: list[Finding] = []
    for name, done in work.proofs.items():
        read, print_ = work.read, hashlib.sha256(done.pdf).hexdigest()[:8]
        where = read.source.place
        copy = review.Copy(done, paper, read.briefing, read.book, read.wording, where, findings, met, print_)
        title, place = f"review copy of {FILES[name]}", where((name,), key=True)
        laid, told = press.leaf(leaf.Leaf(title, review.compose_html(copy, job.templates), {}, job.templates, place))
        if laid:  # how many sheets there are is known now
            html = review.compose_html(copy, job.templates, laid.pages - 1 - done.pages)
            laid, told = press.leaf(leaf.Leaf(title, html, {}, job.templates, place))
        faults += [*told, *(laid.findings if laid else ())]
        if laid:
            wide, tall = (millimetres * 72 / 25.4 for millimetres in (paper.height_mm, paper.width_mm))
            files[REVIEW_FILES[name]] = overlay.reviewed(done.pdf, laid.pdf, wide, tall)
    refused = _forbids(faults, job)
    if not refused:
        tell("publishing")
        try:
            faults += publish.publish(files, job.out / REVIEW_FOLDER, {"program": __version__}).findings
        except Refused as fault:
            faults += fault.findings
            refused = True
    named = tuple(replace(one, file=f"{REVIEW_FOLDER}/{REVIEW_FILES[one.document]}") for one in made)
    return Outcome(named, in_order([*findings, *faults]), met, refused, work)


def _typeset(job: Job, tell: Tell) -> tuple[Work, tuple[Finding, ...]]:
    """Everything up to the finished pages, and all that was noticed on the way."""
    tell("reading")
    read = _read(job)
    before = revisions.versions(job.bars, job.content, job.templates, job.name, job.environment) if job.bars else None
    tell("drawing")
    drawn, noticed = _draw(job, read)
    tell("typesetting")
    orders = proof.orders(
        read.briefing, read.book, read.wording, job.documents, read.room.paper, drawn, job.templates, read.source.place
    )
    proofs, faults = press.run(orders)
    if before:
        proofs = _barred(proofs, *before, read, job)
    return Work(read, proofs), (*read.findings, *noticed, *faults, *_said(proofs, read))


def _barred(proofs: Mapping[str, Proof], old: Version, new: Version, read: Read, job: Job) -> dict[str, Proof]:
    """The same pages with bars beside what differs from an earlier version."""
    found = changes.compare(old, new)
    tokens = read_tokens(job.templates)
    drawn = {
        name: bars.bars(old, new, found, name, made.stood, made.lines, read.room.paper, tokens)
        for name, made in proofs.items()
        if made.pdf
    }
    return {
        name: replace(made, pdf=overlay.barred(made.pdf, drawn[name], tokens.colour["signal"]))
        if drawn.get(name)
        else made
        for name, made in proofs.items()
    }


def account_of(work: Work, today: datetime.date, form: str, templates: Path) -> str:
    """The ledger with every place that prints a figure, in one of `account.FORMATS`."""
    read = work.read
    pages = {name: account.Pages(made.stood, made.lines) for name, made in work.proofs.items() if made.stood}
    rows = account.rows(read.briefing, read.book, read.wording, pages, today, read.source.place)
    if form == "html":
        return account.as_html(rows, read.briefing, today, templates)
    return {"csv": account.as_csv, "json": account.as_json, "text": account.as_text}[form](rows)


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


def _said(proofs: Mapping[str, Proof], read: Read) -> Iterator[Finding]:
    """What was noticed on the pages."""
    for made in proofs.values():
        yield from made.findings
        for character in made.lacking:
            yield from _lacking(character, made.document, read.briefing, read.source)
        title = read.wording.word("document", made.document)
        yield from (_amiss(one, title, read.source) for one in made.amiss)


def _files(proofs: Mapping[str, Proof], read: Read, kept: record.Record) -> tuple[dict[str, bytes], dict[str, object]]:
    """The files of a build and the facts for its manifest."""
    front = read.briefing.briefing
    facts: dict[str, object] = {
        "program": __version__,
        **kept.facts(),
        "date": front.date.isoformat(),
        "paper": read.room.paper.name.value,
        "files": {FILES[name]: {"pages": made.pages} for name, made in proofs.items()},
    }
    return {FILES[name]: made.pdf for name, made in proofs.items()}, facts


def _left_behind(job: Job) -> list[Finding]:
    """Documents in the folder that this run was told not to build: they may say something else now."""
    others = (FILES[name] for name in Briefing.DOCUMENTS if name not in job.documents)
    hint = "build without --only before you hand both out"
    return [
        note("document-older", f"{file} is of an earlier build", hint=hint)
        for file in others
        if (job.out / file).exists()
    ]


def _lacking(character: str, document: str, briefing: Briefing, read: source.Source) -> Iterator[Finding]:
    """A character that no font has, told at each text that holds it."""
    paths = [path for path, _, text in printed(briefing) if character in text]
    mine = [path for path in paths if path[0] not in Briefing.DOCUMENTS or path[0] == document]
    places = [read.place_of(path, character) for path in mine] or [read.place((document,), key=True)]
    for place in places:
        yield error(
            "glyph-missing",
            f"no font of the page has “{character}” (U+{ord(character):04X})",
            place,
            "write it with other letters, or leave it out",
        )


_AMISS = {
    "text-lost": ("“{text}” does not stand in the {title}", "the typesetter or a template has dropped it"),
    "text-moved": ("“{text}” stands in the {title} out of its order", "a template has moved it"),
    "text-hidden": ("“{text}” stands on {page} of the {title}, and cannot be seen whole there", _LOOK),
    "text-overlap": ("“{text}” and other words stand on each other on {page} of the {title}", _LOOK),
    "text-small": ("“{text}” is set too small to be read on {page} of the {title}", _LOOK),
    "text-turned": ("“{text}” does not stand upright on {page} of the {title}", _LOOK),
    "mark-lost": ("the bullet or number of “{text}” is not to be seen on {page} of the {title}", _LOOK),
    "text-surplus": ("{page} of the {title} says “{text}”, which the content does not", "a template has added it"),
    "picture-lost": ("the picture “{text}” is not in the {title}", "the typesetter or a template has dropped it"),
    "picture-hidden": ("the picture “{text}” on {page} of the {title} cannot be seen whole", _LOOK),
    "picture-size": ("the picture “{text}” on {page} of the {title} has not the size that it was asked for", _LOOK),
    "label-lost": ("the picture on {page} of the {title} does not show “{text}”", "give the picture more room"),
    "head-lost": ("“{text}” is not to be seen at the edge of {page} of the {title}", "look at the page style"),
}


def _amiss(one: Amiss, title: str, read: source.Source) -> Finding:
    """What a page does not show, told at the content that asked for it."""
    message, hint = _AMISS[one.code]
    text = one.text if len(one.text) <= 90 else one.text[:88] + "…"
    page = "no page" if one.page is None else f"page {one.page + 1}"
    make = warning if one.code == "text-surplus" else error
    said = message.format(text=text, page=page, title=title.lower())
    return make(one.code, said[:1].upper() + said[1:], read.place(one.path), hint, one.block)


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
        findings=len(made.findings),
        html=made.html,
    )
