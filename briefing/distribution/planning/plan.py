"""Recipients become a plan: runs of numbered copies, each copy in a parcel, with what they take.

A run holds the copies of the same pages. Its numbers follow the order of packing, so that a pile of prints is taken
apart from the top; the spares of an office follow the copies of its parcel.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefing.content.records import CopyMark
from briefing.distribution.planning import plan_file
from briefing.distribution.planning.page_counts import CountsPages, PageCount
from briefing.distribution.planning.parcels import in_packing_order
from briefing.distribution.planning.quantities import cost_of, grams_of, overs_for, sheets_of, spares_for
from briefing.distribution.recipients.reading import RecipientList
from briefing.distribution.records import Allotment, Delivery, DistributionPlan, Parcel, Recipient, RunPlan
from briefing.distribution.settings import DistributionSettings
from briefing.findings import Finding, note

Pages = tuple[str, str, str, str]  # document, use, paper, language


@dataclass(frozen=True)
class Planned:
    """A plan, and what is to be told of it."""

    plan: DistributionPlan
    findings: tuple[Finding, ...]


def make_plan(
    people: RecipientList, settings: DistributionSettings, mark: CopyMark | None, counts: CountsPages
) -> Planned:
    """Number the copies of each run, and count what they take."""
    by_pages: dict[Pages, list[Recipient]] = defaultdict(list)
    for one in people.recipients:
        by_pages[one.document, one.use, one.paper, one.language].append(one)
    runs: list[RunPlan] = []
    findings: list[Finding] = []
    for pages in sorted(by_pages):
        count = counts.of(*pages[:3])
        run = _run(pages, count, by_pages[pages], settings, _setup(settings, mark))
        runs.append(run)
        findings += _remarks(run, count)
    return Planned(plan_file.sealed(runs, people.sha256), tuple(findings))


def name_of(run: RunPlan) -> str:
    """A run in words: “brief, office, letter”."""
    return ", ".join((run.document.replace("_", " "), run.use, run.paper))


def _setup(settings: DistributionSettings, mark: CopyMark | None) -> str:
    """A digest of what decides the files of a run besides its pages and its copies."""
    printing = settings.print
    said = [printing.way, printing.part, printing.sides, list(mark.says) if mark else [], mark.address if mark else ""]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def _run(
    pages: Pages, count: PageCount, people: Sequence[Recipient], settings: DistributionSettings, setup: str
) -> RunPlan:
    allotments: list[Allotment] = []
    parcels = list(_parcels(pages[2], count.pages, people, settings, allotments))
    total = allotments[-1].last
    on_paper = sum(one.copies + one.spares for one in parcels if one.delivery is not Delivery.EMAIL)
    overs = overs_for(on_paper, settings.overs)
    sheets = (on_paper + overs) * sheets_of(count.pages, settings.print)
    document, use, paper, language = pages
    return plan_file.sealed_run(
        RunPlan(
            document=document,
            use=use,
            paper=paper,
            language=language,
            pages=count.pages,
            total=total,
            spares=sum(one.spares for one in parcels),
            overs=overs,
            allotments=tuple(allotments),
            parcels=tuple(parcels),
            sheets=sheets,
            grams=grams_of(sheets, paper, settings.print),
            cost=tuple(cost_of(on_paper + overs, count.pages, settings.print)),
            sha256="",
            setup=setup,
        )
    )


def _parcels(
    paper: str, pages: int, people: Sequence[Recipient], settings: DistributionSettings, allotments: list[Allotment]
) -> Iterator[Parcel]:
    """Parcels in packing order; the numbers of their copies are put into `allotments`."""
    each, before = sheets_of(pages, settings.print), 0
    for number, those in enumerate(in_packing_order(people), 1):
        first, copies = before + 1, 0
        for one in those:
            allotments.append(Allotment(one.ref, before + 1, before + one.copies, number))
            before, copies = before + one.copies, copies + one.copies
        delivery = those[0].delivery
        for_office = delivery is not Delivery.EMAIL and any(one.office for one in those)
        spares = spares_for(copies, settings.spares) if for_office else 0
        if spares:
            allotments.append(Allotment(None, before + 1, before + spares, number))
            before += spares
        sheets = 0 if delivery is Delivery.EMAIL else (copies + spares) * each
        yield Parcel(
            number=number,
            recipients=tuple(one.ref for one in those),
            first=first,
            last=before,
            copies=copies,
            spares=spares,
            sheets=sheets,
            grams=grams_of(sheets, paper, settings.print),
            delivery=delivery,
        )


def _remarks(run: RunPlan, count: PageCount) -> Iterator[Finding]:
    """What is to be told of a run: where its pages were counted, and which parcels are for several."""
    if not count.built:
        said = f"{name_of(run)}: no build of it is there, so that the page budget is counted with ({count.pages})"
        command = f"build --use {run.use}" if run.use != "reading" else "build"
        yield note("pages-budget", said, hint=f"run {command} first, and plan again, so that pages are counted")
    together = [parcel for parcel in run.parcels if len(parcel.recipients) > 1]
    if together:
        people = sum(len(parcel.recipients) for parcel in together)
        said = (
            f"{name_of(run)}: {people:,} recipients share {_parcels_said(len(together))} with others of their address"
        )
        yield note("parcels-shared", said, hint="each copy has its own number all the same")


def _parcels_said(count: int) -> str:
    return f"{count:,} parcels" if count != 1 else "1 parcel"
