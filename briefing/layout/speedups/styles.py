"""Properties that nothing is said of: a tenth less of laying out a page.

Most properties of an element have their initial value or that of its parent. WeasyPrint finds this out anew each time,
through all that could be said of them; here it is asked first. Whatever is not so plain goes WeasyPrint's own way.

Stands on `css.ComputedStyle.__missing__` and on the tables of properties in `css`.
"""

from __future__ import annotations

from typing import Any

from weasyprint.css import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES, PHYSICAL_FUNCTIONS, ComputedStyle
from weasyprint.css.functions import check_math


def install(plain: bool) -> None:
    """Have properties found WeasyPrint's own way, or the shorter one."""
    ComputedStyle.__missing__ = _found_anew if plain else _missing


_found_anew = ComputedStyle.__missing__
_BOUND = {"display", "float", "position", "page"}  # to each other, or to what is around
_FREE = {name for name in INITIAL_VALUES if name not in _BOUND and not name.startswith("text_decoration_")}
_INHERITED = frozenset(name for name in _FREE & set(INHERITED) if name not in PHYSICAL_FUNCTIONS)
_INITIAL = {
    name: INITIAL_VALUES[name]
    for name in _FREE - set(INHERITED) - set(INITIAL_NOT_COMPUTED)
    if not check_math(INITIAL_VALUES[name])
}
_PLAIN = frozenset((str, int, float))
_LOGICAL = frozenset(
    name(block="ttb", inline=inline) for name in PHYSICAL_FUNCTIONS.values() for inline in ("ltr", "rtl")
)


def _missing(style: Any, name: str) -> Any:
    """The value of a property that has not been asked for yet."""
    if name not in style.cascaded:
        if name in _INITIAL:
            if name not in PHYSICAL_FUNCTIONS or _LOGICAL.isdisjoint(style.cascaded):
                value = style[name] = _INITIAL[name]
                return value
        elif name in _INHERITED and style.parent_style is not None:
            value = style.parent_style[name]
            if type(value) in _PLAIN or not check_math(value):
                style[name] = value
                return value
    return _found_anew(style, name)
