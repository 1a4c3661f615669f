"""Read the lists that `distribution.yaml` names: recipients out, or every fault with its row and column."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from briefing import files
from briefing.checks.image_rules import image_path
from briefing.distribution.recipients.cells import CellReader
from briefing.distribution.recipients.columns import Header, looks_like_header, read_header
from briefing.distribution.recipients.faults import ListFaults
from briefing.distribution.recipients.people import RowReader, Seen, Sender
from briefing.distribution.recipients.table import ListTable, Row, open_table
from briefing.distribution.records import Recipient
from briefing.distribution.settings import DistributionSettings
from briefing.findings import ContentPath, Finding, Place, Refused, error, has_errors, warning

MAX_BYTES = 200_000_000
MAX_COPIES = 10_000_000
ABOVE = 10  # rows that may stand above the header


@dataclass(frozen=True)
class RecipientList:
    """All recipients of all lists, and what was noticed."""

    recipients: tuple[Recipient, ...]
    findings: tuple[Finding, ...]  # those of distribution.yaml carry paths
    sha256: str  # of the bytes of the lists
    told: tuple[str, ...]  # how each list was read
    left_out: int  # rows of groups that get nothing


@dataclass(frozen=True)
class ListFile:
    """Where a list lies, and how findings call it."""

    path: Path
    shown: str


def find_lists(folder: Path, shown: str, settings: DistributionSettings) -> tuple[ListFile, ...]:
    """The lists that distribution.yaml names, all within its folder; raises `Refused` where one is not."""
    outside = [name for name in settings.lists if image_path(folder, name) is None]
    if outside:
        at, hint = ContentPath(("recipients",)), "put the list beside distribution.yaml, or into a folder there"
        raise Refused([error("list-outside", "this is no file below the folder of distribution.yaml", at, hint)])
    return tuple(ListFile(folder / name, f"{shown}{name}") for name in settings.lists)


def read_lists(lists: Sequence[ListFile], sender: Sender, show: bool = False) -> RecipientList:
    """Read every list; raises `Refused` with every fault of all of them.

    Findings name rows and columns; what stands in a cell is said only with `show`.
    """
    found: list[Recipient] = []
    findings: list[Finding] = []
    told: list[str] = []
    seen, digest = Seen(), hashlib.sha256()
    for number, one in enumerate(lists):
        faults = ListFaults(one.shown, show)
        try:
            missing = "name it under recipients: in distribution.yaml as it is called"
            data = files.read_named(one.path, MAX_BYTES, one.shown, missing, "divide it into several lists")
            digest.update(hashlib.sha256(data).digest())
            table = open_table(data, faults, sender.settings.sheet or "")
            told.append(f"{one.shown}: {table.told}")
            found += _people(table, sender, faults, seen, number)
        except Refused as refused:
            findings += refused.findings
        findings += faults.told()
    if not has_errors(findings):
        findings += _judge_whole(sender, seen, Place(lists[0].shown), bool(found))
    if has_errors(findings):
        raise Refused(findings)
    return RecipientList(tuple(found), tuple(findings), digest.hexdigest(), tuple(told), seen.left_out)


def place_of_row(lists: Sequence[str], row: int) -> Place:
    """Where a row stands, as findings about recipients say it; 0 is no row."""
    if row and len(lists) == 1:
        return Place(lists[0], row)
    return Place(f"row {row}" if row else "")


def _judge_whole(sender: Sender, seen: Seen, place: Place, anybody: bool) -> Iterator[Finding]:
    """What is seen only when all lists were read."""
    if not anybody:
        yield error("list-empty", "nobody is to get anything", place, "give the list a row for each recipient")
        return
    if seen.copies > MAX_COPIES:
        said = f"{seen.copies:,} copies are more than can be meant"
        yield error("list-large", said, place, f"{MAX_COPIES:,} are the most; look at the column copies")
    for name in sender.settings.groups:
        if name not in seen.groups:
            at, hint = ContentPath(("groups", name), key=True), "correct where:, or delete the group"
            yield warning("group-empty", f"no row is of the group {name}", at, hint)


def _people(table: ListTable, sender: Sender, faults: ListFaults, seen: Seen, number: int) -> Iterator[Recipient]:
    first = list(islice(table.rows, ABOVE))
    at = next((at for at, (_, cells) in enumerate(first) if looks_like_header(cells)), None)
    if at is None:
        if not faults.has_errors:
            hint = "write heads such as name, office, street, city, postcode, copies into the first row"
            faults.error("header-missing", "no row says what the columns are", hint=hint)
        return
    if any(cell.strip() for _, cells in first[:at] for cell in cells):
        faults.note("rows-above", f"row {first[at][0]} names the columns; what stands above it was left out")
    row, cells = first[at]
    while cells and not cells[-1].strip():
        cells.pop()
    header = read_header(cells, row, faults, sender.settings.columns)
    if not {"name", "office"} & header.known.keys():
        return
    _check_groups(sender, header, faults)
    reader = CellReader(faults, table.dates)
    yield from _read_rows(
        chain(first[at + 1 :], table.rows), header, reader, RowReader(sender, header, faults, seen, number)
    )


def _read_rows(rows: Iterator[Row], header: Header, cells_of: CellReader, people: RowReader) -> Iterator[Recipient]:
    width = len(header.names)
    wanted = [(at, name, header.written[at]) for at, name in enumerate(header.names) if name]
    faults = cells_of.faults
    for row, cells in rows:
        if not "".join(cells).strip():
            continue
        if len(cells) != width and not _fits(cells, width):
            more = "more" if len(cells) > width else "fewer"
            said = f"{len(cells)} cells, {more} than the {width} columns"
            faults.error("row-ragged", said, row, hint="a cell with a comma in it needs quotation marks")
            continue
        before = faults.count
        values = cells_of.read_row(cells, row, wanted)
        _unfold(values, row, header, faults)
        one = people.recipient(values, row)
        if one and faults.count == before:
            yield one


def _fits(cells: Sequence[str], width: int) -> bool:
    """Whether a row has no more than empty cells beyond the columns."""
    return len(cells) > width and not any(cell.strip() for cell in cells[width:])


def _unfold(values: dict[str, str], row: int, header: Header, faults: ListFaults) -> None:
    """A street of two lines in one cell becomes street and street2; other cells have one line."""
    if not any("\n" in text for text in values.values()):
        return
    street, *more = values.get("street", "").split("\n")
    if len(more) == 1 and not values.get("street2"):
        values["street"], values["street2"] = street, more[0]
    for column, text in values.items():
        if "\n" in text:
            hint = "write one line; a second of the street goes to street2"
            faults.error("cell-lines", "more than one line", row, header.called(column), text, hint)


def _check_groups(sender: Sender, header: Header, faults: ListFaults) -> None:
    """Groups that ask for a column which the list has not."""
    for name, group in sender.settings.groups.items():
        for column in group.where:
            if column not in header.known:
                said = f"the group {name} asks for the column {column}, which the list has not"
                faults.error("column-missing", said, hint="add the column, or ask for another one in distribution.yaml")
