"""Numbers that are written in words: they claim what digits would claim, and pass by the ledger.

What is clear is an error, as digits are: a percentage, or hundreds to trillions of something. What may be a manner of
speaking is a warning where its sentence names no source and no figure. Small numbers that only tell things apart are
left alone (“two of the measures”), and so are those that point back (“the twelve recommendations”).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from briefing.content.briefing import Briefing
from briefing.content.names import name_pattern

FIGURE = "\0"  # stands for a figure in a text


@dataclass(frozen=True)
class Numerals:
    """How a language writes numbers in words, as patterns."""

    clear: tuple[str, ...]
    doubtful: tuple[str, ...]
    counting: str  # small numbers, which count only before a unit of the briefing


_SMALL = "two|three|four|five|six|seven|eight|nine|ten"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_LARGE = (
    "(?:eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    rf"|(?:{_TENS})(?:[- ](?:one|{_SMALL}))?)(?!-)"
)
_NUMBER = rf"(?:one|{_SMALL}|{_LARGE})"
_SCALE = "(?:hundred|thousand|million|billion|trillion)"
_PART = "(?:quarter|fifth|sixth|seventh|eighth|ninth|tenth|hundredth)"
_BEFORE_WHOLE = r"(?=\s*(?:[.,;:)]|$)|\s+(?:of|more|less|fewer|higher|lower|to|since|from|in|between|each|every|a)\b)"
_COMPARED = r"(?:as|more|less|fewer|higher|lower|larger|bigger|greater|faster|the\s+\w+|that|those|what)"
_MORE = rf"(?:[\s-]+(?:and\s+a\s+half|{_NUMBER}|{_SCALE}))"
_SAYS = (  # what a share does: “one household in five lacks heat”, and not “one school in five towns”
    r"(?:can(?:not)?|could|may|might|must|will|would|should|is|are|was|were|has|have|had|do|does|did|don[’']t|doesn[’']t"
    r"|now|still|never|also|only|already|and|or|but|who|that|which|with|without|by|on|at|from|to|for|since|as|than"
    r"|say|says|said|told|lacks?|lives?|uses?|pays?|paid|goes|go|went|needs?|gets?|got|skips?|works?|owns?|speaks?|spoke"
    r"|wants?|fears?|thinks?|thought|believes?|reports?|suffers?|struggles?|misse?s?|leaves?|left|drops?|dies?|lost|loses?"
    r"|keeps?|kept|gives?|gave|takes?|took|makes?|made|finds?|found|feels?|felt|holds?|held|spends?|spent|sees?|saw"
    r"|buys?|bought|sleeps?|slept|eats?|ate|drinks?|drank|drives?|drove|knows?|knew|stands?|stood|sends?|sent|\w+ed|\w+ing)"
)
_SHARE = rf"(?=\s*(?:[.,;:?!)]|$)|\s+{_SAYS}\b)"
_NOT_BACK = "".join(rf"(?<!\b{word} )" for word in ("the", "these", "those", "all", "its", "their", "our"))
ENGLISH = Numerals(
    clear=(
        rf"(?:{_NUMBER}|{_SCALE}|zero|half\s+an?|a\s+quarter\s+of\s+(?:a|one)){_MORE}*[\s-]+per\s?cent(?:age\s+points?)?",
        rf"(?<!per\s)(?<!in\s)(?:{_NUMBER}|half\s+a|a)(?:\s+and\s+a\s+half|\s+quarters\s+of\s+a)?(?:[\s-]+{_SCALE})+",
        rf"{FIGURE}\s*(?:{_SCALE}|per\s?cent)",
    ),
    doubtful=(
        r"(?:dozens|scores|hundreds|thousands|millions|billions|trillions)\s+of",
        rf"(?:several|a\s+few|some|many)\s+(?:dozen|{_SCALE})",
        rf"(?:an?|half\s+a|{_SMALL})\s+dozen",
        r"(?<!first )(?<!second )(?<!latter )(?<!early )(?<!late )(?<!other )half\s+(?:of|the|its|their|all|our)",
        r"(?:by|about|almost|nearly|over|under|than|roughly|around|one|and\s+a|only|just)\s+half(?!-)(?!\s+a\b)",
        rf"(?:a|one)[\s-]+third{_BEFORE_WHOLE}|(?:{_SMALL})[- ]thirds",
        rf"(?:a|one)[\s-]+{_PART}{_BEFORE_WHOLE}|(?:{_SMALL})[- ]{_PART}s",
        rf"{_NUMBER}\s+(?:in|out\s+of)\s+(?:every\s+)?(?:{_SMALL}|{_LARGE}|an?\s+{_SCALE}|{_SCALE})(?!\s+of\b)",
        rf"{_NUMBER}(?:\s+(?!of\b|in\b|and\b|or\b)[a-z][\w’'-]*){{1,2}}\s+(?:in|out\s+of)\s+(?:every\s+)?(?:{_SMALL}|{_LARGE}){_SHARE}",
        rf"(?:{_SMALL}|{_LARGE})\s+of\s+(?:every\s+)?(?:{_SMALL}|{_LARGE})(?!\s+of\b)|one\s+of\s+every\s+(?:{_SMALL}|{_LARGE})",
        r"(?:doubled|tripled|trebled|quadrupled|halved)(?!\s+(?:back|down|over|up))",
        rf"(?:twice|(?:{_NUMBER}|several|many)\s+times)\s+{_COMPARED}",
        rf"(?:{_SMALL}|{_SCALE})-?fold",
        rf"{_NOT_BACK}(?<!\bother ){_LARGE}(?=\s+[a-z])",
    ),
    counting=rf"{_NOT_BACK}(?<!\bof )(?:{_SMALL})\s+(?:{{units}})",
)
LANGUAGES = {"en": ENGLISH}


class NumberWordFinder:
    """Finds numbers in words that no declared name or quotation holds."""

    def __init__(self, briefing: Briefing, language: str) -> None:
        self.language = language
        self._briefing, self._numerals = briefing, LANGUAGES.get(language)

    def found(self, text: str) -> Iterator[tuple[int, str, bool]]:
        """Each number of a text: where it begins, its words, and whether it is clear. Figures in it are `FIGURE`."""
        text = text.replace("\u2011", "-")  # a hyphen at which no line ends
        if not self._numerals or not _HINTS.search(text):
            return
        yield from _found(self._patterns.pattern, text)

    @cached_property
    def _patterns(self) -> re.Pattern[str]:
        assert self._numerals
        letter_for_letter = (*self._briefing.names, *(quotation.text for quotation in self._briefing.quotations))
        kept = "|".join(name_pattern(name) for name in sorted(letter_for_letter, key=len, reverse=True))
        units = {form for unit in self._briefing.units.values() for form in (unit.one, unit.other)}
        counted = self._numerals.counting.format(units="|".join(map(name_pattern, sorted(units)))) if units else "(?!)"
        clear, doubtful = "|".join(self._numerals.clear), "|".join((*self._numerals.doubtful, counted))
        edge = r"(?<![\w-])"
        return re.compile(
            rf"{edge}(?:{kept or '(?!)'})|(?P<clear>{edge}(?:{clear})\b)|(?P<doubtful>{edge}(?:{doubtful})(?!\w))",
            re.IGNORECASE,
        )


@lru_cache(maxsize=4096)
def _found(pattern: str, text: str) -> tuple[tuple[int, str, bool], ...]:
    found = (one for one in re.compile(pattern, re.IGNORECASE).finditer(text) if one.lastgroup)
    return tuple((one.start(), one[0].replace(FIGURE, "…").strip(), one.lastgroup == "clear") for one in found)


_HINTS = re.compile(
    rf"{FIGURE}\s*[hmtbp]|half|third|dozen|scores of|twice|times|doubled|tripled|quadrupled|halved|fold"
    rf"|hundred|thousand|illion|per\s?cent|teen|eleven|twelve|{_TENS}|{_PART}| in | out of |{_SMALL}",
    re.IGNORECASE,
)
