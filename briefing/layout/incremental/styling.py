"""Styles of elements that take the place of others, while those of the rest of the page are kept.

Stands on how `weasyprint.css.StyleFor` finds styles when it is made, which is done here for a few elements.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any
from xml.etree.ElementTree import Element

from cssselect2 import ElementWrapper  # type: ignore[import-untyped]
from weasyprint import css


def forget(style_for: Any, element: Element) -> None:
    """Forget the styles of all that stands in an element."""
    known, inside = style_for.get_computed_styles(), set(element.iter()) - {element}
    for key in [key for key in known if key[0] in inside]:
        del known[key]


def add(style_for: Any, html: Any, element: Element, path: list[int]) -> None:
    """Find the styles of all that stands in an element, which is reached from the root by a `path` of numbers."""
    cascaded = style_for.get_cascaded_styles()
    said: dict[tuple[Any, Any], dict[str, Any]] = {}
    for child in element:
        for specificity, styled, declarations, base_url in css.find_style_attributes(child, False, html.base_url):
            _cascade(said.setdefault((styled, None), {}), declarations, "author", specificity, inf, base_url)
    wrapped = _wrapped(html.etree_element, path)
    pseudo: list[tuple[Element, str]] = []
    for one in _inside(wrapped):
        for sheet, origin, sheet_specificity in style_for._sheets:
            for specificity, _, kind, (declarations, layer) in sheet.matcher.match(one):
                order = inf if layer is None else sheet.layers.index(layer)
                key = one.etree_element, kind
                if kind and key not in said:
                    pseudo.append(key)
                style = said.setdefault(key, {})
                for name, values, importance in declarations:
                    precedence = css.declaration_precedence(origin, importance)
                    _weigh(style, name, values, (precedence, order, sheet_specificity or specificity))
        cascaded.update({key: style for key, style in said.items() if key[0] is one.etree_element})
        style_for.set_computed_styles(
            one.etree_element, root=html.etree_element, parent=one.parent.etree_element, base_url=html.base_url
        )
    for styled, kind in pseudo:
        style_for.set_computed_styles(
            styled, pseudo_type=kind, root=html.etree_element, parent=styled, base_url=html.base_url
        )
    for key in said:
        cascaded.pop(key, None)


def _cascade(style: dict[str, Any], declarations: Any, origin: str, specificity: Any, order: float, url: Any) -> None:
    for name, values, importance in css.preprocess_declarations(url, declarations):
        _weigh(style, name, values, (css.declaration_precedence(origin, importance), order, specificity))


def _weigh(style: dict[str, Any], name: str, values: Any, weight: Any) -> None:
    before = style.get(name, (None, None))[1]
    if before is None or before <= weight:
        style[name] = values, weight


def _wrapped(root: Element, path: list[int]) -> Any:
    """The element at the end of a path, as selectors see it."""
    wrapped = ElementWrapper.from_html_root(root)
    for number in path:
        wrapped = list(wrapped.iter_children())[number]
    return wrapped


def _inside(wrapped: Any) -> Iterator[Any]:
    for child in wrapped.iter_children():
        yield child
        yield from _inside(child)
