"""Whether a page survives an office copier, told at the content that would be lost: measures in, findings out.

What is handed out is copied, and copies are copied. Limits are for paper that is read at arm's length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from briefing.content.scalars import Path
from briefing.findings import Finding, warning
from briefing.pdf.geometry import Box
from briefing.proofing.asked_strings import ExpectedString
from briefing.proofing.comparison import Faint, Placement
from briefing.proofing.page_facts import PdfInfo, TaggedFigure, TextRun
from briefing.proofing.photocopy.simulate import CopiedRun, runs, simulate_copies

# WCAG 2.2, 1.4.3 asks 4.5:1 of text, and 3:1 of type from 18 pt on, or 14 pt in bold. That is reckoned from colours;
# the grey of a copier lies up to a tenth to either side of it, which is allowed for.
CONTRAST, CONTRAST_LARGE = 4.0, 2.7
LARGE_PT, LARGE_BOLD_PT = 18.0, 14.0
LOST = 0.5  # of the ink: letters of which half is gone cannot be read
# A copy still tells 1.3:1 apart, which is about a tenth of the way from black to white as the eye sees it. The 3:1 that
# is asked of what stands alone on its ground would forbid tints of one colour, whose parts have labels and edges.
ALIKE = 1.3
HAIRLINE_PT = 0.25
SMALL_PT = 7.5  # the size below which fitting never sets a note
SLACK_PT = 0.05  # what sizes and widths may be off by rounding
_MARK = re.compile(r"[\d\W]+")  # raised marks of sources and disputes, and bullets, which are small by their nature
SAME_INK = 0.6  # by how much the contrast of one ink is measured differently in large and small type
QUOTED = 60  # letters of a text
NAMED = 3  # words that a finding quotes before it counts the rest


def simulate_and_judge(data: bytes, info: PdfInfo, stood: Sequence[Placement]) -> tuple[Faint, ...]:
    """Copy a finished file, and say what would be lost; `info` and `stood` say what stands where on its pages."""
    pictures = [item for sheet in info.sheets for item in sheet.read if isinstance(item, TaggedFigure)]
    places = _Places(stood, pictures)
    drawings = {
        picture: asked.path[0] == "charts"  # a pale bar is lost on its paper; a map goes on beyond its edges
        for picture in pictures
        if (asked := places.asked(picture)) and asked.picture and asked.picture.unit_mm and not asked.picture.shaded
    }
    found: list[Faint] = []
    for number, sheet in enumerate(simulate_copies(data, info, drawings, ALIKE, HAIRLINE_PT - SLACK_PT / 10)):
        furniture = frozenset(info.sheets[number].unread)
        for run in runs(info, number):
            code, measure = _judged(run, sheet.words.get(run))
            if code:
                found.append(places.faint(code, run, measure, run in furniture))
        found += [places.near(line.box, number, line.width) for line in sheet.lines]
        for picture, pairs in sheet.areas.items():
            found += [places.areas(picture, pair.contrast, pair.colours) for pair in pairs]
    return tuple(_gathered(found))


def _judged(run: TextRun, copy: CopiedRun | None) -> tuple[str, float]:
    """The code of the gravest fault of a run on its copies, and what was measured; nothing where it has none."""
    if copy:
        large = run.size >= LARGE_PT or (copy.bold and run.size >= LARGE_BOLD_PT)
        if copy.contrast < (CONTRAST_LARGE if large else CONTRAST):
            return "copy-text-faint", copy.contrast
        if copy.lost > LOST:
            return "copy-text-lost", copy.lost
    if run.size < SMALL_PT - SLACK_PT and not _MARK.fullmatch(run.text):
        return "copy-type-small", run.size
    return "", 0.0


class _Places:
    """What stands where."""

    def __init__(self, stood: Sequence[Placement], pictures: Sequence[TaggedFigure]) -> None:
        self._stood = [one for one in stood if one.parts]
        self._asked = {part: one.asked for one in stood for part in one.parts}
        for picture in pictures:  # the words of a picture are asked for with it
            if asked := self.asked(picture):
                self._asked |= {(word.page, word.box): asked for word in picture.words}

    def asked(self, item: TaggedFigure | TextRun) -> ExpectedString | None:
        """What asked for a picture or a run of words."""
        return self._asked.get((item.page, item.box))

    def faint(self, code: str, run: TextRun, measure: float, furniture: bool) -> Faint:
        """A run of words; a bullet is told at its text, and what stands on every page at the briefing."""
        asked = None if furniture else self.asked(run) or self._nearest(run.box, run.page)
        return Faint(
            code, _quoted(run.text), asked.path if asked else _HEADS, asked.block if asked else "", run.page, measure
        )

    def areas(self, picture: TaggedFigure, contrast: float, colours: tuple[str, str]) -> Faint:
        """Two areas of a picture."""
        asked = self.asked(picture)
        assert asked
        return Faint("copy-areas-alike", " and ".join(colours), asked.path, asked.block, picture.page, contrast)

    def near(self, box: Box, page: int, width: float) -> Faint:
        """A line, told at what stands nearest to it."""
        asked = self._nearest(box, page)
        if not asked:
            return Faint("copy-hairline", "", _HEADS, "", page, width)
        return Faint("copy-hairline", _quoted(asked.text), asked.path, asked.block, page, width)

    def _nearest(self, box: Box, page: int) -> ExpectedString | None:
        here = [(_apart(box, part), one.asked) for one in self._stood for on, part in one.parts if on == page]
        return min(here, key=lambda item: item[0], default=(0.0, None))[1]


_HEADS: Path = ("briefing",)  # what stands on every page is said there


def _quoted(text: str) -> str:
    words = " ".join(text.split())
    return f"“{words if len(words) <= QUOTED else words[: QUOTED - 1] + '…'}”"


def _apart(one: Box, other: Box) -> float:
    across = max(one[0] - other[2], other[0] - one[2], 0.0)
    along = max(one[1] - other[3], other[1] - one[3], 0.0)
    return float(across + along)


def _gathered(found: Sequence[Faint]) -> Iterator[Faint]:
    """One for each place and code on a page, with the worst measure and all its words.

    What is too pale has an ink as its cause, which is told once for all that is as pale.
    """
    groups: dict[tuple[object, ...], list[Faint]] = {}
    bound = 0.0
    for one in sorted((one for one in found if one.code == "copy-text-faint"), key=lambda one: one.measure):
        bound = one.measure if one.measure > bound + SAME_INK else bound
        groups.setdefault((one.code, bound), []).append(one)
    for group in groups.values():
        group.sort(key=lambda one: one.page)
    for one in found:
        if one.code != "copy-text-faint":
            groups.setdefault((one.code, one.path, one.page), []).append(one)
    for group in groups.values():
        code, path, page = group[0].code, group[0].path, group[0].page
        texts = list(dict.fromkeys(one.text for one in group))
        said = ", ".join(texts[:NAMED]) + (f" and {len(texts) - NAMED} more" if len(texts) > NAMED else "")
        if others := sorted({one.page + 1 for one in group} - {page + 1}):
            said += f", also on page{'s' * (len(others) > 1)} {', '.join(map(str, others))}"
        worst = max if code == "copy-text-lost" else min
        yield Faint(code, said, path, group[0].block, page, worst(one.measure for one in group))


# ------------------------------------------------------------------ in words

_FAINT = {
    "copy-text-faint": (
        "page {page} of the {title} is too pale to be copied at {text}, with a contrast of {measure:.1f}:1",
        "take a darker ink or a lighter ground, with 4.5:1 between them; large type needs 3:1",
    ),
    "copy-text-lost": (
        "page {page} of the {title} loses {measure:.0%} of the ink of {text} on a black-and-white copy",
        "a copier makes black of what is darker than mid grey, and white of the rest: keep ink and ground far from it",
    ),
    "copy-areas-alike": (
        "areas on page {page} of the {title} touch, and are of one grey on a photocopy: {text} ({measure:.2f}:1)",
        "make one of them lighter, or put a white line between them",
    ),
    "copy-hairline": (
        "page {page} of the {title} has a line of {measure:.2g} pt at {text}",
        "a copier loses lines finer than 0.25 pt: make it wider",
    ),
    "copy-type-small": (
        "page {page} of the {title} has type of {measure:.1f} pt at {text}",
        "a photocopy of type under 7.5 pt is hard to read: give it more room",
    ),
}
CODES = tuple(_FAINT)


def format_findings(found: Sequence[Faint], title: str) -> Iterator[Finding]:
    """What a photocopy would lose, told at the content that it says; `title` is that of the document."""
    for one in found:
        message, hint = _FAINT[one.code]
        said = message.format(text=one.text or "the edge", page=one.page + 1, title=title.lower(), measure=one.measure)
        yield warning(one.code, said[:1].upper() + said[1:], one.path, hint, one.block)
