"""The boxes of a page's source before they are laid: built once, and then anew for one block at a time.

Stands on `formatting_structure.build.element_to_box`, which is told the state of all counters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

from weasyprint.formatting_structure import boxes, build

_PLAIN = (("block", "flow"), ("block", "flow", "list-item"))
_INLINE = ("inline", "flow")
_SIDE_BY_SIDE = (("block", "flex"), ("block", "grid"))
_BUILT = (boxes.BlockBox, boxes.FlexBox, boxes.GridBox)
_State = tuple[list[int], dict[str, list[int]], list[set[str]], list[Any]]


class BoxTree:
    """The boxes of a document, and where the counters stood before and after each of its elements."""

    def __init__(self, html: Any, context: Any, counter_style: Any) -> None:
        self._html, self._context, self._counter_style = html, context, counter_style
        self._around: dict[Element, tuple[_State, _State]] = {}
        with self._counting():
            self.root = build.build_formatting_structure(
                html.etree_element,
                context.style_for,
                context.get_image_from_uri,
                html.base_url,
                context.target_collector,
                counter_style,
                context.footnotes,
            )

    @contextmanager
    def _counting(self) -> Iterator[None]:
        """Note the counters around each element that is made into boxes."""
        plain = build.element_to_box

        def counted(element: Any, *rest: Any) -> Any:
            if len(rest) < 7 or not isinstance(element.tag, str):  # the root, or a comment
                return plain(element, *rest)
            before = _copied(rest[6])
            made = plain(element, *rest)
            self._around[element] = before, _copied(rest[6])
            return made

        build.element_to_box = counted
        try:
            yield
        finally:
            build.element_to_box = plain

    def unit(self, chain: Sequence[Element]) -> Element | None:
        """The smallest block that can be built anew by itself, of an element and those that hold it, up to the body.

        What stands in tables, beside others, or in a width that follows from its words is built with all of that.
        """
        found = None
        style_for = self._context.style_for
        for element, holder in pairwise(chain):
            style = style_for(element)
            if style is None or style["display"] == ("none",):
                return None
            display = style["display"]
            if display in _SIDE_BY_SIDE:
                found = element
            elif display not in _PLAIN and display[:2] != _INLINE:
                found = None  # a part of a table, or a block in a line
            elif found is None and display in _PLAIN:
                found = element
            apart = style["float"] != "none" or style["position"] not in ("static", "relative")
            if apart and style["width"] == "auto":
                found = None  # as wide as its words
            if style_for(holder)["display"] not in _PLAIN:
                found = None
        return found

    def rebuild(self, element: Element) -> tuple[Any, Any] | None:
        """Build a block anew: the old box and the new one; nothing where what follows would be counted otherwise."""
        place = self._find(element)
        if place is None:
            return None
        holder, number = place
        before, after = self._around[element]
        state = _copied(before)
        context = self._context
        with self._counting():
            made = build.element_to_box(
                element,
                context.style_for,
                context.get_image_from_uri,
                self._html.base_url,
                context.target_collector,
                self._counter_style,
                context.footnotes,
                state,
            )
        if len(made) != 1 or state != after:
            return None
        (box,) = made
        box.process_whitespace()
        box.process_text_transform()
        box = build.create_anonymous_boxes(box)
        if type(box) is not type(holder.children[number]) or context.footnotes:
            return None
        old = holder.children[number]
        holder.children = [*holder.children[:number], box, *holder.children[number + 1 :]]
        return old, box

    def forget(self, elements: set[Element]) -> None:
        """Forget elements that are no more."""
        for element in elements:
            self._around.pop(element, None)

    def _find(self, element: Element) -> tuple[Any, int] | None:
        """The box of an element, as a number among those that its holder has."""
        todo = [self.root]
        while todo:
            holder = todo.pop()
            for number, box in enumerate(holder.children):
                if box.element is element and type(box) in _BUILT and "::" not in box.element_tag:
                    return holder, number
                if isinstance(box, boxes.ParentBox):
                    todo.append(box)
        return None


def _copied(state: Any) -> _State:
    quotes, values, scopes, groups = state
    return list(quotes), {name: list(one) for name, one in values.items()}, [set(one) for one in scopes], list(groups)
