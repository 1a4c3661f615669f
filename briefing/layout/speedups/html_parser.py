"""The source of a page read by expat: a thirtieth of the time, some 50 ms for each layout of a brief.

WeasyPrint's own parser of HTML is written in Python. What our templates write is well-formed XML as well, which gives
the same tree, but for white space outside of the body. Other sources go WeasyPrint's own way.

Stands on `weasyprint.HTML` calling `tinyhtml5.parse` with a file of text.
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import tinyhtml5  # type: ignore[import-untyped]
import weasyprint


def install(plain: bool) -> None:
    """Have sources read WeasyPrint's own way, or the shorter one."""
    weasyprint.tinyhtml5 = tinyhtml5 if plain else _Parser


class _Parser:
    """What takes the place of `tinyhtml5`."""

    @staticmethod
    def parse(file: Any, **options: Any) -> Any:
        """The root of a source's tree."""
        source = file.read()
        root = read(source) if isinstance(source, str) else None
        return tinyhtml5.parse(source, **options) if root is None else root


def read(source: str) -> ElementTree.Element | None:
    """The tree of a page's source, or nothing where it is no XML or could be another tree in HTML."""
    try:
        root = ElementTree.fromstring(source)
    except ElementTree.ParseError:
        return None
    whole = root.tag == "html" and [child.tag for child in root] == ["head", "body"]
    # A mark within the words of a link is a link in a link, which HTML sets side by side.
    nested = any(link.find(".//a") is not None for link in root.iter("a"))
    return root if whole and not nested else None
