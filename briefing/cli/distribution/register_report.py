"""How the copy register is told: whose copy a code is, who holds which, and how many are where."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from briefing.cli import console

if TYPE_CHECKING:
    from briefing.distribution.register.copies import Recorded
    from briefing.distribution.register.holdings import Holding, RegisterReport, Verdict

_NO_MORE = "Its run is cancelled: the content was replaced before a copy was printed."


def tell(as_json: bool, facts: Mapping[str, Any], text: str) -> None:
    """Write the facts as a line of JSON, or the text."""
    console.out(as_line(facts) if as_json else text)


def as_line(facts: Mapping[str, Any]) -> str:
    """Facts as a line of JSON."""
    return console.visible_json(json.dumps(facts, ensure_ascii=False)) + "\n"


def format_recorded(state: str, done: Recorded) -> str:
    """What an act has changed."""
    numbers = "; ".join(f"run {run}, copies {numbers}" for run, numbers in done.numbers.items())
    same = f" Already so: {done.same:,}." if done.same else ""
    return f"Recorded as {state}: {numbers or 'nothing'}.{same}\n"


def format_verdict(found: Verdict) -> str:
    """Whose copy a code is."""
    from briefing.distribution.register.schema import CANCELLED

    whose = found.holder or ("a recipient who was forgotten" if found.recipient else "nobody")
    whose = f"a spare, with {whose}" if found.spare else f"for {whose}"
    lines = [
        f"{found.code}: copy {found.number:,} of {found.total:,}, {found.document.replace('_', ' ')} {found.edition}",
        f"  “{console.in_line(found.title)}”",
        f"  {found.state} since {_moment(found.since)}, {console.in_line(whose)}",
    ]
    if found.edition_state != "current":
        by = f" by {console.in_line(found.superseded_by)}" if found.superseded_by else ""
        lines.append(f"  This edition is {found.edition_state}{by}.")
    if found.run_state == CANCELLED:
        lines.append(f"  {_NO_MORE}")
    if found.recall:
        lines.append(f"  It is called back: {found.recall}.")
    if not found.proven:
        lines.append("  The key of codes is not here: whether the code is one of ours, only the register says.")
    return "".join(f"{line}\n" for line in lines)


def format_holdings(found: Sequence[Holding], run_state: str = "") -> str:
    """A line for each recipient with copies of a run, and how many there are in all."""
    from briefing.distribution.register.schema import CANCELLED

    table = _table(("run", "edition", "copies", "out", "since", "ref", "holder"), map(_held, found)) if found else ""
    out, holders = sum(one.count for one in found), len({one.recipient for one in found})
    told = f" {_NO_MORE}" if run_state == CANCELLED else ""
    return f"{table}{out:,} copies are out, with {holders:,} recipients.{told}\n"


def _held(one: Holding) -> tuple[str, ...]:
    whose = one.name or ("forgotten" if one.recipient else "spares, with nobody")
    lost = f" ({one.lost} lost)" if one.lost else ""
    return one.run, one.edition, one.numbers, f"{one.count}{lost}", _moment(one.since)[:10], one.ref, whose


def format_report(found: RegisterReport) -> str:
    """A line for each run, and the digest that seals the register."""
    rows = [
        (one.run, f"{one.edition} ({one.edition_state})", one.document.replace("_", " "), one.state, f"{one.total:,}",
         ", ".join(f"{count:,} {state}" for state, count in one.copies.items()))
        for one in found.runs
    ]  # fmt: skip
    table = _table(("run", "edition", "document", "state", "copies", "of which"), rows)
    sealed = f"Events: {found.events:,}, the last at {found.last}, sealed by\n{found.digest}\n"
    return f"{table}Recalls open: {found.recalls}. {sealed}"


def _moment(text: str) -> str:
    return text.replace("T", " ").replace("Z", " UTC")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, *(tuple(map(console.in_line, row)) for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "".join(f"{line.rstrip()}\n" for line in padded)
