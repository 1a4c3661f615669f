"""A typeset file becomes the finished one of its use, and is judged as that.

What the finishing steps need to know is gathered here: title and language, data to attach, who prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from briefing.content.records import Front
from briefing.design.outputs import Step, Use
from briefing.documents.document import DocumentView
from briefing.findings import Finding
from briefing.finishing.context import AttachedFile, Finishing
from briefing.finishing.context import PrintingCondition as Shop
from briefing.ledger import dataset
from briefing.pipeline.document_job import DocumentJob
from briefing.proofing.comparison import Faint
from briefing.runtime import timings

if TYPE_CHECKING:
    from briefing.layout.typesetter import Typesetter
    from briefing.preflight.rule import Limits


def finish_document(
    job: DocumentJob, made: DocumentView, dropped: frozenset[int], press: Typesetter, pages: int, data: bytes
) -> bytes:
    """Take the typesetter's file through the finishing steps of its use."""
    from briefing.finishing import finish

    return finish.finish(data, job.use.steps, _about(job, made, dropped, press, pages))


def _about(job: DocumentJob, made: DocumentView, dropped: frozenset[int], press: Typesetter, pages: int) -> Finishing:
    """What the finishing steps need to know of a document."""
    front, words = job.briefing.briefing, job.wording.words["pdf"]
    listed = [item for view in made.blocks if view.kind == "sources" for item in view.data["items"]]
    attached: tuple[AttachedFile, ...] = ()
    if Step.ARCHIVE in job.use.steps:
        figures = dataset.as_csv(job.briefing, job.ledger, job.document, dropped)
        attached = (AttachedFile(words["data_name"], "text/csv", words["data"], figures.encode()),)
    return Finishing(
        title=made.plain_title,
        language=made.language,
        publisher=front.publisher,
        publishers=tuple(one.name for one in front.partners),
        authors=tuple(one.name for one in front.authors),
        identifiers=tuple(_identifiers(front)),
        date=front.date,
        words=words,
        attached=attached,
        sources={item["number"]: item["publisher"] for item in listed},
        press=_shop(job, made, press, pages) if Step.MARKS in job.use.steps else None,
    )


def _identifiers(front: Front) -> Iterator[str]:
    """What libraries know it by."""
    if front.doi:
        yield f"https://doi.org/{front.doi}"
    if front.isbn:
        yield f"urn:isbn:{front.isbn.replace('-', '').replace(' ', '')}"


def _shop(job: DocumentJob, made: DocumentView, press: Typesetter, pages: int) -> Shop:
    """The print shop that the document is for, with the slug line of each of its pages."""
    from briefing.products.printshop.condition import slug

    assert job.shop
    line = press.write(press.lay(slug(made, job.wording, job.shop, pages, job.templates, job.tokens), {}))
    return replace(job.shop, slug=line.data)


# What preflight tells of the file, and the photocopy at the content that is to be mended.
_BETTER = {"type-small": "copy-type-small", "line-thin": "copy-hairline"}


def preflight_of(job: DocumentJob, pdf: bytes) -> Callable[[], tuple[Finding, ...]]:
    """What finds out, in this process or another one, what speaks against the finished file as its use."""
    from briefing.products.printshop.condition import limits

    return partial(_preflight, job.document, pdf, job.use, limits(job.use, job.shop))


def _preflight(document: str, pdf: bytes, use: Use, limits: Limits) -> tuple[Finding, ...]:
    from briefing.preflight.preflight import preflight

    with timings.span(document, "preflight"):
        return preflight(pdf, use.file(document), use.name, limits)


def drop_copy_findings(found: Sequence[Finding], faint: Sequence[Faint]) -> list[Finding]:
    """What preflight has found, but for what the photocopy tells better."""
    told = {one.code for one in faint}
    return [one for one in found if _BETTER.get(one.code) not in told]
