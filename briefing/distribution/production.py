"""Runs made: pages are built, the plan is recorded, and numbered copies are written for the printer and for e-mail.

All pages are built before anything is recorded, and all marks are shaped before anything is written. What was written
before a run was stopped is found and kept: the same plan of the same pages gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from briefing import files
from briefing.content import characters
from briefing.content.briefing import Briefing
from briefing.content.records import MarkLine, PaperName
from briefing.design.outputs import OUTPUTS, OutputName
from briefing.distribution import codes
from briefing.distribution.order import Inputs
from briefing.distribution.private_folder import write_private
from briefing.distribution.records import Allotment, Delivery, DistributionPlan, Recipient, RunPlan
from briefing.distribution.register import plans, whereabouts
from briefing.distribution.register.keys import register_key
from briefing.distribution.register.plans import DocumentFacts, EditionFacts, MadePart, RecordedRun
from briefing.distribution.register.register import Register
from briefing.distribution.settings import Way
from briefing.findings import Finding, Place, Refused, error
from briefing.finishing.stamping.copy_mark import MarkBox, MarkPainter, MarkTooLongError, StampedCopy
from briefing.finishing.stamping.qr_table import QrTable
from briefing.finishing.stamping.run_file import RunFile, RunNames
from briefing.finishing.stamping.stamp_font import NoGlyphError, StampFont
from briefing.finishing.stamping.tagged_file import TaggedFile
from briefing.language.wording import Wording
from briefing.pipeline import build
from briefing.pipeline.job import Job
from briefing.proofing.proof import MarkPlace

FONT = "SourceSans3_400Regular.ttf"
_MOST_TOLD = 20  # lines that do not fit, of one run

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FinishedPages:
    """The pages that a run is made of, with room for its marks."""

    pdf: bytes
    place: MarkPlace
    wording: Wording


@dataclass(frozen=True, slots=True)
class MadeRun:
    """What was written of one run, in `distribution/runs` and a folder called by its letters."""

    letters: str
    plan: RunPlan
    parts: tuple[str, ...]  # files for the printer
    shared: str  # the file with the pages that all copies share, where it is printed apart
    copies: tuple[str, ...]  # files of one copy each
    kept: int  # files that were there already, with the same bytes


def make_runs(
    inputs: Inputs, plan: DistributionPlan, job: Job, register: Register, tell: Tell, again: bool = False
) -> tuple[MadeRun, ...]:
    """Make all runs of a plan, with new numbers where it was made before and that is wanted; raises `Refused`.

    `job` is a plain build of the content.
    """
    briefing = inputs.briefing
    if briefing.mark is None:
        hint = "write mark: {} into the content, so that page one keeps room for the numbers of copies"
        raise Refused([error("mark-missing", "the content has no mark:", Place(job.name), hint)])
    pages = _build_pages(plan, job, tell)
    people = {one.ref: one for one in inputs.people.recipients}
    recorded = plans.record_plan(
        register,
        _edition_facts(inputs),
        plan,
        [_document_facts(run, pages[_pages_of(run)].pdf) for run in plan.runs],
        people.values(),
        again,
    )
    key = register_key(register, make=True)
    assert key
    made = list[MadeRun]()
    for run, one in zip(plan.runs, recorded, strict=True):
        marker = _Marker(briefing, run, one, people, key)
        made.append(_Maker(marker, pages[_pages_of(run)], inputs, register, job.templates, tell).make())
    return tuple(made)


def status_address(briefing: Briefing) -> str:
    """Where the status page of this edition stands; empty where the content names no address."""
    mark, front = briefing.mark, briefing.briefing
    if mark is None or mark.address is None:
        return ""
    return f"{mark.address.rstrip('/')}/{slug_of(front.short_title)}-{front.edition}/"


def slug_of(text: str) -> str:
    """A title as a part of an address: small letters and digits of ASCII."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall("[a-z0-9]+", plain))[:60].strip("-") or "briefing"


# ------------------------------------------------------------------ pages


def _build_pages(plan: DistributionPlan, job: Job, tell: Tell) -> dict[tuple[str, str, str], FinishedPages]:
    """The pages of every run, by document, use and paper; raises `Refused` where some cannot be built."""
    found = dict[tuple[str, str, str], FinishedPages]()
    for use, paper in dict.fromkeys((run.use, run.paper) for run in plan.runs):
        name = OutputName(use)
        documents = tuple(
            one for one in Briefing.DOCUMENTS if (one, use, paper) in {_pages_of(run) for run in plan.runs}
        )
        made = build.make_outcome(replace(job, outputs=(name,), paper=PaperName(paper), documents=documents), tell)
        if made.refused or made.work is None:
            raise Refused(made.findings)
        for document in documents:
            proof = made.work.proofs[document]
            assert proof.mark, document
            data = made.sets[name].files[OUTPUTS[name].file(document)]
            found[document, use, paper] = FinishedPages(data, proof.mark, made.work.manuscript.wording)
    return found


def _pages_of(run: RunPlan) -> tuple[str, str, str]:
    return run.document, run.use, run.paper


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


# ------------------------------------------------------------------ marks


class _Marker:
    """Says what is stamped on each copy of a run."""

    def __init__(
        self, briefing: Briefing, run: RunPlan, recorded: RecordedRun, people: Mapping[str, Recipient], key: bytes
    ) -> None:
        self.briefing, self.run, self.recorded, self.people = briefing, run, recorded, people
        self._key = key
        self._says = briefing.mark.says if briefing.mark else ()

    @property
    def paragraphs(self) -> int:
        return len(self._says)

    def copies(self, allotments: Iterable[Allotment], wording: Wording) -> Iterator[StampedCopy]:
        """Copies in the order of their numbers."""
        for part in allotments:
            person = self.people.get(part.recipient) if part.recipient is not None else None
            for number in range(part.first, part.last + 1):
                code = codes.encode(self.recorded.tag, number, self._key)
                said = {
                    MarkLine.COPY: (self._word(wording, "copy").format(number=number, total=self.run.total),),
                    MarkLine.RECIPIENT: self._for(person, wording),
                    MarkLine.CODE: (codes.shown(code),),
                }
                yield StampedCopy(number, tuple(said[line] for line in self._says), code)

    def _for(self, person: Recipient | None, wording: Wording) -> tuple[str, ...]:
        if person is None:
            return (self._word(wording, "spare"),)
        first, *more = [text for text in (person.name or person.attention, person.office) if text]
        return (self._word(wording, "recipient").format(name=first), *more)

    def _word(self, wording: Wording, key: str) -> str:
        return wording.word("mark", key)


# ------------------------------------------------------------------ files


class _Maker:
    """Writes the files of one run."""

    def __init__(
        self,
        marker: _Marker,
        pages: FinishedPages,
        inputs: Inputs,
        register: Register,
        templates: Path,
        tell: Tell,
    ) -> None:
        self._marker, self._pages, self._register, self._tell = marker, pages, register, tell
        self._settings, self._font = inputs.settings.settings.print, templates / "fonts" / FONT
        self._run, self._recorded = marker.run, marker.recorded
        self._folder = whereabouts.run_folder(register.where, self._recorded.letters)
        self._shown = f"{inputs.shown}distribution/runs/{self._recorded.letters}"
        self._kept = 0

    def make(self) -> MadeRun:
        """Write what is missing, and record it."""
        painter = self._painter()
        self._shape(painter)
        whereabouts.make_private_folder(self._folder)
        by_mail, printed = self._shares()
        made = list[MadePart]()
        shared = self._write_shared() if printed else ""
        if printed:
            made += self._write_parts(painter, printed)
        parts = tuple(one.file for one in made)
        if by_mail:
            made += self._write_copies(painter, by_mail, first_part=len(made) + 1)
        plans.record_parts(self._register, self._recorded, made)
        return MadeRun(
            self._recorded.letters, self._run, parts, shared, tuple(one.file for one in made[len(parts) :]), self._kept
        )

    def _painter(self) -> MarkPainter:
        place, use = self._pages.place, OutputName(self._run.use)
        corner, size = (place.left, place.top), (place.width, place.height)
        box = MarkBox.on_page(self._pages.pdf, place.page - 1, corner, size)
        if use is OutputName.LARGE_PRINT:
            box = box.in_large_print()
        address = status_address(self._marker.briefing)
        length = len(codes.encode(1, 1, b""))
        table = QrTable(f"{address}#", length, codes.LETTERS) if address else None
        font = StampFont(self._font)
        return MarkPainter(box, font, table, press=use is OutputName.PRESS)

    def _shape(self, painter: MarkPainter) -> None:
        """Use the glyphs of every copy; raises `Refused` with all that does not fit or cannot be shown."""
        faults = list[Finding]()
        for part in self._run.allotments:
            for copy in self._marker.copies([part], self._pages.wording):
                try:
                    painter.shape(copy)
                except (MarkTooLongError, NoGlyphError) as fault:
                    faults.append(self._fault(part, fault))
                    break  # the other copies of the same person say the same
        if faults:
            raise Refused(faults[:_MOST_TOLD])

    def _fault(self, part: Allotment, fault: MarkTooLongError | NoGlyphError) -> Finding:
        person = self._marker.people.get(part.recipient or "")
        row = person.row if person else 0
        place = Place(f"row {row}" if row else "")
        if isinstance(fault, MarkTooLongError):
            said = f"copy {fault.number}: a line of its mark is {fault.lacks_mm:.0f} mm too long"
            return error("mark-too-long", said, place, "shorten the name or the office in the list")
        said = f"copy {part.first}: the font cannot show {characters.code_point(str(fault))} where it stands"
        return error("letter-missing", said, place, "write the name in letters that the font has")

    def _shares(self) -> tuple[list[Allotment], list[Allotment]]:
        """What goes by e-mail, and what is printed."""
        mailed = {one.number for one in self._run.parcels if one.delivery is Delivery.EMAIL}
        by_mail = [part for part in self._run.allotments if part.parcel in mailed]
        return by_mail, [part for part in self._run.allotments if part.parcel not in mailed]

    def _names(self) -> RunNames:
        wording = self._pages.wording
        return RunNames(wording.word("mark", "bookmark"), wording.word("mark", "bookmarks"))

    def _write_parts(self, painter: MarkPainter, printed: Sequence[Allotment]) -> Iterator[MadePart]:
        """Files for the printer, each with as many copies as one job has."""
        page = self._pages.place.page - 1
        pages = {Way.SPLIT: self._marked_sheet(), Way.OVERPRINT: (page,)}.get(self._settings.way)
        run_file = RunFile(self._pages.pdf, painter, page, pages, bare=self._settings.way is Way.OVERPRINT)
        copies, number = self._marker.copies(printed, self._pages.wording), 0
        while batch := [copy for _, copy in zip(range(self._settings.part), copies, strict=False)]:
            number += 1
            self._tell(f"copies {batch[0].number} to {batch[-1].number} of {self._run.total}")
            out = io.BytesIO()
            run_file.write(batch, self._names(), out)
            yield self._put(number, batch, f"part-{number:04d}.pdf", out.getvalue())

    def _marked_sheet(self) -> tuple[int, ...]:
        """The pages of the sheet with the mark, front and back."""
        first = (self._pages.place.page - 1) // 2 * 2
        return tuple(range(first, min(first + 2, self._run.pages)))

    def _write_shared(self) -> str:
        """The pages that all copies share, where they are printed apart; the name of the file."""
        if self._settings.way is Way.WHOLE:
            return ""
        own = self._marked_sheet() if self._settings.way is Way.SPLIT else ()
        rest = [number for number in range(self._run.pages) if number not in own]
        if not rest:
            return ""
        out = io.BytesIO()
        RunFile(self._pages.pdf, None, pages=rest).write([StampedCopy(1, ())], self._names(), out)
        self._write("shared.pdf", out.getvalue())
        return "shared.pdf"

    def _write_copies(
        self, painter: MarkPainter, allotments: Sequence[Allotment], first_part: int
    ) -> Iterator[MadePart]:
        """A file for each copy, with tags."""
        alt = self._pages.wording.word("mark", "alt")
        page = self._pages.place.page - 1
        tagged = TaggedFile(self._pages.pdf, painter, page, self._marker.paragraphs, alt)
        for at, copy in enumerate(self._marker.copies(allotments, self._pages.wording)):
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
