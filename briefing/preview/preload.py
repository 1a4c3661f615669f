"""What the preview's server of children imports before it forks: all that a page needs until fonts are set up.

Templates are compiled and libraries loaded, once for all children. Fonts are not touched: what Pango makes of them does
not survive a fork. Whatever goes wrong here goes wrong again in a child, where it can be told.
"""

from __future__ import annotations

import logging
import signal
from contextlib import suppress
from pathlib import Path

from briefing.design.template_folders import own_templates
from briefing.pipeline import preload  # noqa: F401
from briefing.pipeline.document_job import Order
from briefing.preview.orders import Stamp, stamp

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


def renew(templates: Path) -> None:
    """Forget what was read of templates that are others by now."""
    if templates != TEMPLATES or stamp(templates) != _STAMP:
        from briefing.documents import html
        from briefing.layout import typesetter

        html._environment.cache_clear()
        typesetter.typesetter.cache_clear()


def make_page() -> None:
    """Typeset and prove a small page of every kind of thing that costs time at first."""
    from briefing.proofing import proof

    proof.make(_order())


def _warm() -> None:
    """Do the same as far as the fonts."""
    from briefing.documents import document, html
    from briefing.documents.setting import Setting
    from briefing.proofing import expected

    order = _order()
    told = order.briefing, order.ledger, order.wording, order.document
    made = document.build(*told, order.paper, order.pictures)
    html.compose(made, Setting(), TEMPLATES)
    expected.script(*told, order.pictures, frozenset(), html.reading_order(made))


def _order() -> Order:
    from briefing.content import validation, yaml_reader
    from briefing.design.paper import PAPERS
    from briefing.design.tokens import read_tokens
    from briefing.graphics.pictures import Room
    from briefing.language.wording import read_wording
    from briefing.ledger import ledger
    from briefing.pipeline.document_job import orders

    read = yaml_reader.parse(_PAGE.encode(), "warm.yaml")
    content = validation.build(read)
    wording = read_wording(TEMPLATES, "en", {}, read.place(()))
    book, _ = ledger.build(content, wording, read.place)
    room = Room(wording, read_tokens(TEMPLATES), PAPERS[content.briefing.paper], TEMPLATES, read.place)
    (one,) = orders(content, book, ("fact_sheet",), room, {"fact_sheet": {}})
    return one


signal.signal(signal.SIGINT, signal.SIG_IGN)  # a key on the terminal is for the preview, which then ends this process
logging.getLogger().addHandler(logging.NullHandler())
_STAMP: Stamp = ()
with suppress(Exception):
    _STAMP = stamp(TEMPLATES)
    _warm()
