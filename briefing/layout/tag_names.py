"""Kinds of the structure tree that HTML has no element for, on their way into it.

WeasyPrint goes by the names of elements. A part in another language is an element whose name ends in its tag,
`x-lang-fr`; in the file it becomes a kind of its own, `Span.fr`, which finishing turns into a span with its language
(ISO 32000-1, 14.9.2). A table of contents is `x-toc`, each of its lines `x-toci`. A note at the foot of a
page is `x-note-a`, and its mark `x-noteref-a`: finishing reads the note where the mark stands.
"""

from __future__ import annotations

from typing import Any

_LANGUAGE = "x-lang-"
_NOTES = {"x-note": "Note", "x-noteref": "Reference"}
_KINDS = {"x-toc": "TOC", "x-toci": "TOCI"}


def install(tags: Any) -> None:
    """Have WeasyPrint's module of tags name such elements."""
    usual = tags._get_pdf_tag
    if getattr(usual, "told", False):
        return

    def named(tag: str | None) -> str:
        if tag and tag.startswith("x-") and "::" not in tag:
            name, _, more = tag.rpartition("-") if not tag.startswith(_LANGUAGE) else ("", "", "")
            called = f"{_NOTES[name]}.{more}" if name in _NOTES else f"Span.{tag.removeprefix(_LANGUAGE)}"
            return _KINDS.get(tag) or called
        return str(usual(tag))

    named.told = True  # type: ignore[attr-defined]
    tags._get_pdf_tag = named
