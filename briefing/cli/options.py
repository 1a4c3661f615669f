"""Options as records: each field is one option or argument, and the field's default is that of the option."""

from __future__ import annotations

import datetime
import functools
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

import click

from briefing.design.outputs import OUTPUTS

DOCUMENTS = {"brief": "brief", "fact-sheet": "fact_sheet"}  # as they are called here, and in the program
T = TypeVar("T")


class Measure(click.FloatRange):
    """A number within a range; not a number is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Take what FloatRange takes, but for infinity and what is no number."""
        found: float = super().convert(value, param, ctx)
        return found if math.isfinite(found) else self.fail("this is no measure", param, ctx)


def takes(
    record: Callable[..., T], without: Collection[str] = ()
) -> Callable[[Callable[[T], None]], Callable[..., None]]:
    """Give a command the options of a record, in the order of its fields; it gets what was said as that record."""

    def decorate(command: Callable[[T], None]) -> Callable[..., None]:
        @functools.wraps(command)
        def called(**given: object) -> None:
            command(record(**{name: value for name, value in given.items() if value is not None}))

        function: Callable[..., None] = called
        for name, hint in reversed(get_type_hints(record, include_extras=True).items()):
            if name not in without:
                function = hint.__metadata__[0](function)
        return function

    return decorate


A_PATH = click.Path(path_type=Path)
A_PAPER = click.Choice(["letter", "a4"])
Content = Annotated[
    Path | None, click.option("--content", type=A_PATH, metavar="FILE", help="The content file. [content.yaml]")
]
Paper = Annotated[str | None, click.option("--paper", type=A_PAPER, help="Paper, instead of the content's own.")]
Brand = Annotated[
    Path | None,
    click.option(
        "--brand", type=A_PATH, metavar="FILE", help="The organisation's dress, a brand.yaml. [the content's own]"
    ),
]
Templates = Annotated[
    Path | None,
    click.option(
        "--templates",
        type=A_PATH,
        metavar="DIR",
        help="Templates of your own, which go before the program's. They are trusted as a program is.",
    ),
]
Today = Annotated[
    datetime.datetime | None,
    click.option(
        "--today",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="DATE",
        help="The day on which figures are held to be stale or fresh. [today]",
    ),
]
AsJson = Annotated[
    bool, click.option("--json", "as_json", is_flag=True, help="Findings as JSON lines on standard output.")
]
Draft = Annotated[
    bool,
    click.option("--draft", is_flag=True, help="For the press though it is not final, with its mark on every page."),
]
Cluster = Annotated[
    str | None,
    click.option(
        "--cluster", metavar="ADDRESS", help="Work on the machines of the Dask scheduler there: tcp://10.0.0.5:8786."
    ),
]
Quiet = Annotated[bool, click.option("--quiet", "-q", is_flag=True, help="Say nothing but findings.")]
NoCache = Annotated[  # heeded by `runtime.run_record`, before the command line is understood
    bool,
    click.option(
        "--no-cache",
        is_flag=True,
        help="Make everything anew: use nothing that is kept from earlier runs, and keep nothing.",
    ),
]


@dataclass(frozen=True)
class BuildOptions:
    """What is to be built, and how it is told."""

    content: Content = None
    out: Annotated[
        Path | None, click.option("--out", type=A_PATH, metavar="DIR", help="Where the PDFs go. [build]")
    ] = None
    use: Annotated[
        str,
        click.option(
            "--use",
            "--edition",  # its name until version 3
            type=click.Choice([*(name.value for name in OUTPUTS), "all"]),
            help="; ".join(f"{kind.name}: {kind.told}" for kind in OUTPUTS.values()) + ". [reading]",
        ),
    ] = "reading"
    booklet_sheet: Annotated[
        str,
        click.option(
            "--booklet-sheet",
            type=click.Choice(["full", "half"]),
            help="A booklet's sheets: full, twice the paper (Tabloid, A3); half, the paper laid across. [full]",
        ),
    ] = "full"
    booklet_pages: Annotated[
        str,
        click.option(
            "--booklet-pages",
            type=click.Choice(["office", "press"]),
            help="Whose pages a booklet is made of. [office]",
        ),
    ] = "office"
    booklet_paper: Annotated[
        float,
        click.option(
            "--booklet-paper",
            type=Measure(0, 1),
            metavar="MM",
            help="How thick a booklet's paper is: pages of inner sheets move towards the fold by so much. [0]",
        ),
    ] = 0.0
    bars: Annotated[
        str | None,
        click.option(
            "--bars", metavar="OLD", help="Bars beside what differs from OLD, a content file or a git revision."
        ),
    ] = None
    only: Annotated[
        str | None, click.option("--only", type=click.Choice(list(DOCUMENTS)), help="One document instead of both.")
    ] = None
    paper: Paper = None
    brand: Brand = None
    templates: Templates = None
    draft: Draft = False
    strict: Annotated[
        bool, click.option("--strict", is_flag=True, help="Warnings refuse too, as in continuous integration.")
    ] = False
    today: Today = None
    as_json: AsJson = False
    quiet: Quiet = False
    no_cache: NoCache = False
    timings: Annotated[
        bool, click.option("--timings", is_flag=True, help="Say on standard error where the time went.")
    ] = False
    named: Annotated[tuple[str, ...], click.argument("named", nargs=-1, metavar="[FILE|FOLDER]...")] = ()
    at_once: Annotated[
        int | None,
        click.option(
            "--jobs",
            "at_once",
            type=click.IntRange(1, 256),
            metavar="N",
            help="How many of several content files at the same time. [as many as there are cores]",
        ),
    ] = None
    cluster: Cluster = None


PUBLISHING = ("out", "use", "booklet_sheet", "booklet_pages", "booklet_paper", "bars")  # which a check has not
