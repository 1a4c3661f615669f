"""YAML with positions: the bytes of a content file become a tree whose every scalar is text.

A fault does not end the reading: it is told, its line is mended, and the rest is read, so that all faults are told at
once. A file with a fault is refused all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from briefing import files
from briefing.content import characters
from briefing.content.sheet import Sheet
from briefing.content.tree import ContentTree
from briefing.content.tree_builder import TreeBuilder
from briefing.findings import Finding, Place, Refused, error

if TYPE_CHECKING:
    from briefing.content.mending import Told

MAX_BYTES = 1_000_000
MAX_WORK = 4_000_000  # letters that are read again after faults: some hundred tries for a file of usual size
MAX_MENDS = 4  # of one line, before it is left out: each may double the quotation marks that stand in it


class Misread(Refused):
    """A file with faults in its letters or its YAML; `source` is what could be read of it."""

    def __init__(self, findings: list[Finding], source: ContentTree) -> None:
        super().__init__(findings)
        self.source = source


def read(path: FilePath, name: str) -> ContentTree:
    """Read a content file; `name` is how findings call it. Raises `Refused` with every fault."""
    missing, large = "name another with --content FILE", "divide it into several briefings"
    return parse(files.read_named(path, MAX_BYTES, name, missing, large), name)


def parse(data: bytes, name: str) -> ContentTree:
    """Parse the bytes of a content file; raises `Misread` with every fault, where it is text at all."""
    text, faults = characters.decode(data, name)
    lines = tuple(text.split("\n"))
    sheet = Sheet(lines)
    if faults:
        sheet = _without_forbidden(sheet)
    builder, told, has_holes = _built(sheet, name)
    faults += [*told, *builder.faults]
    tree = None if builder.stop else builder.tree
    source = ContentTree(name, tree, builder.values, builder.keys, lines, has_holes)
    if faults:
        raise Misread(faults, source)
    return source


def _without_forbidden(sheet: Sheet) -> Sheet:
    """The sheet without what may not stand in it, and spaces for the tabs that indent its lines."""
    changed = {}
    for number, line in enumerate(sheet.lines):
        if characters.FORBIDDEN.search(line):
            letters = sheet.letters(number)
            changed[number] = [one for one in letters if not characters.FORBIDDEN.match(one[0])]
    sheet = sheet.with_lines(changed)
    for number, line in enumerate(sheet.lines):
        if (found := re.match(r" *\t\s*", line)) and line.strip():
            above = next((n for n in range(number - 1, -1, -1) if not sheet.is_blank(n)), 0)
            inner = re.match(r"(?:\s*- +)*\s*", sheet.lines[above])
            assert inner
            opens = sheet.lines[above].rstrip().endswith((":", "|", ">"))
            dash = line[found.end() :].startswith("- ") and not opens
            width = sheet.indent(above) if dash else inner.end() + 2 * opens
            letters = sheet.letters(number)[found.end() :]
            sheet = sheet.with_lines({number: [(" ", 0)] * width + letters})
    return sheet


def _built(sheet: Sheet, name: str) -> tuple[TreeBuilder, list[Finding], bool]:
    """The tree of a sheet, mended as often as its reading stops; with the faults, and whether a line was left out."""
    told: list[Finding] = []
    has_holes, work = False, 0
    builder = _read(sheet, name)
    if not builder.stop:
        return builder, told, builder.has_holes
    from briefing.content.mending import mends, unknown

    times: Counter[int] = Counter()  # by line, how often it was mended
    while builder.stop and builder.stop.kind != "limit" and work < MAX_WORK:
        best = None
        for mend in mends(builder.sheet, builder.stop):
            lines = mend.sheet.changed_since(builder.sheet)
            if not lines or any(times[line] >= MAX_MENDS and mend.sheet.lines[line] for line in lines):
                continue
            after = _read(mend.sheet, name)
            work += sum(map(len, mend.sheet.lines))
            if best is None or _reached(after) > _reached(best[1]):
                best = mend, after
            if _reached(after) > (mend.last if mend.before else max(mend.last, builder.stop.line)):
                best = mend, after
                break
        if best is None:
            break
        mend, after = best
        times.update(mend.sheet.changed_since(builder.sheet))
        told += (_finding(one, builder.sheet, name) for one in mend.told)
        has_holes, builder = has_holes or mend.gap, after
    if builder.stop and builder.stop.kind != "limit":
        told.append(_finding(unknown(builder.stop), builder.sheet, name))
    return builder, told, has_holes or builder.has_holes


def _finding(told: Told, sheet: Sheet, name: str) -> Finding:
    place = Place(name, told.line + 1, sheet.origin(told.line, told.column) + 1)
    return error(told.code, told.message, place, told.hint)


def _read(sheet: Sheet, name: str) -> TreeBuilder:
    builder = TreeBuilder(sheet, name)
    builder.run()
    return builder


def _reached(builder: TreeBuilder) -> float:
    """The line that a reading has come to."""
    return builder.stop.line if builder.stop else float("inf")
