"""Change bars: where on the finished pages something differs from an earlier version.

Two versions, the changes between them and what stands on the pages come in; bars beside lines and pictures go out. Only
words and figures of the content count: a source mark with another number is no change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from briefing.content.blocks import large_figures
from briefing.content.briefing import Briefing, walk_printed_strings
from briefing.content.scalars import Path
from briefing.design.paper import Paper
from briefing.design.tokens import Tokens
from briefing.documents.manuscript import Manuscript
from briefing.finishing.overlay import Bar
from briefing.pdf.geometry import Box
from briefing.products.changes.change_records import ChangeKind, Changes
from briefing.products.changes.plain_words import paragraphs, strip_marks
from briefing.proofing.comparison import Placement
from briefing.proofing.line_numbers import NumberedLine, line_at

POINTS_PER_MM = 72 / 25.4
AWAY_MM = 3.0  # from the column
BESIDE_PT = 6.0  # from a key figure
JOIN_PT = 8.0  # bars with less between them are one


def bars(
    old: Manuscript,
    new: Manuscript,
    changes: Changes,
    document: str,
    stood: Sequence[Placement],
    lines: Sequence[NumberedLine],
    paper: Paper,
    tokens: Tokens,
) -> tuple[Bar, ...]:
    """The bars of one document."""
    left = (tokens.grid["margin_left"] - AWAY_MM) * POINTS_PER_MM
    right = (paper.width_mm - tokens.grid["margin_right"] + AWAY_MM) * POINTS_PER_MM
    found: list[Bar] = []
    for one, parts in _changed(old, new, changes, document, stood):
        for page, box in parts:
            line = line_at(lines, page, box)
            low, high = (line.box[1], line.box[3]) if line and not one.asked.picture else (box[1], box[3])
            in_margin = line.in_margin if line else box[0] > (left + right) / 2
            x = right if in_margin else left
            if "key_figures" in one.asked.path:  # these stand beside each other
                x = min(box[0] for _, box in one.parts) - BESIDE_PT
            found.append(Bar(page, x, low, high))
    return tuple(_joined(found))


def _joined(found: Sequence[Bar]) -> Iterator[Bar]:
    """Bars that touch or nearly touch as one."""
    last: Bar | None = None
    for bar in sorted(set(found), key=lambda bar: (bar.page, bar.x, -bar.top)):
        if last and (last.page, last.x) == (bar.page, bar.x) and last.bottom - bar.top < JOIN_PT:
            last = Bar(bar.page, bar.x, min(last.bottom, bar.bottom), last.top)
        else:
            if last:
                yield last
            last = bar
    if last:
        yield last


def _changed(
    old: Manuscript, new: Manuscript, changes: Changes, document: str, stood: Sequence[Placement]
) -> Iterator[tuple[Placement, Sequence[tuple[int, Box]]]]:
    """What the old version does not say, or says of other figures or elsewhere, and the parts of it that differ."""
    figures = {change.id for change in changes.figures if change.sort is not ChangeKind.REMOVED}
    sources = {change.id for change in changes.sources if change.sort is not ChangeKind.REMOVED}
    charts = {change.id for change in changes.charts if change.sort is not ChangeKind.REMOVED}
    moved = {
        change.block
        for part in changes.documents
        if part.document == document
        for change in part.blocks
        if change.sort is ChangeKind.MOVED
    }
    said = set(_said(old.briefing, document).values())
    now = _said(new.briefing, document)
    seen: Counter[Path] = Counter()
    for one in stood:
        path, asked = one.asked.path, one.asked
        number, seen[path] = seen[path], seen[path] + 1
        named = {name for name, _ in asked.figures}
        named |= _figures_of(new, path) if asked.picture or path[0] != "charts" else set()
        if (
            asked.block in moved
            or (path[0] == "sources" and path[1] in sources)
            or (asked.picture and path[0] == "charts" and path[1] in charts)
            or ((path, number) in now and now[path, number] not in said)
        ):
            yield one, one.parts
        elif named & figures:
            yield one, [(page, box) for name, page, box in one.figures if name in figures] or one.parts


def _said(briefing: Briefing, document: str) -> dict[tuple[Path, int], str]:
    """Every paragraph of a document in the content's own words, figures by their names."""
    others = set(Briefing.DOCUMENTS) - {document}
    return {
        (path, number): strip_marks(kind, part)
        for path, kind, text in walk_printed_strings(briefing)
        if path[0] not in others
        for number, part in enumerate(paragraphs(kind, text))
    }


def _figures_of(version: Manuscript, path: Path) -> set[str]:
    """The figures that a picture or the date of a key figure is about."""
    if path[0] == "charts":
        return {entry.id for entry in version.ledger.charted(str(path[1]))}
    if path[0] == "figures":
        return {str(path[1])}
    if path[0] in Briefing.DOCUMENTS and path[-1] == "figure":
        block = version.briefing.document(str(path[0])).blocks[int(path[2])]
        return {figure for inner, figure, _ in large_figures(block) if inner[:-1] == path[4:-1]}
    return set()
