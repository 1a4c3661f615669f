"""The commands about an organisation's dress: `brand new`, `check`, `show` and `import`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing import files
from briefing.cli import console
from briefing.cli.jobs import brand_of
from briefing.cli.options import A_PAPER, A_PATH
from briefing.design.brand import FILE
from briefing.design.template_folders import own_templates
from briefing.findings import has_errors

if TYPE_CHECKING:
    from briefing.design.brand.brand_file import BrandFile
    from briefing.design.brand.fitting import FittedBrand
    from briefing.design.brand.palette import ColourRule


@click.group()
def brand() -> None:
    """Make, judge and show an organisation's dress: brand.yaml."""


@brand.command()
@click.argument("folder", type=A_PATH, default=Path())
def new(folder: Path) -> None:
    """Write a brand.yaml with remarks into FOLDER, and its schema for editors."""
    from briefing.design.brand import starter

    with console.refusals():
        written = starter.new(Path(files.absolute(folder)), str(folder))
    console.out(f"Wrote {' and '.join(console.in_line(str(folder / one.name)) for one in written)}.\n")


@brand.command()
@click.argument("brands", nargs=-1, metavar="[FILE|#RRGGBB]...")
def check(brands: tuple[str, ...]) -> None:
    """Hold brands against every rule, and tell what was measured and what is needed.

    A colour such as "#009edb" is taken as a brand that says nothing else. Exit code 1 where a rule does not hold.
    """
    failed = False
    for named in brands or (FILE,):
        with console.refusals():
            own, fitted = _fitted(named)
        console.out(f"{console.in_line(own.record.name or named)}\n{format_rules(fitted.rules)}")
        for family, licence in fitted.dress.licences.items():
            console.out(f"  font {console.in_line(family)}: {console.in_line(licence or 'no licence told')}\n")
        console.out("\n")
        console.say(fitted.findings)
        failed = failed or has_errors(fitted.findings)
    sys.exit(1 if failed else 0)


@brand.command()
@click.argument("file", type=A_PATH, default=Path(FILE))
@click.option("--out", type=A_PATH, default=Path("specimen.pdf"), metavar="FILE.pdf", help="[specimen.pdf]")
@click.option("--paper", type=A_PAPER, default="a4", help="[a4]")
def show(file: Path, out: Path, paper: str) -> None:
    """Write a specimen sheet: type, colours with their ratios, a chart, a table, and the logo with its clear space."""
    from briefing.cli.build import start
    from briefing.content.records import PaperName
    from briefing.design.paper import PAPERS

    start()
    from briefing.pipeline import publish
    from briefing.products.specimen import specimen

    with console.refusals():
        own, fitted = _fitted(str(file))
        console.say(fitted.findings)
        if has_errors(fitted.findings):
            sys.exit(1)
        made, faults = specimen(own, fitted, PAPERS[PaperName(paper)], own_templates())
        console.say((*faults, *(made.findings if made else ())))
        if made is None:
            sys.exit(1)
        publish.write_one(Path(files.absolute(out)), made.pdf)
    console.out(f"Wrote {console.in_line(str(out))}.\n")


@brand.command("import")
@click.argument("file", type=A_PATH, default=Path("_brand.yml"))
@click.option("--out", type=A_PATH, metavar="FOLDER", help="Where brand.yaml goes. [beside FILE]")
def import_(file: Path, out: Path | None) -> None:
    """Write a brand.yaml from Posit's _brand.yml: its name, primary colour, fonts that are files, and logo."""
    from briefing.design.brand import starter

    folder = out or file.parent
    with console.refusals():
        found = starter.imported(Path(files.absolute(file)), str(file))
        written = starter.write(Path(files.absolute(folder)), str(folder), found.text)
    console.out(f"Wrote {console.in_line(str(folder / written[0].name))}.\n")
    for said in found.left:
        console.out(f"  {console.in_line(said)}\n")


def _fitted(named: str) -> tuple[BrandFile, FittedBrand]:
    """A brand by its file, or by its colour; raises `Refused` with every fault of what cannot be read."""
    from briefing.checks.image_rules import picture_faults
    from briefing.design.brand import brand_file, fitting
    from briefing.design.brand.colour import is_colour

    if is_colour(named):
        with tempfile.TemporaryDirectory(prefix="briefing-") as folder:
            file = Path(folder, FILE)
            file.write_text(f'brand: 1\ncolour: {{brand: "{named}"}}\n', encoding="utf-8")
            own = brand_file.read(file, named)
            return own, fitting.fit(own, own_templates(), picture_faults)
    found = brand_of(Path(named))
    assert found
    own = brand_file.read(found, str(Path(named, FILE)) if Path(named).is_dir() else named)
    return own, fitting.fit(own, own_templates(), picture_faults)


def format_rules(rules: tuple[ColourRule, ...]) -> str:
    """The rules as a table: what was measured, what is needed, and whether it holds."""
    wide = max((len(rule.what) for rule in rules), default=0)
    lines = (
        f"  {'ok  ' if rule.holds else 'FAIL' if rule.grave else 'note'}  "
        f"{rule.what:{wide}}  {rule.value:>9}  {rule.need}\n"
        for rule in rules
    )
    return "".join(lines)
