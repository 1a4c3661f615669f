"""Maps that were planned before in this process: what is asked for again is not worked out again.

The key holds all that a map is made from, and the base map and relief by size and time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from briefing.graphics.drawing import Drawing
from briefing.runtime.digest import digest

MOST = 16

_kept: OrderedDict[tuple[object, ...], Drawing] = OrderedDict()


def known_map(made_from: object, templates: Path, plan: Callable[[], Drawing]) -> Drawing:
    """The map that was `made_from` all this, or else is planned now."""
    files = [(file.name, file.stat()) for file in sorted((templates / "map").iterdir())]
    stamps = tuple((name, one.st_size, one.st_mtime_ns) for name, one in files)
    key = digest(made_from), templates, stamps
    drawing = _kept.pop(key, None) or plan()
    _kept[key] = drawing
    if len(_kept) > MOST:
        _kept.popitem(last=False)
    return drawing
