"""A document that is kept as it was laid, and follows its source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from weasyprint import DEFAULT_OPTIONS, Document
from weasyprint.css.counters import CounterStyle
from weasyprint.document import DocumentMetadata
from weasyprint.html import get_html_metadata
from weasyprint.images import SVGImage

from briefing.layout.incremental import differences, styling
from briefing.layout.incremental.box_tree import BoxTree
from briefing.layout.incremental.memo import Memo
from briefing.layout.incremental.pagination import CannotFollow, Pagination
from briefing.layout.laid_boxes import redraw

# What a style may not say where a document is to follow: what is printed then depends on what stands elsewhere.
_FAR = ("target-", "running(", "element(", "footnote", "note(", "leader(", ":has", ":empty", "position: fixed")
_TELLING = ("html", "title", "meta", "link")  # elements from which the metadata of a file are taken
_STYLE = re.compile("<style.*?</style>", re.DOTALL)


class Session:
    """A laid document; raises `CannotFollow` where it cannot follow, and is of no use then."""

    def __init__(self, html: Any, config: Any, head: str) -> None:
        style = "".join(_STYLE.findall(head))
        if any(word in style for word in _FAR):
            raise CannotFollow
        self._html, self._config = html, config
        self.images: dict[str, Any] = {}
        counter_style = CounterStyle()
        options = {**DEFAULT_OPTIONS, "cache": self.images}
        self._context = Document._build_layout_context(html, config, counter_style, {}, options)
        self._tree = BoxTree(html, self._context, counter_style)
        self._memo = Memo()
        self._pages = Pagination(html, self._context, self._tree.root, self._memo)
        self._assets: Mapping[str, bytes] = html.url_fetcher.assets
        self.made = len(self._pages.pages)  # pages in the last round
        self._told: list[tuple[Any, ...]] | None = None
        self._renew_metadata()

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        return len(self._pages.pages)

    def _renew_metadata(self) -> None:
        """Have what the file tells of itself follow from the elements that say it."""
        root = self._html.etree_element
        told: list[tuple[Any, ...]] = [
            (one.tag, one.text, dict(one.attrib)) for tag in _TELLING for one in root.iter(tag)
        ]
        if told != self._told:
            self._told, self._metadata = told, DocumentMetadata(**get_html_metadata(self._html))

    @property
    def document(self) -> Document:
        """The document as it stands now; its pages are good until the next edit."""
        document = Document(self._pages.pages, self._metadata, self._html.url_fetcher, self._config, {}, None)
        document._html = self._html
        return document

    def follow(self, root: Element, assets: Mapping[str, bytes]) -> None:
        """Lay anew what differs in a source that has the same head."""
        differ = differences.differences(self._html.etree_element, root)
        if differ is None:
            raise CannotFollow
        self._exchange_pictures(assets, {one.get("src") for one in root.iter("img")})
        found = list(differ)
        self.made = 0
        if not found:
            return
        holders = {child: holder for holder in self._html.etree_element.iter() for child in holder}
        units: dict[Element, Element] = {}  # each with the child of the body that it stands in
        for one in found:
            chain = _chain(one.old, holders)
            unit = self._tree.unit(chain)
            if unit is None or len(chain) < 2:
                raise CannotFollow
            units[unit] = chain[-2]
        outer = {unit: top for unit, top in units.items() if not units.keys() & set(_chain(unit, holders)[1:])}
        self._exchange_text(found)
        for unit in outer:
            self._rebuild(unit, _chain(unit, holders))
        self.made = self._pages.renew(set(outer.values()), any(one.whole for one in found))
        self._renew_metadata()

    def _exchange_text(self, found: list[differences.Difference]) -> None:
        """Have the elements say what they say now, with the styles of those that are new."""
        whole = [one.old for one in found if one.whole]
        for element in whole:
            self._tree.forget(set(element.iter()) - {element})
            styling.forget(self._context.style_for, element)
        for one in found:
            differences.put(one)
        if not whole:
            return
        root = self._html.etree_element
        names = [name for element in root.iter() if (name := element.get("id"))]
        if len(set(names)) < len(names):
            raise CannotFollow  # which WeasyPrint tells of
        numbers = {child: (holder, number) for holder in root.iter() for number, child in enumerate(holder)}
        for element in whole:
            path, at = [], element
            while at in numbers:
                at, number = numbers[at]
                path.append(number)
            styling.add(self._context.style_for, self._html, element, path[::-1])

    def _rebuild(self, unit: Element, chain: list[Element]) -> None:
        rebuilt = self._tree.rebuild(unit)
        if rebuilt is None:
            raise CannotFollow
        old, _ = rebuilt
        stale, around = {id(box) for box in old.descendants()}, {*chain, self._html.etree_element}
        kept = self._memo.kept
        self._memo.kept = {
            number: one for number, one in kept.items() if number not in stale and one.box.element not in around
        }

    def _exchange_pictures(self, assets: Mapping[str, bytes], shown: set[str | None]) -> None:
        """Have pictures that are others now drawn, where they are drawings of the same size; forget those that went."""
        for name, data in self._assets.items():
            url = f"asset:{name}"
            image = self.images.get(url)
            if image is None or assets.get(name) == data:
                continue
            if name not in assets:
                if url in shown:
                    raise CannotFollow
                del self.images[url]  # what comes back by this name may be another
                continue
            if not isinstance(image, SVGImage):
                raise CannotFollow
            old, new = ElementTree.fromstring(data), ElementTree.fromstring(assets[name])
            if old.attrib != new.attrib:
                raise CannotFollow
            redraw(image, new, url, self._html.url_fetcher)
        self._assets = self._html.url_fetcher.assets = assets


def _chain(element: Element, holders: Mapping[Element, Element]) -> list[Element]:
    """An element and those that hold it, up to the body; only the element where it is not in the body."""
    chain = [element]
    while chain[-1].tag != "body":
        if chain[-1] not in holders:
            return [element]
        chain.append(holders[chain[-1]])
    return chain
