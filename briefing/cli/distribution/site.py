"""`distribute site`: the status of every edition as a folder for a web server."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import click

from briefing import files
from briefing.cli import console
from briefing.cli.distribution.planning import distribute
from briefing.cli.distribution.register import RegisterOptions, opened
from briefing.cli.options import A_PATH, Quiet, takes
from briefing.design.template_folders import own_templates

SITE = Path("build/site")


@dataclass(frozen=True)
class SiteOptions(RegisterOptions):
    """Where it goes, and how long it holds."""

    out: Annotated[Path, click.option("--out", type=A_PATH, metavar="DIR", help="Where it goes. [build/site]")] = SITE
    days: Annotated[
        int,
        click.option(
            "--days",
            type=click.IntRange(1, 3650),
            metavar="N",
            help="Days until pages say that nobody has looked after them. [90]",
        ),
    ] = 90
    today: Annotated[
        datetime.datetime | None,
        click.option("--today", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day of which it tells."),
    ] = None
    quiet: Quiet = False


@distribute.command()
@takes(SiteOptions)
def site(options: SiteOptions) -> None:
    """Write the status of each edition, as a folder to be put on a web server.

    QR codes of copies lead to its pages. It names no recipient. Publish it again before its days are over.
    """
    from briefing.distribution import status_site
    from briefing.pipeline import publish

    today = (options.today or datetime.datetime.now(datetime.UTC)).date()
    out = Path(files.absolute(options.out))
    with console.refusals(options.as_json), opened(options) as register:
        with register.reading() as connection:
            editions = status_site.read_statuses(connection, today)
        folders = dict[str, dict[str, bytes]]()
        for folder, name, data in status_site.make_site(editions, own_templates(), today, options.days):
            folders.setdefault(folder, {})[name] = data
        for folder, made in folders.items():
            publish.refuse_folder(out / folder)
            publish.publish(made, out / folder, {"made_for": "site"})
    if not options.quiet:
        count = f"{len(editions)} {'edition' if len(editions) == 1 else 'editions'}"
        console.out(f"Wrote the status of {count}: {console.in_line(str(options.out))}\n")
