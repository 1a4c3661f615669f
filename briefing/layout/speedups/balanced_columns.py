"""Balanced columns without laying them again for each height that is tried: a quarter less of laying out a brief.

WeasyPrint finds the height of balanced columns by laying all of them out, making them a bit higher, and laying them
out again; a list of twenty sources is laid some twenty times, which is half of the layout of a policy brief. Where a
list's items are whole (`break-inside: avoid`, no margins that meet), what goes into a column of some height follows
from their heights. Then WeasyPrint's own search is left as it is, and is answered by reckoning; only what it finds is
laid out.

Stands on `layout.block.columns_layout`, which calls `layout.block.block_box_layout` for each column that it tries.
"""

from __future__ import annotations

from itertools import pairwise
from math import inf
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import block

_AVOIDED = ("avoid", "avoid-column")


def install(plain: bool) -> None:
    """Have columns sought by laying them out, or by reckoning."""
    block.columns_layout = _laid_by_search if plain else _columns_layout


_laid_by_search = block.columns_layout


def _columns_layout(context: Any, box: Any, bottom_space: Any, skip_stack: Any, *rest: Any) -> Any:
    if skip_stack or box.style["column_fill"] != "balance":
        return _laid_by_search(context, box, bottom_space, skip_stack, *rest)
    plain = block.block_box_layout
    reckoned = _Reckoned(plain)
    block.block_box_layout = reckoned
    try:
        result = _laid_by_search(context, box, bottom_space, skip_stack, *rest)
    finally:
        block.block_box_layout = plain
    if reckoned.fits and result[1]:  # laid out, something is left over: then the reckoning was not right
        block.remove_placeholders(context, [result[0]], rest[2], rest[3])
        result = _laid_by_search(context, box, bottom_space, skip_stack, *rest)
    return result


class _Reckoned:
    """Stands for `block_box_layout` while columns are sought: lays all items out once, and answers by reckoning."""

    def __init__(self, plain: Any) -> None:
        self._plain = plain
        self._whole: Any = None  # all items in one column without end, where that can be reckoned with
        self._after: Any = None  # how what follows them is to begin
        self._laid = False
        self._next: dict[int, Any] = {}  # what begins with an item, as far as its first line
        self.fits = False  # whether the last column that was reckoned has taken in all that was left

    def __call__(self, context: Any, box: Any, bottom_space: float, skip_stack: Any, *rest: Any, **named: Any) -> Any:
        if not box.is_column:  # something within an item
            return self._plain(context, box, bottom_space, skip_stack, *rest, **named)
        if not self._laid:
            self._laid = True
            fresh = [[] if isinstance(one, list) else one for one in rest]  # a layout appends to what it is given
            whole, resume_at, self._after, *_ = self._plain(context, box, -inf, None, *fresh, **named)
            # The search begins with all the room that there is: what is higher than that is torn, wherever it stands.
            if (
                whole is not None
                and not resume_at
                and _is_plain(whole)
                and not any(
                    context.overflows_page(bottom_space, box.position_y + item.margin_height())
                    for item in whole.children
                )
            ):
                self._whole = whole
        if self._whole is None:
            return self._plain(context, box, bottom_space, skip_stack, *rest, **named)
        first = next(iter(skip_stack)) if skip_stack else 0
        if bottom_space == inf:  # only the first line of what comes next is asked for
            if first not in self._next:
                self._next[first] = self._plain(context, box, bottom_space, skip_stack, *rest, **named)
            return self._next[first]
        end = self._end(context, box, bottom_space, first, page_is_empty=rest[1])
        sought = rest[4] is not None  # the end of the search, which is to be printed, hands no list of margins in
        items = self._whole.children[first:end]
        column = self._column(box, [item.copy() for item in items] if sought else items, sought) if items else None
        return column, None if self.fits else {end: None}, self._after, [], False, None

    def _end(self, context: Any, box: Any, bottom_space: float, first: int, page_is_empty: bool) -> int:
        """The first item that a column does not take in."""
        items = self._whole.children
        up = items[first].position_y - box.position_y
        end = first
        for item in items[first:]:
            bottom = item.position_y - up + item.margin_height()
            if context.overflows_page(bottom_space, bottom) and (end > first or not page_is_empty):
                break
            end += 1
        self.fits = end == len(items)
        return end

    def _column(self, box: Any, items: list[Any], sought: bool) -> Any:
        """A laid column of items, which are moved into it."""
        right, down = box.position_x - self._whole.position_x, box.position_y - items[0].position_y
        column = self._whole.copy_with_children(items)
        column.position_x, column.position_y = box.position_x, box.position_y
        for item in items:
            if sought:  # only where it ends is looked at
                item.position_y += down
            else:
                item.translate(right, down)
        # Where a list is broken off, WeasyPrint leaves the margin under its last item away.
        column.height = _foot(column) - column.position_y - (0 if self.fits else items[-1].margin_bottom)
        return column


def _foot(column: Any) -> float:
    last = column.children[-1]
    return float(last.position_y + last.margin_height())


def _is_plain(column: Any) -> bool:
    """Whether a column can be filled by the heights of its items alone."""
    apart = all(
        isinstance(item, boxes.BlockBox)
        and item.is_in_normal_flow()
        and item.style["break_inside"] in _AVOIDED
        and item.style["break_before"] == item.style["break_after"] == "auto"
        and not item.margin_top
        and not any(inside.is_floated() or inside.footnote for inside in item.descendants())
        for item in column.children
    )
    ends = abs(column.position_y + column.height - _foot(column)) < 1e-6
    return (
        apart
        and ends
        and all(
            abs(above.position_y + above.margin_height() - below.position_y) < 1e-6
            for above, below in pairwise(column.children)
        )
    )
