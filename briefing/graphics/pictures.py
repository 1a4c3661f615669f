"""The pictures of a document: charts and maps drawn for their place on the page, images from the content's folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from briefing import files
from briefing.checks.charts.chart_rules import chart_faults, height_faults
from briefing.checks.image_rules import MAX_IMAGE_BYTES, image_path
from briefing.content.blocks import ChartBlock, ImageBlock, MapBlock, Width, kind_of
from briefing.content.briefing import Briefing
from briefing.content.records import Chart
from briefing.content.scalars import Path as Keys
from briefing.design.brand.advances import advances_of
from briefing.design.faces import folders
from briefing.design.paper import PX_PER_MM, width_mm
from briefing.design.tokens import Tokens
from briefing.documents.block_views import Picture
from briefing.documents.chart_values import chart_rows, legend_of, tick_across, tick_of
from briefing.documents.page_setup import PageSetup
from briefing.findings import ContentPath, Finding, Place, Refused, error, has_errors
from briefing.graphics import photographs, renderer
from briefing.graphics.base_map import span
from briefing.graphics.chart_heights import chart_mm
from briefing.graphics.charts.canvas import Canvas
from briefing.graphics.charts.labels import measured_with
from briefing.graphics.charts.spec import spec
from briefing.graphics.choropleth import choropleth
from briefing.graphics.drawing import Drawing, Frame
from briefing.graphics.kept_maps import known_map
from briefing.graphics.map_legend import strip_points
from briefing.graphics.maps import map_height, map_spec
from briefing.ledger.ledger import Ledger

MM_PER_POINT = 25.4 / 72
RELIEF_PPI, RELIEF_PRESS_PPI = 220.0, 302.0  # preflight asks for 150, and for 300 in a press copy
Pictures = Mapping[str, Mapping[int, Picture]]  # by document and block


@dataclass(frozen=True)
class WantedDrawing:
    """A drawing that a block asks for."""

    document: str
    index: int
    drawing: Drawing
    at: ContentPath

    @property
    def name(self) -> str:
        """How the page asks for it."""
        return f"{self.document}-{self.index}.svg"


def make_blank_pictures(
    briefing: Briefing,
    documents: tuple[str, ...],
    setup: PageSetup,
    folder: Path,
    ppi: float = photographs.ENOUGH_PPI,
) -> Pictures:
    """The pictures with nothing in those that are to be drawn, which says all that pages can be laid with.

    The images of the content's folder are read, and made no finer than `ppi` asks for.
    """
    return {document: dict(_blanks(briefing, document, setup, folder, ppi)) for document in documents}


def _blanks(
    briefing: Briefing, document: str, setup: PageSetup, folder: Path, ppi: float
) -> Iterator[tuple[int, Picture]]:
    unit = setup.tokens.grid["picture"] / PX_PER_MM
    for index, block in enumerate(briefing.document(document).blocks):
        name = f"{document}-{index}"
        if isinstance(block, ImageBlock):
            yield index, _image(block, folder, setup, ppi, name)
        elif isinstance(block, ChartBlock | MapBlock) and (size := _size(block, briefing, setup)):
            frame = _frame(size[0] / setup.tokens.grid["picture"], size[1] / setup.tokens.grid["picture"])
            yield index, Picture(f"{name}.svg", renderer.blank(frame), *size, unit)


def _size(block: ChartBlock | MapBlock, briefing: Briefing, setup: PageSetup) -> tuple[float, float] | None:
    """Width and height of a drawing on the page, in millimetres; nothing where its chart is not there."""
    wide = width_mm(setup.paper, block.place, setup.tokens, setup.bleed_mm)
    if isinstance(block, ChartBlock):
        if block.chart not in briefing.charts:
            return None
        zoom = setup.tokens.grid["picture"]
        size = wide / zoom * PX_PER_MM, setup.tokens.px("note") / zoom
        high = chart_mm(briefing.charts[block.chart], block.height_mm, *size)
        return wide, round(float(high) * zoom, 2)
    strip = strip_points(block, setup.tokens) * MM_PER_POINT
    tall = map_height(
        _into_bleed(block, setup).bounds, wide
    )  # no map has bounds that make it none: `plan_drawings` says so
    share = min(1.0, (setup.tokens.grid["tallest"] - strip) / tall) if tall > 0 else 1.0
    return wide * share, round(tall * share + strip, 2)


def _into_bleed(block: MapBlock, setup: PageSetup) -> MapBlock:
    """A band's map that goes on into the bleed: on the sheet it is the same as without, and as high."""
    if not (setup.bleed_mm and block.place.is_band):
        return block
    wide = span(block.bounds)
    wanted = wide * setup.bleed_mm / width_mm(setup.paper, block.place, setup.tokens, 0.0)
    more = Decimal(min(wanted, max(0.0, (359.999 - wide) / 2)))  # no map goes further than once round
    west, east = block.bounds.west - more, block.bounds.east + more
    return block.model_copy(update={"bounds": block.bounds.model_copy(update={"west": west, "east": east})})


def plan_drawings(
    briefing: Briefing, ledger: Ledger, documents: tuple[str, ...], setup: PageSetup
) -> tuple[WantedDrawing, ...]:
    """Say what is to be drawn; raises `Refused` where a chart or a map makes no sense.

    Charts with a fault that the ledger or the checks tell of are passed over.
    """
    wanted: list[WantedDrawing] = []
    faults: list[Finding] = []
    # Where pictures are larger, all of them is: lines, marks and words. So they are drawn small and laid large.
    zoom = setup.tokens.grid["picture"]
    tokens = replace(setup.tokens, size={name: size / zoom for name, size in setup.tokens.size.items()})
    ppi = zoom * (RELIEF_PRESS_PPI if setup.bleed_mm else RELIEF_PPI)
    with measured_with(advances_of(tokens.faces, tokens.font["sans"])):
        for document in documents:
            for index, block in enumerate(briefing.document(document).blocks):
                path: Keys = (document, "blocks", index, kind_of(block))
                if not isinstance(block, ChartBlock | MapBlock) or not (size := _size(block, briefing, setup)):
                    continue
                frame = _frame(size[0] / zoom, size[1] / zoom)
                try:
                    if isinstance(block, MapBlock):
                        drawing = _map(_into_bleed(block, setup), tokens, frame, setup.templates, ppi)
                        wanted.append(WantedDrawing(document, index, drawing, ContentPath(path)))
                    elif _sound(briefing, ledger, block, setup):
                        path = ("charts", block.chart)
                        chart = briefing.charts[block.chart]
                        drawing = _chart(chart, ledger, tokens, frame, setup)
                        wanted.append(WantedDrawing(document, index, drawing, ContentPath(path)))
                except Refused as refused:
                    faults += [finding.or_at(ContentPath(path)) for finding in refused.findings]
    if faults:
        raise Refused(faults)
    return tuple(wanted)


def _map(block: MapBlock, tokens: Tokens, frame: Frame, templates: Path, ppi: float) -> Drawing:
    made_from = block, tokens, frame, ppi
    return known_map(made_from, templates, lambda: map_spec(block, tokens, frame, templates, ppi))


def _chart(chart: Chart, ledger: Ledger, tokens: Tokens, frame: Frame, setup: PageSetup) -> Drawing:
    wording = setup.wording
    rows = tuple(chart_rows(chart, ledger, wording))
    if chart.map:
        names, when = legend_of(chart, ledger, wording)
        sheet = Canvas(tokens, frame.width_px, frame.height_px, frozenset(), wording.locale)
        legend = names, wording.word("label", "no_value"), when
        made_from = chart, rows, legend, tokens, frame, wording.locale
        return known_map(made_from, setup.templates, lambda: choropleth(chart, rows, legend, sheet, setup.templates))
    tick, across = tick_of(chart, ledger, wording), tick_across(chart, wording)
    return spec(chart, rows, tokens, frame, wording.locale, tick, across)


def draw_pictures(
    wanted: tuple[WantedDrawing, ...], blank: Pictures, setup: PageSetup, cache: Path | None
) -> tuple[Pictures, tuple[Finding, ...]]:
    """The pictures with what is wanted drawn in them; those that could not be drawn are blank."""
    pictures = {document: dict(those) for document, those in blank.items()}
    svgs, faults = renderer.draw(
        {item.name: item.drawing for item in wanted}, cache, *folders(setup.templates / "fonts", setup.tokens.faces)
    )
    noticed = [faults[item.name].or_at(item.at) for item in wanted if item.name in faults]
    for item in wanted:
        if item.name in svgs:
            noticed += [_of(item, one) for one in renderer.judge(item.drawing, svgs[item.name])]
            before, drawing = pictures[item.document][item.index], item.drawing
            data = renderer.on_ground(svgs[item.name], drawing)
            pictures[item.document][item.index] = replace(
                before, data=data, words=drawing.words, shaded=drawing.shaded or bool(drawing.ground)
            )
    return pictures, tuple(dict.fromkeys(noticed))


def _of(item: WantedDrawing, noticed: Finding) -> Finding:
    """What was noticed of a drawing, with its place, and the chart that it is about."""
    chart = str(item.at.path[1]) if item.at.path[:1] == ("charts",) else ""
    return replace(noticed.or_at(item.at), about=noticed.about or chart)


def _sound(briefing: Briefing, ledger: Ledger, block: ChartBlock, setup: PageSetup) -> bool:
    chart = briefing.charts.get(block.chart)
    if chart is None or any(datum.figure and datum.figure not in ledger.entries for datum in chart.data):
        return False
    faults = (*chart_faults(block.chart, chart, ledger, setup.wording), *height_faults(block.height_mm, ()))
    return not has_errors(faults)


def _frame(width: float, height: float) -> Frame:
    return Frame(round(width * PX_PER_MM, 2), round(height * PX_PER_MM, 2))


HERO_MM, COVER = 46.0, 0.5  # the height of a band, and the part of a sheet's height that a cover's picture takes


def _image(block: ImageBlock, folder: Path, setup: PageSetup, ppi: float, stem: str) -> Picture:
    """An image at the width of its place, or at the height that the content asks for, upright and not too fine."""
    wide, factor = width_mm(setup.paper, block.place, setup.tokens, setup.bleed_mm), setup.tokens.grid["picture"]
    path = image_path(folder, block.file)
    assert path is not None  # the checks have seen to it
    data, pixels = _bytes(path, block.file), path.suffix.lower() != ".svg"
    size = photographs.size(data) if pixels else _size_of_drawing(data)
    ratio = size[0] / size[1]
    if block.place.is_band and pixels:
        usual = COVER * setup.paper.height_mm if block.place is Width.COVER else HERO_MM
        high = float(block.height_mm or usual)
        data = photographs.cropped(data, wide / high, block.focus)
        return Picture(stem + path.suffix.lower(), photographs.sampled(data, wide, ppi), wide, high)
    height = float(block.height_mm) * factor if block.height_mm else wide / ratio
    if factor > 1 and pixels:
        wide = min(wide, max(45.0, size[0] / photographs.CLEAR_PPI * 25.4))  # no less than a quarter of a page
    width = min(wide, height * ratio)
    data = photographs.sampled(data, width, ppi) if pixels else data
    return Picture(stem + path.suffix.lower(), data, width, min(height, wide / ratio))


def _bytes(path: Path, name: str) -> bytes:
    """The picture's bytes; raises `Refused` where it has gone since it was looked at."""
    try:
        return files.read(path, MAX_IMAGE_BYTES)
    except files.Unreadable as fault:
        hint = "build again when it is there"
        raise Refused([error("image-missing", f'"{name}" {fault.why}', Place(), hint)]) from None


def _size_of_drawing(data: bytes) -> tuple[float, float]:
    from xml.etree import ElementTree

    box = [float(part) for part in ElementTree.fromstring(data).get("viewBox", "").replace(",", " ").split()]
    return (box[2], box[3]) if len(box) == 4 and box[2] > 0 and box[3] > 0 else (3.0, 2.0)
