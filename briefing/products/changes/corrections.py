"""What a correction slip says: corrected figures, then corrected wording, then what else is new, as plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from briefing.content.briefing import Briefing
from briefing.documents.manuscript import Manuscript
from briefing.findings import Finding, error
from briefing.language.wording import NBSP
from briefing.products.changes.change_records import (
    BlockChange,
    ChangeKind,
    Changes,
    DiffRun,
    FieldChange,
    FigureChange,
    RecordChange,
    TextChange,
    UsePlace,
)
from briefing.products.changes.listing import trim_runs

LONG = 260  # characters of a text that is told in short
LINE = 60  # characters; of a longer text that is another one as a whole, no word is marked
FOREMOST = ("title", "lede", "subtitle", "bottom_line", "key_figures", "takeaways")
_FIGURE_FIELDS = ("value", "as_of", "sources", "disputed", "label")
TOLD = ("title", "subtitle", "date", "edition", "contact", "licence", "link", "cite")  # elsewhere on the slip
SETTING = {
    "place",
    "filler",
    "optional",
    "later",
    "height_mm",
    "focus",
    "legend",
    "icon",
    "annex",
    "setting",
    "lang",
    "publisher_lang",
}
UNREAD = ("brand", "embargo", "paper", "language", "stale_after_days", "short_title")


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
class Said:
    """Everything that a slip could say."""

    figures: tuple[Correction, ...]
    statements: tuple[Correction, ...]
    also: tuple[str, ...]

    def without(self, count: int) -> tuple[Said, Mapping[str, int]]:
        """The same without so many from its tail: what is also new goes first, figures go last."""
        left, cut = {}, {}
        for name in ("also", "statements", "figures"):
            lines = getattr(self, name)
            cut[name] = min(count, len(lines))
            count -= cut[name]
            left[name] = lines[: len(lines) - cut[name]]
        return Said(**left), cut


def corrections_of(old: Manuscript, new: Manuscript, changes: Changes) -> Said:
    """Everything that a slip could say, each part in the order of importance."""
    return Said(tuple(_figures(old, new, changes)), tuple(_statements(new, changes)), tuple(_also(new, changes)))


def _figures(old: Manuscript, new: Manuscript, changes: Changes) -> Iterator[Correction]:
    """Figures that old copies print otherwise: those in prominent places first, then those in many."""
    told: list[tuple[bool, int, int, int, FigureChange]] = []
    for one in changes.figures:
        if is_corrected(one, changes):
            uses = one.old_uses
            told.append((not one.value_changed, min(map(_rank, uses)), -len(uses), len(told), one))
    for *_, one in sorted(told, key=lambda item: item[:4]):
        gone = (Piece(f"({slip_word(new, 'gone')})"),)
        yield Correction(
            what=_capital(one.label),
            where=_where(old, one.old_uses),
            old=_figure_said(old, one, True),
            new=gone if one.sort is ChangeKind.REMOVED else _figure_said(new, one, False),
            why=_glued(new, _short(one.why)),
            source=_glued(new, _short("; ".join(one.sources))),
        )


def is_corrected(one: FigureChange, changes: Changes) -> bool:
    """Whether old copies print a figure otherwise, or one that its chart no longer has."""
    if not one.old_uses:
        return False
    if one.sort is ChangeKind.CHANGED:
        return any(found.name in _FIGURE_FIELDS for found in one.fields)
    without = {chart.id for chart in changes.charts if chart.sort is ChangeKind.REMOVED}
    return one.sort is ChangeKind.REMOVED and bool(one.chart) and one.chart not in without


def find_unnamed(changes: Changes) -> Iterator[Finding]:
    """Figures that a slip would print by the name that only the content knows."""
    for one in changes.figures:
        told = is_corrected(one, changes) or (one.sort is ChangeKind.ADDED and one.uses)
        if told and not one.label:
            message = f'the slip would tell of "{one.id}", and readers know it by no name'
            yield error("label-missing", message, one.place, "add label: what it counts")


def _figure_said(version: Manuscript, one: FigureChange, before: bool) -> tuple[Piece, ...]:
    """The figure as printed, with what else of it has changed; its new sources stand below it anyway."""
    changed = {found.name: found.old if before else found.new for found in one.fields}
    printed = one.old if before else one.new
    if "as_of" in changed:
        printed = slip_word(version, "as_of", value=printed, date=changed["as_of"])
    pieces = [Piece(_glued(version, printed), bool({"value", "as_of"} & changed.keys()))]
    if changed.get("label"):
        pieces.append(Piece(slip_word(version, "label", label=_short(changed["label"]))))
    if "disputed" in changed:
        others = _short(changed["disputed"])
        pieces.append(
            Piece(slip_word(version, "disputed", others=others) if others else slip_word(version, "undisputed"))
        )
    if changed.keys() == {"sources"}:
        pieces.append(Piece(slip_word(version, "sources", sources=_short(changed["sources"]))))
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
            (len(FOREMOST), _of_field(new, found, slip_word(new, "chart", title=_short(chart.said, 60)), ""))
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
    nothing, gone = (Piece(f"({slip_word(version, key)})") for key in ("nothing", "gone"))
    return Correction(what, where, old or (nothing,), new or (gone,))


# ------------------------------------------------------------------ what else is new


def _also(new: Manuscript, changes: Changes) -> Iterator[str]:
    """One line for everything that corrects nothing."""
    fresh = {chart.id for chart in changes.charts if chart.sort is ChangeKind.ADDED}
    for figure in changes.figures:
        if figure.sort is ChangeKind.ADDED and figure.uses and figure.chart not in fresh:
            yield slip_word(new, "figure_added", label=_short(figure.label, 80), value=figure.new)
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
                yield slip_word(new, key, what=f"{_block(new, block)} ({name})")
    for group, records in (("chart", changes.charts), ("source", changes.sources), ("term", changes.terms)):
        for record in records:
            if group != "chart" or record.sort is not ChangeKind.CHANGED or _redrawn(record):
                said = _short(record.said, 110)
                quoted = said if group == "source" else slip_word(new, "quoted", title=said)
                yield slip_word(new, f"{group}_{record.sort}", source=said, what=quoted)
    for found in changes.front:
        if found.name not in (*TOLD, *UNREAD) and (found.old or found.new):
            yield _front(new, found)


def _changed(block: BlockChange) -> str:
    """The word for a block that shows or cites something else; nothing where only its setting is another."""
    names = {found.name for found in block.fields} - SETTING - ({"columns"} if block.kind == "prose" else set())
    return "" if not names else "block_sources" if names == {"sources"} else "block_changed"


def _redrawn(chart: RecordChange) -> bool:
    return bool({found.name for found in chart.fields} - {"title", "subtitle", "note", "alt", "checked"})


def _front(new: Manuscript, found: FieldChange) -> str:
    name = new.wording.word("front", found.name)
    old, now = found.old, found.new
    if found.name == "status":
        old, now = new.wording.word("status", old).lower(), new.wording.word("status", now).lower()
    key = "front_changed" if old and now else "front_added" if now else "front_removed"
    return slip_word(new, key, name=name, old=_short(old, 60), new=_short(now, 90))


# ------------------------------------------------------------------ words


def slip_word(version: Manuscript, key: str, **more: object) -> str:
    """One of the words of slips."""
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
        return slip_word(version, "quoted", title=_short(title, 60))
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
