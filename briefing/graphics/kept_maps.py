"""Maps that were planned before in this process: what is asked for again is not worked out again.

The key holds all that a map is made from, and the base map and relief by size and time.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from briefing.content.pictures.map_blocks import MapBlock
from briefing.design.tokens import Tokens
from briefing.graphics.drawing import Drawing, Frame
from briefing.graphics.maps import map_spec
from briefing.runtime.digest import digest

MOST = 16

_kept: OrderedDict[tuple[object, ...], Drawing] = OrderedDict()


def plan_map(block: MapBlock, tokens: Tokens, frame: Frame, templates: Path, ppi: float) -> Drawing:
    """How to draw the map, as `map_spec` says it."""
    files = [(file.name, file.stat()) for file in sorted((templates / "map").iterdir())]
    stamps = tuple((name, one.st_size, one.st_mtime_ns) for name, one in files)
    key = digest((block, tokens, frame, ppi)), templates, stamps
    drawing = _kept.pop(key, None) or map_spec(block, tokens, frame, templates, ppi)
    _kept[key] = drawing
    if len(_kept) > MOST:
        _kept.popitem(last=False)
    return drawing
