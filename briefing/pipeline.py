"""The order of work: a job in, an outcome out. Each step is a stage of its own; none of them knows the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from briefing import __version__, checks, ledger, pictures, press, publish, schema, source
from briefing.edition import FILES
from briefing.findings import Finding, Refused, error, has_errors, in_order, note
from briefing.model import Briefing, printed
from briefing.paper import PAPERS
from briefing.proof import Order, Proof
from briefing.records import PaperName
from briefing.tokens import read_tokens
from briefing.wording import read_wording


@dataclass(frozen=True)
class Job:
    """What a run is asked to do; paths are absolute but for the name that findings call the content by."""

    content: Path
    name: str
    out: Path
    templates: Path
    documents: tuple[str, ...] = Briefing.DOCUMENTS
    paper: PaperName | None = None  # the content's own where none is named
    dry: bool = False  # everything but publishing


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
    """What a run has made and noticed; nothing is made where a finding is an error."""

    made: tuple[Made, ...]
    findings: tuple[Finding, ...]
    published: bool

    @property
    def refused(self) -> bool:
        """Whether nothing was published because something is wrong."""
        return has_errors(self.findings)


Tell = Callable[[str], None]


def run(job: Job, tell: Tell = lambda _: None) -> Outcome:
    """Read, check, draw, typeset and publish; every fault of a step is told before the run stops there."""
    try:
        return _run(job, tell)
    except Refused as refused:
        return Outcome((), refused.findings, False)


def _run(job: Job, tell: Tell) -> Outcome:
    findings: list[Finding] = []
    if not job.dry:
        findings += publish.recover(job.out)
    tell("reading")
    read = source.read(job.content, job.name)
    briefing = schema.build(read)
    wording = read_wording(
        job.templates, briefing.briefing.language, briefing.units, read.place(("briefing", "language"))
    )
    book, noticed = ledger.build(briefing, wording, read.place)
    findings += noticed
    folder = job.content.resolve().parent
    findings += checks.check(briefing, book, wording, folder, read.place)
    if has_errors(findings):
        raise Refused(findings)

    tell("drawing")
    paper = PAPERS[job.paper or briefing.briefing.paper]
    tokens = read_tokens(job.templates)
    cache = job.out / ".cache"
    try:
        drawn, noticed = pictures.make(
            briefing, book, wording, tokens, job.documents, paper, folder, job.templates, cache, read.place
        )
    except Refused as refused:
        raise Refused([*findings, *refused.findings]) from None
    findings += noticed
    if has_errors(findings):
        raise Refused(findings)

    tell("typesetting")
    orders = tuple(
        Order(
            briefing=briefing,
            ledger=book,
            wording=wording,
            document=name,
            paper=paper,
            pictures=drawn[name],
            templates=job.templates,
            place=read.place((name,), key=True),
            places={i: read.place((name, "blocks", i)) for i, _ in enumerate(briefing.document(name).blocks)},
        )
        for name in job.documents
    )
    proofs, faults = press.run(orders)
    findings += faults
    for proof in proofs.values():
        findings += proof.findings
        findings += (f for character in proof.lacking for f in _lacking(character, proof.document, briefing, read))
    made = tuple(_made(proofs[name], briefing) for name in job.documents if name in proofs)
    if has_errors(findings) or job.dry:
        return Outcome(made, in_order(findings), False)

    tell("publishing")
    files = {FILES[name]: proof.pdf for name, proof in proofs.items()}
    manifest = {
        "program": __version__,
        "edition": briefing.briefing.edition,
        "date": briefing.briefing.date.isoformat(),
        "paper": paper.name.value,
        "files": {FILES[name]: {"pages": proof.pages} for name, proof in proofs.items()},
    }
    try:
        published = publish.publish(files, job.out, manifest)
    except Refused as refused:
        return Outcome(made, in_order([*findings, *refused.findings]), False)
    return Outcome(made, in_order([*findings, *published.findings, *_left_behind(job)]), True)


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


def _made(proof: Proof, briefing: Briefing) -> Made:
    return Made(
        document=proof.document,
        file=FILES[proof.document],
        pages=proof.pages,
        budget=briefing.document(proof.document).pages,
        fill=proof.fill,
        words=proof.words,
        bytes=len(proof.pdf),
        seconds=proof.seconds,
        renders=proof.renders,
        findings=len(proof.findings),
        html=proof.html,
    )
