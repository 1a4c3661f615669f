"""What a use publishes: finished pages in, its files out.

Most uses publish the pages as they are; others make something of them: sheets of a booklet, the pack for a print
shop, copies for review. What was made anew is looked at by the preflight of its use.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefing.checks.answers import Met
from briefing.design.outputs import Output, OutputName, Product
from briefing.findings import Finding
from briefing.proofing.proof_set import ProofSet

if TYPE_CHECKING:
    from briefing.finishing.context import PrintingCondition as Shop

Files = tuple[Mapping[str, bytes], tuple[Finding, ...]]


@dataclass(frozen=True)
class ProductOptions:
    """How products are wanted, where they can be had in more than one way."""

    shop: Shop | None = None  # who prints; the house's own printing condition where none is named
    copies: Mapping[str, int] | None = None  # by document: the pack for a print shop is made too
    draft: bool = False  # what goes to a print shop may be what is not final
    booklet_of: OutputName = OutputName.OFFICE
    half: bool = False  # a booklet on sheets of the page's own paper, with the pages made smaller
    paper_mm: float = 0.0  # how thick a booklet's paper is

    @classmethod
    def of(cls, facts: Any, templates: Path) -> ProductOptions:
        """The options that a manifest tells of; raises `ValueError`, `KeyError` or `TypeError` where it cannot."""
        if facts is None:
            return cls(draft=True)
        booklet, shop = facts["booklet"], None
        if told := facts["press"]:
            from briefing.products.printshop.condition import printing_condition_of

            shop = printing_condition_of(templates, None, told["condition"], told["bleed_mm"], told["ink_limit"])
            if hashlib.sha256(shop.profile).hexdigest() != told["profile"]:
                raise ValueError("another profile")
        copies, paper_mm = facts["copies"], booklet["paper_mm"]
        whole = copies is None or all(isinstance(count, int) for count in copies.values())
        if not (whole and isinstance(paper_mm, int | float) and 0 <= paper_mm <= 1):
            raise ValueError("no options of ours")
        return cls(shop, copies, True, OutputName(booklet["of"]), bool(booklet["half"]), float(paper_mm))

    def facts(self) -> dict[str, object]:
        """For the manifest, so that the same can be made again."""
        shop = self.shop
        named = {"condition": shop.condition, "bleed_mm": shop.bleed_mm, "ink_limit": shop.ink_limit} if shop else {}
        return {
            "press": {**named, "profile": hashlib.sha256(shop.profile).hexdigest()} if shop else None,
            "copies": dict(self.copies) if self.copies is not None else None,
            "booklet": {"of": self.booklet_of.value, "half": self.half, "paper_mm": self.paper_mm},
        }


@dataclass(frozen=True)
class RunContext:
    """What a run has noticed before its products are made."""

    findings: tuple[Finding, ...]
    answered: tuple[Met, ...]


def files(kind: Output, work: ProofSet, told: RunContext, options: ProductOptions, templates: Path) -> Files:
    """The files of a use by name, and what went wrong in making them."""
    pages = {kind.file(name): done.pdf for name, done in work.proofs.items() if name in kind.documents}
    if not (maker := _MAKERS.get(kind.name)):
        return pages, ()
    made, faults = maker(_Asked(kind, work, told, options, templates, pages))
    if isinstance(kind, Product):  # the pages themselves were looked at when they were made
        from briefing.preflight.preflight import preflight

        faults = (*faults, *(one for name, data in made.items() for one in preflight(data, name, kind.name)))
    return made, faults


@dataclass(frozen=True)
class _Asked:
    """What a maker makes its product of."""

    kind: Output
    work: ProofSet
    told: RunContext
    options: ProductOptions
    templates: Path
    pages: Mapping[str, bytes] = field(repr=False)  # by the name of their file


def _review(asked: _Asked) -> Files:
    from briefing.products.review import review_copy

    return review_copy.review_copies(asked.work, asked.told.findings, asked.told.answered, asked.templates)


def _booklet(asked: _Asked) -> Files:
    from briefing.finishing.context import Finishing
    from briefing.finishing.imposition import signatures
    from briefing.finishing.imposition.booklet import booklet
    from briefing.proofing.line_numbers import stands_alone

    work, options = asked.work, asked.options
    sheet = signatures.sheet_for(work.setup.paper, options.half)
    made: dict[str, bytes] = {}
    for name, done in work.proofs.items():
        if name in asked.kind.documents:
            about = Finishing(title=done.headline, words=work.manuscript.wording.words["pdf"])
            alone = stands_alone(done.stood)
            made[asked.kind.file(name)] = booklet(done.pdf, sheet, about, alone, options.paper_mm)
    return made, ()


def _press(asked: _Asked) -> Files:
    """The pages, and with them all else that a print shop is sent where copies are asked for."""
    options, work = asked.options, asked.work
    if options.copies is None:
        return asked.pages, ()
    from briefing.layout import single_page
    from briefing.preflight import preflight as preflighting
    from briefing.products.printshop import jobticket, pack
    from briefing.products.printshop.condition import limits, printing_condition_of

    manuscript, shop = work.manuscript, options.shop or printing_condition_of(asked.templates)
    documents = {name: (asked.kind.file(name), done.pdf) for name, done in work.proofs.items()}
    ticket = jobticket.ticket(documents, manuscript, work.setup.paper, shop, options.copies)
    printed, faults = single_page.typeset(ticket.single_page(asked.templates))
    if printed is None:
        return asked.pages, faults
    reports = []
    for name, data in asked.pages.items():
        facts = preflighting.read_facts(data, name, asked.kind.name)
        found = preflighting.judge(facts, asked.kind.name, limits(asked.kind, shop))
        reports.append(preflighting.format_report(facts, found, asked.kind.name))
    gathered = pack.pack(
        asked.pages,
        printed.pdf,
        ticket.text(),
        "\n\n".join(reports),
        manuscript.briefing.briefing.date,
        manuscript.wording.words["ticket"]["proof"],
        asked.templates / "fonts",
    )
    return {**gathered.files, gathered.name: gathered.archive}, (*faults, *printed.findings)


_MAKERS: Mapping[OutputName, Callable[[_Asked], Files]] = {
    OutputName.REVIEW: _review,
    OutputName.BOOKLET: _booklet,
    OutputName.PRESS: _press,
}
