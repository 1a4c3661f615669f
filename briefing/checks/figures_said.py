"""Figures in their sentences: a minus beside “down”, an opening without a capital, a number without its measure.

What a document says comes in, findings go out. Which words fall, rise or look ahead is told by the words of the
language; one that has none of them is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from briefing.checks.reading import FigureSpot, Passage, Reading, is_opening, sentences
from briefing.content.blocks import BlockBase, ChartBlock, KeyFigures, Table, Takeaways, large_figures
from briefing.content.briefing import Briefing, Document
from briefing.content.panels import GaugeBlock, PullFigure
from briefing.content.records import Chart, FigureStanding
from briefing.content.scalars import Path
from briefing.findings import Finding, note, warning
from briefing.language.amount import ends
from briefing.language.numbers import MINUS, spoken
from briefing.language.wording import Wording
from briefing.ledger.ledger import Ledger, LedgerEntry

_IN_ROWS = ("rows", "groups", "total")
_HEADLINES = ("title", "heading", "subtitle", "lede", "question")


@dataclass(frozen=True)
class _Said:
    """A figure where a text says it, with the sentence and what else tells of it."""

    spot: FigureSpot
    entry: LedgerEntry
    passage: Passage
    before: str  # in its sentence
    words: str
    after: str
    around: str  # the paragraph, or what a table says of a cell


def check(read: Reading, briefing: Briefing, ledger: Ledger, wording: Wording) -> Iterator[Finding]:
    """What the figures of a document say wrongly, or do not say."""
    every = list(_all_said(read, briefing, ledger, wording))
    for said in every:
        yield from _signs(said, wording)
        yield from _opening(said)
        yield from _standing(said, wording)
    yield from _measures(every, read.document, wording)
    for about, path, block in read.blocks():
        if isinstance(block, KeyFigures | PullFigure | GaugeBlock | Takeaways):
            yield from _key_figures(read, block, path, about, ledger, wording)
        elif isinstance(block, ChartBlock) and block.chart in briefing.charts:
            yield from _chart(block.chart, briefing, ledger, wording)
        elif isinstance(block, Table):
            yield from _table_heads(read, block, path, about, ledger, wording)
    yield from _styles(read, ledger, wording)


def _all_said(read: Reading, briefing: Briefing, ledger: Ledger, wording: Wording) -> Iterator[_Said]:
    for passage in read.texts:
        spans = sentences(passage.text, briefing.names, wording.locale.language) if passage.figures else []
        for spot in passage.figures:
            if spot.figure in ledger.entries:
                start, end = next((span for span in spans if span[0] <= spot.start < span[1]), (0, len(passage.text)))
                words = passage.text[spot.start : spot.end]
                before, after = passage.text[start : spot.start], passage.text[spot.end : end]
                around = _around(read, passage)
                yield _Said(spot, ledger.entries[spot.figure], passage, before, words, after, around)


def _around(read: Reading, passage: Passage) -> str:
    """What tells of a figure: its paragraph, all of a chart, or for a cell its row, the heads, heading and note."""
    if passage.path[0] == "charts":
        return " ".join(one.text for one in (*read.texts, *read.beside) if one.path[:2] == passage.path[:2])
    if passage.path[3:4] == ("table",) and passage.path[4] in _IN_ROWS:
        near = (
            one.text
            for one in (*read.texts, *read.beside)
            if one.path[:4] == passage.path[:4]
            and (one.path[:-1] == passage.path[:-1] or one.path[4] not in _IN_ROWS or one.path[-1] == "head")
        )
        return " ".join(near)
    if "rows" not in passage.path:
        return passage.text
    at = passage.path.index("rows")
    row, table = passage.path[: at + 2], passage.path[:at]
    near = (
        one.text
        for one in (*read.texts, *read.beside)
        if one.path[:at] == table and (one.path[: len(row)] == row or one.path[at] != "rows")
    )
    return " ".join(near)


# ------------------------------------------------------------------ signs


def _any(words: str) -> str:
    return "|".join(re.escape(word).replace("_", r"\s+") for word in words.split())


def _signs(said: _Said, wording: Wording) -> Iterator[Finding]:
    words = wording.words.get("direction")
    if not words or not ends(said.entry.value):
        return
    path, name = said.passage.path, said.entry.id
    falls, rises = _any(words["falls"]), _any(words["rises"])
    if said.spot.magnitude:
        near = said.around if said.around != said.passage.text else said.before + said.after  # a cell has its heads
        falling = re.search(rf"\b(?:{falls}|{_any(words['less'])})\b", near, re.IGNORECASE)
        if min(ends(said.entry.value)) < 0 and not falling:
            hint = f"say that it fell, or print it with its minus: {{{{{name}}}}}"
            message = f"“{said.words}” has lost its minus, and the sentence does not say that it fell"
            yield warning("sign-lost", message, path, hint, said.passage.about)
        return
    if MINUS not in said.words:
        return
    filler = rf"(?:\s+(?:{_any(words['between'])}|\w+ly))*\s*$"
    direct = re.search(rf"\b({falls}|{rises}){filler}", said.before, re.IGNORECASE)
    by = re.search(rf"\b({falls}|{rises})\b[^,;:]*\b(?:{_any(words['by'])}){filler}", said.before, re.IGNORECASE)
    behind = re.match(rf"\s+({_any(words['less'])}|{_any(words['more'])})\b", said.after, re.IGNORECASE)
    if found := direct or by or behind:
        hint = f"write {{{{{name}|magnitude}}}}, which leaves the minus to the word, or another word"
        message = f"“{found[1]}” and “{said.words}” say it twice: the minus turns the word round"
        yield warning("sign-doubled", message, path, hint, said.passage.about)


def _table_heads(
    read: Reading, block: Table, path: Path, about: str, ledger: Ledger, wording: Wording
) -> Iterator[Finding]:
    """A column of falls whose numbers have a minus."""
    words = wording.words.get("direction")
    for passage in read.texts if words else ():
        if passage.path[:4] != path or passage.path[4] not in _IN_ROWS:
            continue
        column = passage.path[-1]
        head = block.columns[column].head if isinstance(column, int) and column < len(block.columns) else ""
        fall = re.search(rf"\b({_any(words['falls'])})\b", head, re.IGNORECASE) if words else None
        both = re.search(rf"\b({_any(words['rises'])}|profit)\b", head, re.IGNORECASE) if words else None
        signed = [s for s in passage.figures if MINUS in passage.text[s.start : s.end] and s.figure in ledger.entries]
        if fall and not both and signed:
            hint = f"write {{{{{signed[0].figure}|bare|magnitude}}}}, or call the column a change"
            message = f"“{fall[1]}” heads a column with a minus: the minus turns the word round"
            yield warning("sign-doubled", message, passage.path, hint, about)


# ------------------------------------------------------------------ openings


def _opening(said: _Said) -> Iterator[Finding]:
    passage = said.passage
    if not said.words[:1].islower():
        return
    sentence_like = passage.has_sentences or passage.key in _HEADLINES
    if is_opening(passage.text[: said.spot.start], sentence_like):
        form = f"{{{{{said.entry.id}|open}}}}"
        message = f"“{said.words}” opens a sentence with a small letter"
        yield warning("figure-opens", message, passage.path, f"write {form}", passage.about)


# ------------------------------------------------------------------ targets and projections


def _standing(said: _Said, wording: Wording) -> Iterator[Finding]:
    if standing := said.entry.figure.standing:
        text = said.around if said.around != said.passage.text else said.before + said.after
        if not _looks_ahead(text, standing, wording):
            yield _untold(said.entry, said.passage.path, said.passage.about)


def _looks_ahead(text: str, standing: str, wording: Wording) -> bool:
    words = wording.words.get("standing_words")
    return not words or bool(re.search(rf"\b(?:{_any(words[standing])})", text, re.IGNORECASE))


def _untold(entry: LedgerEntry, path: Path, about: str) -> Finding:
    standing = entry.figure.standing
    hint = f"say that it is a {standing}"
    return warning("standing-untold", f'"{entry.id}" is a {standing}, and nothing beside it says so', path, hint, about)


# ------------------------------------------------------------------ measures


def _names(text: str, entry: LedgerEntry, wording: Wording) -> bool:
    """Whether a text has all the words of one form of a unit, in whatever ending."""
    forms: tuple[str, ...] = (wording.word("unit", "points"),)
    if entry.unit in wording.units:
        given = wording.units[entry.unit]
        every = (given.one, given.other, given.zero, given.two, given.few, given.many)
        forms = tuple(form for form in every if form)
    said = re.findall(r"\w+", text.lower())
    stems = [[word[: max(3, len(word) - 2)] for word in re.findall(r"\w+", form.lower())] for form in forms]
    return any(all(any(word.startswith(stem) for word in said) for stem in form) for form in stems)


def _measures(every: Iterable[_Said], document: Document, wording: Wording) -> Iterator[Finding]:
    """Figures without their units; of several in a column its head is told."""
    columns: dict[tuple[Path, str], list[_Said]] = {}
    for said in every:
        unit, path = said.entry.unit, said.passage.path
        if (unit != "points" and unit not in wording.units) or said.spot.variant not in ("short", "bare"):
            continue
        if not _names(said.around, said.entry, wording):
            column = (
                (*path[:4], path[-1]) if path[3:4] == ("table",) and path[4] in _IN_ROWS else (*path, said.spot.start)
            )
            columns.setdefault((column, unit), []).append(said)
    for (column, _), cells in columns.items():
        first = cells[0]
        path, noun = first.passage.path, wording.long(first.entry.amount).unit
        message = f"“{first.words}” stands without its unit, {noun}"
        hint = f"write {{{{{first.entry.id}}}}}, or name what is counted beside it"
        block = document.blocks[int(path[2])] if len(cells) > 1 else None
        if isinstance(block, Table) and isinstance(index := column[-1], int) and index < len(block.columns):
            head = spoken(block.columns[index].head)
            message = f"the numbers under “{head}” stand without their unit, {noun}"
            path, hint = (*path[:4], "columns", index, "head"), "name what is counted in the head or in the heading"
        yield warning("unit-untold", message, path, hint, first.passage.about)


def _key_figures(
    read: Reading, block: BlockBase, path: Path, about: str, ledger: Ledger, wording: Wording
) -> Iterator[Finding]:
    words = wording.words.get("direction")
    for inner, figure, text in large_figures(block):
        entry = ledger.entries.get(figure)
        if not entry:
            continue
        at = (*path, *inner)
        label = next((one.text for one in read.texts if one.path == at), text)
        number = spoken(wording.short(entry.amount).text)
        if (entry.unit == "points" or entry.unit in wording.units) and not _names(label, entry, wording):
            noun = wording.long(entry.amount).unit
            message = f"the key figure “{number}” stands without its unit, {noun}"
            yield warning("unit-untold", message, at, f"name it in the label, as in “{noun} …”", about)
        less = re.match(rf"\s*({_any(words['less'])})\b", label, re.IGNORECASE) if words else None
        if less and MINUS in number:
            hint = f"take the minus or “{less[1]}” away: a label such as “change since 2020” goes with a minus"
            message = f"“{number} {less[1]}” says it twice: the minus turns the word round"
            yield warning("sign-doubled", message, at, hint, about)


def _chart(name: str, briefing: Briefing, ledger: Ledger, wording: Wording) -> Iterator[Finding]:
    path, chart = ("charts", name), briefing.charts[name]
    found = (ledger.entries.get(datum.figure or "") for datum in chart.data)
    entries = [entry for entry in found if entry]
    units = {entry.unit for entry in entries}
    units |= {chart.unit or "number"} if any(datum.value is not None for datum in chart.data) else set()
    bare = [unit for unit in units if wording.is_told_bare(unit)]
    told = f"{chart.title} {chart.subtitle or ''} {chart.note or ''}"
    if bare and not chart.subtitle and not chart.vega_lite:
        named = [entry for entry in entries if entry.unit in bare and entry.unit != "number"]
        if not named or not all(_names(told, entry, wording) for entry in named):
            hint = "say under subtitle: what is measured, in which unit, where and when"
            yield warning("unit-untold", "nothing says what the numbers of the chart measure", path, hint, name)
    yield from _charted_ahead(name, chart, told, briefing, ledger, wording)


_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")


def _charted_ahead(
    name: str, chart: Chart, told: str, briefing: Briefing, ledger: Ledger, wording: Wording
) -> Iterator[Finding]:
    """Values of a time to come that nothing calls a target or a projection; our own drawings call them so."""
    today = briefing.briefing.date
    later = any(use.later for use in ledger.uses if (use.group, use.id) == ("charts", name))
    for index, (datum, figure) in enumerate(zip(chart.data, ledger.rows[name], strict=True)):
        entry = ledger.entries.get(figure)
        beside, at = f"{told} {datum.label or ''} {datum.series or ''}", ("charts", name, "data", index)
        if entry and entry.figure.standing:
            if chart.vega_lite and not _looks_ahead(beside, entry.figure.standing, wording):
                yield _untold(entry, at, figure if entry.chart else name)
            continue
        years = [int(year) for text in (datum.label, datum.series) for year in _YEAR.findall(text or "")]
        ahead = any(year > today.year for year in years) or bool(datum.on and datum.on.first > today)
        if entry and ahead and not later and not any(_looks_ahead(beside, one, wording) for one in FigureStanding):
            message = f"“{datum.label or datum.on}” lies after {today}, and nothing says that its value is not counted"
            where = f'under figures, in "{datum.figure}"' if datum.figure else "in this row"
            about = figure if entry.chart else name
            yield warning("standing-untold", message, at, f"write standing: projection (or target) {where}", about)


# ------------------------------------------------------------------ one way to say large numbers


_LARGE = 1_000_000


def _styles(read: Reading, ledger: Ledger, wording: Wording) -> Iterator[Finding]:
    """Numbers of one unit of which some are told in millions and some in all their digits."""
    shown: dict[str, dict[bool, list[tuple[LedgerEntry, Path]]]] = {}
    for use in ledger.uses:
        entry = ledger.entries.get(use.id) if (use.group, use.document) == ("figures", read.name) else None
        if entry and any(abs(end) >= _LARGE for end in ends(entry.value)) and not entry.figure.form:
            ways = shown.setdefault(entry.unit, {True: [], False: []})
            ways[wording.is_compact(entry.amount)].append((entry, use.path))
    for ways in shown.values():
        if ways[True] and ways[False]:
            (short, _), (full, path) = ways[True][0], ways[False][0]
            one, other = (spoken(wording.short(entry.amount).text) for entry in (full, short))
            message = f"“{one}” is told in all its digits, and “{other}” is not"
            hint = f'give "{full.id}" the scale of the others, and round: where it need not be exact'
            yield note("scale-mixed", message, path, hint, full.id)
