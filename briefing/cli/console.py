"""What commands say on the terminal besides their product: findings, progress, and why something was refused."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from briefing.findings import Finding


def say(findings: tuple[Finding, ...], as_json: bool = False) -> None:
    """Write findings: as text to standard error, or as JSON lines to standard output."""
    from briefing.cli import report

    for finding in findings:
        if as_json:
            click.echo(report.as_json(finding))
        else:
            click.echo(report.as_text(finding), err=True)


@contextmanager
def refusals(as_json: bool = False) -> Iterator[None]:
    """Say why something was refused, or what this machine lacks, and end the program with the exit code of that."""
    from briefing.cli import report
    from briefing.findings import Missing, Refused

    try:
        yield
    except (Missing, Refused) as why:
        say(why.findings, as_json)
        sys.exit(report.LACKING if isinstance(why, Missing) else report.REFUSED)


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """A spinner with the step at hand on a terminal, nothing in a pipe."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield lambda step: status.update(step)
