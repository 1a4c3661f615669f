"""`distribute pack` and `distribute calibrate`: what goes with numbered copies, as pages to print."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import click

from briefing import files
from briefing.cli import console
from briefing.cli.distribution.planning import CONTENT, distribute
from briefing.cli.distribution.register import NamedRegister
from briefing.cli.jobs import house_brand
from briefing.cli.options import AsJson, Content, Measure, Quiet, takes

if TYPE_CHECKING:
    from briefing.distribution.sheets.pack import PackedRun, PackWishes

_MOST_SHIFT = 25  # millimetres


class _Shift(click.ParamType[tuple[float, float]]):
    """Millimetres to the right and down, as 0.5,-1."""

    name = "shift"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, float]:
        if isinstance(value, tuple):
            return value
        parts, measure = str(value).split(","), Measure(-_MOST_SHIFT, _MOST_SHIFT)
        if len(parts) != 2:
            self.fail("write millimetres to the right and down, as 0.5,-1", param, ctx)
        return measure.convert(parts[0].strip(), param, ctx), measure.convert(parts[1].strip(), param, ctx)


_ShiftOption = Annotated[
    tuple[float, float] | None,
    click.option("--shift", type=_Shift(), metavar="X,Y", help="Labels so many millimetres to the right and down."),
]
_ScaleOption = Annotated[
    float | None,
    click.option("--scale", type=Measure(0.9, 1.1), metavar="S", help="Labels so many times their size: 1.002."),
]


@dataclass(frozen=True)
class CalibrateOptions:
    """Which labels are tried, and how they are printed."""

    content: Content = None
    shift: _ShiftOption = None
    scale: _ScaleOption = None
    as_json: AsJson = False
    quiet: Quiet = False
    stock: Annotated[str, click.argument("stock", required=False)] = ""


@dataclass(frozen=True)
class PackOptions:
    """What is packed, and how its labels are printed."""

    content: Content = None
    labels: Annotated[
        str, click.option("--labels", metavar="STOCK", help="Labels, instead of those of distribution.yaml: 5160.")
    ] = ""
    skip: Annotated[
        int,
        click.option("--skip", type=click.IntRange(0), metavar="N", help="Labels that are gone from the first sheet."),
    ] = 0
    shift: _ShiftOption = None
    scale: _ScaleOption = None
    recall: Annotated[
        int | None,
        click.option("--recall", type=click.IntRange(1), metavar="N", help="What goes to holders of a recall instead."),
    ] = None
    register: NamedRegister = None
    as_json: AsJson = False
    quiet: Quiet = False


@distribute.command()
@takes(PackOptions)
def pack(options: PackOptions) -> None:
    """Write what goes with the copies of the plan: labels, letters, envelopes, slips, packing lists and a picking list.

    They lie in distribution/runs, in a folder for each run. Labels, letters and envelopes are written where
    distribution.yaml has labels:, letter: and envelopes:. Print them at their actual size. With --recall, letters and
    labels for the holders of copies that are called back, and a list to check these in by, in
    distribution/runs/recalls.
    """
    from briefing.distribution.sheets import pack as packing

    file = options.content or CONTENT
    with console.refusals(options.as_json), console.progress(options.as_json or options.quiet) as tell:
        wishes = _wishes(options.labels, options.skip, options.shift, options.scale, options.register)
        if options.recall is not None:
            _pack_recall(options, options.recall, wishes, tell)
            return
        packed, findings = packing.pack(Path(files.absolute(file)), str(file), wishes, tell)
    console.say(findings, options.as_json)
    if options.as_json:
        console.out("".join(f"{console.visible_json(json.dumps(_facts(run), ensure_ascii=False))}\n" for run in packed))
    elif not options.quiet:
        for run in packed:
            said = ", ".join(f"{file.name} ({_pages(file.pages)})" for file in run.files)
            console.out(f"{console.in_line(f'{run.name}: {said}, in {run.folder}')}\n")


def _pack_recall(options: PackOptions, number: int, wishes: PackWishes, tell: Callable[[str], None]) -> None:
    from briefing.distribution.sheets import pack as packing

    file = options.content or CONTENT
    packed, findings = packing.pack_recall(Path(files.absolute(file)), str(file), number, wishes, tell)
    console.say(findings, options.as_json)
    if options.as_json:
        told = {"recall": number, "folder": packed.folder, "files": {one.name: one.pages for one in packed.files}}
        console.out(f"{console.visible_json(json.dumps(told, ensure_ascii=False))}\n")
    elif not options.quiet:
        said = ", ".join(f"{one.name} ({_pages(one.pages)})" for one in packed.files)
        console.out(f"{console.in_line(f'Recall {number}: {said}, in {packed.folder}')}\n")


@distribute.command()
@takes(CalibrateOptions)
def calibrate(options: CalibrateOptions) -> None:
    """Write a page with the frames of labels and two rulers, by which a printer is set right.

    STOCK is the number of the labels, as 5160; without it, the labels of distribution.yaml.
    """
    from briefing.distribution.sheets import pack as packing

    file = options.content or CONTENT
    with console.refusals(options.as_json):
        wishes = _wishes(options.stock, 0, options.shift, options.scale, None)
        written = packing.calibrate(Path(files.absolute(file)), str(file), wishes)
    if options.as_json:
        console.out(f"{json.dumps({'files': [written]})}\n")
    elif not options.quiet:
        console.out(f"Wrote {console.in_line(written)}\n")


def _wishes(
    stock: str, skip: int, shift: tuple[float, float] | None, scale: float | None, register: str | None
) -> PackWishes:
    from briefing.distribution.sheets.pack import PackWishes

    return PackWishes(stock, skip, shift, scale, register, house_brand())


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count:,} pages"


def _facts(run: PackedRun) -> dict[str, object]:
    return {
        "run": run.name,
        "document": run.run.document,
        "use": run.run.use,
        "paper": run.run.paper,
        "folder": run.folder,
        "files": {file.name: file.pages for file in run.files},
    }
