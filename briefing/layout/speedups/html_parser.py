"""The source of a page becomes the tree that WeasyPrint lays out.

WeasyPrint's own parser of HTML is written in Python. What our templates write is well-formed XML as well, which expat
reads in a thirtieth of the time. Both find the same tree, but for white space outside of the body.
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from cssselect2 import ElementWrapper  # type: ignore[import-untyped]
from weasyprint import HTML

BASE_URL = "asset:"


class Parsed(HTML):  # type: ignore[misc]  # WeasyPrint has no types
    """A page's source, as WeasyPrint takes it."""

    def __init__(self, source: str, fetcher: Any) -> None:
        root = read(source)
        if root is None:
            super().__init__(string=source, base_url=BASE_URL, url_fetcher=fetcher)
            return
        # All that its own constructor sets.
        self.base_url = BASE_URL
        self.url_fetcher = fetcher
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root


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
