"""The command line: arguments, terminal and current folder in, an exit code out.

Exit codes: 0 built, 1 content or documents refused, 2 wrong usage, 3 something missing on this machine. Each command is
imported when it is asked for.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import click

from briefing import program
from briefing.cli import console

if TYPE_CHECKING:
    from briefing.runtime.run_record import RunKey

Commands = tuple[click.Command, ...]
_HELP = """Make a policy brief and a one-page fact sheet, as PDF, from one content.yaml.

\b
{examples}

Without a command, build is meant; its options may stand there. Every fault is shown at once, with its line and
what to do; until all are mended, the last good PDFs stay as they are.

Exit codes: 0 built, 1 refused, 2 wrong usage, 3 something is missing on this machine, 130 stopped with Ctrl-C.
"""
_EXAMPLES = (
    ("", "builds build/policy-brief.pdf and build/fact-sheet.pdf"),
    ("check", "says what is wrong, writes nothing"),
    ("--use office", "makes them for a desktop printer; also booklet, large-print, review, all"),
    ("build folder/", "builds every content file in a folder, on all cores"),
    ("press", "makes all that a print shop needs, in build/press"),
    ("preflight FILE.pdf", "tells whether a PDF is fit for its use"),
    ("read", "tells what a screen reader says of a PDF"),
    ("verify", "tells whether the PDFs are what the content gives"),
    ("preview", "shows both documents in a browser, and keeps up with what you save"),
    ("ledger", "lists every figure and the lines that print it"),
    ("changes old.yaml", "says what has changed, and writes a correction slip"),
    ("distribute plan", "numbers copies for a list of recipients, and says what they take"),
    ("distribute print PRINTER", "prints the copies part by part, and counts what comes out"),
    ("distribute status", "tells who holds which copies"),
    ("brand check", "judges your organisation's brand.yaml; also new, show and import"),
    ("new my-briefing", "writes a small briefing to begin with"),
)


def _building() -> Commands:
    from briefing.cli import build

    return build.build, build.check, build.press


def _content() -> Commands:
    from briefing.cli import content

    return content.new, content.schema, content.ledger, content.changes


def _inspecting() -> Commands:
    from briefing.cli import inspect

    return inspect.preflight, inspect.read, inspect.verify


def _branding() -> Commands:
    from briefing.cli import brand

    return (brand.brand,)


def _previewing() -> Commands:
    from briefing.cli import preview

    return (preview.preview,)


def _distributing() -> Commands:
    from briefing.cli.distribution import make, pack, planning, print, recall, register, site  # noqa: A004, F401

    return (planning.distribute,)


_COMMANDS: Mapping[str, Callable[[], Commands]] = {
    **dict.fromkeys(("build", "check", "press"), _building),
    **dict.fromkeys(("new", "schema", "ledger", "changes"), _content),
    **dict.fromkeys(("preflight", "read", "verify"), _inspecting),
    "brand": _branding,
    "preview": _previewing,
    "distribute": _distributing,
}


class _Program(click.Group):
    """All commands, of which `build` may be left unsaid."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        found = _COMMANDS[cmd_name]() if cmd_name in _COMMANDS else ()
        return next((command for command in found if command.name == cmd_name), None)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in ("--help", "-h", "--version") and args[0].startswith("-")):
            args = ["build", *args]
        return super().parse_args(ctx, args)


def _help() -> str:
    """What the program says of itself, by the name by which it was started."""
    said = [(f"{program.name()} {arguments}".rstrip(), meaning) for arguments, meaning in _EXAMPLES]
    width = max(len(command) for command, _ in said)
    lines = [f"{command:{width}}  {meaning}" for command, meaning in said]
    return _HELP.format(examples="\n".join([*lines, f"{program.name()} --content my-briefing/content.yaml"]))


@click.group(
    cls=_Program,
    help=_help(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(program.VERSION, prog_name=program.name())
def cli() -> None:
    """Say what is to be done."""


def main(call: RunKey | None = None) -> None:
    """Run the command line; `call` tells where something may be kept. Ends the process with an exit code."""
    try:
        code = cli.main(prog_name=program.name(), obj=call, standalone_mode=False)
    except click.ClickException as wrong:
        said = io.StringIO()
        wrong.show(said)
        console.err(said.getvalue())
        code = wrong.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    sys.exit(code)
