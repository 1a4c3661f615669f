"""The correction slip: what has changed comes in, one page to hand out with old copies goes out, as leaves.

All is said once: corrected figures, then corrected wording, then what else is new, each in order of importance. The
first leaf says everything; the next ones are set tighter; the last ones sum up the tail, line by line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from briefing.content.briefing import Briefing
from briefing.content.scalars import Kind
from briefing.design.paper import Paper
from briefing.documents import document as document_writer
from briefing.documents import html
from briefing.documents.block_views import Picture, qr_picture
from briefing.documents.manuscript import Manuscript
from briefing.documents.setting import Setting
from briefing.findings import ContentPath
from briefing.language.wording import NBSP
from briefing.layout.single_page import SinglePage
from briefing.products.changes.compare import (
    BlockChange,
    ChangeKind,
    Changes,
    DiffRun,
    FieldChange,
    FigureChange,
    RecordChange,
    TextChange,
    UsePlace,
    places_of,
)
from briefing.products.changes.listing import trim_runs
from briefing.products.changes.plain_words import format_text

SETTINGS = (  # tighter and tighter
    *(Setting(space) for space in (1.5, 1.25, 1.0, 0.8, 0.62)),
    Setting(0.62, 0.95),
)
CODE_MM = 19.0  # without its quiet zone
MOST = 80  # of each kind; a page holds a third of that
LONG = 260  # characters of a text that is told in short
LINE = 60  # characters; of a longer text that is another one as a whole, no word is marked
FOREMOST = ("title", "lede", "subtitle", "bottom_line", "key_figures", "takeaways")
_FIGURE_FIELDS = ("value", "as_of", "sources", "disputed", "label")
_TOLD = ("title", "subtitle", "date", "edition", "contact", "licence", "link", "cite")  # elsewhere on the slip
_UNREAD = ("embargo", "paper", "language", "stale_after_days", "short_title")


@dataclass(frozen=True)
class Piece:
    """Words of a correction; `marked` where they are what has changed."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Correction:
    """One correction: where, what it said, and what to read."""

    what: str
    where: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]
    why: str = ""
    source: str = ""


@dataclass(frozen=True)
class CorrectionSlip:
    """A correction slip, ready for its template, which sees it as an edition."""

    paper: Paper
    language: str
    plain_title: str
    title: str
    lede: str
    front: Mapping[str, Any]
    words: Mapping[str, Mapping[str, str]]
    documents: str  # those that are not as they were
    versions: tuple[Mapping[str, str], ...]  # the old edition and the new one
    figures: tuple[Correction, ...]
    statements: tuple[Correction, ...]
    also: tuple[str, ...]
    more: Mapping[str, str]  # of each part, what no longer found room
    code: Picture | None
    quiet_mm: float  # the white around the code, which the page has of itself
    document: str = "errata"
    template: str = "errata.html.j2"
    layer: str = ""
    assets: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class _Said:
    """Everything that a slip could say."""

    figures: tuple[Correction, ...]
    statements: tuple[Correction, ...]
    also: tuple[str, ...]

    def without(self, count: int) -> tuple[_Said, Mapping[str, int]]:
        """The same without so many from its tail: what is also new goes first, figures go last."""
        left, cut = {}, {}
        for name in ("also", "statements", "figures"):
            lines = getattr(self, name)
            cut[name] = min(count, len(lines))
            count -= cut[name]
            left[name] = lines[: len(lines) - cut[name]]
        return _Said(**left), cut


def leaves(old: Manuscript, new: Manuscript, changes: Changes, paper: Paper, templates: Path) -> tuple[SinglePage, ...]:
    """The slip at every length, longest first; none where there is nothing to tell."""
    documents = _documents(old, new, changes)
    said = _Said(tuple(_figures(old, new, changes)), tuple(_statements(new, changes)), tuple(_also(new, changes)))
    total = len(said.figures) + len(said.statements) + len(said.also)
    if not total:
        return ()
    over = sum(max(0, len(lines) - MOST) for lines in (said.figures, said.statements, said.also))
    lengths = [(setting, 0) for setting in SETTINGS if not over]
    lengths += [(SETTINGS[-1], count) for count in range(max(1, total - 2 * MOST), total + 1)]
    name = new.wording.word("document", "errata")
    at = ContentPath(("briefing",), key=True)
    made = []
    for setting, count in lengths:
        slip = _slip(old, new, said, count, paper, documents)
        made.append(
            SinglePage(name, html.page(slip, setting, templates), slip.assets, templates, at, slip.words["pdf"])
        )
    return tuple(made)


def _slip(
    old: Manuscript, new: Manuscript, everything: _Said, cut: int, paper: Paper, documents: str
) -> CorrectionSlip:
    said, gone = everything.without(cut)
    front = new.briefing.briefing
    code, quiet = _code(front.link)
    number = old.briefing.briefing.edition
    title = _word(new, "title", edition=number)
    return CorrectionSlip(
        paper=paper,
        language=front.language,
        plain_title=f"{title}: {format_text(new, Kind.TEXT, front.title)}",
        title=title,
        lede=format_text(new, Kind.TEXT, front.title),
        front=document_writer.front_matter(new.text_renderer(), "errata"),
        words=new.wording.words,
        documents=documents,
        versions=(_version(old, "said"), _version(new, "read")),
        figures=said.figures,
        statements=said.statements,
        also=said.also,
        more={name: _more(new, name, count) for name, count in gone.items()},
        code=code,
        quiet_mm=quiet,
        assets={code.name: code.data} if code else {},
    )


def _documents(old: Manuscript, new: Manuscript, changes: Changes) -> str:
    """The documents that do not say the same as before, by their names."""
    found = {one.document for one in changes.documents if one.fields or one.blocks}
    found |= {use.document for one in changes.figures for use in (*one.uses, *places_of(old, "figures", one.id))}
    found |= {use.document for record in (*changes.sources, *changes.charts, *changes.terms) for use in record.uses}
    names = [new.wording.word("document", name) for name in Briefing.DOCUMENTS if name in found or not found]
    return names[0] if len(names) == 1 else _word(new, "documents", one=names[0], other=names[1].lower())


def _version(version: Manuscript, role: str) -> dict[str, str]:
    front = version.briefing.briefing
    return {
        "role": version.wording.word("errata", role),
        "edition": _word(version, "edition", edition=front.edition),
        "date": version.wording.date(front.date),
    }


def _code(link: str | None) -> tuple[Picture | None, float]:
    """A code for the telephone that leads to the new edition, and the white around it."""
    if not link or len(link) > 300 or not re.match(r"https?://", link):
        return None, 0.0
    code = qr_picture(link, CODE_MM)
    return code, round(4 * code.unit_mm, 2)


def _more(version: Manuscript, part: str, count: int) -> str:
    if not count:
        return ""
    group = {"figures": "errata_figures", "statements": "errata_wording", "also": "errata_also"}[part]
    forms = version.wording.words[group]
    return forms.get(version.wording.locale.plural_form(count), forms["other"]).format(n=count)


# ------------------------------------------------------------------ corrections


def _figures(old: Manuscript, new: Manuscript, changes: Changes) -> Iterator[Correction]:
    """Figures that old copies print otherwise: those in prominent places first, then those in many."""
    told: list[tuple[bool, int, int, int, FigureChange, tuple[UsePlace, ...]]] = []
    for one in changes.figures:
        uses = places_of(old, "figures", one.id)
        fields = [found for found in one.fields if found.name in _FIGURE_FIELDS]
        if one.sort is ChangeKind.CHANGED and uses and fields:
            told.append((not one.value_changed, min(map(_rank, uses)), -len(uses), len(told), one, uses))
    for *_, one, uses in sorted(told, key=lambda item: item[:4]):
        yield Correction(
            what=_capital(one.label or one.id),
            where=_where(old, uses),
            old=_figure_said(old, one, True),
            new=_figure_said(new, one, False),
            why=_glued(new, _short(one.why)),
            source=_glued(new, _short("; ".join(one.sources))),
        )


def _figure_said(version: Manuscript, one: FigureChange, before: bool) -> tuple[Piece, ...]:
    """The figure as printed, with what else of it has changed; its new sources stand below it anyway."""
    changed = {found.name: found.old if before else found.new for found in one.fields}
    said = one.old if before else one.new
    if "as_of" in changed:
        said = _word(version, "as_of", value=said, date=changed["as_of"])
    pieces = [Piece(_glued(version, said), bool({"value", "as_of"} & changed.keys()))]
    if changed.get("label"):
        pieces.append(Piece(_word(version, "label", label=_short(changed["label"]))))
    if "disputed" in changed:
        others = _short(changed["disputed"])
        pieces.append(Piece(_word(version, "disputed", others=others) if others else _word(version, "undisputed")))
    if changed.keys() == {"sources"}:
        pieces.append(Piece(_word(version, "sources", sources=_short(changed["sources"]))))
    return tuple(pieces)


def _rank(use: UsePlace) -> int:
    return FOREMOST.index(use.kind) if use.kind in FOREMOST else len(FOREMOST)


def _statements(new: Manuscript, changes: Changes) -> Iterator[Correction]:
    """Reworded texts, the foremost first: titles, then summaries, then the rest as it stands."""
    rows: list[tuple[int, Correction]] = []
    titles = [found for found in changes.front if found.name in ("title", "subtitle")]
    rows += [(0, _of_field(new, found, new.wording.word("errata", f"front_{found.name}"), "")) for found in titles]
    for document in changes.documents:
        name = new.wording.word("document", document.document)
        for found in document.fields:
            if found.name in ("title", "lede"):
                rows.append((0, _of_field(new, found, _capital(new.wording.word("errata_block", found.name)), name)))
        for block in document.blocks:
            rank = FOREMOST.index(block.kind) if block.kind in FOREMOST else len(FOREMOST)
            rows += [(rank, _of_text(new, text, _block(new, block), name)) for text in block.texts if _telling(text)]
    for chart in changes.charts:
        rows += [
            (len(FOREMOST), _of_field(new, found, _word(new, "chart", title=_short(chart.said, 60)), ""))
            for found in chart.fields
            if found.name in ("title", "subtitle", "note") and found.old != found.new
        ]
    yield from (row for _, row in sorted(rows, key=lambda item: item[0]))


def _telling(text: TextChange) -> bool:
    return any(not run.same for run in text.runs)


def _of_field(version: Manuscript, found: FieldChange, what: str, where: str) -> Correction:
    return _row(version, what, where, (DiffRun(False, _short(found.old), _short(found.new)),))


def _of_text(version: Manuscript, text: TextChange, what: str, where: str) -> Correction:
    return _row(version, what, where, trim_runs(text.runs))


def _row(version: Manuscript, what: str, where: str, runs: tuple[DiffRun, ...]) -> Correction:
    whole = len(runs) == 1 and len(max(runs[0].old, runs[0].new, key=len)) > LINE  # a mark on all of it shows nothing
    old = tuple(Piece(_glued(version, _short(run.old)), not (run.same or whole)) for run in runs if run.old)
    new = tuple(Piece(_glued(version, _short(run.new)), not (run.same or whole)) for run in runs if run.new)
    nothing, gone = (Piece(f"({_word(version, key)})") for key in ("nothing", "gone"))
    return Correction(what, where, old or (nothing,), new or (gone,))


# ------------------------------------------------------------------ what else is new


def _also(new: Manuscript, changes: Changes) -> Iterator[str]:
    """One line for everything that corrects nothing."""
    for figure in changes.figures:
        if figure.sort is ChangeKind.ADDED and figure.uses:
            yield _word(new, "figure_added", label=_short(figure.label or figure.id, 80), value=figure.new)
    for document in changes.documents:
        name = new.wording.word("document", document.document)
        for block in document.blocks:
            keys = {
                ChangeKind.ADDED: "block_added",
                ChangeKind.REMOVED: "block_removed",
                ChangeKind.MOVED: "block_moved",
            }
            key = keys.get(block.sort) or _changed(block)
            if key:
                yield _word(new, key, what=f"{_block(new, block)} ({name})")
    for group, records in (("chart", changes.charts), ("source", changes.sources), ("term", changes.terms)):
        for record in records:
            if group != "chart" or record.sort is not ChangeKind.CHANGED or _redrawn(record):
                said = _short(record.said, 110)
                quoted = said if group == "source" else _word(new, "quoted", title=said)
                yield _word(new, f"{group}_{record.sort}", source=said, what=quoted)
    for found in changes.front:
        if found.name not in (*_TOLD, *_UNREAD) and (found.old or found.new):
            yield _front(new, found)


def _changed(block: BlockChange) -> str:
    """The word for a block that shows or cites something else; nothing where only its setting is another."""
    names = {found.name for found in block.fields} - {"place", "optional", "later", "height_mm"}
    return "" if not names else "block_sources" if names == {"sources"} else "block_changed"


def _redrawn(chart: RecordChange) -> bool:
    return bool({found.name for found in chart.fields} - {"title", "subtitle", "note", "alt"})


def _front(new: Manuscript, found: FieldChange) -> str:
    name = new.wording.word("front", found.name)
    old, now = found.old, found.new
    if found.name == "status":
        old, now = new.wording.word("status", old).lower(), new.wording.word("status", now).lower()
    key = "front_changed" if old and now else "front_added" if now else "front_removed"
    return _word(new, key, name=name, old=_short(old, 60), new=_short(now, 90))


# ------------------------------------------------------------------ words


def _word(version: Manuscript, key: str, **more: object) -> str:
    return version.wording.word("errata", key).format(**more)


def _where(version: Manuscript, uses: tuple[UsePlace, ...]) -> str:
    """The places of a figure: each document with its blocks."""
    told: dict[str, list[str]] = {}
    for use in uses:
        title = _title(version, use.kind, use.title)
        named = told.setdefault(use.document, [])
        if title and title not in named:
            named.append(title)
    parts = []
    for document in Briefing.DOCUMENTS:
        if document in told:
            name = version.wording.word("document", document)
            parts.append(f"{name}: {', '.join(told[document][:3])}" if told[document] else name)
    return " · ".join(parts)


def _block(version: Manuscript, block: BlockChange) -> str:
    """A block by the heading that old copies have."""
    return _title(version, block.kind, block.old_title or block.title) or _capital(block.kind.replace("_", " "))


def _title(version: Manuscript, kind: str, title: str) -> str:
    if title:
        return _word(version, "quoted", title=_short(title, 60))
    return version.wording.words["errata_block"].get(kind) or version.wording.words["label"].get(kind, "")


def _glued(version: Manuscript, text: str) -> str:
    """A text in which no line begins with a year or an ellipsis, and no date or name is torn apart."""
    return re.sub(r"(?<=…) | (?=…$)| (?=\d{4}\b)", NBSP, version.text_renderer().words(text))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _short(text: str, most: int = LONG) -> str:
    """A text cut at a word, with … for the rest."""
    text = text.replace(NBSP, " ")
    if len(text) <= most:
        return text
    head = text[: most - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[most // 2 :] else head).rstrip(" ,;:") + " …"
