"""The page source: an doc in, HTML out. Only this stage knows Jinja.

Templates see the doc, the design tokens and the setting of the page, with undefined names an error and autoescape
on. Content has become HTML before; it is never rendered as a template.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import jinja2
from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
)
from jinja2.bccache import Bucket
from markupsafe import Markup

from briefing.content.blocks import Width
from briefing.design.paper import PAPERS, Paper, width_mm
from briefing.design.template_folders import own_templates
from briefing.design.tokens import LAYERS, HouseTemplates, Tokens, read_tokens
from briefing.documents.block_views import View
from briefing.documents.document import DocumentView
from briefing.documents.setting import Length, Placed, Setting
from briefing.findings import Missing, error

BYTECODE = own_templates() / "__pycache__"  # which no digest of the templates takes in
OPTIONS: Mapping[str, Any] = {
    "autoescape": True,
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": False,
}


def compose(
    doc: DocumentView,
    setting: Setting,
    templates: Path,
    placed: Sequence[Placed] = (),
    tokens: Tokens | None = None,
) -> str:
    """The HTML of a document, styles included; its pictures and fonts are named by `asset:` and `font:` addresses.

    Margin blocks stand where they are `placed`, and those that are not, at the block that follows them.
    """
    return page(doc, setting, templates, tokens, flow=_flow(doc, placed))


class TemplatePage(Protocol):
    """What every page template sees as `doc`."""

    @property
    def template(self) -> str:
        """The name of its template."""

    @property
    def paper(self) -> Paper:
        """The sheet that it is made for."""

    @property
    def layer(self) -> str:
        """Of tokens and styles, where it has one."""


def page(doc: TemplatePage, setting: Setting, templates: Path, tokens: Tokens | None = None, **more: Any) -> str:
    """The HTML of whatever has a template and a paper; with the look of the house where no other tokens are given."""
    environment, usual = _environment(templates, doc.layer, tokens.house_templates if tokens else None)
    tokens = tokens or usual
    sizes = {name: sized(tokens, name, setting.type) for name in tokens.size}
    look = {
        "tokens": tokens,
        "sizes": sizes,
        "setting": setting,
        "layer": f"{LAYERS}/{doc.layer}/style.css.j2" if doc.layer else [],
        **margins(doc.paper, tokens),
    }
    css = _css_values(doc.paper, tokens, sizes, setting)
    filled = _filled(environment, doc.template, tokens.house_templates, doc=doc, look=look, css=css, **more)
    return _BEHIND_FIGURE.sub(r'\1<span class="marks apart\2">', filled)


# Where a raised number would be a power.
_BEHIND_FIGURE = re.compile(r'([0-9%](?:</[\w-]+>)*)<span class="marks((?: letter)?)">')


def _filled(environment: Environment, name: str, house: HouseTemplates | None, /, **shown: Any) -> str:
    """A template filled in; raises `Missing` where those of a house's own do not let it."""
    try:
        return environment.get_template(name).render(**shown)
    except Exception as fault:  # a template is a program, and may do whatever a program does
        if not house:
            raise
        hint = "put the templates of your own right, or leave --templates out"
        raise Missing(error("templates-unfit", f"a template cannot be filled in: {fault}"[:300], hint=hint)) from None


def _css_values(paper: Paper, tokens: Tokens, sizes: Mapping[str, float], setting: Setting) -> dict[str, Any]:
    """What styles print by name: colours, families, sizes, widths, and `u`, the step of all vertical space.

    They are printed where they are used: custom properties and products, worked out for every element, take WeasyPrint
    a tenth of a layout.
    """
    return {
        **{name.replace("-", "_"): value for name, value in tokens.colour.items()},
        **{name: Markup('"{}"').format(family) for name, family in tokens.font.items()},
        **{f"size_{name}": Length(size, "pt") for name, size in sizes.items()},
        "leading": Length(round(1.36 + 0.16 * max(-0.35, min(0.6, setting.space - 1.0)), 4)),
        "u": Length(round(tokens.size["step"] * setting.space, 3), "pt"),
        "gap": Length(round(max(tokens.size["step"] * setting.space * 4.2, tokens.floor["gap"]), 3), "pt"),
        "main": Length(round(width_mm(paper, Width.MAIN, tokens), 2), "mm"),
        "side": Length(tokens.grid["side"], "mm"),
        "half": Length(round(width_mm(paper, Width.LEFT, tokens), 2), "mm"),
        "gutter": Length(tokens.grid["gutter"], "mm"),
    }


def sheet(templates: Path, name: str, shown: Mapping[str, Any], tokens: Tokens | None = None) -> str:
    """The HTML of a page for a screen, in the house's colours where no others are given."""
    house = tokens.house_templates if tokens else None
    environment, usual = _environment(templates, house=house)
    return _filled(environment, name, house, tokens=tokens or usual, **shown)


def margins(paper: Paper, tokens: Tokens) -> dict[str, float]:
    """The upper and the lower margin in millimetres; a taller sheet gives a part of its height to each."""
    least = min(sheet.height_mm for sheet in PAPERS.values())
    spare = max(0.0, paper.height_mm - least) * tokens.grid["spare"]  # half a sheet has none
    return {
        "top_mm": round(tokens.grid["margin_top"] + spare, 2),
        "bottom_mm": round(tokens.grid["margin_bottom"] + spare, 2),
    }


def _flow(doc: DocumentView, placed: Sequence[Placed]) -> list[dict[str, Any]]:
    """The blocks of the text column, each with the margin blocks that stand on its page."""
    views = {view.id: view for view in doc.blocks}
    at = {spot.id: spot for spot in placed}
    waiting: list[dict[str, Any]] = []
    flow: list[dict[str, Any]] = []
    for view in (view for view in doc.blocks if not view.is_band):
        if view.place == "right" and flow and flow[-1]["view"].place == "left" and not flow[-1]["beside"]:
            flow[-1]["beside"] = view
        elif view.place != "side":
            here = [{"view": views[spot.id], "top": spot.top} for spot in placed if spot.before == view.id]
            flow.append({"view": view, "sides": [*waiting, *here], "beside": None})
            waiting = []
        elif view.id not in at:
            waiting.append({"view": view, "top": None})
    if waiting and flow:
        flow[-1]["sides"] += waiting
    return flow


def ids_that_open(doc: DocumentView) -> frozenset[str]:
    """The blocks of the text column that a margin block can hang on to: the right one of a pair stands in another's."""
    return frozenset(item["view"].id for item in _flow(doc, ()))


def reading_order(doc: DocumentView, placed: Sequence[Placed] = ()) -> tuple[int, ...]:
    """The blocks by their place in the content, in the order in which the page has them."""
    if doc.document == "fact_sheet":
        rows = doc.rows()
        views = [view for row in rows for view in _in_row(row)]
    else:
        views = [view for item in _flow(doc, placed) for view in _in_item(item)]
    return tuple(view.index for view in (*([doc.band] if doc.band else []), *views))


def _in_row(row: Mapping[str, Any]) -> list[View]:
    wide = [row["wide"]] if "wide" in row else []
    return [*row.get("main", ()), *row.get("side", ()), *row.get("pair", ()), *wide]


def _in_item(item: Mapping[str, Any]) -> list[View]:
    beside = [item["beside"]] if item["beside"] else []
    return [*(side["view"] for side in item["sides"]), item["view"], *beside]


LARGE = ("heading", "mid", "title", "figure")


def sized(tokens: Tokens, name: str, factor: float) -> float:
    """A type size in points under a factor, never below its floor; what is large gives way more."""
    size = tokens.size[name] * float(factor ** (2.5 if name in LARGE else 1.0))
    floor = tokens.floor.get(name, tokens.floor["note"] if name == "small" else 0.0)
    return round(max(size, floor), 3)


@lru_cache(maxsize=8)
def _environment(templates: Path, layer: str = "", house: HouseTemplates | None = None) -> tuple[Environment, Tokens]:
    if house:
        from jinja2 import ChoiceLoader
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        both = ChoiceLoader([_HouseLoader(house), FileSystemLoader(templates)])
        return ImmutableSandboxedEnvironment(loader=both, **OPTIONS), read_tokens(templates, layer)
    ours = templates.resolve() == BYTECODE.parent  # bytecode is a program: none is taken from a folder that is given
    kept = _Bytecode(BYTECODE, OPTIONS) if ours else None
    return Environment(loader=FileSystemLoader(templates), bytecode_cache=kept, **OPTIONS), read_tokens(
        templates, layer
    )


class _HouseLoader(FileSystemLoader):
    """Templates of a house's own: those alone that the digest of their folder takes in."""

    def __init__(self, house: HouseTemplates) -> None:
        super().__init__(house.folder)
        self._known = frozenset(map(str, house.files))

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, path, is_fresh = super().get_source(environment, template)
        if os.path.normpath(path) not in self._known:
            raise TemplateNotFound(template)
        return source, path, is_fresh


class _Bytecode(FileSystemBytecodeCache):
    """Templates compiled once, for this version of Jinja and these options; what cannot be kept costs time only."""

    def __init__(self, folder: Path, options: Mapping[str, Any]) -> None:
        made_for = hashlib.sha256(f"{jinja2.__version__} {sorted(options.items())!r}".encode()).hexdigest()[:8]
        super().__init__(str(folder), f"%s.{sys.implementation.cache_tag}.{made_for}.jinja")

    def load_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(Exception):  # what is damaged counts as missing
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if not sys.dont_write_bytecode:
            with contextlib.suppress(OSError):
                os.makedirs(self.directory, exist_ok=True)
                super().dump_bytecode(bucket)


def compile_templates() -> None:
    """Compile all of our own, so that the first document need not."""
    environment, _ = _environment(BYTECODE.parent)
    for name in environment.list_templates(extensions=["j2"]):
        environment.get_template(name)


if __name__ == "__main__":
    compile_templates()
