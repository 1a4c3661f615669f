"""The order of work of `distribute pack`: the plan that was kept and the list in, sheets to print for every run out."""

from __future__ import annotations

import contextlib
import datetime
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from briefing.design.paper import PAPERS
from briefing.design.template_folders import own_templates
from briefing.design.tokens import read_tokens
from briefing.distribution import order
from briefing.distribution.order import Inputs
from briefing.distribution.private_folder import FOLDER, make_private, open_private
from briefing.distribution.records import DistributionPlan, Recipient, RunPlan
from briefing.distribution.register import plans, whereabouts
from briefing.distribution.register.register import open_register
from briefing.distribution.register.whereabouts import UNRECORDED, Whereabouts
from briefing.distribution.run_folders import make_run_folder
from briefing.distribution.sheets import labels, letters, lists, slips
from briefing.distribution.sheets.context import RunSheets, SenderFacts, SheetLook
from briefing.distribution.sheets.desk import SheetDesk
from briefing.distribution.sheets.stocks import LabelStock, stock_of
from briefing.findings import Finding, Place, Refused, error
from briefing.finishing.stamping.stamp_font import NoGlyphError
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
    correction: PrinterCorrection = AS_IT_IS
    register: str | None = None


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


def pack(content: Path, name: str, wishes: PackWishes, tell: Tell) -> tuple[tuple[PackedRun, ...], tuple[Finding, ...]]:
    """Write what goes with the copies of every run, and say what was noticed; raises `Refused`."""
    tell("reading the list")
    inputs = order.read_inputs(content, name)
    plan = order.kept_plan(inputs)
    people = {one.ref: one for one in inputs.people.recipients}
    where = whereabouts.find(wishes.register, inputs.folder)
    known = _letters(where, plan, named=wishes.register is not None)
    make_private(inputs.folder / FOLDER, f"{inputs.shown}{FOLDER}")
    packer, packed = _Packer(inputs, wishes, where), list[PackedRun]()
    for run in plan.runs:
        packed.append(packer.pack(run, known.get(run.sha256, ""), people, first=not packed, tell=tell))
    return tuple(packed), inputs.findings


def calibrate(content: Path, name: str, wishes: PackWishes) -> str:
    """Write the calibration sheet of a stock; where it lies."""
    inputs = order.read_inputs(content, name)
    stock = _stock(inputs, wishes)
    if stock is None:
        hint = "name one, such as 5160; or write labels: into distribution.yaml"
        raise Refused([error("label-stock", "no stock of labels is named", Place(), hint)])
    packer, shown = _Packer(inputs, wishes, whereabouts.find(None, inputs.folder)), f"{inputs.shown}{FOLDER}"
    make_private(inputs.folder / FOLDER, shown)
    run = RunPlan("", "", stock.paper.value, "", 0, 0, 0, 0, (), (), 0, 0, (), "")
    desk = packer.desk(packer.sheets_of(run, "", {}), "calibration sheet")
    paper = PAPERS[stock.paper]
    file = TextFile((paper.width_mm, paper.height_mm), desk.sheets.say("calibration"), "en", wishes.correction)
    with open_private(inputs.folder / FOLDER / CALIBRATION, f"{shown}/{CALIBRATION}") as out:
        file.write(labels.calibration_page(desk, stock, wishes.correction), desk.fonts, out)
    return f"{shown}/{CALIBRATION}"


class _Packer:
    """Writes the sheets of runs."""

    def __init__(self, inputs: Inputs, wishes: PackWishes, where: Whereabouts) -> None:
        self._inputs, self._wishes, self._where = inputs, wishes, where
        self._stock = _stock(inputs, wishes)
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

    def desk(self, sheets: RunSheets, kind: str) -> SheetDesk:
        """Where the sheets of one kind are made."""
        return SheetDesk(sheets, kind, self._look.open_fonts(), self._inputs.settings.settings.lists)

    def pack(self, run: RunPlan, known: str, people: Mapping[str, Recipient], first: bool, tell: Tell) -> PackedRun:
        """All files of one run."""
        sheets = self.sheets_of(run, known, people)
        folder, shown = self._place(run, known)
        files = list[PackedFile]()
        for file, kind, stock, pages in self._files(sheets, first):
            tell(f"{sheets.name}: {file}")
            desk = self.desk(sheets, kind)
            paper = PAPERS[stock.paper] if stock else sheets.paper
            correction = self._wishes.correction if stock else AS_IT_IS
            title = f"{sheets.say(file.split('-')[0].removesuffix('.pdf'))}, {sheets.name}"
            made = TextFile((paper.width_mm, paper.height_mm), title, self._sender.language, correction)
            with open_private(folder / file, f"{shown}/{file}") as out, self._said_of_content():
                count = made.write(pages(desk), desk.fonts, out)
            files.append(PackedFile(file, count))
        return PackedRun(sheets.name, run, shown, tuple(files))

    @contextlib.contextmanager
    def _said_of_content(self) -> Iterator[None]:
        """Tell of letters that the font has not and that no recipient has brought."""
        try:
            yield
        except NoGlyphError as fault:
            said, hint = f"the font of the sheets has no {fault}", "see the short title and the publisher"
            place = Place(f"{self._inputs.shown}{self._inputs.content_name}")
            raise Refused([error("letter-missing", said, place, hint)]) from None

    def _place(self, run: RunPlan, known: str) -> tuple[Path, str]:
        """The folder of a run; what was packed before the run had letters is taken away."""
        before = "-".join((run.document, run.use, run.paper)).replace("_", "-")
        if known:
            shutil.rmtree(whereabouts.run_folder(self._where, UNRECORDED) / before, ignore_errors=True)
        return make_run_folder(self._inputs, self._where, *((known,) if known else (UNRECORDED, before)))

    def _files(self, sheets: RunSheets, first: bool) -> Iterator[tuple[str, str, LabelStock | None, Pages]]:
        """The files of a run: what each is called, for readers and for findings, and its pages."""
        letter, stock = self._inputs.settings.settings.letter, self._stock
        if sheets.on_paper and stock:
            skip = self._wishes.skip if first else 0
            yield "labels.pdf", "label", stock, lambda desk: labels.label_pages(desk, stock, skip)
        if sheets.on_paper and letter:
            yield "letters.pdf", "letter", None, lambda desk: letters.letter_pages(desk, letter)
        if sheets.on_paper:
            yield "slips.pdf", "slip sheet", None, slips.slip_pages
            yield "packing-lists.pdf", "packing list", None, lists.packing_pages
        yield "picking-list.pdf", "picking list", None, lists.picking_pages


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
    register = open_register(where, "", lambda: datetime.datetime.now(datetime.UTC))
    try:
        with register.reading() as connection:
            return plans.letters_of(connection, plan)
    finally:
        register.close()
