"""The panel of a review copy: notes beside a page, each as near to its line as the others allow.

Notes with the place where they want to be come in; the same notes in two columns go out, and the size of their type.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from briefing.graphics.charts.labels import wrap_text

MM = 25.4 / 72
GAP_MM = 1.0  # between notes
FAR_MM = 26.0  # how far a note may stand from its line before the columns are mixed
SIZES = (6.6, 6.2, 5.8, 5.4, 5.0)  # points: the largest at which all find room
BOX_EM = 1.4  # the room of the box to tick, before the head
LABEL_MM = 7.0  # the room of the line's number


@dataclass(frozen=True)
class Note:
    """A note beside a page; millimetres from the sheet's upper left corner."""

    label: str  # of its line
    head: str
    body: str
    kind: str  # figure, chart or finding
    at: float  # where it wants to be
    margin: bool  # whether it belongs to the margin column
    signed: bool = False
    left: float = 0.0
    top: float = 0.0


@dataclass(frozen=True)
class Panel:
    """The room for notes: its left edge, its first and last millimetre, and the width of each of its two columns."""

    left: float
    top: float
    bottom: float
    wide: float
    gutter: float = 4.0


def place_notes(notes: Sequence[Note], panel: Panel) -> tuple[tuple[Note, ...], float]:
    """All notes, with the size of their type in points.

    Those of the margin column stand apart from those of the text where this takes none of them far from its line.
    """
    text, margin = [n for n in notes if not n.margin], [n for n in notes if n.margin]
    for size in SIZES[:3]:
        found = [*_column(0, text, panel, size), *_column(1, margin, panel, size)]
        if _fits(found, panel, size) and all(abs(note.top - note.at) <= FAR_MM for note in found):
            return tuple(found), size
    for size in SIZES:
        first, second = _mixed(notes, panel, size)
        found = [*_column(0, first, panel, size), *_column(1, second, panel, size)]
        if _fits(found, panel, size):
            break
    return tuple(found), size


def _fits(notes: Sequence[Note], panel: Panel, size: float) -> bool:
    ends = [note.top + height(note, panel.wide, size) - GAP_MM for note in notes]
    return all(note.top >= panel.top - 0.01 for note in notes) and max(ends, default=0.0) <= panel.bottom + 0.01


def _mixed(notes: Sequence[Note], panel: Panel, size: float) -> tuple[list[Note], list[Note]]:
    """Each note in the column where it comes nearer to its line."""
    columns: tuple[list[Note], list[Note]] = ([], [])
    bottoms = [panel.top, panel.top]
    for note in notes:
        nearest = min((0, 1), key=lambda column: (max(note.at, bottoms[column]), column))
        columns[nearest].append(note)
        bottoms[nearest] = max(note.at, bottoms[nearest]) + height(note, panel.wide, size)
    return columns


def _column(number: int, notes: Sequence[Note], panel: Panel, size: float) -> Iterator[Note]:
    heights = [height(note, panel.wide, size) for note in notes]
    tops = spread_tops([note.at for note in notes], heights, panel.top, panel.bottom)
    for note, top in zip(notes, tops, strict=True):
        yield replace(note, left=panel.left + number * (panel.wide + panel.gutter), top=top)


def spread_tops(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Tops of things in their order, none on another, moved as little as possible (pool adjacent violators)."""
    above = [sum(heights[:number]) for number in range(len(heights))]
    pools: list[tuple[float, int]] = []  # the mean of what its members want, and how many they are
    for at, before in zip(wanted, above, strict=True):
        mean, count = at - before, 1
        while pools and pools[-1][0] > mean:
            last, members = pools.pop()
            mean, count = (mean * count + last * members) / (count + members), count + members
        pools.append((mean, count))
    most = high - sum(heights)
    starts = [max(low, min(mean, max(low, most))) for mean, count in pools for _ in range(count)]
    return [start + before for start, before in zip(starts, above, strict=True)]


def height(note: Note, wide_mm: float, size: float) -> float:
    """About how high a note is, in millimetres, with the gap behind it."""
    room = (wide_mm - LABEL_MM) / MM
    lines = wrap_text(note.head, room - BOX_EM * size, size, bold=True).count("\n") + 1
    lines += sum(wrap_text(part, room, size).count("\n") + 1 for part in note.body.split("\n"))
    return lines * size * 1.2 * MM + GAP_MM
