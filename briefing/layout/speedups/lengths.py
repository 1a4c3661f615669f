"""Lengths of boxes: a tenth of laying out a page.

Margins, paddings, borders and sizes of a box follow from its style and from the box around it. Most boxes have the
same as others before them: what came out then is kept under all that it follows from. Boxes with borders that
collapse, and lengths that are formulas, go WeasyPrint's own way.

Stands on `layout.percent.resolve_percentages`, on the modules that import it, and on what it sets.
"""

from __future__ import annotations

import sys
from operator import itemgetter
from typing import Any

from weasyprint.css.functions import check_math
from weasyprint.formatting_structure import boxes
from weasyprint.layout import percent
from weasyprint.layout.absolute import AbsolutePlaceholder

_anew = percent.resolve_percentages
_SIDES = ("top", "right", "bottom", "left")
_RESOLVED = (
    *(f"margin_{side}" for side in _SIDES),
    *(f"padding_{side}" for side in _SIDES),
    *("width", "min_width", "max_width", "height", "min_height", "max_height"),
    *(f"border_{side}_width" for side in _SIDES),
)
_said = itemgetter("border_collapse", "box_sizing", *_RESOLVED)
_MOST = 20_000
_KEPT: dict[tuple[Any, ...], dict[str, Any]] = {}


def install(plain: bool) -> None:
    """Have lengths worked out WeasyPrint's own way, or the shorter one."""
    way = _anew if plain else _resolve
    for name, module in list(sys.modules.items()):
        if name.startswith("weasyprint.") and hasattr(module, "resolve_percentages"):
            module.resolve_percentages = way  # type: ignore[attr-defined]


def _resolve(box: Any, containing_block: Any) -> None:
    """Set the lengths of a box, as those of a box like it."""
    if isinstance(containing_block, boxes.Box):
        around = containing_block.width, containing_block.height
    else:
        around = tuple(containing_block)
    said = _said(box.style)
    if said[0] == "collapse" or type(box) is AbsolutePlaceholder:
        _anew(box, containing_block)
        return
    key = said, around, isinstance(box, boxes.PageBox)
    found = _KEPT.get(key)
    if found is not None:
        vars(box).update(found)
        return
    _anew(box, containing_block)
    if any(check_math(length) for length in said[2:]):  # which may follow from the size of type
        return
    if len(_KEPT) >= _MOST:
        _KEPT.clear()
    here = vars(box)
    _KEPT[key] = {name: here[name] for name in _RESOLVED}
