"""The command that shows both documents while they are written."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import click

from briefing.cli import console, jobs
from briefing.cli.options import Content, Today, takes


@dataclass(frozen=True)
class PreviewOptions:
    """How the preview is wanted."""

    content: Content = None
    port: Annotated[
        int, click.option("--port", type=click.IntRange(0, 65535), metavar="N", help="[one that is free]")
    ] = 0
    opens: Annotated[
        bool, click.option("--open/--no-open", "opens", default=True, help="Whether your browser opens it. [--open]")
    ] = True
    editor: Annotated[
        str | None,
        click.option(
            "--editor",
            metavar="CMD",
            help='What opens the content at a line, such as "code -g {file}:{line}". '
            "[$VISUAL or $EDITOR, if it has a window]",
        ),
    ] = None
    today: Today = None


@click.command()
@takes(PreviewOptions)
def preview(options: PreviewOptions) -> None:
    """Show both documents in a browser, as they are while you write.

    Saving renews them; findings stand beside them, and a click on a text shows its line. Nothing is written to build,
    and nobody but you can see the page. Ctrl-C ends it.
    """
    import tempfile

    from briefing.preview import editor as editors
    from briefing.preview import run as previewing

    try:
        words = editors.command(options.editor, os.environ)
    except ValueError as why:
        raise click.BadParameter(str(why), param_hint="--editor") from None
    job, shelf = jobs.plain_job(options.content, None, options.today), jobs.shelf()

    def ready(address: str) -> None:
        console.out(f"Preview of {console.in_line(job.name)}: {address}  (Ctrl-C ends it)\n")
        if options.opens:
            import webbrowser

            webbrowser.open(address)

    try:
        with tempfile.TemporaryDirectory(prefix="briefing-") as own:
            drawings = shelf.drawings if shelf else Path(own)
            previewing.run(previewing.Preview(job, drawings, options.port, words), ready)
    except previewing.PortTaken as why:
        raise click.BadParameter(f"port {options.port} cannot be had: {why}", param_hint="--port") from None
