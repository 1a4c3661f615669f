"""Whether boxes stand in the flow: asked some thousand times for each page, and a fiftieth of laying it out.

Stands on `formatting_structure.boxes.Box.is_in_normal_flow`, which asks the same of two properties one by one.
"""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure.boxes import Box

_anew = Box.is_in_normal_flow
_OUT = frozenset(("left", "right", "inline-start", "inline-end", "footnote"))
_APART = frozenset(("absolute", "fixed"))
_ELSEWHERE = frozenset(("running()", "note()"))


def install(plain: bool) -> None:
    """Have that asked WeasyPrint's own way, or the shorter one."""
    Box.is_in_normal_flow = _anew if plain else _is_in_flow


def _is_in_flow(box: Any) -> bool:
    style = box.style
    position = style["position"]
    return style["float"] not in _OUT and position not in _APART and position[0] not in _ELSEWHERE
