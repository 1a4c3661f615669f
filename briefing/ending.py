"""A typeset file becomes the finished one of its edition, and is judged as that.

What the finishing steps need to know is gathered here: title and language, data to attach, who prints.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from briefing import dataset, timing
from briefing.complete import Faint
from briefing.edition import Edition
from briefing.editions import EditionKind, Step
from briefing.findings import Finding
from briefing.finish.finishing import Attached, Finishing
from briefing.finish.finishing import Press as Shop
from briefing.order import Order

if TYPE_CHECKING:
    from briefing.preflight.rule import Limits
    from briefing.typeset import Press


def finished(order: Order, made: Edition, dropped: frozenset[int], press: Press, pages: int, data: bytes) -> bytes:
    """Take the typesetter's file through the finishing steps of its edition."""
    from briefing.finish import finish

    return finish.finish(data, order.kind.steps, _about(order, made, dropped, press, pages))


def _about(order: Order, made: Edition, dropped: frozenset[int], press: Press, pages: int) -> Finishing:
    """What the finishing steps need to know of a document."""
    front, words = order.briefing.briefing, order.wording.words["pdf"]
    listed = [item for view in made.blocks if view.kind == "sources" for item in view.data["items"]]
    attached: tuple[Attached, ...] = ()
    if Step.ARCHIVE in order.kind.steps:
        figures = dataset.as_csv(order.briefing, order.ledger, order.document, dropped)
        attached = (Attached(words["data_name"], "text/csv", words["data"], figures.encode()),)
    return Finishing(
        title=made.plain_title,
        language=made.language,
        publisher=front.publisher,
        date=front.date,
        words=words,
        attached=attached,
        sources={item["number"]: f"{item['publisher']}, {item['title']}" for item in listed},
        press=_shop(order, made, press, pages) if Step.MARKS in order.kind.steps else None,
    )


def _shop(order: Order, made: Edition, press: Press, pages: int) -> Shop:
    """The print shop that the document is for, with the slug line of each of its pages."""
    from briefing.printing import slug

    assert order.shop
    line = press.write(press.lay(slug(made, order.wording, order.shop, pages, order.templates), {}))
    return replace(order.shop, slug=line.data)


# What preflight tells of the file, and the photocopy at the content that is to be mended.
_BETTER = {"type-small": "copy-type-small", "line-thin": "copy-hairline"}


def preflight_of(order: Order, pdf: bytes) -> Callable[[], tuple[Finding, ...]]:
    """What finds out, in this process or another one, what speaks against the finished file as its edition."""
    from briefing.printing import limits

    return partial(_preflight, order.document, pdf, order.kind, limits(order.kind, order.shop))


def _preflight(document: str, pdf: bytes, kind: EditionKind, limits: Limits) -> tuple[Finding, ...]:
    from briefing.preflight.judge import preflight

    with timing.span(document, "preflight"):
        return preflight(pdf, kind.file(document), kind.name, limits)


def untold(found: Sequence[Finding], faint: Sequence[Faint]) -> list[Finding]:
    """What preflight has found, but for what the photocopy tells better."""
    told = {one.code for one in faint}
    return [one for one in found if _BETTER.get(one.code) not in told]
