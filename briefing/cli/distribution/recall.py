"""`distribute recall`: copies of an edition are called back, until none is out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated

import click

from briefing.cli import console
from briefing.cli.distribution import register_report
from briefing.cli.distribution.planning import distribute
from briefing.cli.distribution.register import By, RegisterOptions, one_line, opened
from briefing.cli.options import takes

ACTIONS = ("return", "destroy", "insert-slip", "replace")


@dataclass(frozen=True)
class RecallOptions(RegisterOptions):
    """Which edition is called back, and what is asked."""

    action: Annotated[
        str | None, click.option("--action", type=click.Choice(ACTIONS), help="What holders are asked to do.")
    ] = None
    reason: Annotated[str, click.option("--reason", metavar="TEXT", help="Why; it stands on the status page.")] = ""
    close: Annotated[
        int | None,
        click.option(
            "--close", type=click.IntRange(1), metavar="N", help="Recall N is over; with copies out, say why."
        ),
    ] = None
    by: By = ""
    edition: Annotated[str, click.argument("edition", required=False, default="", metavar="[EDITION]")] = ""


@distribute.command()
@takes(RecallOptions)
def recall(options: RecallOptions) -> None:
    """Call back the copies of an edition, and tell who holds which numbers.

    Record what comes back with: distribute record returned CODE… When none is out any more:
    distribute recall --close N.
    """
    from briefing.distribution.register.editions import RecallAction, close_recall, open_recall

    reason = one_line(options.reason, "--reason")
    action = RecallAction(options.action) if options.action else None
    if options.close is None and not (options.edition and action and reason):
        raise click.UsageError("say which edition, what is asked and why: recall 1 --action return --reason TEXT")
    with opened(options, options.by) as register:
        if options.close is not None:
            close_recall(register, options.close, reason)
            register_report.tell(options.as_json, {"closed": options.close}, f"Recall {options.close} is closed.\n")
            return
        assert action
        made = open_recall(register, options.edition, action, reason)
    if options.as_json:
        console.out("".join(map(register_report.as_line, map(asdict, made.holders))))
    else:
        told = f"Recall {made.id} of {made.edition} is open.\n"
        console.out(f"{told}{register_report.format_holdings(made.holders)}")
