"""The order of work of `distribute pack`: the plan that was kept and the list in, sheets to print for every run out."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from briefing.design.paper import PAPERS
from briefing.design.template_folders import own_templates
from briefing.design.tokens import read_tokens
from briefing.distribution import order
from briefing.distribution.order import Inputs
from briefing.distribution.private_folder import FOLDER, make_private, open_private
from briefing.distribution.records import Delivery, DistributionPlan, Recipient, RunPlan
from briefing.distribution.register import plans, whereabouts
from briefing.distribution.register.editions import RecallFacts, read_recall
from briefing.distribution.register.holdings import Holding
from briefing.distribution.register.register import open_register
from briefing.distribution.register.whereabouts import RECALLS, UNRECORDED, Whereabouts
from briefing.distribution.run_folders import make_run_folder
from briefing.distribution.sheets import common_texts, labels, letters, lists, recalls, slips
from briefing.distribution.sheets.common_texts import CommonText, texts_of_recall, texts_of_runs
from briefing.distribution.sheets.context import RunSheets, SenderFacts, SheetLook
from briefing.distribution.sheets.desk import SheetDesk
from briefing.distribution.sheets.envelopes import SIZES, EnvelopeSize, envelope_pages
from briefing.distribution.sheets.labels import LabelText
from briefing.distribution.sheets.recalls import RecalledCopies
from briefing.distribution.sheets.stocks import LabelStock, stock_of
from briefing.findings import Finding, Place, Refused, error, warning
from briefing.finishing.stamping.text_pages import AS_IT_IS, PrinterCorrection, TextFile, TextPage
from briefing.language.wording import Wording, read_wording

CALIBRATION = "calibration.pdf"
Tell = Callable[[str], None]
Pages = Callable[[SheetDesk], Iterable[TextPage]]


@dataclass(frozen=True)
class PackWishes:
    """How labels are printed, and which register knows the letters of the runs."""

    stock: str = ""  # instead of the one in distribution.yaml
    skip: int = 0  # labels of the first sheet that are gone
    shift: tuple[float, float] | None = None  # instead of those in distribution.yaml
    scale: float | None = None
    register: str | None = None
    house: Path | None = None  # the brand of this machine


@dataclass(frozen=True, slots=True)
class PackedFile:
    """One file, and how many pages it has."""

    name: str
    pages: int


@dataclass(frozen=True, slots=True)
class PackedRun:
    """What was written for one run."""

    name: str
    run: RunPlan
    folder: str
    files: tuple[PackedFile, ...]


@dataclass(frozen=True, slots=True)
class PackedRecall:
    """What was written for a recall."""

    folder: str
    files: tuple[PackedFile, ...]


class _Asked(NamedTuple):
    """A file that is to be written."""

    file: str
    title: str  # the key of its name among the program's words
    kind: str  # as findings call it
    on: LabelStock | EnvelopeSize | None  # what it is printed on, where that is not the paper of the run
    pages: Pages


_Files = tuple[PackedFile, ...]


def pack(content: Path, name: str, wishes: PackWishes, tell: Tell) -> tuple[tuple[PackedRun, ...], tuple[Finding, ...]]:
    """Write what goes with the copies of every run, and say what was noticed; raises `Refused`."""
    tell("reading the list")
    inputs = order.read_inputs(content, name, house=wishes.house)
    plan = order.kept_plan(inputs)
    people = {one.ref: one for one in inputs.people.recipients}
    where = whereabouts.find(wishes.register, inputs.folder)
    known = _letters(where, plan, named=wishes.register is not None)
    make_private(inputs.folder / FOLDER, f"{inputs.shown}{FOLDER}")
    packer, packed = _Packer(inputs, wishes, where), list[PackedRun]()
    on_paper = any(parcel.delivery is not Delivery.EMAIL for run in plan.runs for parcel in run.parcels)
    packer.assert_letters(texts_of_runs(inputs, on_paper))
    for run in plan.runs:
        packed.append(packer.pack(run, known.get(run.sha256, ""), people, first=not packed, tell=tell))
    return tuple(packed), inputs.findings


def pack_recall(
    content: Path, name: str, number: int, wishes: PackWishes, tell: Tell
) -> tuple[PackedRecall, tuple[Finding, ...]]:
    """Write to those who hold copies that are called back, and the list to check them in by; raises `Refused`."""
    tell("reading the list")
    inputs = order.read_inputs(content, name, house=wishes.house)
    where = whereabouts.find(wishes.register, inputs.folder)
    register = open_register(where, "")
    try:
        recall = read_recall(register, number)
    finally:
        register.close()
    found, unknown = recalls.recalled(recall)
    packer = _Packer(inputs, wishes, where)
    packer.assert_letters(texts_of_recall(inputs, recall, bool(found)))
    packed = packer.pack_recall(recall, found, tell)
    return packed, (*inputs.findings, *map(_not_written_to, unknown))


def _not_written_to(one: Holding) -> Finding:
    whose = "nobody" if one.recipient is None else f"recipient @{one.recipient}"
    copies = f"{one.count} {'copy' if one.count == 1 else 'copies'} of run {one.run}: {one.numbers}"
    said = f"{whose} holds {copies}; no letter is written, since none would arrive"
    hint = "they went by e-mail, to nobody yet, or to somebody who was forgotten: see the check-in list"
    return warning("recall-unaddressed", said, Place(), hint)


def calibrate(content: Path, name: str, wishes: PackWishes) -> str:
    """Write the calibration sheet of a stock; where it lies."""
    inputs = order.read_inputs(content, name, house=wishes.house)
    stock = _stock(inputs, wishes)
    if stock is None:
        hint = "name one, such as 5160; or write labels: into distribution.yaml"
        raise Refused([error("label-stock", "no stock of labels is named", Place(), hint)])
    packer, shown = _Packer(inputs, wishes, whereabouts.find(None, inputs.folder)), f"{inputs.shown}{FOLDER}"
    make_private(inputs.folder / FOLDER, shown)
    run = _no_run(stock.paper.value)
    desk = packer.desk(packer.sheets_of(run, "", {}), "calibration sheet")
    paper = PAPERS[stock.paper]
    file = TextFile((paper.width_mm, paper.height_mm), desk.sheets.say("calibration"), "en", packer.correction)
    with open_private(inputs.folder / FOLDER / CALIBRATION, f"{shown}/{CALIBRATION}") as out:
        file.write(labels.calibration_page(desk, stock, packer.correction), desk.fonts, out)
    return f"{shown}/{CALIBRATION}"


class _Packer:
    """Writes the sheets of runs."""

    def __init__(self, inputs: Inputs, wishes: PackWishes, where: Whereabouts) -> None:
        self._inputs, self._wishes, self._where = inputs, wishes, where
        self._stock = _stock(inputs, wishes)
        kept = inputs.settings.settings.printed_labels
        right, down = map(float, kept.shift) if wishes.shift is None else wishes.shift
        self.correction = PrinterCorrection(right, down, float(kept.scale) if wishes.scale is None else wishes.scale)
        templates, front = own_templates(), inputs.briefing.briefing
        self._look = SheetLook(read_tokens(templates).colour, templates / "fonts")
        self._wording: Wording = read_wording(templates, front.language, inputs.briefing.units)
        self._sender = SenderFacts(
            front.publisher,
            front.short_title,
            front.edition,
            self._wording.date(front.date),
            inputs.settings.settings.country,
            front.language,
        )

    def sheets_of(self, run: RunPlan, known: str, people: Mapping[str, Recipient]) -> RunSheets:
        """A run with all that its sheets say."""
        return RunSheets(run, known, people, self._sender, self._wording, self._look)

    def assert_letters(self, texts: Iterable[CommonText]) -> None:
        """Raise `Refused` where the fonts lack a letter of what all sheets say."""
        common_texts.assert_letters(self._inputs, self._look.open_fonts(), texts, self._where.place)

    def desk(self, sheets: RunSheets, kind: str) -> SheetDesk:
        """Where the sheets of one kind are made."""
        return SheetDesk(sheets, kind, self._look.open_fonts(), self._inputs.settings.settings.lists)

    def pack(self, run: RunPlan, known: str, people: Mapping[str, Recipient], first: bool, tell: Tell) -> PackedRun:
        """All files of one run."""
        sheets = self.sheets_of(run, known, people)
        folder, shown = self._place(run, known)
        files = self._write(sheets, self._files(sheets, first), folder, shown, tell)
        return PackedRun(sheets.name, run, shown, files)

    def pack_recall(self, recall: RecallFacts, found: Sequence[RecalledCopies], tell: Tell) -> PackedRecall:
        """All files of a recall."""
        dated = self._wording.date(datetime.date.fromisoformat(recall.dated))
        sender = replace(self._sender, title=recall.title, edition=recall.edition, date=dated)
        run = _no_run(self._inputs.briefing.briefing.paper.value)
        sheets = RunSheets(run, "", {}, sender, self._wording, self._look)
        shutil.rmtree(whereabouts.run_folder(self._where, RECALLS) / str(recall.id), ignore_errors=True)
        folder, shown = make_run_folder(self._inputs, self._where, RECALLS, str(recall.id))
        files = self._write(sheets, self._recall_files(sheets, recall, found), folder, shown, tell)
        return PackedRecall(shown, files)

    def _write(self, sheets: RunSheets, asked: Iterable[_Asked], folder: Path, shown: str, tell: Tell) -> _Files:
        files = list[PackedFile]()
        for file, title, kind, on, pages in asked:
            tell(f"{sheets.name}: {file}" if sheets.run.total else file)
            desk = self.desk(sheets, kind)
            correction = self.correction if isinstance(on, LabelStock) else AS_IT_IS
            made = TextFile(_size(on, sheets), _title(sheets, title), self._sender.language, correction)
            with open_private(folder / file, f"{shown}/{file}") as out, self._inputs.settings.source.located():
                count = made.write(pages(desk), desk.fonts, out)
            files.append(PackedFile(file, count))
        return tuple(files)

    def _place(self, run: RunPlan, known: str) -> tuple[Path, str]:
        """The folder of a run; what was packed before the run had letters is taken away."""
        before = "-".join((run.document, run.use, run.paper)).replace("_", "-")
        if known:
            shutil.rmtree(whereabouts.run_folder(self._where, UNRECORDED) / before, ignore_errors=True)
        return make_run_folder(self._inputs, self._where, *((known,) if known else (UNRECORDED, before)))

    def _recall_files(
        self, sheets: RunSheets, recall: RecallFacts, found: Sequence[RecalledCopies]
    ) -> Iterator[_Asked]:
        asked, stock, skip = self._inputs.settings.settings.letter, self._stock, self._wishes.skip
        window = asked.window if asked else "none"
        yield _Asked(
            "check-in.pdf", "check_in", "check-in list", None, lambda desk: recalls.check_in_pages(desk, recall)
        )
        if found and stock:
            texts = recalls.recall_labels(sheets, recall, found)
            yield _Asked(
                "recall-labels.pdf",
                "recall_labels",
                "label",
                stock,
                lambda desk: labels.label_pages(desk, stock, skip, texts),
            )
        if found:
            said = recalls.recall_letters(sheets, recall, found)
            yield _Asked(
                "recall-letters.pdf",
                "recall_letters",
                "letter",
                None,
                lambda desk: letters.letter_pages(desk, window, said),
            )
            shown = recalls.recall_labels(sheets, recall, found)
            yield from self._envelopes("recall-envelopes.pdf", "recall_envelopes", shown)

    def _files(self, sheets: RunSheets, first: bool) -> Iterator[_Asked]:
        """The files of a run: what each is called, for readers and for findings, and its pages."""
        letter, stock = self._inputs.settings.settings.letter, self._stock
        if sheets.on_paper and stock:
            skip = self._wishes.skip if first else 0
            yield _Asked(
                "labels.pdf",
                "labels",
                "label",
                stock,
                lambda desk: labels.label_pages(desk, stock, skip, labels.parcel_labels(sheets)),
            )
        if sheets.on_paper and letter:
            yield _Asked(
                "letters.pdf",
                "letters",
                "letter",
                None,
                lambda desk: letters.letter_pages(desk, letter.window, letters.cover_letters(sheets, letter)),
            )
        if sheets.on_paper:
            yield from self._envelopes("envelopes.pdf", "envelopes", labels.parcel_labels(sheets))
            yield _Asked("slips.pdf", "slips", "slip sheet", None, slips.slip_pages)
            yield _Asked("packing-lists.pdf", "packing", "packing list", None, lists.packing_pages)
        yield _Asked("picking-list.pdf", "picking", "picking list", None, lists.picking_pages)

    def _envelopes(self, file: str, title: str, texts: Iterable[LabelText]) -> Iterator[_Asked]:
        """The envelopes that are asked for, if any."""
        settings = self._inputs.settings.settings
        if settings.envelopes:
            size, sender = SIZES[settings.envelopes], settings.sender or (self._sender.publisher,)
            yield _Asked(file, title, "envelope", size, lambda desk: envelope_pages(desk, size, sender, texts))


def _size(on: LabelStock | EnvelopeSize | None, sheets: RunSheets) -> tuple[float, float]:
    """Of a page, in millimetres."""
    if isinstance(on, EnvelopeSize):
        return on.width, on.height
    paper = PAPERS[on.paper] if on else sheets.paper
    return paper.width_mm, paper.height_mm


def _title(sheets: RunSheets, key: str) -> str:
    """What a file is called in viewers; its run is named where it has one."""
    return f"{sheets.say(key)}, {sheets.name}" if sheets.run.total else sheets.say(key)


def _no_run(paper: str) -> RunPlan:
    """The run of sheets that go with none."""
    return RunPlan("", "", paper, "", 0, 0, 0, 0, (), (), 0, 0, (), "")


def _stock(inputs: Inputs, wishes: PackWishes) -> LabelStock | None:
    """The labels that are asked for; raises `Refused` where more of them are gone than a sheet has."""
    try:
        stock = stock_of(inputs.settings.settings, inputs.briefing.briefing.paper, wishes.stock)
    except Refused as refused:
        raise Refused(map(inputs.settings.source.locate, refused.findings)) from None
    if stock and wishes.skip >= stock.a_sheet:
        said = f"a sheet of {stock.name} has {stock.a_sheet} labels, of which {wishes.skip} cannot be gone"
        raise Refused([error("label-skip", said, Place(), "take a new sheet, and leave --skip out")])
    return stock


def _letters(where: Whereabouts, plan: DistributionPlan, named: bool) -> Mapping[str, str]:
    """The letters of the runs that the register knows, by their digests; nothing where there is no register yet."""
    if not named and where.file is not None and not where.file.exists():
        return {}
    register = open_register(where, "")
    try:
        with register.reading() as connection:
            return plans.letters_of(connection, plan)
    finally:
        register.close()
