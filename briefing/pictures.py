"""The pictures of a document: charts and maps drawn for their place on the page, images from the content's folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from briefing import draw
from briefing.blocks import ChartBlock, ImageBlock, MapBlock, kind_of
from briefing.charts.spec import spec
from briefing.checks import image_path
from briefing.drawing import Drawing, Frame
from briefing.findings import Finding, Place, Refused
from briefing.ledger import Ledger, Where
from briefing.maps import map_height, map_spec
from briefing.model import Briefing
from briefing.paper import PX_PER_MM, Paper, width_mm
from briefing.rows import chart_rows
from briefing.scalars import Path as Keys
from briefing.tokens import Tokens
from briefing.views import Picture
from briefing.wording import Wording

Pictures = Mapping[str, Mapping[int, Picture]]  # by document and block


@dataclass(frozen=True)
class _Wanted:
    """A drawing that a block asks for."""

    document: str
    index: int
    width_mm: float
    height_mm: float
    drawing: Drawing
    place: Place

    @property
    def name(self) -> str:
        return f"{self.document}-{self.index}.svg"


def make(
    briefing: Briefing,
    ledger: Ledger,
    wording: Wording,
    tokens: Tokens,
    documents: tuple[str, ...],
    paper: Paper,
    folder: Path,
    templates: Path,
    cache: Path | None,
    where: Where,
) -> tuple[Pictures, tuple[Finding, ...]]:
    """Make every picture that the documents show; raises `Refused` where a chart makes no sense."""
    wanted: list[_Wanted] = []
    faults: list[Finding] = []
    pictures: dict[str, dict[int, Picture]] = {name: {} for name in documents}
    for document in documents:
        for index, block in enumerate(briefing.document(document).blocks):
            path: Keys = (document, "blocks", index, kind_of(block))
            wide = width_mm(paper, block.place, tokens)
            try:
                if isinstance(block, ChartBlock):
                    chart = briefing.charts[block.chart]
                    tall = float(block.height_mm or chart.height_mm)
                    drawing = spec(chart, tuple(chart_rows(chart, ledger, wording)), tokens, _frame(wide, tall))
                    wanted.append(_Wanted(document, index, wide, tall, drawing, where(("charts", block.chart))))
                elif isinstance(block, MapBlock):
                    tall = round(map_height(block.bounds, wide), 2)
                    drawing = map_spec(block, tokens, _frame(wide, tall), templates)
                    wanted.append(_Wanted(document, index, wide, tall, drawing, where(path)))
                elif isinstance(block, ImageBlock):
                    pictures[document][index] = _image(block, folder, wide, f"{document}-{index}")
            except Refused as refused:
                chart_path = ("charts", block.chart) if isinstance(block, ChartBlock) else path
                faults += [_placed(finding, where(chart_path)) for finding in refused.findings]
    if faults:
        raise Refused(faults)
    svgs, findings = draw.draw({item.name: item.drawing for item in wanted}, cache, templates / "fonts")
    places = {item.name: item.place for item in wanted}
    for item in wanted:
        if item.name in svgs:
            pictures[item.document][item.index] = Picture(item.name, svgs[item.name], item.width_mm, item.height_mm)
    named = (
        _placed(finding, next((p for n, p in places.items() if n in finding.message), Place())) for finding in findings
    )
    return pictures, tuple(named)


def _frame(width: float, height: float) -> Frame:
    return Frame(round(width * PX_PER_MM, 2), round(height * PX_PER_MM, 2))


def _placed(finding: Finding, place: Place) -> Finding:
    return finding if finding.place.file else replace(finding, place=place)


def _image(block: ImageBlock, folder: Path, wide: float, stem: str) -> Picture:
    """An image at the width of its place, or at the height that the content asks for."""
    path = image_path(folder, block.file)
    assert path is not None  # the checks have seen to it
    data = path.read_bytes()
    ratio = _ratio(path, data)
    height = float(block.height_mm) if block.height_mm else wide / ratio
    return Picture(stem + path.suffix.lower(), data, min(wide, height * ratio), min(height, wide / ratio))


def _ratio(path: Path, data: bytes) -> float:
    if path.suffix.lower() == ".svg":
        from xml.etree import ElementTree

        root = ElementTree.fromstring(data)
        box = [float(part) for part in root.get("viewBox", "").replace(",", " ").split()]
        if len(box) == 4 and box[2] > 0 and box[3] > 0:
            return box[2] / box[3]
        return 1.5
    import io

    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        return image.width / image.height
