"""Which rules each edition's files are judged by, and with which numbers: one row for each."""

from __future__ import annotations

from collections.abc import Mapping

from briefing.editions import EditionName
from briefing.preflight.rule import Limits, Rule
from briefing.preflight.rules_press import BOOKLET, OFFICE, PRESS
from briefing.preflight.rules_reading import ARCHIVE, READABLE
from briefing.preflight.rules_sound import ATTACHED, EMPTY, SOUND

RULES: Mapping[EditionName, tuple[Rule, ...]] = {
    EditionName.READING: (*SOUND, EMPTY, *READABLE, *ARCHIVE),
    EditionName.LARGE_PRINT: (*SOUND, EMPTY, *READABLE, *ARCHIVE),
    EditionName.OFFICE: (*SOUND, EMPTY, ATTACHED, *OFFICE),
    EditionName.BOOKLET: (*SOUND, ATTACHED, *BOOKLET),  # a booklet has blank pages
    EditionName.REVIEW: (*SOUND, EMPTY),
    EditionName.PRESS: (*SOUND, EMPTY, ATTACHED, *PRESS),
}
LIMITS: Mapping[EditionName, Limits] = {
    EditionName.READING: Limits(judged=frozenset({"ua", "a"})),
    EditionName.LARGE_PRINT: Limits(type_pt=13.0, judged=frozenset({"ua", "a"})),
    EditionName.OFFICE: Limits(),
    EditionName.BOOKLET: Limits(type_pt=5.0),  # pages are made smaller
    EditionName.REVIEW: Limits(type_pt=6.0),
    EditionName.PRESS: Limits(image_ppi=300.0, image_least_ppi=150.0, line_art_ppi=600.0, judged=frozenset({"x"})),
}
MEASURED = frozenset({EditionName.PRESS})  # whose plates are drawn
