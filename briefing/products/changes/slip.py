"""The correction slip: what has changed comes in, one page to hand out with old copies goes out, as leaves.

All is said once: corrected figures, then corrected wording, then what else is new, each in order of importance. The
first leaf says everything; the next ones are set tighter; the last ones sum up the tail, line by line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from briefing.content.briefing import Briefing
from briefing.content.scalars import Kind
from briefing.design.paper import Paper
from briefing.design.tokens import read_tokens
from briefing.documents import document as document_writer
from briefing.documents import html
from briefing.documents.block_views import Picture, qr_picture
from briefing.documents.manuscript import Manuscript
from briefing.documents.setting import Setting
from briefing.findings import ContentPath
from briefing.layout.single_page import SinglePage
from briefing.products.changes.change_records import (
    Changes,
)
from briefing.products.changes.corrections import Correction, Said, corrections_of, slip_word
from briefing.products.changes.plain_words import format_text

SETTINGS = (  # tighter and tighter
    *(Setting(space) for space in (1.5, 1.25, 1.0, 0.8, 0.62)),
    Setting(0.62, 0.95),
)
HALF = (Setting(1.0), Setting(0.8))  # on half a sheet, where all can be said there
CODE_MM = 19.0  # without its quiet zone
MOST = 80  # of each kind; a page holds a third of that


@dataclass(frozen=True)
class CorrectionSlip:
    """A correction slip, ready for its template, which sees it as an edition."""

    paper: Paper
    language: str
    plain_title: str
    title: str
    lede: str
    front: Mapping[str, Any]
    words: Mapping[str, Mapping[str, str]]
    documents: str  # those that are not as they were
    versions: tuple[Mapping[str, str], ...]  # the old edition and the new one
    figures: tuple[Correction, ...]
    statements: tuple[Correction, ...]
    also: tuple[str, ...]
    more: Mapping[str, str]  # of each part, what no longer found room
    code: Picture | None
    quiet_mm: float  # the white around the code, which the page has of itself
    document: str = "errata"
    template: str = "errata.html.j2"
    layer: str = ""
    assets: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def leaves(old: Manuscript, new: Manuscript, changes: Changes, paper: Paper, templates: Path) -> tuple[SinglePage, ...]:
    """The slip on half a sheet, then at every length on a whole one; none where there is nothing to tell."""
    documents = _documents(new, changes)
    said = corrections_of(old, new, changes)
    total = len(said.figures) + len(said.statements) + len(said.also)
    if not total:
        return ()
    over = sum(max(0, len(lines) - MOST) for lines in (said.figures, said.statements, said.also))
    half = replace(paper, height_mm=paper.height_mm / 2)
    lengths = [(half, setting, 0) for setting in HALF if not over]
    lengths += [(paper, setting, 0) for setting in SETTINGS if not over]
    lengths += [(paper, SETTINGS[-1], count) for count in range(max(1, total - 2 * MOST), total + 1)]
    name = new.wording.word("document", "errata")
    at = ContentPath(("briefing",), key=True)
    made, tokens = [], read_tokens(templates, dress=new.dress)
    for sheet, setting, count in lengths:
        slip = _slip(old, new, said, count, sheet, documents)
        page = html.page(slip, setting, templates, tokens)
        assets = {**slip.assets, **tokens.marks}
        made.append(SinglePage(name, page, assets, templates, at, sheet is half, tokens.faces, slip.words["pdf"]))
    return tuple(made)


def _slip(old: Manuscript, new: Manuscript, everything: Said, cut: int, paper: Paper, documents: str) -> CorrectionSlip:
    said, gone = everything.without(cut)
    front = new.briefing.briefing
    code, quiet = _code(front.link)
    number = old.briefing.briefing.edition
    title = slip_word(new, "title", edition=number)
    return CorrectionSlip(
        paper=paper,
        language=front.language,
        plain_title=f"{title}: {format_text(new, Kind.TEXT, front.title)}",
        title=title,
        lede=format_text(new, Kind.TEXT, front.title),
        front=document_writer.front_matter(new.text_renderer(), "errata"),
        words=new.wording.words,
        documents=documents,
        versions=(_version(old, "said"), _version(new, "read")),
        figures=said.figures,
        statements=said.statements,
        also=said.also,
        more={name: _more(new, name, count) for name, count in gone.items()},
        code=code,
        quiet_mm=quiet,
        assets={code.name: code.data} if code else {},
    )


def _documents(new: Manuscript, changes: Changes) -> str:
    """The documents that do not say the same as before, by their names."""
    found = {one.document for one in changes.documents if one.fields or one.blocks}
    found |= {use.document for one in changes.figures for use in (*one.uses, *one.old_uses)}
    found |= {use.document for record in (*changes.sources, *changes.charts, *changes.terms) for use in record.uses}
    names = [new.wording.word("document", name) for name in Briefing.DOCUMENTS if name in found or not found]
    return names[0] if len(names) == 1 else slip_word(new, "documents", one=names[0], other=names[1].lower())


def _version(version: Manuscript, role: str) -> dict[str, str]:
    front = version.briefing.briefing
    return {
        "role": version.wording.word("errata", role),
        "edition": slip_word(version, "edition", edition=front.edition),
        "date": version.wording.date(front.date),
    }


def _code(link: str | None) -> tuple[Picture | None, float]:
    """A code for the telephone that leads to the new edition, and the white around it."""
    if not link or len(link) > 300 or not re.match(r"https?://", link):
        return None, 0.0
    code = qr_picture(link, CODE_MM)
    return code, round(4 * code.unit_mm, 2)


def _more(version: Manuscript, part: str, count: int) -> str:
    if not count:
        return ""
    group = {"figures": "errata_figures", "statements": "errata_wording", "also": "errata_also"}[part]
    forms = version.wording.words[group]
    return forms.get(version.wording.locale.plural_form(count), forms["other"]).format(n=count)
