"""A spreadsheet that may be anybody's: it is read in a child with limits, and comes out as the rows of one sheet.

Excel's .xlsx and .xls, and LibreOffice's .ods; nothing in it is computed. What a cell shows as a date was perhaps a
house number, so that the places of dates come out too.
"""

from __future__ import annotations

import csv
import datetime
import faulthandler
import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from briefing.distribution.recipients.faults import ListFaults
from briefing.findings import Place, Refused, error
from briefing.runtime.sandbox import Task, TaskRun
from briefing.runtime.task_child import ParentLine

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook, SheetMetadata

CPU_SECONDS, WALL_SECONDS = 60, 90.0
MAX_UNPACKED = 1_000_000_000
MAX_PARTS = 5_000
MAX_COLUMNS = 200
MAX_DATES = 200
MAX_ROWS = 1_000_001
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class SheetRows:
    """One sheet of a spreadsheet: its rows as CSV in UTF-8, parted by commas."""

    sheet: str
    csv: bytes
    dates: frozenset[tuple[int, int]]
    others: tuple[str, ...]  # sheets that also have rows
    hidden: tuple[str, ...]  # sheets that are not shown


@dataclass(frozen=True)
class _NotRead:
    code: str
    why: str
    hint: str


def is_workbook(data: bytes) -> bool:
    """Whether the bytes begin as a spreadsheet does."""
    return data.startswith((_ZIP, _OLE))


def read(data: bytes, faults: ListFaults, sheet: str) -> SheetRows:
    """Read a sheet: the one of that name, else the first that is shown and has rows. Raises `Refused`."""
    place = Place(faults.file)
    task = Task(_read, (data, sheet), faults.file, place, CPU_SECONDS, WALL_SECONDS)
    made, _ = TaskRun([task]).ended()
    if not made:
        why = "reading the spreadsheet takes more memory or time than a list is given, or stops the reader"
        hint = "copy the list itself into a new spreadsheet, or save it as “CSV UTF-8”"
        raise Refused([error("list-limit", why, place, hint)])
    found = made[0]
    if isinstance(found, _NotRead):
        raise Refused([error(found.code, found.why, place, found.hint)])
    _tell_sheets(found, faults, sheet)
    return found


def _tell_sheets(found: SheetRows, faults: ListFaults, asked: str) -> None:
    if asked or not (found.others or found.hidden):
        return
    left = [f"“{name}”" for name in found.others] + [f"“{name}” (hidden)" for name in found.hidden]
    hint = "name another under sheet: in distribution.yaml"
    faults.note("list-sheets", f"the sheet “{found.sheet}” was read, and not {', '.join(left[:5])}", hint=hint)


# ------------------------------------------------------------------ in the child


def _read(data: bytes, asked: str, _: ParentLine) -> SheetRows | _NotRead:
    faulthandler.disable()
    sink = os.open(os.devnull, os.O_WRONLY)  # no library says on the terminal why it ends
    os.dup2(sink, 2)
    os.close(sink)
    if data.startswith(_ZIP) and (why := _swollen(data)):
        return _NotRead("list-limit", why, "copy the list itself into a new spreadsheet")
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    unsound = "open it in the spreadsheet program and save it again as .xlsx, or as “CSV UTF-8”"
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return _sheet(book, asked)
    except PasswordError:
        return _NotRead("list-locked", "the spreadsheet asks for a password", "save it without one")
    except (CalamineError, OSError, ValueError, UnicodeError):
        return _NotRead("list-unsound", "this is no sound spreadsheet", unsound)
    except BaseException as fault:
        if type(fault).__name__ == "PanicException":  # of the library's own; it has no common class with others
            return _NotRead("list-unsound", "this is no sound spreadsheet", unsound)
        raise


def _swollen(data: bytes) -> str:
    """Why a packed file is not unpacked, or nothing."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ""  # the reader says what is wrong with it
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        return "the spreadsheet is larger than a list can be"
    return ""


def _sheet(book: CalamineWorkbook, asked: str) -> SheetRows | _NotRead:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    shown = [one for one in sheets if one.visible == SheetVisibleEnum.Visible]
    hidden = tuple(one.name for one in sheets if one not in shown)
    if asked and asked not in [one.name for one in sheets]:
        names = ", ".join(f"“{one.name}”" for one in sheets[:10])
        return _NotRead("sheet-unknown", "the spreadsheet has no sheet of the name under sheet:", f"it has {names}")
    wanted = [one for one in sheets if one.name == asked] if asked else shown
    filled = list(_filled(book, wanted))
    if not filled:
        hint = "write a row for each recipient" if not hidden else "its rows may be on a sheet that is hidden: show it"
        return _NotRead("list-empty", "no sheet of the spreadsheet has a row", hint)
    name = filled[0]
    sheet = book.get_sheet_by_name(name)
    width, height = sheet.total_width, sheet.total_height
    if width > MAX_COLUMNS or height > MAX_ROWS:
        return _NotRead("list-large", f"the sheet has {width:,} columns and {height:,} rows", "divide it")
    text, dates = _written(sheet.iter_rows(), (sheet.start or (0, 0))[1])
    return SheetRows(name, text, dates, tuple(filled[1:]), hidden)


def _filled(book: CalamineWorkbook, sheets: list[SheetMetadata]) -> Iterator[str]:
    """The names of the sheets that have rows."""
    for one in sheets[:50]:
        if book.get_sheet_by_name(one.name).height:
            yield one.name


def _written(rows: Iterator[list[Any]], left: int) -> tuple[bytes, frozenset[tuple[int, int]]]:
    """Rows as CSV, with the empty cells to their left, and where dates stand."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    dates: set[tuple[int, int]] = set()
    for number, cells in enumerate(rows, 1):
        for at, cell in enumerate(cells, left + 1):
            if isinstance(cell, datetime.date | datetime.time | datetime.timedelta) and len(dates) < MAX_DATES:
                dates.add((number, at))
        writer.writerow([""] * left + [_text(cell) for cell in cells])
    return out.getvalue().encode("utf-8", "replace"), frozenset(dates)


def _text(cell: object) -> str:
    """A cell as it is written: 2139.0 is 2139."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return "" if cell is None else str(cell)
