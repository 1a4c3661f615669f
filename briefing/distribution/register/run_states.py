"""How a run stands, by its copies; and runs that are cancelled, since the content of their edition was replaced.

What goes by e-mail is never waited for at a printer: such a copy is ready when it is planned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import sqlalchemy as sa

from briefing.distribution.codes import run_letters
from briefing.distribution.records import Delivery
from briefing.distribution.register.changes import Change, SetRow
from briefing.distribution.register.register import Writing
from briefing.distribution.register.schema import CANCELLED, COPIES, IN_PARCELS, PARCELS, RUNS, TO_PRINT, CopyState
from briefing.findings import Finding, Place, Refused, error

KIND = (COPIES.c.state, COPIES.c.recipient.is_(None).label("spare"), PARCELS.c.delivery)  # of rows of IN_PARCELS
ON_PAPER = sa.func.coalesce(PARCELS.c.delivery, "") != Delivery.EMAIL.value


class CopyKind(NamedTuple):
    """What a run's state asks of a copy."""

    state: CopyState
    is_spare: bool
    is_mailed: bool

    @property
    def is_to_print(self) -> bool:
        """Whether a printer must still make it."""
        return self.state in TO_PRINT and not self.is_mailed

    @property
    def is_to_hand_out(self) -> bool:
        """Whether it is for somebody, and still here."""
        return not self.is_spare and self.state in (CopyState.PRINTED, *TO_PRINT)


def kind_of(state: str, spare: bool, delivery: str | None) -> CopyKind:
    """The kind that the columns of `KIND` say."""
    return CopyKind(CopyState(state), bool(spare), delivery == Delivery.EMAIL.value)


def run_state(writing: Writing, run: int, moved: Mapping[CopyKind, int], state: CopyState) -> Iterator[Change]:
    """The new state of a run, where copies that move to a state give it one; spares need not be handed out.

    `moved` counts them by what they were.
    """
    query = sa.select(*KIND, sa.func.count()).select_from(IN_PARCELS).where(COPIES.c.run == run)
    grouped = query.group_by(COPIES.c.state, COPIES.c.recipient.is_(None), PARCELS.c.delivery)
    counts = Counter[CopyKind]()
    for before, spare, delivery, count in writing.connection.execute(grouped):
        counts[kind_of(before, spare, delivery)] += int(count)
    for kind, count in moved.items():
        counts[kind] -= count
        counts[kind._replace(state=state)] += count
    new = _state_of({kind for kind, count in counts.items() if count > 0})
    old = writing.connection.scalar(sa.select(RUNS.c.state).where(RUNS.c.id == run))
    if new and new != old:
        yield SetRow("runs", {"id": run}, {"state": new})


def _state_of(kinds: Collection[CopyKind]) -> str:
    """The state that copies of these kinds give to their run; "" where it stays what it is."""
    paper = [kind for kind in kinds if not kind.is_mailed]
    if any(kind.is_to_print for kind in paper):
        return "printing" if any(kind.state is not CopyState.PLANNED for kind in paper) else ""
    if not any(kind.is_to_hand_out for kind in kinds):
        return "dispatched"
    return "printed" if paper else ""


def cancel_runs(connection: sa.Connection, runs: sa.Select[tuple[int]]) -> Iterator[Change]:
    """Cancel those of the runs of which nothing is printed."""
    wanted = (RUNS.c.id.in_(runs), RUNS.c.state.in_(("planned", "made")))
    for run in connection.scalars(sa.select(RUNS.c.id).where(*wanted).order_by(RUNS.c.id)):
        yield SetRow("runs", {"id": run}, {"state": CANCELLED})


def assert_not_cancelled(connection: sa.Connection, runs: Collection[int], place: Place) -> None:
    """Raise `Refused` where some of the runs are cancelled: nothing more is done with their copies."""
    faults = list[Finding]()
    query = sa.select(RUNS.c.tag).where(RUNS.c.id.in_(sorted(runs)), RUNS.c.state == CANCELLED).order_by(RUNS.c.id)
    for tag in connection.scalars(query):
        message = f"run {run_letters(tag)} is cancelled: its edition has another content now"
        faults.append(error("run-cancelled", message, place, "Make it anew: distribute plan, then distribute make."))
    if faults:
        raise Refused(faults)
