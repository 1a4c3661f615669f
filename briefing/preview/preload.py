"""What the preview's server of children does before it forks: all that a page needs until fonts are set up.

Templates are compiled and libraries loaded, once for all children. Fonts are not touched: what Pango makes of them does
not survive a fork. Whatever goes wrong here goes wrong again in a child, where it can be told.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

from briefing.design.template_folders import own_templates
from briefing.pipeline import typesetters
from briefing.pipeline.document_job import DocumentJob
from briefing.preview.reuse import Stamp, stamp

TEMPLATES = own_templates()
_PAGE = """\
briefing: {title: A title, short_title: Short, date: 2024-06-12, publisher: Desk, licence: Free, cite: Cite me}
sources:
  census: {publisher: Office, title: Census, kind: data}
figures:
  rides: {value: 300, as_of: 2024-05, sources: [census]}
brief:
  pages: 1
  blocks: [{prose: {heading: A heading, text: "We *counted* **{{rides}}** rides [@census]."}}]
fact_sheet:
  pages: 1
  blocks:
    - prose: {heading: A heading, text: "We *counted* **{{rides}}** rides, and hyphenation was considered [@census]."}
    - takeaways: {items: [A plain sentence.]}
    - key_figures: {items: [{figure: rides, label: Rides}]}
    - table: {columns: [{head: One}, {head: Two}], rows: [[a, b]]}
    - sources: {}
"""


def load() -> None:
    """Load what documents need, and do with a small one all that can be done without fonts."""
    global _read
    typesetters.load()
    logging.getLogger().addHandler(logging.NullHandler())
    with suppress(Exception):
        from briefing.layout.incremental import warm_typesetter  # noqa: F401

        _read = TEMPLATES, stamp(TEMPLATES)
        _warm()


_read: tuple[Path, Stamp] = (TEMPLATES, ())  # the templates that were read


def renew(templates: Path) -> None:
    """Forget what was read of templates that are others by now."""
    global _read
    now = templates, stamp(templates)
    if now != _read:
        from briefing.documents import html
        from briefing.layout import typesetter
        from briefing.layout.incremental import warm_typesetter

        html._environment.cache_clear()
        typesetter.typesetter.cache_clear()
        warm_typesetter.warm_typesetter.cache_clear()
        _read = now


def make_page() -> None:
    """Typeset and prove a small page of every kind of thing that costs time at first."""
    from briefing.pipeline import document

    document.make(_job())


def _warm() -> None:
    """Do the same as far as the fonts."""
    from briefing.documents import document, html
    from briefing.documents.setting import Setting
    from briefing.proofing import expected

    job = _job()
    told = job.briefing, job.ledger, job.wording, job.document
    made = document.build(*told, job.paper, job.pictures)
    html.compose(made, Setting(), TEMPLATES)
    expected.expected_document(*told, job.pictures, frozenset(), html.reading_order(made))


def _job() -> DocumentJob:
    from briefing.content import yaml_reader
    from briefing.design.paper import PAPERS
    from briefing.design.tokens import read_tokens
    from briefing.documents.manuscript import manuscript_of
    from briefing.documents.page_setup import PageSetup
    from briefing.pipeline.document_job import document_jobs

    one = manuscript_of(yaml_reader.parse(_PAGE.encode(), "warm.yaml"), TEMPLATES)
    paper = PAPERS[one.briefing.briefing.paper]
    setup = PageSetup(one.wording, read_tokens(TEMPLATES), paper, TEMPLATES)
    (job,) = document_jobs(one, ("fact_sheet",), setup, {"fact_sheet": {}})
    return job
