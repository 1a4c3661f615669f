"""Blocks that were laid whole are moved to their new place and not laid again.

What a block becomes follows from itself and from what its key holds: the box that holds it, the margins that meet its
own, the page, and where on a line it begins. It is used once in the making of a page, since whoever lays a block twice
keeps both; it must have been whole, and be so where it stands now; nothing may float beside it, and nothing of it may
stand elsewhere.

Stands on `layout.block.block_level_layout`, by whatever module it is imported.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import block

_laid_anew = block.block_level_layout
_switch_anew = block.block_level_layout_switch


@dataclass
class Memo:
    """What was laid of each box, and what a page has looked at while it is made."""

    kept: dict[int, _Kept] = field(default_factory=dict)  # by the number of the box, which is kept with it
    met: set[Any] | None = None  # elements
    making: int = 0  # counts the pages that are made

    def begin_page(self) -> None:
        """A page is about to be made."""
        self.making += 1
        self.met = set()


@dataclass
class _Kept:
    box: Any
    key: tuple[Any, ...]
    laid: Any
    offset: tuple[float, float]  # from where the box was put to where it was laid
    next_page: dict[str, Any]
    margins_in: list[float]  # the margins that were handed in, as they were afterwards
    margins_out: list[float]
    collapsing_through: bool
    made: int


def install() -> None:
    """Have blocks looked up; in a process that lays documents with a memo."""
    block.block_level_layout_switch = _noting
    for name, module in list(sys.modules.items()):
        if name.startswith("weasyprint") and getattr(module, "block_level_layout", None) is _laid_anew:
            module.block_level_layout = _looked_up  # type: ignore[attr-defined]


def _noting(context: Any, box: Any, *rest: Any, **named: Any) -> Any:
    memo = vars(context).get("memo")
    if memo is not None and memo.met is not None and box.element is not None:
        memo.met.add(box.element)
    return _switch_anew(context, box, *rest, **named)


def _looked_up(
    context: Any,
    box: Any,
    bottom_space: float,
    skip_stack: Any,
    containing_block: Any,
    page_is_empty: bool = True,
    absolute_boxes: Any = None,
    fixed_boxes: Any = None,
    adjoining_margins: Any = None,
    first_letter_style: Any = None,
    first_line_style: Any = None,
    discard: bool = False,
    max_lines: Any = None,
) -> Any:
    absolute = [] if absolute_boxes is None else absolute_boxes
    fixed = [] if fixed_boxes is None else fixed_boxes
    margins = [] if adjoining_margins is None else adjoining_margins
    memo = vars(context).get("memo")

    def lay() -> Any:
        lines = first_letter_style, first_line_style, discard, max_lines
        return _laid_anew(
            context, box, bottom_space, skip_stack, containing_block, page_is_empty, absolute, fixed, margins, *lines
        )

    special = skip_stack is not None or first_letter_style or first_line_style or discard or max_lines is not None
    beside = memo is None or memo.met is None or context.excluded_shapes or box.element is None
    if special or beside or box.is_floated() or isinstance(box, boxes.TableBox):
        return lay()
    key = _key(context, box, containing_block, page_is_empty, margins)
    hit = memo.kept.get(id(box))
    if hit and hit.key == key and hit.made != memo.making and _moved(context, box, hit, bottom_space):
        hit.made = memo.making
        memo.met.add(box.element)
        margins[:] = hit.margins_in
        return hit.laid, None, dict(hit.next_page), list(hit.margins_out), hit.collapsing_through, None
    at, before = (box.position_x, box.position_y), _elsewhere(context, absolute, fixed)
    result = lay()
    laid, resume_at, next_page, margins_out, collapsing_through, lines_left = result
    whole = laid is not None and resume_at is None and lines_left is None
    if whole and _elsewhere(context, absolute, fixed) == before and not context.excluded_shapes:
        offset = laid.position_x - at[0], laid.position_y - at[1]
        memo.kept[id(box)] = _Kept(
            box, key, laid, offset, dict(next_page), list(margins), list(margins_out), collapsing_through, memo.making
        )
    else:
        memo.kept.pop(id(box), None)
    return result


def _key(context: Any, box: Any, around: Any, page_is_empty: bool, margins: list[float]) -> tuple[Any, ...]:
    is_box = isinstance(around, boxes.Box)
    room = (around.width, around.height, around.is_for_root_element) if is_box else tuple(around)
    first = page_is_empty, context.forced_break if page_is_empty else None
    return room, tuple(margins), first, context.current_page, context.in_column, box.position_x


def _moved(context: Any, box: Any, hit: _Kept, bottom_space: float) -> bool:
    """Move what was laid to its new place, from where it is, if it is whole there."""
    right = box.position_x + hit.offset[0] - hit.laid.position_x
    down = box.position_y + hit.offset[1] - hit.laid.position_y
    if context.overflows_page(bottom_space, hit.laid.position_y + down + hit.laid.margin_height()):
        return False
    if right or down:
        hit.laid.translate(right, down)
    return True


def _elsewhere(context: Any, absolute: list[Any], fixed: list[Any]) -> tuple[int, ...]:
    """How much there is of what stands elsewhere than in its block."""
    running = sum(len(found) for pages in context.running_elements.values() for found in pages.values())
    notes = len(context.footnotes), len(context.reported_footnotes), len(context.current_page_footnotes)
    return len(absolute), len(fixed), len(context.broken_out_of_flow), running, *notes
