"""The page source: an edition in, HTML out. Only this stage knows Jinja.

Templates see the edition, the design tokens and the setting of the page, with undefined names an error and autoescape on.
Content has become HTML before; it is never rendered as a template.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from briefing.edition import Edition
from briefing.paper import width_mm
from briefing.model import Width
from briefing.tokens import Tokens, read_tokens

STYLES = ("base.css", "blocks.css")


@dataclass(frozen=True)
class Setting:
    """How tightly a page is set: factors on the tokens' spacing and type size, and the height of the sheet."""

    space: float = 1.0
    type: float = 1.0
    tall: bool = False  # a sheet without end, to measure what does not fit


def compose(edition: Edition, setting: Setting, templates: Path) -> str:
    """The HTML of a document, styles included; its pictures and fonts are named by `asset:` and `font:` addresses."""
    environment, tokens, styles = _environment(templates)
    sizes = {name: sized(tokens, name, setting.type) for name in tokens.size}
    look = {
        "tokens": tokens,
        "sizes": sizes,
        "setting": setting,
        "leading": round(1.36 + 0.16 * max(-0.35, min(0.6, setting.space - 1.0)), 4),
        "main_mm": width_mm(edition.paper, Width.MAIN, tokens),
        "wide_mm": width_mm(edition.paper, Width.WIDE, tokens),
        "styles": Markup("\n".join(styles)),
    }
    return environment.get_template(edition.template).render(edition=edition, look=look)


def sized(tokens: Tokens, name: str, factor: float) -> float:
    """A type size in points under a factor, never below its floor."""
    scaled = name in ("body", "note", "small", "lead", "mark")
    size = tokens.size[name] * factor if scaled else tokens.size[name]
    floor = tokens.floor.get(name, tokens.floor["note"] if name == "small" else 0.0)
    return round(max(size, floor), 3)


@lru_cache(maxsize=4)
def _environment(templates: Path) -> tuple[Environment, Tokens, tuple[str, ...]]:
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    styles = tuple((templates / "styles" / name).read_text(encoding="utf-8") for name in STYLES)
    return environment, read_tokens(templates), styles
