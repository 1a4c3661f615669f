"""The bytes of a list become rows of texts, one after another: CSV in any encoding that spreadsheets write, or XLSX.

A row is told by the number that a spreadsheet gives it. A quotation mark that is left open does not end the reading:
its row is told, and the next line begins a new one.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from briefing.distribution.recipients import workbook
from briefing.distribution.recipients.columns import column_of
from briefing.distribution.recipients.faults import ListFaults
from briefing.findings import Place, Refused, error

MAX_ROWS = 1_000_000
MAX_RECORD = 20_000  # letters between the quotation marks of one row, or one was left open
MAX_OPEN = 50  # rows with such a mark before the reading ends
_SEPARATED = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
SEPARATORS = "".join(_SEPARATED)
Row = tuple[int, list[str]]
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SAVE = "in the spreadsheet, save it as “CSV UTF-8”, or as .xlsx"
_CHUNK = 1 << 20


@dataclass
class ListTable:
    """A list as it lies on disk: how it is written, and its rows."""

    told: str  # “UTF-8, commas”
    rows: Iterator[Row]
    dates: frozenset[tuple[int, int]] = field(default=frozenset())  # cells, from 1, of which a spreadsheet made a date


def open_table(data: bytes, faults: ListFaults, sheet: str = "") -> ListTable:
    """The rows of a list; raises `Refused` where no row of it can be read."""
    if workbook.is_workbook(data):
        book = workbook.read(data, faults, sheet)
        lines = io.TextIOWrapper(io.BytesIO(book.csv), "utf-8", newline="")
        return ListTable(f"spreadsheet, sheet “{book.sheet}”", _rows(iter(lines), ",", faults), book.dates)
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise Refused(
            [error("list-empty", "the list is empty", Place(faults.file), "give it a row for each recipient")]
        )
    encoding, begin = _encoding(data, faults)
    separator, sep_line = _separator(data[begin : begin + _CHUNK].decode(encoding, "ignore"))
    lines = io.TextIOWrapper(io.BytesIO(data), encoding, newline="")
    lines.read(1 if begin else 0)  # the mark
    if sep_line:
        lines.readline()
    told = "Windows-1252" if encoding == "cp1252" else encoding.upper()
    return ListTable(f"{told}, {_SEPARATED[separator]}", _rows(_ended(lines), separator, faults))


def _ended(lines: Iterator[str]) -> Iterator[str]:
    """Lines of a file of an old Mac too, which ends them with a carriage return."""
    for line in lines:
        if "\r" in line.rstrip("\r\n"):
            yield from re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", line)
        else:
            yield line


# ------------------------------------------------------------------ encodings and separators


def _encoding(data: bytes, faults: ListFaults) -> tuple[str, int]:
    """How a file is encoded, and where its text begins: by its mark, else UTF-16, UTF-8 or Windows-1252."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            if (at := _undecodable(data, name)) is not None:
                raise _refused(faults, f"it begins as {name.upper()}, and byte {at + 1:,} is none")
            return name, len(mark)
    head = data[:2000]
    for name, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if zeros.count(0) * 10 > len(zeros) * 4 and _undecodable(data, name) is None:
            return name, 0
    if _undecodable(data, "utf-8") is None:
        return "utf-8", 0
    if b"\0" in head:
        raise _refused(faults, "this is neither CSV nor a spreadsheet")
    if (at := _undecodable(data, "cp1252")) is not None:
        row = data.count(b"\n", 0, at) + 1
        raise _refused(faults, f"its encoding is neither UTF-8 nor Windows-1252 (line {row:,})")
    faults.note(
        "list-encoding-old",
        "the list is no UTF-8, and was read as Windows-1252",
        hint=f"look at names with accents; if they are wrong, {_SAVE}",
    )
    return "cp1252", 0


def _refused(faults: ListFaults, why: str) -> Refused:
    return Refused([error("list-encoding", f"the list cannot be read: {why}", Place(faults.file), _SAVE)])


def _undecodable(data: bytes, encoding: str) -> int | None:
    """Where the first byte stands that is not of an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(data)
    for start in range(0, len(data) or 1, _CHUNK):
        try:
            decoder.decode(bytes(view[start : start + _CHUNK]), start + _CHUNK >= len(data))
        except UnicodeDecodeError as fault:
            return start + fault.start
    return None


def _separator(head: str) -> tuple[str, bool]:
    """What parts the cells, and whether the first line says so, as Excel's `sep=;` does."""
    head = head.lstrip("\ufeff")
    if (found := re.match(r'"?sep=(.)"?[ \t,;]*[\r\n]', head, re.IGNORECASE)) and found[1] in SEPARATORS:
        return found[1], True
    lines = [line for line in re.split(r"[\r\n]+", head[:MAX_RECORD]) if line.strip()][:10]

    def fit(separator: str) -> tuple[int, int]:
        known = max((sum(1 for cell in _cells(line, separator) if column_of(cell)) for line in lines), default=0)
        return known, lines[0].count(separator) if lines else 0

    return max(SEPARATORS, key=fit), False


def _cells(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator), [])


# ------------------------------------------------------------------ rows


class _Swallowed(Exception):
    """More than one row can hold stands between two quotation marks."""


class _Lines:
    """Lines for a CSV reader, of which those of the row at hand are kept, so that a broken one can be left."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self._again = lines, list[str]()
        self.taken: list[str] = []
        self._length = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._lines)
        self.taken.append(line)
        self._length += len(line)
        if self._length > MAX_RECORD and len(self.taken) > 1:
            raise _Swallowed
        return line

    def begin_row(self) -> None:
        """What was taken so far is done with."""
        self.taken, self._length = [], 0

    def leave_row(self) -> None:
        """Begin again with the line behind the first of the row at hand."""
        self._again += reversed(self.taken[1:])
        self.begin_row()


def _rows(lines: Iterator[str], separator: str, faults: ListFaults) -> Iterator[Row]:
    """Every row with its number; rows whose quotation marks do not match are told."""
    source, number, broken = _Lines(lines), 0, 0
    csv.field_size_limit(MAX_RECORD * 10)
    reader = csv.reader(source, delimiter=separator, strict=True)
    while True:
        source.begin_row()
        number += 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except (csv.Error, _Swallowed):
            broken += 1
            said = "the quotation marks of this row do not match"
            hint = 'a cell that begins with " must end with "; within it, write "" for each'
            faults.error("row-quotes", said, number, hint=hint)
            if broken == MAX_OPEN:
                return
            source.leave_row()
            reader = csv.reader(source, delimiter=separator, strict=True)
        if number > MAX_ROWS:
            said = f"the list has more than {MAX_ROWS:,} rows"
            faults.error("list-large", said, hint="divide it into several lists")
            return
