"""A plan as it is kept: `distribution/plan.json`, without a name or an address, the same bytes for the same plan."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from briefing import files, program
from briefing.distribution.records import Allotment, CostLine, Delivery, DistributionPlan, Parcel, RunPlan
from briefing.findings import Place, Refused, error

PLAN = "plan.json"
FORMAT = 2  # of the file
MAX_BYTES = 500_000_000


def sealed_run(run: RunPlan) -> RunPlan:
    """The run with the digest of all that it says."""
    return replace(run, sha256=_digest(_run_lines(replace(run, sha256=""))))


def sealed(runs: Iterable[RunPlan], list_sha256: str) -> DistributionPlan:
    """A plan of runs, with its digest."""
    runs = tuple(runs)
    return DistributionPlan(runs, list_sha256, _digest([list_sha256, *(run.sha256 for run in runs)]))


def format_plan(plan: DistributionPlan) -> Iterator[str]:
    """The file, line by line."""
    head = {"format": FORMAT, "program": program.VERSION, "sha256": plan.sha256, "list_sha256": plan.list_sha256}
    yield json.dumps(head)[:-1] + ', "runs": [\n'
    for number, run in enumerate(plan.runs):
        yield ",\n" * bool(number)
        yield from _run_lines(run)
    yield "\n]}\n"


def read_plan(file: Path, shown: str) -> DistributionPlan:
    """Read a plan that was kept; raises `Refused` where it is none, or was changed by hand."""
    data = files.read_named(file, MAX_BYTES, shown, f"{program.name()} distribute plan writes it")
    hint = f"make it anew: {program.name()} distribute plan"
    try:
        told = json.loads(data)
        if told["format"] != FORMAT:
            said = "the plan was written by another version of the program"
            raise Refused([error("plan-other", said, Place(shown), hint)])
        runs = [sealed_run(_run_of(one)) for one in told["runs"]]
        plan = sealed(runs, told["list_sha256"])
        whole = plan.sha256 == told["sha256"]
    except (ValueError, LookupError, TypeError, ArithmeticError, RecursionError):
        raise Refused([error("plan-unsound", "this is no plan of the program", Place(shown), hint)]) from None
    if not whole:
        raise Refused([error("plan-changed", "the plan was changed after it was made", Place(shown), hint)])
    return plan


# ------------------------------------------------------------------ runs as JSON


def _run_lines(run: RunPlan) -> Iterator[str]:
    yield json.dumps(_facts(run))[:-1]
    for name, lines in (("allotments", map(_allotment, run.allotments)), ("parcels", map(_parcel, run.parcels))):
        yield f', "{name}": [\n'
        yield next(lines)
        yield from (f",\n{line}" for line in lines)
        yield "\n]"
    yield "}"


# Refs are letters, digits, points, hyphens and underscores, which JSON has as they are.


def _allotment(one: Allotment) -> str:
    holder = "null" if one.recipient is None else f'"{one.recipient}"'
    return f"[{holder}, {one.first}, {one.last}, {one.parcel}]"


def _parcel(one: Parcel) -> str:
    refs = '", "'.join(one.recipients)
    counts = f"{one.first}, {one.last}, {one.copies}, {one.spares}, {one.sheets}, {one.grams}"
    return f'[{one.number}, ["{refs}"], {counts}, "{one.delivery.value}"]'


def _facts(run: RunPlan) -> dict[str, Any]:
    """All of a run but its long lists."""
    names = ("document", "use", "paper", "language", "pages", "total", "spares", "overs", "sheets", "grams")
    cost = [
        [line.what, line.count, None if line.price is None else str(line.price), line.currency] for line in run.cost
    ]
    told = {name: getattr(run, name) for name in (*names, "setup", "sha256")}
    return {**told, "cost": cost}


def _run_of(told: dict[str, Any]) -> RunPlan:
    cost = (
        CostLine(what, count, None if price is None else Decimal(price), currency)
        for what, count, price, currency in told["cost"]
    )
    return RunPlan(
        **{name: told[name] for name in ("document", "use", "paper", "language", "pages", "total", "spares")},
        overs=told["overs"],
        allotments=tuple(Allotment(*line) for line in told["allotments"]),
        parcels=tuple(
            Parcel(number, tuple(refs), first, last, copies, spares, sheets, grams, Delivery(delivery))
            for number, refs, first, last, copies, spares, sheets, grams, delivery in told["parcels"]
        ),
        sheets=told["sheets"],
        grams=told["grams"],
        cost=tuple(cost),
        sha256="",
        setup=told["setup"],
    )


def _digest(lines: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode())
    return digest.hexdigest()
