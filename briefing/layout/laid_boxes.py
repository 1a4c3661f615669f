"""The boxes of laid pages: what stands where, how full a page is, and what reaches beyond its column.

To be imported by the typesetter alone, which sees to how WeasyPrint is loaded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar
from xml.etree.ElementTree import Element

from weasyprint.formatting_structure import boxes
from weasyprint.images import SVGImage
from weasyprint.layout.background import layout_box_backgrounds

from briefing.documents.setting import FOOT, Placed

MARK = "copy-mark"  # the id of the place that page one keeps for the mark of a copy
LEAST_OUT_PX = 2.0  # what may be due to rounding, or to a letter that leans over


@dataclass(frozen=True)
class LaidPage:
    """One laid page: how much of its type area is taken, and what stands on it."""

    fill: float  # bottom of the lowest thing on the page, as a part of the type area's height
    area_px: float  # height of the type area
    blocks: Mapping[str, tuple[float, float]]  # top and bottom of each block's part here, px from the area's top
    sources: Mapping[str, tuple[int, ...]]  # by block, the numbers of its marks here; without a name those above all
    foot_px: float = 0.0  # height of the notes at its foot, which are part of what it is filled with
    mark: tuple[float, float, float, float] | None = None  # left, top, width, height of its place, px from the corner


@dataclass(frozen=True)
class StickingOut:
    """How far something reaches beyond its column, and what it says."""

    by_px: float
    said: str


Fact = TypeVar("Fact")


def _known(page: Any, find: Callable[..., Fact], *given: Any) -> Fact:
    """What is found on a page, kept with it: a page may be one of several layouts."""
    facts: dict[Any, Fact] = vars(page).setdefault("facts", {})
    key = find, *given
    if key not in facts:
        facts[key] = find(page, *given)
    return facts[key]


def forget(page: Any) -> None:
    """Forget what was found on a page, whose boxes have moved."""
    vars(page).pop("facts", None)


def look(page: Any, style: str, pictures: Mapping[str, str]) -> str:
    """A digest of all boxes of a page, with where they stand, what they say and show, and what styles them."""
    return _known(page, _look, style, tuple(pictures.items()))


def _look(page: Any, style: str, shows: tuple[tuple[str, str], ...]) -> str:
    pictures = dict(shows)
    told = hashlib.sha256(f"{style} {page.width} {page.height}".encode())
    for box in page.descendants():
        element = box.element
        said = getattr(box, "text", "")
        attributes = sorted(element.items()) if element is not None else ()
        shown = pictures.get(element.get("src", ""), "") if element is not None else ""
        size = " ".join(f"{px:.2f}" for px in (box.position_x, box.position_y, box.width, box.height))
        told.update(f"{type(box).__name__} {box.element_tag} {size} {said} {attributes} {shown}\n".encode())
    return told.hexdigest()[:32]


def blocks_of(page: Any) -> Iterator[Any]:
    """The boxes of a page's blocks."""
    return (box for box in page.descendants() if box.element is not None and box.element.get("data-block"))


def sticking_out(pages: Iterable[Any]) -> Mapping[str, StickingOut]:
    """The blocks of which something reaches beyond its column or its cell, each with what reaches farthest."""
    found: dict[str, StickingOut] = {}
    for page in pages:
        for name, out in _known(page, _sticking_out).items():
            if name not in found or out.by_px > found[name].by_px:
                found[name] = out
    return found


def _sticking_out(page: Any) -> Mapping[str, StickingOut]:
    found: dict[str, StickingOut] = {}
    for block in blocks_of(page):
        edges = (block.content_box_x(), block.content_box_x() + block.width)
        for by, said in _beyond(block, edges, edges[1]):
            name = block.element.get("data-block")
            if by > found.get(name, StickingOut(LEAST_OUT_PX, "")).by_px:
                found[name] = StickingOut(by, said)
    return found


def _beyond(box: Any, edges: tuple[float, float], right: float) -> Iterator[tuple[float, str]]:
    """How far each text and picture within a box reaches beyond; in a cell, to its left as well."""
    for child in box.children:
        if child.element is not box.element and child.element is not None and child.element.get("data-block"):
            continue  # a block of its own
        if isinstance(child, boxes.TextBox | boxes.ReplacedBox):
            by = max(child.position_x + child.width - right, edges[0] - child.position_x if right < edges[1] else 0.0)
            yield by, getattr(child, "text", "").strip()
        elif isinstance(child, boxes.TableCellBox):
            end = child.position_x + child.border_width()
            yield from _beyond(child, (child.position_x, edges[1]), min(right, end))
        elif isinstance(child, boxes.ParentBox):
            yield from _beyond(child, edges, right)


def taken(page: Any, names: Collection[str]) -> list[tuple[str, Any]]:
    """Blocks that stand apart from the flow, taken out of a page."""
    found = []
    for parent in list(blocks_of(page)):
        for child in list(parent.children):
            name = child.element.get("data-block", "") if child.element is not None else ""
            if name in names and child.is_absolutely_positioned():
                parent.children.remove(child)
                found.append((name, child))
    return found


def put(page: Any, places: Iterable[tuple[Placed, Any]], images: Mapping[str, Any]) -> None:
    """Put blocks that stand apart from the flow, each with its place, on a page from which they were taken."""
    count: dict[str, int] = {}
    for place, box in places:
        section = next(one for one in blocks_of(page) if one.element.get("data-block") == place.before)
        at = count[place.before] = count.get(place.before, -1) + 1
        section.children.insert(at, box)
        box.translate(0, page.content_box_y() + round(place.top, 2) - box.position_y)
        layout_box_backgrounds(page, box, lambda url, **_: images.get(url))  # which have places of their own
    forget(page)


def redraw(image: Any, drawing: Element, url: str, fetcher: Any) -> None:
    """Have a picture, wherever it stands, show another drawing of the same size."""
    image._svg = SVGImage(drawing, url, fetcher, image._context)._svg


def sheet_of(page: Any) -> LaidPage:
    """How far down a page its content reaches."""
    return _known(page, _sheet_of)


def _sheet_of(page: Any) -> LaidPage:
    top, height = page.content_box_y(), page.height
    bottom = top
    blocks: dict[str, tuple[float, float]] = {}
    mark = None
    for box in _inside(page):
        if _marks_paper(box):
            bottom = max(bottom, box.position_y + _border_height(box))
    for box in page.descendants():
        name = box.element.get("data-block") if box.element is not None else None
        if name and name not in blocks:
            start = box.border_box_y() - top
            blocks[name] = (start, start + box.border_height())
        elif not name and box.element is not None and box.element.get("id") == MARK:
            mark = (box.border_box_x(), box.border_box_y(), box.border_width(), box.border_height())
    foot = sum(box.margin_height() for box in page.children if isinstance(box, boxes.FootnoteAreaBox) and box.children)
    return LaidPage((bottom - top + foot) / height, height, blocks, _sources(page), foot, mark)


_SOURCE = "#source-"


def _sources(page: Any) -> dict[str, tuple[int, ...]]:
    """The numbers of the sources whose marks stand on a page, block by block."""
    found: dict[str, list[int]] = {}
    dashed = False

    def look(box: Any, block: str) -> None:
        nonlocal dashed
        element = box.element
        if isinstance(box, boxes.FootnoteAreaBox):
            block = FOOT
        elif element is not None and element.get("data-block"):
            block = element.get("data-block")
        address = element.get("href", "") if element is not None and box.element_tag == "a" else ""
        if address.startswith(_SOURCE) and not isinstance(box, boxes.TextBox):
            number, numbers = int(address.removeprefix(_SOURCE)), found.setdefault(block, [])
            numbers += range(numbers[-1] + 1, number) if dashed and numbers else ()  # 4–7 names four of them
            numbers.append(number)
            dashed = False
        elif isinstance(box, boxes.TextBox):
            dashed = box.text.strip() == "–"
        else:
            for child in getattr(box, "children", ()):
                look(child, block)

    look(page, "")
    return {block: tuple(numbers) for block, numbers in found.items()}


def _marks_paper(box: Any) -> bool:
    return isinstance(box, (boxes.LineBox, boxes.ReplacedBox, boxes.TableCellBox)) or (
        isinstance(box, boxes.BlockLevelBox) and bool(box.border_bottom_width or box.style["background_color"].alpha)
    )


def _border_height(box: Any) -> float:
    return float(box.height if isinstance(box, boxes.LineBox) else box.margin_top + box.border_height())


def _inside(page: Any) -> Iterator[Any]:
    """All boxes of a page's text column, without running heads and what stands in the margin column."""
    todo = [child for child in page.children if not isinstance(child, (boxes.MarginBox, boxes.FootnoteAreaBox))]
    while todo:
        box = todo.pop()
        if box.is_absolutely_positioned():
            continue
        if box.element is not None and box.element_tag in ("html", "body"):
            todo.extend(box.children)
            continue
        yield box
        if isinstance(box, boxes.ParentBox):
            todo.extend(box.children)


def running_text(pages: Sequence[Any]) -> tuple[float, float]:
    """Leading in pixels, and words on a full line, of the text that is set in the body size."""
    lines = [_known(page, _running_lines) for page in pages]
    leadings = [leading for page, _ in lines for leading in page]
    counts = [count for _, page in lines for count in page]
    if not leadings:
        return 19.0, 11.0  # a page without two lines of running text: body size and measure of the tokens
    return sorted(leadings)[len(leadings) // 2], sum(counts) / len(counts)


def _running_lines(page: Any) -> tuple[list[float], list[int]]:
    """The leadings of a page's running text, and how many words its lines have."""
    leadings: list[float] = []
    counts: list[int] = []
    body = page.children[0].style["font_size"]
    for box in _inside(page):
        if isinstance(box, boxes.BlockBox) and box.style["font_size"] == body and box.element_tag in ("p", "li"):
            lines = [child for child in box.children if isinstance(child, boxes.LineBox)]
            leadings += [below.position_y - above.position_y for above, below in pairwise(lines)]
            counts += [_words(line) for line in lines]
    return leadings, counts


def _words(line: Any) -> int:
    return len(" ".join(box.text for box in line.descendants() if isinstance(box, boxes.TextBox)).split())
