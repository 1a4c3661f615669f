"""Fonts that have been used: a tenth less of laying out a page.

Most lines are set in a font that another line has been set in before. WeasyPrint makes a context of Pango for each;
here one serves all lines of the same font.

Stands on `text.line_break.Layout.setup` and on what that sets.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from weasyprint.text import line_break
from weasyprint.text.ffi import ffi, gobject, pango


def install(plain: bool) -> None:
    """Have lines begun WeasyPrint's own way, or the shorter one."""
    line_break.Layout.setup = _set_up_anew if plain else _setup


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
