"""What all sheets say alike: seen to have its letters before a sheet is made, and told once, where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from briefing.content import yaml_reader
from briefing.content.scalars import Path
from briefing.distribution.order import Inputs
from briefing.distribution.register.editions import RecallFacts
from briefing.findings import ContentPath, Finding, Place, Refused, error
from briefing.finishing.stamping.stamp_font import NoGlyphError
from briefing.finishing.stamping.text_pages import Face, PageFonts, TextStyle

_HINT = "write it in letters that the font has"


class CommonText(NamedTuple):
    """A text, and where an editor finds it."""

    said: str
    path: Path = ()  # in the content, or in distribution.yaml
    is_setting: bool = False
    called: str = ""  # what it is, where it stands in the register


def texts_of_runs(inputs: Inputs, on_paper: bool) -> Iterator[CommonText]:
    """What the sheets of all runs say, of which letters and envelopes are there only if something is `on_paper`."""
    letter = inputs.settings.settings.letter if on_paper else None
    yield CommonText(inputs.briefing.briefing.short_title, ("briefing", "short_title"))
    if letter:
        yield CommonText(letter.text, ("letter", "text"), True)
        yield CommonText(letter.one or "", ("letter", "one"), True)
    if on_paper:
        yield from _texts_of_sender(inputs, letter is not None)


def texts_of_recall(inputs: Inputs, recall: RecallFacts, written_to: bool) -> Iterator[CommonText]:
    """What the sheets of a recall say, of which letters and envelopes are there only if somebody is `written_to`."""
    yield CommonText(recall.title, called="title of the edition")
    if written_to:
        yield CommonText(recall.reason, called="reason of the recall")
        yield from _texts_of_sender(inputs, True)


def _texts_of_sender(inputs: Inputs, has_letter: bool) -> Iterator[CommonText]:
    settings = inputs.settings.settings
    lines = settings.sender or () if settings.envelopes else ()
    if has_letter or (settings.envelopes and not lines):
        yield CommonText(inputs.briefing.briefing.publisher, ("briefing", "publisher"))
    for index, line in enumerate(lines):
        yield CommonText(line, ("sender", index), True)


def assert_letters(inputs: Inputs, fonts: PageFonts, texts: Iterable[CommonText], register: Place) -> None:
    """Raise `Refused` with every text of which the fonts lack a letter."""
    lacking = [(one, sign) for one in texts if (sign := _lacking(fonts, one.said))]
    if lacking:
        raise Refused(_fault(inputs, one, sign, register) for one, sign in lacking)


def _lacking(fonts: PageFonts, text: str) -> str:
    """The first character that cannot be shown, if any."""
    try:
        for line in text.split("\n"):
            for face in Face:
                fonts.width(line, TextStyle(10, face))
    except NoGlyphError as fault:
        return str(fault)
    return ""


def _fault(inputs: Inputs, one: CommonText, sign: str, register: Place) -> Finding:
    said = f"the font of the sheets has no {sign}"
    if one.called:
        return error("letter-missing", f"{said}, which the {one.called} has", register, _HINT)
    found = error("letter-missing", said, ContentPath(one.path, character=sign), _HINT)
    if one.is_setting:
        return inputs.settings.source.locate(found)
    return yaml_reader.parse(inputs.content, f"{inputs.shown}{inputs.content_name}").locate(found)
