"""The specimen of a brand: one sheet with its type, its colours and their ratios, a chart, and its mark."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from briefing.content.blocks import Width
from briefing.content.records import Chart
from briefing.design.brand.advances import advances_of
from briefing.design.brand.brand_file import BrandFile
from briefing.design.brand.colour import contrast
from briefing.design.brand.fitting import FittedBrand
from briefing.design.brand.palette import ColourRule
from briefing.design.faces import folders
from briefing.design.paper import PX_PER_MM, Paper, width_mm
from briefing.design.tokens import Tokens, read_tokens
from briefing.documents import html
from briefing.documents.chart_values import ChartValue
from briefing.findings import Finding, Place
from briefing.graphics import renderer
from briefing.graphics.charts.labels import measured_with
from briefing.graphics.charts.spec import spec
from briefing.graphics.drawing import Frame
from briefing.layout import single_page
from briefing.layout.single_page import SinglePage, TypesetPage

TEMPLATE = "dress/specimen.html.j2"
HEIGHT_MM = 27.0
ROLES = ("brand", "accent", "accent-mid", "accent-light", "map-tint", "signal", "grey", "ink")
_ROWS = tuple(
    ChartValue(month, None, series, value, f"{value:,}")
    for series, values in (("2023", (2463, 2466, 3810, 4030, 3896)), ("2024", (3600, 3717, 3684, 2926, 3075)))
    for month, value in zip(("Jan", "Feb", "Mar", "Apr", "May"), values, strict=True)
)
_CHART = {"kind": "lines", "title": "A", "alt": "A", "data": [{"label": "x", "value": "1"}], "highlight": ["2024"]}


@dataclass(frozen=True)
class Swatch:
    """One colour as the sheet shows it."""

    role: str
    colour: str
    ratio: str
    inks: str


def specimen(
    brand: BrandFile, fitted: FittedBrand, paper: Paper, templates: Path
) -> tuple[TypesetPage | None, tuple[Finding, ...]]:
    """The sheet of a brand, typeset; without one, the findings say why."""
    tokens = read_tokens(templates, dress=fitted.dress)
    wide = width_mm(paper, Width.WIDE, read_tokens(templates))
    dress = fitted.dress
    shown = {
        "name": dress.name or "A brand without a name",
        "look": dress.look,
        "form": dress.form,
        "paper": paper,
        "digest": brand.sum[:8],
        "mark": dress.logo,
        "clear_mm": dress.clear_mm,
        "swatches": tuple(_swatches(tokens)),
        "rules": _halves([rule for rule in fitted.rules if rule.code != "brand-ink"]),
        "chart_mm": (round(wide, 2), HEIGHT_MM),
    }
    page = html.sheet(templates, TEMPLATE, shown, tokens)
    assets = _chart(tokens, wide, templates)
    if dress.logo:
        assets[dress.logo.name] = dress.logo.data
        if dress.logo.white:
            assets[f"white-{dress.logo.white_name}"] = dress.logo.white
    at = Place(brand.source.file)
    sheet = SinglePage(f"specimen of {shown['name']}", page, assets, templates, at, faces=tokens.faces)
    return single_page.typeset(sheet)


def _halves(rules: list[ColourRule]) -> tuple[list[ColourRule], list[ColourRule]]:
    """The rules for two columns."""
    half = (len(rules) + 1) // 2
    return rules[:half], rules[half:]


def _swatches(tokens: Tokens) -> list[Swatch]:
    paper = tokens.colour["paper"]
    return [
        Swatch(
            role,
            tokens.colour[role],
            f"{contrast(tokens.colour[role], paper):.1f}:1",
            "/".join(f"{ink:.0f}" for ink in tokens.cmyk[role]),
        )
        for role in ROLES
    ]


def _chart(tokens: Tokens, wide: float, templates: Path) -> dict[str, bytes]:
    """A chart of invented numbers, measured with the fonts of the brand."""
    frame = Frame(round(wide * PX_PER_MM, 2), round(HEIGHT_MM * PX_PER_MM, 2))
    with measured_with(advances_of(tokens.faces, tokens.font["sans"])):
        drawing = spec(Chart.model_validate(_CHART), _ROWS, tokens, frame)
    drawn, _ = renderer.draw({"chart.svg": drawing}, None, *folders(templates / "fonts", tokens.faces))
    return drawn
