"""The icons that a document shows, in the colour of its look: views come in, pictures by their names go out.

They adorn a figure and say nothing, so they are drawn as grounds of boxes, which no listener is told of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from briefing import files
from briefing.documents.block_views import View

MOST = 100_000  # bytes of one


def drawn_icons(views: Iterable[View], templates: Path, colour: str) -> dict[str, bytes]:
    """Every icon that is asked for, under the name by which the page asks for it."""
    names = dict.fromkeys(name for view in views for name in _named(view.data))
    return {f"icon-{name}.svg": _drawn(templates / "icons" / f"{name}.svg", colour) for name in names}


def _named(data: Mapping[str, Any]) -> Iterator[str]:
    for one in (data, *(item for item in data.get("items", ()) if isinstance(item, Mapping))):
        if name := one.get("icon"):
            yield str(name)


@lru_cache(maxsize=64)
def _drawn(file: Path, colour: str) -> bytes:
    return files.read(file, MOST).replace(b"currentColor", colour.encode())
