"""Pages of which only those are made anew that an edit touches.

Stands on `layout.make_all_pages`, which makes the pages that are flagged, and flags the next one where what that begins
with has become another; and on what `layout.layout_document` does after it, which is done here for the pages that are
new: margin boxes, backgrounds, and what the named strings of a page are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from weasyprint import layout
from weasyprint.document import Page
from weasyprint.layout import page as page_layout

from briefing.layout.incremental.memo import Memo
from briefing.layout.laid_boxes import forget

_ROUNDS = 8  # as many as WeasyPrint tries


class CannotFollow(Exception):
    """Something is not as it must be for pages to be kept: all is to be laid anew."""


@dataclass
class _Made:
    """A page, and what is to be known of it to make others."""

    box: Any
    parts: tuple[Any, ...]  # its text, footnotes and notes
    met: Collection[Element]  # what its layout looked at
    labels: list[Any] = field(default_factory=list)  # the headings that it is the first to have
    page: Any = None


class Pagination:
    """The pages of a box tree."""

    def __init__(self, html: Any, context: Any, root: Any, memo: Memo) -> None:
        self._html, self._context, self._root, self._memo = html, context, root, memo
        context.memo = memo
        layout.initialize_page_maker(context, root)
        self._made: list[_Made] = []
        self._strings: dict[str, dict[int, list[str]]] = {}
        self._flow()

    @property
    def pages(self) -> list[Any]:
        """All pages, as they stand now."""
        return [made.page for made in self._made]

    def renew(self, touched: set[Element], others_too: bool) -> int:
        """Make the pages anew that have looked at some elements, with those before them if asked; how many were made.

        Raises `CannotFollow` where pages cannot be kept.
        """
        stale = {number for number, made in enumerate(self._made) if not touched.isdisjoint(made.met)}
        if not stale:
            raise CannotFollow
        if others_too:
            stale |= {number - 1 for number in stale if number}
        for number, entry in enumerate(self._context.page_maker):
            entry[-1]["content_changed"] = number in stale
            entry[-1]["pages_wanted"] = False
        self._context.tables.clear()
        return self._flow()

    def _flow(self) -> int:
        context, old = self._context, self._made
        boxes = [made.box for made in old]
        with self._noting() as new:
            for _ in range(_ROUNDS):
                boxes = list(layout.make_all_pages(context, self._root, self._html, boxes))
                for entry in context.page_maker:
                    entry[3][1]["pages"] = [len(boxes)]
                if not any(entry[-1]["content_changed"] for entry in context.page_maker):
                    break
        if any(entry[-1]["pages_wanted"] or entry[-1]["content_lookups"] for entry in context.page_maker):
            raise CannotFollow  # what is printed depends on where something else stands
        kept = {id(made.box): made for made in old}
        self._made = [kept.get(id(box)) or _Made(box, tuple(box.children), new[id(box)]) for box in boxes]
        fresh = [made for made in self._made if made.page is None]
        self._finish(len(old) != len(self._made))
        return len(fresh)

    @contextmanager
    def _noting(self) -> Iterator[dict[int, Collection[Element]]]:
        """Note what each page that is made looks at."""
        plain, context, memo = page_layout.remake_page, self._context, self._memo
        found: dict[int, Collection[Element]] = {}

        def remake_page(*given: Any) -> Any:
            memo.begin_page()
            page, resume_at = plain(*given)
            if context.broken_out_of_flow or context.reported_footnotes or context.footnotes or page.fixed_boxes:
                raise CannotFollow
            met = memo.met or set()
            memo.met = None
            found[id(page)] = met.union(box.element for box in page.descendants(placeholders=True))
            return page, resume_at

        page_layout.remake_page = remake_page
        try:
            yield found
        finally:
            page_layout.remake_page, memo.met = plain, None

    def _finish(self, recounted: bool) -> None:
        """Give pages their margin boxes and backgrounds: those that are new, or all where these say something else."""
        context = self._context
        seen: set[Any] = set()
        strings: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        labels = []
        for number, made in enumerate(self._made, 1):
            if made.page is None:
                made.labels = list(_name_headings(made.box, seen))
            if seen.intersection(made.labels):
                raise CannotFollow  # a heading has come to a page before the one that was the first to have it
            seen.update(made.labels)
            labels.append(made.labels)
            text = made.parts[0]
            for box in text.descendants():
                if box.string_set and box.string_set != "none":
                    for name, said in box.string_set:
                        strings[name][number].append(said)
        told = {name: dict(pages) for name, pages in strings.items()}
        every = recounted or told != self._strings
        self._strings = told
        context.string_set = strings
        for number, made in enumerate(self._made, 1):
            if every or made.page is None:
                text, footnotes, notes = made.parts
                text.children = list(text.children)
                context.current_page = number
                margin = layout.make_margin_boxes(context, made.box, context.page_maker[number][3])
                parts = (text, *(part for part in (footnotes, notes) if part.children), *margin)
                made.box.children = parts
                layout.layout_backgrounds(made.box, context.get_image_from_uri)
                forget(made.box)
                made.page = Page(made.box)


def _name_headings(page: Any, seen: set[Any]) -> Iterator[Any]:
    """The headings that this page is the first to have; others have no label here."""
    mine = set(seen)
    for box in page.descendants():
        if box.bookmark_label:
            kind = box.element_tag.rpartition("::")[2] if "::" in box.element_tag else ""
            key = box.element, kind
            if key in mine:
                box.bookmark_label = ""
            else:
                mine.add(key)
                yield key
