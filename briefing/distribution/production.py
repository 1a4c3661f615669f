"""Runs made: pages are built, the plan is recorded, and numbered copies are written for the printer and for e-mail.

All pages are built, and all names are seen to fit, before anything is recorded or written. What was written before a
run was stopped is found and kept: the same plan of the same pages gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from briefing import files, program
from briefing.content.briefing import Briefing
from briefing.content.records import PaperName
from briefing.design.outputs import OUTPUTS, OutputName
from briefing.distribution.order import Inputs
from briefing.distribution.private_folder import write_private
from briefing.distribution.records import Allotment, Delivery, DistributionPlan, RunPlan
from briefing.distribution.register import plans
from briefing.distribution.register.keys import register_key
from briefing.distribution.register.plans import DocumentFacts, EditionFacts, MadePart, RecordedRun
from briefing.distribution.register.register import Register
from briefing.distribution.run_folders import make_run_folder
from briefing.distribution.run_marks import FinishedPages, RunMarks
from briefing.distribution.settings import Sides, Way
from briefing.distribution.shop_folder import ShopFolder, ShopRun
from briefing.findings import Finding, Place, Refused, error
from briefing.finishing.stamping.copy_mark import StampedCopy
from briefing.finishing.stamping.run_file import RunFile, RunNames, count_pages
from briefing.finishing.stamping.tagged_file import TaggedFile
from briefing.finishing.viewer import Duplex
from briefing.pipeline import build
from briefing.pipeline.job import Job, Tell
from briefing.products.printshop.condition import printing_condition_of

_MOST_BYTES = 2**31  # of the pages that all copies share
_DUPLEX = {Sides.ONE: Duplex.SIMPLEX, Sides.LONG_EDGE: Duplex.LONG_EDGE, Sides.SHORT_EDGE: Duplex.SHORT_EDGE}


@dataclass(frozen=True, slots=True)
class MadeRun:
    """What was written of one run, in a folder called by its letters."""

    letters: str
    plan: RunPlan
    folder: str
    parts: tuple[str, ...]  # files for the printer
    shared: str  # the file with the pages that all copies share, where it is printed apart
    copies: tuple[str, ...]  # files of one copy each
    shop: tuple[str, ...]  # what a print shop is sent
    kept: int  # files that were there already, with the same bytes


def make_runs(
    inputs: Inputs, plan: DistributionPlan, job: Job, register: Register, tell: Tell, again: bool = False
) -> tuple[MadeRun, ...]:
    """Make all runs of a plan, with new numbers where it was made before and that is wanted; raises `Refused`.

    `job` is a plain build of the content.
    """
    if inputs.briefing.mark is None:
        hint = "write mark: {} into the content, so that page one keeps room for the numbers of copies"
        raise Refused([error("mark-missing", "the content has no mark:", Place(job.name), hint)])
    pages = _build_pages(plan, job, tell)
    if faults := [fault for run in plan.runs for fault in _miscounted(run, pages[_pages_of(run)])]:
        raise Refused(faults)
    markers = [
        RunMarks(inputs, run, pages[_pages_of(run)], status_address(inputs.briefing), job.templates)
        for run in plan.runs
    ]
    if faults := [fault for marker in markers for fault in marker.faults()]:
        raise Refused(faults)
    recorded = plans.record_plan(
        register,
        _edition_facts(inputs),
        plan,
        [_document_facts(run, pages[_pages_of(run)].pdf) for run in plan.runs],
        inputs.people.recipients,
        again,
    )
    key = register_key(register, make=True)
    assert key
    return tuple(
        _Maker(marker, one, key, inputs, register, job, tell).make()
        for marker, one in zip(markers, recorded, strict=True)
    )


def status_address(briefing: Briefing) -> str:
    """Where the status page of this edition stands; empty where the content names no address."""
    mark, front = briefing.mark, briefing.briefing
    if mark is None or mark.address is None:
        return ""
    return f"{mark.address.rstrip('/')}/{slug_of(front.short_title)}-{front.edition}/"


def slug_of(text: str) -> str:
    """A title as a part of an address: small letters and digits; a digest tells apart titles in other letters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall("[a-z0-9]+", plain))[:60].strip("-")
    letters = [letter for letter in unicodedata.normalize("NFD", text) if letter.isalnum()]
    if all(letter.isascii() for letter in letters):
        return slug or "briefing"
    return f"{slug or 'briefing'}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"


# ------------------------------------------------------------------ pages


def _build_pages(plan: DistributionPlan, job: Job, tell: Tell) -> dict[tuple[str, str, str], FinishedPages]:
    """The pages of every run, by document, use and paper; raises `Refused` where some cannot be built."""
    found = dict[tuple[str, str, str], FinishedPages]()
    asked = {_pages_of(run) for run in plan.runs}
    for use, paper in dict.fromkeys((run.use, run.paper) for run in plan.runs):
        name = OutputName(use)
        documents = tuple(one for one in Briefing.DOCUMENTS if (one, use, paper) in asked)
        made = build.make_outcome(replace(job, outputs=(name,), paper=PaperName(paper), documents=documents), tell)
        if made.refused or made.work is None:
            raise Refused(made.findings)
        for document in documents:
            proof = made.work.proofs[document]
            assert proof.mark, document
            data = made.sets[name].files[OUTPUTS[name].file(document)]
            found[document, use, paper] = FinishedPages(data, proof.pages, proof.mark, made.work.manuscript)
    return found


def _pages_of(run: RunPlan) -> tuple[str, str, str]:
    return run.document, run.use, run.paper


def _miscounted(run: RunPlan, pages: FinishedPages) -> Iterator[Finding]:
    """A run that was planned with another number of pages than it has."""
    if run.pages != pages.pages:
        named = f"{run.document.replace('_', ' ')}, {run.use}, {run.paper}"
        counts = [f"{count} {'page' if count == 1 else 'pages'}" for count in (pages.pages, run.pages)]
        hint = f"build it with {program.name()} build --use {run.use} --paper {run.paper}, and plan again"
        yield error("plan-old", f"{named} has {counts[0]}, and the plan counts {counts[1]}", hint=hint)


def _edition_facts(inputs: Inputs) -> EditionFacts:
    front = inputs.briefing.briefing
    return EditionFacts(
        slug_of(front.short_title),
        front.edition,
        front.language,
        front.short_title,
        front.date,
        hashlib.sha256(inputs.content).hexdigest(),
        front.embargo,
    )


def _document_facts(run: RunPlan, data: bytes) -> DocumentFacts:
    return DocumentFacts(run.document, run.use, run.paper, run.pages, hashlib.sha256(data).hexdigest(), len(data))


# ------------------------------------------------------------------ files


class _Maker:
    """Writes the files of one run."""

    def __init__(
        self,
        marker: RunMarks,
        recorded: RecordedRun,
        key: bytes,
        inputs: Inputs,
        register: Register,
        job: Job,
        tell: Tell,
    ) -> None:
        self._job = job
        self._marker, self._recorded, self._key, self._register, self._tell = marker, recorded, key, register, tell
        self._run, self._pages, self._page = marker.run, marker.pages, marker.pages.place.page - 1
        self._settings, self._file_pages = inputs.settings.settings.print, count_pages(marker.pages.pdf)
        self._folder, self._shown = make_run_folder(inputs, register.where, recorded.letters)
        self._duplex = _DUPLEX[self._settings.sides]
        self._kept = 0

    def make(self) -> MadeRun:
        """Write what is missing, and record it."""
        by_mail, printed = self._shares()
        made = list[MadePart]()
        shared = self._write_shared() if printed else ""
        if printed:
            made += self._write_parts(printed)
        parts = tuple(one.file for one in made)
        if by_mail:
            made += self._write_copies(by_mail, first_part=len(made) + 1)
        plans.record_parts(self._register, self._recorded, made)
        mailed = tuple(one.file for one in made[len(parts) :])
        shop = self._write_shop(printed, shared) if printed and self._run.use == OutputName.PRESS else ()
        return MadeRun(self._recorded.letters, self._run, self._shown, parts, shared, mailed, shop, self._kept)

    def _copies(self, allotments: Iterable[Allotment]) -> Iterator[StampedCopy]:
        return self._marker.copies(allotments, self._recorded.tag, self._key)

    def _shares(self) -> tuple[list[Allotment], list[Allotment]]:
        """What goes by e-mail, and what is printed."""
        mailed = {one.number for one in self._run.parcels if one.delivery is Delivery.EMAIL}
        by_mail = [part for part in self._run.allotments if part.parcel in mailed]
        return by_mail, [part for part in self._run.allotments if part.parcel not in mailed]

    def _write_parts(self, printed: Sequence[Allotment]) -> Iterator[MadePart]:
        """Files for the printer, each with as many copies as one job has."""
        run_file, names = self._run_file(), self._names
        copies, number = self._copies(printed), 0
        while batch := list(itertools.islice(copies, self._settings.part)):
            number += 1
            self._tell(f"copies {batch[0].number} to {batch[-1].number} of {self._run.total}")
            out = io.BytesIO()
            run_file.write(batch, names, out)
            yield self._put(number, batch, f"part-{number:04d}.pdf", out.getvalue())

    def _run_file(self) -> RunFile:
        """What of each copy is printed by itself."""
        way = self._settings.way
        pages = {Way.SPLIT: self._marked_sheet(), Way.OVERPRINT: (self._page,)}.get(way)
        return RunFile(self._pages.pdf, self._marker.painter, self._page, pages, way is Way.OVERPRINT, self._duplex)

    @property
    def _names(self) -> RunNames:
        wording = self._pages.wording
        return RunNames(wording.word("mark", "bookmark"), wording.word("mark", "bookmarks"))

    def _marked_sheet(self) -> tuple[int, ...]:
        """The pages of the sheet with the mark: front and back, where both are printed."""
        if self._settings.sides is Sides.ONE:
            return (self._page,)
        first = self._page // 2 * 2
        return tuple(range(first, min(first + 2, self._file_pages)))

    def _write_shared(self) -> str:
        """The pages that all copies share, where they are printed apart; the name of the file."""
        if self._settings.way is Way.WHOLE:
            return ""
        own = self._marked_sheet() if self._settings.way is Way.SPLIT else ()
        rest = [number for number in range(self._file_pages) if number not in own]
        if not rest:
            return ""
        out = io.BytesIO()
        RunFile(self._pages.pdf, None, pages=rest, duplex=self._duplex).write_once(out)
        self._write("shared.pdf", out.getvalue())
        return "shared.pdf"

    def _write_shop(self, printed: Sequence[Allotment], shared: str) -> tuple[str, ...]:
        """What a print shop is sent."""
        self._tell(f"files for the print shop of run {self._recorded.letters}")
        static = files.read(self._folder / shared, _MOST_BYTES, follow=False) if shared else b""
        run = ShopRun(self._marker, printed, self._copies, self._run_file(), static, self._settings, self._names)
        shop = self._job.options.shop or printing_condition_of(self._job.templates)
        return ShopFolder(run, self._folder, self._shown, self._job.templates).write(shop)

    def _write_copies(self, allotments: Sequence[Allotment], first_part: int) -> Iterator[MadePart]:
        """A file for each copy, with tags."""
        alt, marker = self._pages.wording.word("mark", "alt"), self._marker
        tagged = TaggedFile(self._pages.pdf, marker.painter, self._page, marker.paragraphs, alt)
        for at, copy in enumerate(self._copies(allotments)):
            yield self._put(first_part + at, [copy], f"copy-{copy.number:06d}.pdf", tagged.write(copy))

    def _put(self, number: int, batch: Sequence[StampedCopy], name: str, data: bytes) -> MadePart:
        self._write(name, data)
        return MadePart(number, batch[0].number, batch[-1].number, name, hashlib.sha256(data).hexdigest())

    def _write(self, name: str, data: bytes) -> None:
        """Put a file in its place, unless it is there."""
        file = self._folder / name
        try:
            if files.read(file, len(data), follow=False) == data:
                self._kept += 1
                return
        except files.Unreadable:
            pass
        write_private(file, data, f"{self._shown}/{name}")
