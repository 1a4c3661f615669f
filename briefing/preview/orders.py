"""Content as the preview reads it: what pages need at once, and what only the findings need afterwards.

The stages and their order are those of the pipeline; here the slow judgements wait until typesetting is on its way.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from briefing.checks import answers, content_rules, editorial, freshness
from briefing.content import validation, yaml_reader
from briefing.content.briefing import Briefing
from briefing.content.records import PaperName
from briefing.content.yaml_reader import Source
from briefing.design.editions import EDITIONS, Step
from briefing.design.paper import PAPERS
from briefing.design.tokens import read_tokens
from briefing.findings import Finding, Refused, Severity
from briefing.graphics import pictures
from briefing.language.wording import Wording, read_wording
from briefing.ledger import ledger
from briefing.ledger.ledger import Ledger
from briefing.pipeline import document_job
from briefing.pipeline.document_job import Order
from briefing.preview.state import Variant

Stamp = tuple[tuple[str, int, int], ...]
_LOOKS = (".css", ".j2", ".toml", ".ttf", ".json", ".icc")


@dataclass(frozen=True)
class Desk:
    """What is previewed, and where everything lies; paths are absolute."""

    content: Path
    name: str  # how findings call the content
    templates: Path
    cache: Path  # of drawings
    today: datetime.date


@dataclass(frozen=True)
class Read:
    """Content that may be printed."""

    source: Source
    briefing: Briefing
    wording: Wording
    book: Ledger
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Ordered:
    """What a variant needs from the press, and what was noticed before."""

    read: Read
    orders: Mapping[str, Order]
    noticed: tuple[Finding, ...]


def tree(desk: Desk) -> Source:
    """Read the content file; raises `Refused` where it is not YAML."""
    return yaml_reader.read(desk.content, desk.name)


def read(desk: Desk, tree: Source, language: str | None) -> Read:
    """Type, account and check; raises `Refused` where there is nothing to typeset."""
    briefing = validation.build(tree)
    front = briefing.briefing
    if language and language != front.language:
        front = front.model_copy(update={"language": language})
        briefing = briefing.model_copy(update={"briefing": front})
    wording = read_wording(desk.templates, front.language, briefing.units, tree.place(("briefing", "language")))
    book, noticed = ledger.build(briefing, wording, tree.place)
    findings = (*noticed, *content_rules.check(briefing, book, wording, _folder(desk), tree.place))
    return Read(tree, briefing, wording, book, findings)


def judged(desk: Desk, read: Read) -> Read:
    """The same with what a careful editor would query."""
    where = read.source.place
    more = (
        *freshness.audit(read.briefing, read.book, desk.today, where),
        *editorial.check(read.briefing, read.book, read.wording, where),
    )
    return replace(read, findings=(*read.findings, *more))


def ordered(desk: Desk, read: Read, variant: Variant) -> Ordered:
    """Draw the pictures and say what is to be typeset; raises `Refused` with every fault up to here."""
    _stop(read.findings, read.briefing)
    kind = EDITIONS[variant.edition]
    paper = PAPERS[variant.paper or read.briefing.briefing.paper]
    documents = kind.documents
    room = pictures.Room(
        read.wording, read_tokens(desk.templates, kind.layer), paper, desk.templates, read.source.place
    )
    try:
        wanted = pictures.plan(read.briefing, read.book, documents, room)
    except Refused as refused:
        raise Refused([*read.findings, *refused.findings]) from None
    blank = pictures.blanks(read.briefing, documents, room, _folder(desk))
    drawn, noticed = pictures.drawn(wanted, blank, room, desk.cache)
    _stop([*read.findings, *noticed], read.briefing)
    shop = None
    if Step.MARKS in kind.steps:
        from briefing.products.printshop.condition import press_of

        shop = press_of(desk.templates)
    made = document_job.orders(read.briefing, read.book, documents, room, drawn, kind, shop)
    orders = {one.document: one for one in made}
    return Ordered(read, orders, noticed)


def stamp(templates: Path) -> Stamp:
    """Names, sizes and times of all templates: where it differs, what was made from them before is out of date."""
    found = sorted(str(entry) for entry in templates.rglob("*") if entry.suffix in _LOOKS)
    return tuple((name, status.st_size, status.st_mtime_ns) for name in found for status in [Path(name).stat()])


def same(one: Order, other: Order) -> bool:
    """Whether two orders give the same pages, wherever their document stands in the content.

    The words and templates are not looked at: those have a `stamp`.
    """
    return (
        one.briefing == other.briefing  # cut down to the document, with the figures and sources that it names
        and one.pictures == other.pictures
        and (one.paper, one.tokens, one.kind, one.shop) == (other.paper, other.tokens, other.kind, other.shop)
    )


def moved(finding: Finding, before: Order, after: Order) -> Finding:
    """A finding of a document that stands elsewhere in the content by now."""
    places = {before.place: after.place} | {place: after.places[index] for index, place in before.places.items()}
    return replace(finding, place=places.get(finding.place, finding.place))


def named(tree: Source) -> frozenset[str]:
    """The files that image blocks name, as far as a tree that may be broken tells."""
    found: set[str] = set()
    top = tree.tree if isinstance(tree.tree, dict) else {}
    for document in Briefing.DOCUMENTS:
        part = top.get(document)
        blocks = part.get("blocks") if isinstance(part, dict) else None
        for block in blocks if isinstance(blocks, list) else ():
            image = block.get("image") if isinstance(block, dict) else None
            if isinstance(image, dict) and isinstance(image.get("file"), str):
                found.add(str(image["file"]))
    return frozenset(found)


def images(desk: Desk, tree: Source) -> tuple[Path, ...]:
    """The pictures of the content's folder that its documents show."""
    paths = (content_rules.image_path(_folder(desk), name) for name in sorted(named(tree)))
    return tuple(path for path in paths if path)


def paper_of(read: Read, variant: Variant) -> PaperName:
    """The paper of a variant."""
    return variant.paper or read.briefing.briefing.paper


def languages(desk: Desk) -> tuple[str, ...]:
    """The languages that the program has words for."""
    return tuple(sorted(path.stem for path in (desk.templates / "words").glob("*.toml")))


def _stop(findings: tuple[Finding, ...] | list[Finding], briefing: Briefing) -> None:
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise Refused(answers.divided(findings, briefing.answers)[0])


def _folder(desk: Desk) -> Path:
    return desk.content.resolve().parent
