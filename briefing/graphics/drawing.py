"""A drawing and its room: what charts and maps hand to the drawing of SVG."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from briefing.findings import Finding

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


@dataclass(frozen=True)
class Frame:
    """The room that a drawing has, in CSS pixels: 96 to the inch."""

    width_px: float
    height_px: float


@dataclass(frozen=True)
class Drawing:
    """A Vega-Lite specification with its data in it, and the marks and lines of words that must come out at least."""

    spec: dict[str, Any]
    marks: int
    words: tuple[str, ...] = ()
    frame: Frame | None = None  # to which a drawing is brought whose size its engine chooses
    ground: bytes = b""  # a JPEG that lies below all of it
    head: float = 0.0  # pixels above that, which it leaves free
    shaded: bool = False  # whether its colours stand on a scale, so that neighbours are alike
    judge: Callable[[Element], Iterable[Finding]] | None = field(default=None, compare=False)  # of the finished SVG

    @cached_property
    def written(self) -> str:
        """The specification as one text, the same for the same drawing."""
        return json.dumps(self.spec, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


TRACKING = 0.06  # of the type size: the letter-spacing of layers named "tracked", which Vega cannot set
