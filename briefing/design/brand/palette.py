"""One colour becomes the roles that pages need, and every role is held against the rules that pages stand on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from briefing.design.brand import colour as measured
from briefing.design.brand.colour import Inks, contrast, lightness, mixed
from briefing.design.tokens import APART, INK_LIMIT

# Contrast (WCAG 2.2, 1.4.3 and 1.4.11).
READABLE = 4.5  # of type
CLEAR = 7.0  # of much small type
SHAPE = 3.0  # of areas
UNLIKE = 20.0  # in colour, so that what is disputed is not taken for what is not
OTHER = 55.0  # for readers who see all colours: another hue, and no shade of the accent's
IN_GAMUT = 8.0
PAIRS = (
    ("ink", "paper", CLEAR),
    ("muted", "paper", CLEAR),
    ("accent", "paper", READABLE),
    ("signal", "paper", READABLE),
    ("ink", "accent-light", CLEAR),
    ("muted", "accent-light", READABLE),
    ("accent", "accent-light", READABLE),
    ("grey", "paper", SHAPE),
    ("accent-mid", "paper", SHAPE),
)
# Instead of the house's own, where that is like the accent: a warm one, then a cool one.
SIGNALS = ("#8a5a00", "#0b3f5c", "#5b2a86", "#8a0f3c")


@dataclass(frozen=True)
class ColourRule:
    """One rule held against the colours: what was measured, what is needed, and whether it holds."""

    role: str  # the colour that would have to change
    code: str
    what: str
    value: str
    need: str
    holds: bool
    grave: bool = True  # whether pages are refused where it does not hold

    @property
    def told(self) -> str:
        """The rule in a sentence."""
        return f"{self.what}: {self.value}, {self.need}"


def derived(brand: str, house: Mapping[str, str]) -> dict[str, str]:
    """All roles from an organisation's colour; greys and paper stay those of the house."""
    paper, grey = house["paper"], house["grey"]
    accent = brand
    while not _bears_type(accent, paper, grey):
        accent = measured.darker(accent)
    mid = next(tint for share in range(50, 101, 2) if contrast(tint := mixed(accent, share / 100), paper) >= SHAPE)
    ground = brand
    while max(contrast(ground, paper), contrast(ground, house["ink"])) < READABLE:
        ground = measured.darker(ground)
    signal = next((one for one in (house["signal"], *SIGNALS) if _tells_apart(one, accent)), SIGNALS[0])
    return {
        "brand": ground,
        "on-brand": paper if contrast(ground, paper) >= READABLE else house["ink"],
        "accent": accent,
        "accent-mid": mid,
        "accent-light": mixed(accent, 0.1),
        "map-tint": mixed(accent, 0.38),
        "signal": signal,
    }


def _bears_type(accent: str, paper: str, grey: str) -> bool:
    enough = min(contrast(accent, paper), contrast(accent, mixed(accent, 0.1))) >= READABLE
    return enough and lightness(grey) - lightness(accent) >= APART


def _tells_apart(one: str, other: str) -> bool:
    return measured.distance(one, other) >= OTHER and all(
        _seen_apart(one, other, kind) >= UNLIKE for kind in measured.KINDS_OF_BLINDNESS
    )


def _seen_apart(one: str, other: str, blindness: str) -> float:
    if blindness:
        one, other = measured.seen_without(one, blindness), measured.seen_without(other, blindness)
    return measured.distance(one, other)


def held(colours: Mapping[str, str], recipes: Mapping[str, Inks], profile: Path) -> Iterator[ColourRule]:
    """Every rule with what was measured; recipes in black alone print what they are."""
    for role, ground, need in PAIRS:
        ratio = contrast(colours[role], colours[ground])
        yield ColourRule(
            role if role not in ("ink", "muted") else ground,
            "brand-contrast",
            f"{role} {colours[role]} on {ground} {colours[ground]}",
            f"{ratio:.1f}:1",
            f"{need:g}:1 is needed",
            ratio >= need,
        )
    apart = abs(lightness(colours["accent"]) - lightness(colours["grey"]))
    what = f"accent {colours['accent']} and grey {colours['grey']} on a photocopy"
    yield ColourRule("accent", "brand-grey", what, f"{apart:.0f} apart", f"{APART:.0f} are needed", apart >= APART)
    for kind in measured.KINDS_OF_BLINDNESS:
        unlike = _seen_apart(colours["accent"], colours["signal"], kind)
        what = f"accent {colours['accent']} and signal {colours['signal']} with {kind}"
        yield ColourRule(
            "signal", "brand-blind", what, f"{unlike:.0f} apart", f"{UNLIKE:.0f} are needed", unlike >= UNLIKE
        )
    for role, inks in recipes.items():
        total = sum(inks)
        yield ColourRule(
            role,
            "brand-ink",
            f"{role} as ink {_shown(inks)}",
            f"{total:.0f} %",
            f"{INK_LIMIT:.0f} % at most",
            total <= INK_LIMIT,
        )
        if role in colours and any(inks[:3]):
            off = measured.distance(colours[role], measured.printed(inks, profile))
            what = f"{role} {colours[role]} as printed"
            holds = off <= IN_GAMUT
            yield ColourRule(role, "brand-gamut", what, f"{off:.0f} off", f"{IN_GAMUT:.0f} at most", holds, grave=False)


def _shown(inks: Inks) -> str:
    return "/".join(f"{ink:.0f}" for ink in inks)
