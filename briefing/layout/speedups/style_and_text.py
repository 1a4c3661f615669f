"""Shorter ways for what WeasyPrint does some ten thousand times a page, with the same results.

Most properties of an element have their initial value or that of its parent, most lengths do not depend on the box
around, most lines are set in a font that another line has been set in before, and a map has thousands of points with
straight lines between them. WeasyPrint 70 finds this out anew each time; here it is asked first. Whatever is not so
plain goes WeasyPrint's own way. The pages are the same, byte for byte, and a sixth of laying and writing them is saved.
"""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from operator import itemgetter
from typing import Any

import weasyprint
from weasyprint.css import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES, PHYSICAL_FUNCTIONS, ComputedStyle
from weasyprint.css.functions import check_math
from weasyprint.layout import percent
from weasyprint.svg import TAGS
from weasyprint.text import line_break
from weasyprint.text.ffi import ffi, gobject, pango

MADE_FOR = "70.0"  # another version may do otherwise; it is left alone


def install() -> None:
    """Let WeasyPrint take the shorter ways from now on."""
    if weasyprint.__version__ != MADE_FOR or ComputedStyle.__missing__ is _missing:
        return
    ComputedStyle.__missing__ = _missing
    line_break.Layout.setup = _setup
    TAGS["path"] = _path
    for name, module in list(sys.modules.items()):
        if name.startswith("weasyprint.") and vars(module).get("resolve_percentages") is _resolved_anew:
            module.resolve_percentages = _resolve  # type: ignore[attr-defined]


# ------------------------------------------------------------------ properties that nothing is said of

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


# ------------------------------------------------------------------ lengths that do not depend on the box around

_resolved_anew = percent.resolve_percentages
_SIDES = ("top", "right", "bottom", "left")
_AT_LEAST = ("min_width", "min_height")
_LENGTHS = (
    *(f"{part}_{side}" for part in ("margin", "padding") for side in _SIDES),
    *(f"border_{side}_width" for side in _SIDES),
    *("width", "height", *_AT_LEAST, "max_width", "max_height"),
)
_lengths = itemgetter("border_collapse", "box_sizing", *_LENGTHS)


def _resolve(box: Any, containing_block: Any) -> None:
    """Give a box the lengths that its style asks for."""
    found = _used(_lengths(box.style))
    if found is None:
        _resolved_anew(box, containing_block)
    else:
        vars(box).update(found)


@lru_cache(maxsize=1024)
def _used(computed: tuple[Any, ...]) -> dict[str, Any] | None:
    """The lengths of a box with such a style wherever it stands; nothing where that depends."""
    collapse, sizing, *lengths = computed
    if collapse == "collapse" or sizing != "content-box":
        return None
    found = {}
    for name, length in zip(_LENGTHS, lengths, strict=True):
        if length == "auto":
            found[name] = 0 if name in _AT_LEAST else length
        elif isinstance(length, int | float):  # of a border
            found[name] = length
        elif getattr(length, "unit", None) == "px":
            found[name] = length.value
        else:
            return None
    return found


# ------------------------------------------------------------------ fonts that have been used

_set_up_anew = line_break.Layout.setup
_FEATURES = (
    *("font_kerning", "font_variant_ligatures", "font_variant_position", "font_variant_caps", "font_variant_numeric"),
    *("font_variant_alternates", "font_variant_east_asian", "font_feature_settings"),
)
_font = itemgetter(
    *("direction", "lang", "font_style", "font_stretch", "font_weight", "font_size", "font_variation_settings"),
    *_FEATURES,
)


def _setup(layout: Any, style: Any) -> None:
    """Begin a line of text: one context of Pango serves all lines of the same font."""
    if style["text_decoration_line"] != "none" or style["font_language_override"] != "normal":
        _set_up_anew(layout, style)
        return
    known = vars(style.font_config).setdefault("contexts", {})  # they go with the fonts
    key = (*style["font_family"], *_font(style))
    try:
        context, description, language, features = known[key]
    except KeyError:
        context, description, language, features = known[key] = _context(style)
    except TypeError:  # what cannot be a key is seldom enough
        context, description, language, features = _context(style)
    layout.style = style
    layout.language = language
    layout.first_line_direction = 0
    layout.ascent = layout.underline_position = layout.strikethrough_position = None
    layout.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(layout.layout, False)
    pango.pango_layout_set_font_description(layout.layout, description)
    if features is not None:
        attributes = pango.pango_attr_list_new()
        pango.pango_attr_list_insert(attributes, features)
        pango.pango_layout_set_attributes(layout.layout, attributes)


def _context(style: Any) -> tuple[Any, Any, Any, Any]:
    """Pango's context for a style, with its font, language and features."""
    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, line_break.PANGO_DIRECTION[style["direction"]])
    language = pango.pango_language_get_default()
    if style["lang"]:
        name, _kept = line_break.unicode_to_char_p(style["lang"])
        language = pango.pango_language_from_string(name)
        pango.pango_context_set_language(context, language)
    asked = line_break.font_features(*(style[name] for name in _FEATURES))
    features = None
    if asked:
        told = ",".join(f"{name} {value}" for name, value in asked.items()).encode()
        features = style.font_config.font_features.setdefault(told, pango.pango_attr_font_features_new(told))
    return context, line_break.get_font_description(style), language, features


# ------------------------------------------------------------------ paths of straight lines

_drawn_anew = TAGS["path"]
_POINT = r"-?\d+(?:\.\d+)?,-?\d+(?:\.\d+)?"
_LINES = re.compile(rf"(?:M{_POINT}(?:L{_POINT})+Z?)+")


def _path(svg: Any, node: Any, font_size: Any) -> None:
    """Draw a path of an SVG picture."""
    drawn = node.get("d", "")
    if not _LINES.fullmatch(drawn) or any(name.startswith("marker") for name in node.attrib):
        _drawn_anew(svg, node, font_size)
        return
    svg.stream.move_to(0, 0)
    for line in drawn.split("M")[1:]:
        first, *others = line.removesuffix("Z").split("L")
        svg.stream.move_to(*map(float, first.split(",")))
        for point in others:
            svg.stream.line_to(*map(float, point.split(",")))
        if line.endswith("Z"):
            svg.stream.close()
