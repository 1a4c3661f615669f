"""The page source: an edition in, HTML out. Only this stage knows Jinja.

Templates see the edition, the design tokens and the setting of the page, with undefined names an error and autoescape
on. Content has become HTML before; it is never rendered as a template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from briefing.content.blocks import Width
from briefing.design.paper import PAPERS, Paper, width_mm
from briefing.design.tokens import LAYERS, Tokens, read_tokens
from briefing.documents import template_cache
from briefing.documents.document import Edition
from briefing.layout.margin_column import Placed
from briefing.layout.speedups.css_values import settled

STYLES = ("base.css", "blocks.css")
OPTIONS: Mapping[str, Any] = {
    "autoescape": True,
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": False,
}


@dataclass(frozen=True)
class Setting:
    """How tightly a page is set: factors on the tokens' spacing and type size, and the height of the sheet."""

    space: float = 1.0
    type: float = 1.0
    tall: bool = False  # a sheet without end, to measure what does not fit


def compose(edition: Edition, setting: Setting, templates: Path, placed: Sequence[Placed] = ()) -> str:
    """The HTML of a document, styles included; its pictures and fonts are named by `asset:` and `font:` addresses.

    Margin blocks stand where they are `placed`, and those that are not, at the block that follows them.
    """
    return page(edition, setting, templates, flow=_flow(edition, placed))


class Page(Protocol):
    """What every page template sees as `edition`."""

    @property
    def template(self) -> str:
        """The name of its template."""

    @property
    def paper(self) -> Paper:
        """The sheet that it is made for."""

    @property
    def layer(self) -> str:
        """Of tokens and styles, where it has one."""


def page(edition: Page, setting: Setting, templates: Path, **more: Any) -> str:
    """The HTML of whatever has a template and a paper, with the look of the house."""
    environment, tokens, styles = _environment(templates, edition.layer)
    sizes = {name: sized(tokens, name, setting.type) for name in tokens.size}
    look = {
        "tokens": tokens,
        "sizes": sizes,
        "setting": setting,
        "leading": round(1.36 + 0.16 * max(-0.35, min(0.6, setting.space - 1.0)), 4),
        **margins(edition.paper, tokens),
        "main_mm": width_mm(edition.paper, Width.MAIN, tokens),
        "styles": Markup("\n".join(styles)),
    }
    return settled(environment.get_template(edition.template).render(edition=edition, look=look, **more))


def sheet(templates: Path, name: str, shown: Mapping[str, Any]) -> str:
    """The HTML of a page for a screen, in the house's colours."""
    environment, tokens, _ = _environment(templates)
    return environment.get_template(name).render(tokens=tokens, **shown)


def margins(paper: Paper, tokens: Tokens) -> dict[str, float]:
    """The upper and the lower margin in millimetres; a taller sheet gives a part of its height to each."""
    spare = (paper.height_mm - min(sheet.height_mm for sheet in PAPERS.values())) * tokens.grid["spare"]
    return {
        "top_mm": round(tokens.grid["margin_top"] + spare, 2),
        "bottom_mm": round(tokens.grid["margin_bottom"] + spare, 2),
    }


def _flow(edition: Edition, placed: Sequence[Placed]) -> list[dict[str, Any]]:
    """The blocks of the text column, each with the margin blocks that stand on its page."""
    views = {view.id: view for view in edition.blocks}
    at = {spot.id: spot for spot in placed}
    waiting: list[dict[str, Any]] = []
    flow: list[dict[str, Any]] = []
    for view in edition.blocks:
        if view.place != "side":
            here = [{"view": views[spot.id], "top": spot.top} for spot in placed if spot.before == view.id]
            flow.append({"view": view, "sides": [*waiting, *here]})
            waiting = []
        elif view.id not in at:
            waiting.append({"view": view, "top": None})
    if waiting and flow:
        flow[-1]["sides"] += waiting
    return flow


def reading_order(edition: Edition, placed: Sequence[Placed] = ()) -> tuple[int, ...]:
    """The blocks by their place in the content, in the order in which the page has them."""
    if edition.document == "fact_sheet":
        rows = edition.rows()
        views = [view for row in rows for view in row.get("main", []) + row.get("side", []) + [row.get("wide")] if view]
    else:
        views = [
            view for item in _flow(edition, placed) for view in [*(s["view"] for s in item["sides"]), item["view"]]
        ]
    return tuple(view.index for view in views)


def sized(tokens: Tokens, name: str, factor: float) -> float:
    """A type size in points under a factor, never below its floor."""
    scaled = name in ("body", "note", "small", "lead")
    size = tokens.size[name] * factor if scaled else tokens.size[name]
    floor = tokens.floor.get(name, tokens.floor["note"] if name == "small" else 0.0)
    return round(max(size, floor), 3)


@lru_cache(maxsize=8)
def _environment(templates: Path, layer: str = "") -> tuple[Environment, Tokens, tuple[str, ...]]:
    environment = Environment(
        loader=FileSystemLoader(templates), bytecode_cache=template_cache.beside(templates, OPTIONS), **OPTIONS
    )
    files = [templates / "styles" / name for name in STYLES]
    if layer:
        files.append(templates / LAYERS / layer / "style.css")
    styles = tuple(file.read_text(encoding="utf-8") for file in files if file.exists())
    return environment, read_tokens(templates, layer), styles


def ready() -> None:
    """Compile all templates, so that the first document need not."""
    environment, *_ = _environment(template_cache.OWN)
    for name in environment.list_templates(extensions=["j2"]):
        environment.get_template(name)


if __name__ == "__main__":
    ready()
