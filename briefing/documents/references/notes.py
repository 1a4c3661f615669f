"""Notes that are no sources: which letter each has in its document, and where it stands.

Letters run through a document, whatever marks its blocks give them; the first `*` stays as it is. The notes of a table
have marks of their own, which its template prints.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from briefing.content.blocks import BlockBase, Table, foots_notes, notes_of
from briefing.language.letters import letter_of

STAR = "*"


@dataclass
class NoteBook:
    """The notes that a document has called until now, and those of the block that is written."""

    document: str = ""
    letters: dict[tuple[int, str], str] = field(default_factory=dict)
    block: int = -1
    notes: Mapping[str, str] = field(default_factory=dict)
    at_foot: bool = False

    def turn_to(self, index: int, block: BlockBase) -> None:
        """Turn to a block."""
        self.block, self.notes = index, {} if isinstance(block, Table) else notes_of(block)
        self.at_foot = foots_notes(block, self.document)

    def call(self, mark: str) -> tuple[str, str]:
        """The letter of a note of this block, and its text where that is to stand at the foot of this page."""
        if mark not in self.notes:
            return mark, ""
        first = (self.block, mark) not in self.letters
        count = sum(letter != STAR for letter in self.letters.values())
        own = mark == STAR and STAR not in self.letters.values()
        letter = self.letters.setdefault((self.block, mark), STAR if own else letter_of(count).lower())
        return letter, self.notes[mark] if first and self.at_foot else ""

    def below(self) -> Iterator[tuple[str, str]]:
        """The marks and letters of the notes that stand below this block, as it calls them."""
        for (block, mark), letter in self.letters.items() if not self.at_foot else ():
            if block == self.block:
                yield mark, letter
