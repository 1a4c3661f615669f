"""The rules by which the Markdown reader finds figures, source marks, marks of notes, references to blocks,
and words of another language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkLabel
from markdown_it.rules_inline import StateInline

VARIANTS = ("long", "open", "short", "bare", "date")
FLAGS = ("plain", "magnitude", "open")  # may stand beside a form


@dataclass(frozen=True)
class FigureRef:
    """`{{id|variant|magnitude|plain}}`: a figure in a text; `plain` leaves its source marks to the sentence.

    `magnitude` leaves its minus to the sentence, which says “down”.
    """

    id: str
    variant: str = "long"
    plain: bool = False
    magnitude: bool = False
    opened: bool = False


def add_to(reader: MarkdownIt) -> None:
    """Have a Markdown reader find them, before it looks for links."""
    for name, rule in (
        ("figure", _figure),
        ("citation", _citation),
        ("note", _note),
        ("reference", _reference),
        ("language", _language),
    ):
        reader.inline.ruler.before("link", name, rule)


FIGURE = re.compile(r"\{\{\s*([a-z][a-z0-9-]*)\s*((?:\|\s*[a-z]+\s*)*)\}\}")
_NOTE = re.compile(r"(?:(?<=[^\n])|(?!....:))\[\^([a-z*])\]")  # no line begins with one and a colon
CITATION = re.compile(r"\[(@[a-z0-9-]+(?:\s*[;,]\s*@[a-z0-9-]+)*)\]")
_REFERENCE = re.compile(r"\[#([a-z][a-z0-9-]{0,59})\]")
_LANGUAGE = re.compile(r"\{lang=([\w-]{1,40})\}")


def _figure(state: StateInline, silent: bool) -> bool:
    found = FIGURE.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        options = [option.strip() for option in found[2].split("|") if option.strip()]
        forms = [option for option in options if option not in FLAGS]
        unknown = next((option for option in forms if option not in VARIANTS), None)
        variant = unknown or next(iter(forms), "open" if "open" in options else "long")
        token = state.push("figure", "", 0)
        token.meta = {"ref": FigureRef(found[1], variant, *(flag in options for flag in FLAGS))}
    state.pos = found.end()
    return True


def _note(state: StateInline, silent: bool) -> bool:
    found = _NOTE.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("note", "", 0).meta = {"mark": found[1]}
    state.pos = found.end()
    return True


def _citation(state: StateInline, silent: bool) -> bool:
    found = CITATION.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        token = state.push("citation", "", 0)
        token.meta = {"ids": tuple(re.findall(r"@([a-z0-9-]+)", found[1]))}
    state.pos = found.end()
    return True


def _reference(state: StateInline, silent: bool) -> bool:
    found = _REFERENCE.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("reference", "", 0).meta = {"id": found[1]}
    state.pos = found.end()
    return True


def _language(state: StateInline, silent: bool) -> bool:
    """`[mots]{lang=fr}`: its words are read as any others."""
    if state.src[state.pos] != "[" or state.src.find("{lang=", state.pos) < 0:
        return False
    start, end, last = state.pos + 1, parseLinkLabel(state, state.pos), state.posMax
    found = _LANGUAGE.match(state.src, end + 1) if end > start else None
    if not found:
        return False
    if not silent:
        element = f"x-lang-{found[1].lower()}"  # by its name the typesetter tells it (`layout.tag_names`)
        token = state.push("language_open", element, 1)
        token.attrSet("lang", found[1])
        state.pos, state.posMax = start, end
        state.md.inline.tokenize(state)
        state.push("language_close", element, -1)
    state.pos, state.posMax = found.end(), last
    return True
