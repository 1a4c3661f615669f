"""The language of a part of a page, on its way into the structure tree.

WeasyPrint does not write it. A part in another language is an element whose name ends in its tag, `x-lang-fr`; in the
file it becomes a kind of its own, `Span.fr`, which finishing turns into a span with its language (ISO 32000-1, 14.9.2).
"""

from __future__ import annotations

from typing import Any

_MARK = "x-lang-"


def install(tags: Any) -> None:
    """Have WeasyPrint's module of tags name such elements."""
    usual = tags._get_pdf_tag
    if getattr(usual, "told", False):
        return

    def named(tag: str | None) -> str:
        if tag and tag.startswith(_MARK):
            return f"Span.{tag.removeprefix(_MARK)}"
        return str(usual(tag))

    named.told = True  # type: ignore[attr-defined]
    tags._get_pdf_tag = named
