"""The order of work: a job in, an outcome out. Each step is a stage of its own; none of them knows the next."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from briefing import program
from briefing.checks import answers, content_rules, freshness
from briefing.content import validation, yaml_reader
from briefing.content.blocks import ImageBlock
from briefing.content.briefing import Briefing
from briefing.content.records import PaperName
from briefing.design.editions import EDITIONS, EditionKind, EditionName, Step
from briefing.design.paper import PAPERS
from briefing.design.tokens import read_tokens
from briefing.documents.manuscript import Read, Work
from briefing.findings import Finding, Place, Refused, Severity, error, has_errors, in_order, note
from briefing.graphics import pictures
from briefing.language.wording import read_wording
from briefing.ledger import ledger
from briefing.pipeline import document_job, edition_history, proof_cache, publish
from briefing.products import registry
from briefing.products.registry import Options
from briefing.proofing import findings as proof_findings
from briefing.runtime import inputs, sandbox, timings
from briefing.runtime.fingerprint import footing
from briefing.runtime.run_record import Files, documents_of

if TYPE_CHECKING:
    from briefing.finishing.context import Press as Shop
    from briefing.products.changes.plain_words import Version
    from briefing.proofing.proof import Proof


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
    editions: tuple[EditionName, ...] = (EditionName.READING,)
    bars: str | None = None  # a content file or a git revision: bars stand beside what differs from it
    environment: Mapping[str, str] = field(default_factory=dict)  # for git
    dry: bool = False  # everything but publishing
    strict: bool = False  # a warning forbids publishing too
    options: Options = field(default_factory=Options)
    shelf: proof_cache.Shelf | None = None  # where drawings and proofs are kept; without one, all is made anew
    at_once: int | None = None  # how many documents are typeset at the same time; as many as there are cores

    @property
    def kinds(self) -> tuple[EditionKind, ...]:
        """The rows of its editions."""
        rows = (EDITIONS[name] for name in self.editions)
        return tuple(
            replace(row, base=self.options.booklet_of) if row.name is EditionName.BOOKLET else row for row in rows
        )

    def folder(self, kind: EditionKind) -> Path:
        """Where the files of an edition go."""
        return self.out / kind.folder


@dataclass(frozen=True)
class Made:
    """One document of an outcome."""

    document: str
    file: str  # within the output folder
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
class Set:
    """What an edition publishes together."""

    files: Mapping[str, bytes] = field(repr=False)
    facts: Mapping[str, object]  # for the manifest


@dataclass(frozen=True)
class Outcome:
    """What a run has made and noticed; nothing is published where it is refused."""

    made: tuple[Made, ...]
    findings: tuple[Finding, ...]
    answered: tuple[answers.Met, ...]  # what the content has answered
    refused: bool
    work: Work | None = None  # of the first edition; nothing where the content could not be read
    sets: Mapping[EditionName, Set] = field(default_factory=dict)
    held: tuple[edition_history.Record, tuple[Finding, ...]] | None = None  # against what was printed before
    files: Files | None = None  # of a run that has left all so that the same run would change nothing


Tell = Callable[[str], None]
Wanted = Mapping[EditionName, tuple[pictures.Room, tuple[pictures.Wanted, ...]]]  # drawings, by edition


def run(job: Job, tell: Tell = lambda _: None) -> Outcome:
    """Read, check, draw, typeset and publish; every fault of a step is told before the run stops there."""
    try:
        before = [] if job.dry else [finding for kind in job.kinds for finding in publish.recover(job.folder(kind))]
        outcome = made(job, tell)
    except Refused as refused:
        return Outcome((), refused.findings, (), True)
    outcome = replace(outcome, findings=in_order([*before, *outcome.findings]))
    if outcome.refused:
        return outcome
    if job.dry:
        return replace(outcome, files=_settled(job, outcome, {}))
    if moved := tuple(_moved(job, outcome)):
        return replace(outcome, findings=in_order([*outcome.findings, *moved]), refused=True)
    tell("publishing")
    outcome = _published(job, outcome)
    return replace(outcome, files=None) if before else outcome


def made(job: Job, tell: Tell = lambda _: None) -> Outcome:
    """Everything but publishing; raises `Refused` where there is nothing to publish."""
    tell("reading")
    read, works, noticed = _typeset(job, _read(job), tell)
    kept, other = _recorded(job, read)
    still_open, met = answers.divided([*read.findings, *noticed, *other], read.briefing.answers)
    if job.documents == Briefing.DOCUMENTS:
        still_open += tuple(answers.unused(read.briefing.answers, met, read.source.place))
    sets: dict[EditionName, Set] = {}
    if not job.dry and not _forbids(still_open, job):
        for kind in job.kinds:
            work = works[kind.pages_of]
            tell(f"finishing {kind.name}")
            told = registry.Told(in_order(still_open), met)
            files, faults = registry.files(kind, work, told, job.options, job.templates)
            sets[kind.name] = Set(files, _facts(job, kind, work, kept))
            still_open += faults
    table = tuple(
        one for kind in job.kinds for one in _made(works[kind.pages_of], kind, job.documents, sets.get(kind.name))
    )
    first = works[job.kinds[0].pages_of]
    return Outcome(table, in_order(still_open), met, _forbids(still_open, job), first, sets, (kept, other))


def _moved(job: Job, outcome: Outcome) -> Iterator[Finding]:
    """What was edited while the documents were made: nobody can say of which version they are then.

    They are not made again here, since what was read is kept in more than one process; the next run reads all anew.
    """
    assert outcome.work
    hint = "build again; the last good PDFs are as they were"
    taken = outcome.work.read.taken
    for path in inputs.moved(taken, footing(str(job.templates), job.environment, taken.stands)):
        own = path == str(job.content)
        name = job.name if own else f"the {path}" if path in inputs.TREES else Path(path).name
        place = Place(job.name) if own else Place()
        yield error("inputs-changed", f"{name} changed while the documents were made", place, hint)


def _published(job: Job, outcome: Outcome) -> Outcome:
    """What was made, put in its folders."""
    noticed: list[Finding] = []
    for kind in job.kinds:
        made = outcome.sets[kind.name]
        try:
            noticed += publish.publish(made.files, job.folder(kind), made.facts).findings
        except Refused as fault:
            return replace(outcome, findings=in_order([*outcome.findings, *noticed, *fault.findings]), refused=True)
    there = {kind.name: documents_of(os.listdir(job.folder(kind))) for kind in job.kinds}
    findings = in_order([*outcome.findings, *noticed, *_left_behind(job, outcome.sets, there)])
    return replace(outcome, findings=findings, files=None if noticed else _settled(job, outcome, there))


def _settled(job: Job, outcome: Outcome, there: Mapping[EditionName, Sequence[str]]) -> Files | None:
    """What a record of the run must hold; nothing where the same run might do or say something else.

    It might where git was asked, where something was touched meanwhile, and where what was just published tells other
    things of the last build than what lay there before. `there` are the documents in the folders of what was published.
    """
    assert outcome.work
    read = outcome.work.read
    if job.bars or job.shelf is None or not job.shelf.as_taken() or inputs.moved(read.taken, job.shelf.stands):
        return None
    reading = outcome.sets.get(EditionName.READING)
    if reading and outcome.held != _held(edition_history.told(publish.manifested(reading.files, reading.facts)), read):
        return None
    folders = {
        str(job.folder(kind)): (publish.sums(made.files, made.facts), there[kind.name])
        for kind in job.kinds
        if (made := outcome.sets.get(kind.name))
    }
    return Files(read.taken.files, folders)


def _recorded(job: Job, read: Read) -> tuple[edition_history.Record, tuple[Finding, ...]]:
    """What this edition prints, held against what it has printed before."""
    return _held(None if job.dry else edition_history.kept(job.out), read)


def _held(before: edition_history.Record | None, read: Read) -> tuple[edition_history.Record, tuple[Finding, ...]]:
    printed = edition_history.printed(read.briefing.briefing, read.book, read.wording)
    return edition_history.held(before, printed, read.source.place(("briefing", "edition")))


def _typeset(job: Job, read: Read, tell: Tell) -> tuple[Read, dict[EditionName, Work], tuple[Finding, ...]]:
    """The finished pages of every edition, and all that was noticed on the way; raises `Refused` where none are wanted.

    Pages are laid with blank pictures, at the same time as the wording is checked and the pictures are drawn.
    """
    names = tuple(dict.fromkeys(kind.pages_of for kind in job.kinds))
    rooms = {name: _room(job, read, EDITIONS[name]) for name in names}
    if has_errors(read.findings):  # the rest is looked at all the same: every fault is told at once
        _planned(read, rooms, job)
        _stop(_worded(read).findings, read.briefing)
    before = _before(job, read) if job.bars else None
    shop = _shop(job)
    blank = {name: pictures.blanks(read.briefing, job.documents, room, _folder(job)) for name, room in rooms.items()}
    orders = [
        one
        for name, room in rooms.items()
        for one in document_job.orders(
            read.briefing,
            read.book,
            tuple(document for document in job.documents if document in EDITIONS[name].documents),
            room,
            blank[name],
            EDITIONS[name],
            shop,
        )
    ]
    tell("typesetting")
    at_shelf = proof_cache.at(tuple(orders), job.shelf)
    with _begun(at_shelf.wanted, job) as begun:
        wanted = _planned(read, rooms, job)
        read = _worded(read)
        _stop(read.findings, read.briefing)
        drawn, findings = _drawn(job, read, _waited_for(wanted, at_shelf.wanted), blank)
        running = begun()
        running.tell([drawn[one.kind.name][one.document] for one in at_shelf.wanted])
        from briefing.proofing import proof  # noqa: F401 (the answers are made of it: it is loaded while they are waited for)

        with timings.span("main", "wait for the documents"):
            proofs, faults = at_shelf.filled(*running.ended())
    findings += [*faults, *proof_findings.told(proofs, read.briefing, read.source)]
    works = {}
    for name, room in rooms.items():
        mine = {one.document: one for one in proofs if one.edition is name}
        if before:
            from briefing.products.review import review_copy

            mine = review_copy.barred(mine, *before, room)
        works[name] = Work(read, room, mine)
    return read, works, tuple(findings)


@contextmanager
def _begun(
    wanted: tuple[document_job.Order, ...], job: Job
) -> Iterator[Callable[[], sandbox.Run[document_job.Order, Proof]]]:
    """Documents at work, to be had when their children have started: the press may still be loading the typesetter."""
    sandbox.warm()  # while there is one thread
    with ThreadPoolExecutor(1) as aside:
        running = aside.submit(sandbox.begin, wanted, job.at_once)
        try:
            yield running.result
        finally:
            running.result().stop()


def _shop(job: Job) -> Shop | None:
    """Who prints, where something is for the press."""
    if not any(Step.MARKS in EDITIONS[kind.pages_of].steps for kind in job.kinds):
        return None
    from briefing.products.printshop.condition import press_of

    return job.options.shop or press_of(job.templates)


def _before(job: Job, read: Read) -> tuple[Version, Version]:
    """The version to compare with, and this one; raises `Refused` where the first cannot be read."""
    from briefing.products.changes import versions
    from briefing.products.changes.plain_words import Version

    now = Version(read.source.file, read.briefing, read.book, read.wording, read.source.place)
    return versions.earlier(job.bars or "", job.content, job.templates, job.environment), now


def _forbids(findings: Iterable[Finding], job: Job) -> bool:
    """Whether a finding forbids publishing: an error, and in a strict run a warning or a check that was not made."""
    grave = {Severity.ERROR, Severity.WARNING, Severity.NOT_RUN} if job.strict else {Severity.ERROR}
    return any(finding.severity in grave for finding in findings)


def _read(job: Job) -> Read:
    """Read, type, account and judge all but the wording; raises `Refused` with every fault."""
    with timings.span("main", "read and account"):
        taken = _taken(job)
        read = yaml_reader.read(job.content, job.name)
        briefing = validation.build(read)
        taken = taken.more(_images(job, briefing, Briefing.DOCUMENTS).values())
        front = briefing.briefing
        wording = read_wording(job.templates, front.language, briefing.units, read.place(("briefing", "language")))
        book, noticed = ledger.build(briefing, wording, read.place)
        noticed = (
            *noticed,
            *content_rules.check(briefing, book, wording, _folder(job), read.place),
            *freshness.audit(briefing, book, job.today, read.place),
        )
    return Read(read, briefing, wording, book, noticed, taken)


def _taken(job: Job) -> inputs.Taken:
    """What is to be read, before it is; pictures are known later."""
    stands = job.shelf.stands if job.shelf else footing(str(job.templates), job.environment)
    last = job.out / publish.MANIFEST  # of reading copies: other editions read it and do not write it
    return inputs.taken([job.content, *([] if EditionName.READING in job.editions else [last])], stands)


def _images(job: Job, briefing: Briefing, names: Iterable[str]) -> dict[str, Path]:
    """The pictures that documents name in the content's folder."""
    blocks = (block for name in names for block in briefing.document(name).blocks)
    images = {block.file: _folder(job) / block.file for block in blocks if isinstance(block, ImageBlock)}
    return {
        os.path.normpath(name): file for name, file in images.items() if content_rules.image_path(_folder(job), name)
    }


def _worded(read: Read) -> Read:
    """Judge the wording too."""
    from briefing.checks import editorial

    with timings.span("main", "check the wording"):
        noticed = editorial.check(read.briefing, read.book, read.wording, read.source.place)
    return replace(read, findings=(*read.findings, *noticed))


def _room(job: Job, read: Read, kind: EditionKind) -> pictures.Room:
    """What the pictures of an edition are made for."""
    paper = PAPERS[job.paper or read.briefing.briefing.paper]
    return pictures.Room(read.wording, read_tokens(job.templates, kind.layer), paper, job.templates, read.source.place)


def _planned(read: Read, rooms: Mapping[EditionName, pictures.Room], job: Job) -> Wanted:
    """What is to be drawn for each edition; raises `Refused` with every fault, of the wording too."""
    wanted = {}
    try:
        with timings.span("main", "plan drawings"):
            for name, room in rooms.items():
                wanted[name] = room, pictures.plan(read.briefing, read.book, job.documents, room)
    except Refused as refused:
        findings = [*_worded(read).findings, *refused.findings]
        raise Refused(answers.divided(findings, read.briefing.answers)[0]) from None
    return wanted


def _waited_for(wanted: Wanted, orders: Iterable[document_job.Order]) -> Wanted:
    """The drawings of those documents that are to be made."""
    asked = {(one.kind.name, one.document) for one in orders}
    return {
        name: (room, tuple(one for one in those if (name, one.document) in asked))
        for name, (room, those) in wanted.items()
    }


def _drawn(
    job: Job,
    read: Read,
    wanted: Wanted,
    blank: Mapping[EditionName, pictures.Pictures],
) -> tuple[dict[EditionName, pictures.Pictures], list[Finding]]:
    """Draw the pictures of all editions; raises `Refused` where one cannot be drawn."""
    drawn: dict[EditionName, pictures.Pictures] = {}
    findings: list[Finding] = []
    with timings.span("main", "draw charts and maps"):
        for name, (room, asked) in wanted.items():
            drawn[name], noticed = pictures.drawn(asked, blank[name], room, job.shelf.drawings if job.shelf else None)
            findings += noticed
    _stop([*read.findings, *findings], read.briefing)
    return drawn, findings


def _stop(findings: Iterable[Finding], briefing: Briefing) -> None:
    """Refuse what has an error."""
    findings = tuple(findings)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise Refused(answers.divided(findings, briefing.answers)[0])


def _folder(job: Job) -> Path:
    """Where the content's pictures are."""
    return job.content.resolve().parent


def _facts(job: Job, kind: EditionKind, work: Work, kept: edition_history.Record) -> dict[str, object]:
    """What the manifest says of a build."""
    briefing = work.read.briefing
    named = {job.content.resolve().name: job.content, **_images(job, briefing, work.proofs)}
    return {
        "program": program.VERSION,
        "made_for": kind.name.value,
        **(kept.facts() if kind.name is EditionName.READING else {}),
        "date": briefing.briefing.date.isoformat(),
        "paper": work.room.paper.name.value,
        "documents": list(work.proofs),
        "bars": job.bars is not None,
        "options": job.options.facts(),
        "inputs": inputs.recorded(work.read.taken, named),
        "files": {
            kind.file(name): {"pages": made.pages}
            for name, made in work.proofs.items()
            if name in kind.documents and not kind.base
        },
    }


def _left_behind(
    job: Job, sets: Mapping[EditionName, Set], there: Mapping[EditionName, Sequence[str]]
) -> list[Finding]:
    """Documents in the folders that this run was not asked to build: they may say something else now."""
    hint = "build it again, or delete it, before you hand anything out"
    return [
        note("document-older", f"{name} is of an earlier build", hint=hint)
        for kind in job.kinds
        for name in there[kind.name]
        if name not in sets[kind.name].files
    ]


def _made(work: Work, kind: EditionKind, documents: Iterable[str], published: Set | None) -> Iterator[Made]:
    for name in documents:
        if name in kind.documents and (made := work.proofs.get(name)):
            yield Made(
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
