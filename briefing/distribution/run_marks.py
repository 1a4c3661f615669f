"""What is stamped on the copies of a run, and where: the words for each person, and whether all of them fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from briefing.content import characters
from briefing.content.records import MarkLine
from briefing.design.outputs import OUTPUTS, OutputName
from briefing.distribution import codes
from briefing.distribution.order import Inputs
from briefing.distribution.recipients.reading import place_of_row
from briefing.distribution.records import Allotment, Recipient, RunPlan
from briefing.distribution.status_address import status_address
from briefing.documents.manuscript import Manuscript
from briefing.findings import Finding, error, warning
from briefing.finishing.stamping.copy_mark import MarkBox, MarkPainter, MarkTooLongError, StampedCopy
from briefing.finishing.stamping.qr_table import qr_table
from briefing.finishing.stamping.stamp_font import NoGlyphError, StampFont
from briefing.language.wording import Wording
from briefing.proofing.proof import MarkPlace

FONT = "SourceSans3_400Regular.ttf"
_MOST_TOLD = 20  # lines that do not fit, of one run
_FEW = 5  # rows that one finding names


@dataclass(frozen=True, slots=True)
class FinishedPages:
    """The pages that a run is made of, with room for its marks."""

    pdf: bytes
    pages: int  # as planned; the file may end with a blank back
    place: MarkPlace
    manuscript: Manuscript

    @property
    def wording(self) -> Wording:
        """The words that are printed."""
        return self.manuscript.wording


class RunMarks:
    """Says what is stamped on each copy of a run, and where."""

    def __init__(self, inputs: Inputs, run: RunPlan, pages: FinishedPages, templates: Path) -> None:
        self.run, self.pages = run, pages
        self._people = {one.ref: one for one in inputs.people.recipients}
        self._lists = inputs.settings.settings.lists
        self.says = inputs.briefing.mark.says if inputs.briefing.mark else ()
        address = status_address(inputs.briefing)
        self.code_head = f"{address}#" if address else ""  # what the QR code says before the letters
        self.painter = self._painter(templates / "fonts" / FONT)

    def _painter(self, font: Path) -> MarkPainter:
        place, use = self.pages.place, OutputName(self.run.use)
        corner, size = (place.left, place.top), (place.width, place.height)
        box = MarkBox.on_page(self.pages.pdf, place.page - 1, corner, size)
        if use is OutputName.LARGE_PRINT:
            box = box.in_large_print()
        if use is OutputName.PRESS:  # a print shop is sent nothing that preflight doubts
            box = replace(box, least=OUTPUTS[use].type_pt)
        table = qr_table(self.code_head, codes.LENGTH, codes.LETTERS) if self.code_head else None
        return MarkPainter(box, StampFont(font), table, press=use is OutputName.PRESS)

    @property
    def paragraphs(self) -> int:
        """How many lines or groups of lines a mark has."""
        return len(self.says)

    def shape(self) -> list[Finding]:
        """Shape what is stamped, so that the font has it; what does not fit, is small or cannot be shown comes back.

        A copy of each person, with the widest code there can be, stands for all: digits are equally wide. What it
        uses of the font, and the letters of codes, are all that any copy will.
        """
        found, small, font = list[Finding](), dict[int, float](), self.painter.font
        widest = max(codes.LETTERS, key=lambda letter: font.shape(letter).width) * codes.LENGTH
        for part in self.run.allotments:
            try:
                size = self.painter.shape(self._copy(part, part.last, widest))
                if size < OUTPUTS[OutputName(self.run.use)].type_pt and self._row(part):
                    small[self._row(part)] = size
            except (MarkTooLongError, NoGlyphError) as fault:
                found.append(self._fault(part, fault))
        if len(found) > _MOST_TOLD:
            more = f"{len(found) - _MOST_TOLD:,} more of the same"
            found[_MOST_TOLD:] = [error("mark-too-long", more, hint="mend those that are told, then make it again")]
        return [*found, *self._small(small)]

    def copies(self, allotments: Iterable[Allotment], tag: int, key: bytes) -> Iterator[StampedCopy]:
        """Copies in the order of their numbers."""
        for part in allotments:
            for number in range(part.first, part.last + 1):
                yield self._copy(part, number, codes.encode(tag, number, key))

    def tightest(self, allotments: Sequence[Allotment]) -> Allotment:
        """Whose copies have lines that leave the least room; of several, the first."""
        return max(allotments, key=lambda one: self.painter.tightness(self._copy(one, one.last, "")))

    def _copy(self, part: Allotment, number: int, code: str) -> StampedCopy:
        said = {
            MarkLine.COPY: (self._word("copy").format(number=number, total=self.run.total),),
            MarkLine.RECIPIENT: self._for(self._people.get(part.recipient or "")),
            MarkLine.CODE: (codes.shown(code),),
        }
        return StampedCopy(number, tuple(said[line] for line in self.says), code)

    def _for(self, person: Recipient | None) -> tuple[str, ...]:
        if person is None:
            return (self._word("spare"),)
        first, *more = [text for text in (person.name or person.attention, person.office) if text]
        return (self._word("recipient").format(name=first), *more)

    def _word(self, key: str) -> str:
        return self.pages.wording.word("mark", key)

    def _row(self, part: Allotment) -> int:
        person = self._people.get(part.recipient or "")
        return person.row if person else 0

    def _small(self, sizes: Mapping[int, float]) -> Iterator[Finding]:
        """A warning about marks that a photocopy would lose, by the rows that they are for."""
        if not sizes:
            return
        rows = sorted(sizes)
        named = ", ".join(f"{row:,}" for row in rows[:_FEW]) + (f" and {len(rows) - _FEW:,} more" * (len(rows) > _FEW))
        said = f"row{'s' * (len(rows) > 1)} {named}: a line of the mark is set smaller than it should be"
        said += f", in {min(sizes.values()):.1f} pt, so that a photocopy may lose it"
        hint = "shorten the name or the office in the list, if its owner would"
        yield warning("mark-small", said, place_of_row(self._lists, rows[0]), hint)

    def _fault(self, part: Allotment, fault: MarkTooLongError | NoGlyphError) -> Finding:
        row = self._row(part)
        place = place_of_row(self._lists, row)
        if isinstance(fault, MarkTooLongError):
            said = f"row {row}: a line of the mark of copy {fault.number} is {fault.lacks_mm:.0f} mm too long"
            return error("mark-too-long", said, place, "shorten the name or the office in the list")
        said = f"row {row}: the font cannot show {characters.code_point(str(fault))} where it stands"
        return error("letter-missing", said, place, "write the name in letters that the font has")
