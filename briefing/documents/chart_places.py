"""The places of a map: names and codes as people write them in, one code and one name out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from babel import Locale

from briefing.content.pictures.chart_maps import ChartMap
from briefing.content.records import Chart

_STATES = (
    "AL Alabama;AK Alaska;AZ Arizona;AR Arkansas;CA California;CO Colorado;CT Connecticut;DE Delaware;"
    "DC District of Columbia;FL Florida;GA Georgia;HI Hawaii;ID Idaho;IL Illinois;IN Indiana;IA Iowa;KS Kansas;"
    "KY Kentucky;LA Louisiana;ME Maine;MD Maryland;MA Massachusetts;MI Michigan;MN Minnesota;MS Mississippi;"
    "MO Missouri;MT Montana;NE Nebraska;NV Nevada;NH New Hampshire;NJ New Jersey;NM New Mexico;NY New York;"
    "NC North Carolina;ND North Dakota;OH Ohio;OK Oklahoma;OR Oregon;PA Pennsylvania;RI Rhode Island;"
    "SC South Carolina;SD South Dakota;TN Tennessee;TX Texas;UT Utah;VT Vermont;VA Virginia;WA Washington;"
    "WV West Virginia;WI Wisconsin;WY Wyoming"
)
US_STATES: Mapping[str, str] = {one[:2]: one[3:] for one in _STATES.split(";")}  # by postal code


@lru_cache
def _codes(of: str, locale: Locale) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The code of each name or code, and the name of each code."""
    names = US_STATES if of == "us-states" else dict(locale.territories)
    known = {code: str(name) for code, name in names.items() if len(code) == 2 and code.isalpha()}
    english = known if of == "us-states" else Locale("en").territories
    codes = {str(english.get(code, name)).casefold(): code for code, name in known.items()}
    codes |= {name.casefold(): code for code, name in known.items()}
    return codes | {code.casefold(): code for code in known}, known


def place_code(label: str, of: str, locale: Locale) -> str | None:
    """The two letters of a place; nothing where there is none of that name."""
    return _codes(of, locale)[0].get(label.casefold())


def place_name(label: str, of: str, locale: Locale) -> str:
    """What a place is called in the language of the briefing; a name that nobody knows stays as it is."""
    code = place_code(label, of, locale)
    return _codes(of, locale)[1][code] if code else label


def place_names(of: str, locale: Locale) -> tuple[str, ...]:
    """All names by which places go."""
    return tuple(sorted(_codes(of, locale)[1].values()))


def without_value(chart: Chart, locale: Locale) -> tuple[str, ...]:
    """The names of the places that a map shows without a value."""
    if not (shown := chart.map):
        return ()
    named = {place_name(datum.label or "", shown.of, locale) for datum in chart.data}
    gone = [place_name(one, shown.of, locale) for one in shown.no_value]
    gone += [name for name in US_STATES.values() if shown.of == "us-states"]
    return tuple(one for one in dict.fromkeys(gone) if one not in named)


def class_of(value: float, shown: ChartMap) -> int:
    """The class of a value, counted from that of the lowest; a break begins the class above it."""
    return sum(value >= float(one) for one in shown.breaks)


def class_names(ticks: Sequence[str], forms: Mapping[str, str]) -> tuple[str, ...]:
    """What the classes are called, from the words of their breaks: “under 10%”, “10% to under 15%”, “15% or more”."""
    between = [forms["middle"].format(low=low, high=high) for low, high in pairwise(ticks)]
    return forms["lowest"].format(high=ticks[0]), *between, forms["highest"].format(low=ticks[-1])
