"""Which rules a use's files are judged by, and with which numbers: both follow from its row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from briefing.design.outputs import OUTPUTS, Output, OutputName, Rules, Standard, Use
from briefing.preflight.rule import Limits, Rule
from briefing.preflight.rules_general import ATTACHED, EMPTY, SOUND
from briefing.preflight.rules_press import BOOKLET, OFFICE, PRESS
from briefing.preflight.rules_reading import ARCHIVE, READABLE

_GROUPS: Mapping[Rules, tuple[Rule, ...]] = {
    Rules.SOUND: SOUND,
    Rules.FILLED: (EMPTY,),
    Rules.READABLE: READABLE,
    Rules.ARCHIVE: ARCHIVE,
    Rules.BARE: (ATTACHED,),
    Rules.OFFICE: OFFICE,
    Rules.FOLDED: BOOKLET,
    Rules.PRESS: PRESS,
}
_JUDGED = {  # the standards whose own rules are in a row
    Rules.READABLE: "ua",
    Rules.ARCHIVE: "a",
    Rules.PRESS: "x",
}


def _limits(kind: Output) -> Limits:
    plain = Limits(
        type_pt=kind.type_pt,
        mark_pt=min(Limits.mark_pt, 0.8 * kind.type_pt),
        line_pt=kind.line_pt,
        judged=frozenset(_JUDGED[group] for group in kind.rules if group in _JUDGED),
    )
    if isinstance(kind, Use) and kind.standard is Standard.EXCHANGE:
        return replace(plain, image_ppi=300.0, image_least_ppi=150.0, line_art_ppi=600.0)
    return plain


RULES: Mapping[OutputName, tuple[Rule, ...]] = {
    name: tuple(rule for group in kind.rules for rule in _GROUPS[group]) for name, kind in OUTPUTS.items()
}
LIMITS: Mapping[OutputName, Limits] = {name: _limits(kind) for name, kind in OUTPUTS.items()}
MEASURED = frozenset(name for name, kind in OUTPUTS.items() if Rules.PRESS in kind.rules)  # whose plates are drawn
