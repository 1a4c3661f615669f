"""A typesetter that keeps the documents that it has laid, and lays of the next ones what is new.

What comes out is what the other one lays; where it is not certain that a kept document can follow, all is laid anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from briefing.design.faces import HOUSE, FontFace
from briefing.documents.setting import Placed
from briefing.layout.typesetter import BASE_URL, Fetcher, Layout, Typesetter, listening
from briefing.runtime import speed

# isort: split
import weasyprint
from weasyprint import HTML
from weasyprint.document import Page
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from briefing.layout.incremental import memo
from briefing.layout.incremental.pagination import CannotFollow
from briefing.layout.incremental.session import Session
from briefing.layout.laid_boxes import blocks_of, put, sheet_of, taken
from briefing.layout.speedups import html_parser
from briefing.layout.speedups.install import MADE_FOR

# Documents and their pages, the ones that were laid last: those of all settings that are tried to make one fit.
KEPT, KEPT_PAGES = 12, 80


_Key = tuple[str, int]  # the head of a source, with its styles, and what it was laid apart from


class WarmTypesetter(Typesetter):
    """Keeps what it has laid; pages of a layout are good until the next one."""

    def __init__(self, fonts: Path, faces: tuple[FontFace, ...] = HOUSE) -> None:
        super().__init__(fonts, faces)
        self._sessions: OrderedDict[_Key, Session] = OrderedDict()
        self._preferred: _Key = "", 0
        self._margins: dict[int, tuple[tuple[Any, ...], Any]] = {}  # by the number of a page
        self._keeps = weasyprint.__version__ == MADE_FOR and not speed.is_plain()
        if self._keeps:
            memo.install()

    def lay(self, html: str, assets: Mapping[str, bytes], apart: int = 0) -> Layout:
        """Lay out a document, or what of it is new."""
        head, _, _ = html.partition("<body")
        key = head, apart
        root = html_parser.read(html) if self._keeps else None
        if root is None:
            return super().lay(html, assets)
        session = self._sessions.pop(key, None)
        with listening() as heard:
            if session:
                try:
                    session.follow(root, assets)
                except CannotFollow:
                    session = None
            if session is None:
                heard.clear()
                with suppress(CannotFollow):
                    page = HTML(string=html, base_url=BASE_URL, url_fetcher=Fetcher(self._files, assets))
                    session = Session(page, self._config, head)
        if session is None:
            return super().lay(html, assets)
        document = session.document
        if not heard and not document.url_fetcher.asked:  # else whoever lays it the next time is to hear it again
            self._sessions[key] = session
            self._forget()
        return self._laid(document, html, session.images, heard, assets)

    def _forget(self) -> None:
        """Forget what was laid longest ago, where that is too much."""
        count = sum(one.page_count for one in self._sessions.values())
        for key in [*self._sessions][:-1]:
            if len(self._sessions) <= KEPT and count <= KEPT_PAGES:
                break
            if key != self._preferred:
                count -= self._sessions.pop(key).page_count

    def prefer(self, html: str, apart: int = 0) -> None:
        """Keep what was laid of a source longer than others."""
        self._preferred = html.partition("<body")[0], apart

    def placed(self, layout: Layout, places: Sequence[Placed], html: str) -> Layout:  # noqa: ARG002
        """The same pages with the blocks of the margin in their places; the boxes of `layout` stay where they are."""
        names = {place.id for place in places}
        pages = layout.document.pages
        laid = [dict(_loose(page._page_box, names)) for page in pages]
        loose = {name: box for here in laid for name, box in here.items()}
        made = []
        for number, page in enumerate(pages):
            here = tuple((place, loose[place.id]) for place in places if place.page == number)
            known = page, laid[number].keys(), here
            before = self._margins.get(number)
            if before is None or not _same(before[0], known):
                before = self._margins[number] = known, Page(_placed(page._page_box, names, here, layout))
            made.append(before[1])
        sheets = tuple(sheet_of(page._page_box) for page in made)
        return replace(layout, document=layout.document.copy(made), sheets=sheets)


def _same(before: tuple[Any, ...], now: tuple[Any, ...]) -> bool:
    """Whether a page is the same, what is to be taken from its margin, and what comes into it."""
    return (
        before[0] is now[0]
        and before[1] == now[1]
        and len(before[2]) == len(now[2])
        and all(
            place == other and box is another for (place, box), (other, another) in zip(before[2], now[2], strict=True)
        )
    )


def _loose(page: Any, names: set[str]) -> list[tuple[str, Any]]:
    """The blocks of the margin that stand on a page as it was laid."""
    children = ((child.element, child) for block in blocks_of(page) for child in block.children)
    named = ((element.get("data-block", ""), child) for element, child in children if element is not None)
    return [(name, child) for name, child in named if name in names and child.is_absolutely_positioned()]


def _placed(page: Any, names: set[str], here: tuple[tuple[Placed, Any], ...], layout: Layout) -> Any:
    """A page with other blocks in its margin, as `Typesetter.placed` puts them there."""
    root = _opened(page)
    taken(root, names)
    put(root, ((place, _twin(loose)) for place, loose in here), layout.images)
    return root


def _opened(box: Any) -> Any:
    """A copy of a box as far as blocks stand in it; what they hold stays the same."""
    copy = box.copy()
    copy.children = [_opened(child) if _holds_blocks(child) else child for child in box.children]
    return copy


def _holds_blocks(box: Any) -> bool:
    return isinstance(box, boxes.ParentBox) and any(
        one.element is not None and one.element.get("data-block") for one in box.descendants()
    )


def _twin(box: Any) -> Any:
    """A copy of a box with all that it holds."""
    if isinstance(box, AbsolutePlaceholder):
        placeholder = AbsolutePlaceholder(_twin(box._box))
        object.__setattr__(placeholder, "_layout_done", box._layout_done)
        return placeholder
    copy = box.copy()
    copy.children = [_twin(child) for child in box.children]
    if isinstance(box, boxes.TableBox):
        copy.column_groups = tuple(_twin(group) for group in box.column_groups)
    return copy


@cache
def warm_typesetter(fonts: Path, faces: tuple[FontFace, ...] = HOUSE) -> WarmTypesetter:
    """The one with these fonts, found once in a process; none that is forked from it may use it."""
    return WarmTypesetter(fonts, faces)
