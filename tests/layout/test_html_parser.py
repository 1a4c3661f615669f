"""A page's source is read as XML where that gives the tree that HTML gives."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
import tinyhtml5  # type: ignore[import-untyped]
import weasyprint

from briefing.documents import html
from briefing.documents.setting import Setting
from briefing.layout import typesetter  # noqa: F401 (which has the shorter ways installed)
from briefing.layout.speedups import html_parser
from tests.support.builds import FLAGSHIP, OTHER, TEMPLATES, document_views

PAGE = '<!DOCTYPE html><html lang="en"><head><title>T</title></head><body>{}</body></html>'


def told(root: ElementTree.Element) -> tuple[list[tuple[str, dict[str, str], str | None]], str]:
    """All elements, and the words of the body; white space around head and body is shown nowhere."""
    elements = [(one.tag, one.attrib, one.text if len(one) == 0 else None) for one in root.iter()]
    return elements, "".join(root[1].itertext()).rstrip()


def as_html(source: str) -> ElementTree.Element:
    root = tinyhtml5.parse(source, namespace_html_elements=False)
    assert isinstance(root, ElementTree.Element)
    return root


def laid(source: str) -> ElementTree.Element:
    """What WeasyPrint lays out."""
    assert weasyprint.tinyhtml5 is html_parser._Parser
    root = weasyprint.HTML(string=source, base_url="asset:").etree_element
    assert isinstance(root, ElementTree.Element)
    return root


@pytest.mark.parametrize("content", [FLAGSHIP, OTHER], ids=["flagship", "other"])
def test_both_documents_are_read_as_xml_and_are_the_same_tree(content: Path, drawings: Path) -> None:
    for made in document_views(content, "letter", drawings).values():
        source = html.compose(made, Setting(), TEMPLATES)
        root = html_parser.read(source)
        assert root is not None
        assert told(root) == told(as_html(source))


@pytest.mark.parametrize(
    "body",
    [
        '<p>an image <img src="a"></p>',
        "<p>a&nbsp;b</p>",
        '<p><a href="https://a.org">words<span><a href="#b">1</a></span></a></p>',
        "<p>a\x0bb</p>",
    ],
)
def test_what_is_no_xml_or_another_tree_in_html_is_read_as_html(body: str) -> None:
    source = PAGE.format(body)
    assert html_parser.read(source) is None
    assert told(laid(source)) == told(as_html(source))


def test_a_part_of_a_page_is_read_as_html() -> None:
    assert html_parser.read("<p>A line.</p>") is None
    assert laid("<p>A line.</p>").tag == "html"
