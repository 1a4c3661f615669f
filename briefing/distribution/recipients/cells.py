"""One cell of a list: its text as it can be printed, and what is wrong with it.

What is printed are the writer's own letters, composed (Unicode NFC), with single spaces. Whatever a page cannot show,
or a spreadsheet has made of what was written, is told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from briefing.content import characters
from briefing.distribution.recipients.faults import ListFaults
from briefing.distribution.recipients.type_room import letters_of_fonts

MAX_CELL = 500
KNOWN = 3_000  # texts that are looked up before they are judged
_PLAIN = re.compile(r"(?!#|\d[\d.,]*E)[!-~]+(?: [!-~]+)*")  # nothing can be wrong with it but its length
_EXPONENT = re.compile(r"-?\d(?:[.,]\d+)?E[+-]?\d+")
_ERROR = re.compile(r"#(?:N/A|NV|REF!|BEZUG!|VALUE!|WERT!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|#+)")
# What UTF-8 looks like that was read as Windows-1252, letter by letter: é is C3 A9, ’ is E2 80 99.
_GARBLED = re.compile("[ÃÅÄ][\x80-\x9f¡-¿€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]|Â[¡-¿]|â€|ï»¿")

WantedColumn = tuple[int, str, str]  # where it stands, from 0; its name; what the list calls it


@dataclass
class CellReader:
    """Reads cells of one list; `dates` are those that a spreadsheet holds as dates, by row and column from 1."""

    faults: ListFaults
    dates: frozenset[tuple[int, int]] = frozenset()
    _known: dict[str, str] = field(default_factory=dict)  # cells that had no fault, of which many come again
    _good: set[str] = field(default_factory=lambda: {"\n"})  # letters that are known to be fit for print

    def read_row(self, cells: Sequence[str], row: int, wanted: Sequence[WantedColumn]) -> dict[str, str]:
        """The texts of a row by column, where there are any; faults are told. Line ends stay."""
        values, known = {}, self._known
        for at, name, shown in wanted:
            if raw := cells[at]:
                if text := known.get(raw):
                    values[name] = text
                elif _PLAIN.fullmatch(raw) and len(raw) <= MAX_CELL and not self.dates:
                    values[name] = raw
                    if len(known) < KNOWN:
                        known[raw] = raw
                elif text := self._read(raw, row, at, shown):
                    values[name] = text
        return values

    def _read(self, raw: str, row: int, at: int, column: str) -> str:
        text = unicodedata.normalize("NFC", "\n".join(filter(None, (" ".join(line.split()) for line in _lines(raw)))))
        if len(text) > MAX_CELL:
            said = f"{len(text):,} letters, and {MAX_CELL} are the most of a cell"
            self.faults.error("cell-long", said, row, column, hint="shorten it; or has a quotation mark been lost?")
            return text[:MAX_CELL]
        if text:
            self._judge(text, row, at, column)
        return text

    def _judge(self, text: str, row: int, at: int, column: str) -> None:
        """Tell the first fault of a cell."""
        if found := self._fault(text, (row, at + 1) in self.dates):
            code, said, hint = found
            self.faults.error(code, said, row, column, text, hint)

    def _fault(self, text: str, is_date: bool) -> tuple[str, str, str] | None:
        """The first fault of a text: its code, what it is, and what to do."""
        as_text = "format the column as text in the spreadsheet, and write it again"
        if is_date:
            return "cell-date", "the spreadsheet holds a date here", as_text
        if text[-1].isdigit() and _EXPONENT.fullmatch(text):
            return "cell-number", "a spreadsheet has shortened this number", as_text
        if text[0] == "#" and _ERROR.fullmatch(text):
            return "cell-error", "a formula of the spreadsheet has failed here", "write the text itself"
        if "\ufffd" in text or (not text.isascii() and _GARBLED.search(text)):
            hint = "save the list again from where it came, as “CSV UTF-8”; letters with accents must be right there"
            return "cell-garbled", "letters were lost when the list was saved", hint
        unknown = sorted(set(text) - self._good)
        if hidden := list(filter(characters.FORBIDDEN.match, unknown)):
            hint = "delete it; it may be invisible in your spreadsheet"
            return "cell-control", f"{_named(hidden)} may not stand in a list", hint
        if lost := [one for one in unknown if one not in letters_of_fonts() or unicodedata.combining(one)]:
            hint = "write it with other letters, as in a passport"
            return "letter-missing", f"no font of the program has {_named(lost)}", hint
        self._good.update(unknown)
        return None


def _named(letters: list[str]) -> str:
    return ", ".join(map(characters.code_point, letters[:5])) + (" and others" if len(letters) > 5 else "")


def _lines(raw: str) -> list[str]:
    return re.split(r"\r\n|\r|\n", raw) if "\n" in raw or "\r" in raw else [raw]
