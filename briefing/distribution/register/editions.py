"""Editions that are replaced or withdrawn, and recalls: who holds copies that must come back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa

from briefing.distribution.records import Recipient
from briefing.distribution.register.changes import AddRows, SetRow, next_id
from briefing.distribution.register.holdings import Holding, holdings
from briefing.distribution.register.people import people_of
from briefing.distribution.register.register import Register, Writing
from briefing.distribution.register.schema import EDITIONS, RECALLS, CopyState
from briefing.findings import Refused, error

_NAMED = re.compile(r"(?:(.+)-)?(\d{1,6})")


class RecallAction(StrEnum):
    """What is asked of those who hold copies."""

    RETURN = "return"
    DESTROY = "destroy"
    INSERT_SLIP = "insert-slip"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class OpenedRecall:
    """A recall, and the holders of copies that are out."""

    id: int
    edition: str
    holders: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class RecallFacts:
    """An open recall with the edition that it calls back, and who holds copies that are out."""

    id: int
    action: RecallAction
    reason: str
    title: str
    edition: int
    dated: str  # ISO 8601
    holders: tuple[Holding, ...]  # of copies that are in somebody's hands
    lost: tuple[Holding, ...]  # copies of which nobody knows where they are
    people: Mapping[int, Recipient]  # holders by the number that the register gives them; none that was forgotten


class _Edition(NamedTuple):
    id: int
    slug: str
    number: int
    state: str


def mark_edition(register: Register, named: str, state: str, reason: str, by: str = "") -> str:
    """Record that an edition is `superseded`, by an edition that is named so, or `withdrawn`; gives its name."""
    with register.writing() as writing:
        row = _edition(writing, named)
        name = f"{row.slug}-{row.number}"
        if row.state == "withdrawn":
            raise Refused([error("edition-withdrawn", f"edition {name} is withdrawn already", writing.where.place)])
        values = {"state": state, "reason": reason, "superseded_by": by or None}
        writing.record(state, [SetRow("editions", {"id": row.id}, values)])
        return name


def release_edition(register: Register, named: str, reason: str) -> str:
    """Record that an edition may be handed out before its embargo ends; gives its name."""
    with register.writing() as writing:
        row = _edition(writing, named)
        values = {"released": writing.moment()}
        writing.record("embargo-released", [SetRow("editions", {"id": row.id}, values)], reason=reason)
        return f"{row.slug}-{row.number}"


def open_recall(register: Register, named: str, action: RecallAction, reason: str) -> OpenedRecall:
    """Record that copies of an edition are called back, and tell who holds some; the same again is told again.

    Raises `Refused` where a recall with another action or reason is open.
    """
    with register.writing() as writing:
        row = _edition(writing, named)
        known = writing.connection.execute(
            sa.select(RECALLS.c.id, RECALLS.c.action, RECALLS.c.reason).where(
                RECALLS.c.edition == row.id, RECALLS.c.closed.is_(None)
            )
        ).first()
        if known is not None and (known.action, known.reason) != (action, reason):
            other = f"action: {known.action}" if known.action != action else "reason"
            message = f"recall {known.id} of this edition is open, with another {other}"
            raise Refused([error("recall-open", message, writing.where.place, "Close it first, with a reason.")])
        number = known.id if known else next_id(writing.connection, RECALLS)
        if known is None:
            values = {"id": number, "edition": row.id, "action": str(action), "reason": reason, "closed": None}
            writing.record(
                "recall-opened", [AddRows("recalls", [{**values, "opened": writing.moment(), "closing": None}])]
            )
        return OpenedRecall(number, f"{row.slug}-{row.number}", holdings(writing.connection, edition=row.id))


def read_recall(register: Register, number: int) -> RecallFacts:
    """What an open recall is about. Raises `Refused` where there is none of that number."""
    with register.reading() as connection:
        row = connection.execute(
            sa.select(RECALLS, EDITIONS.c.title, EDITIONS.c.number, EDITIONS.c.dated)
            .join(EDITIONS, EDITIONS.c.id == RECALLS.c.edition)
            .where(RECALLS.c.id == number, RECALLS.c.closed.is_(None))
        ).first()
        if row is None:
            raise Refused([error("recall-unknown", f"there is no open recall {number}", register.where.place)])
        held = holdings(connection, edition=row.edition, states=(CopyState.ISSUED, CopyState.DELIVERED))
        lost = holdings(connection, edition=row.edition, states=(CopyState.LOST,))
        people = people_of(connection, {one.recipient for one in held if one.recipient is not None})
        return RecallFacts(
            number, RecallAction(row.action), row.reason, row.title, row.number, row.dated, held, lost, people
        )


def close_recall(register: Register, number: int, reason: str = "") -> None:
    """Record that a recall is over: because no copy is out any more, or for a reason. Raises `Refused`."""
    with register.writing() as writing:
        row = writing.connection.execute(sa.select(RECALLS).where(RECALLS.c.id == number)).first()
        if row is None or row.closed is not None:
            message = f"there is no open recall {number}"
            raise Refused([error("recall-unknown", message, writing.where.place)])
        out = sum(one.count for one in holdings(writing.connection, edition=row.edition))
        if out and not reason:
            message = f"{out} copies of recall {number} are still out"
            hint = "Close it with a reason, or record what became of them."
            raise Refused([error("recall-open", message, writing.where.place, hint)])
        values = {"closed": writing.moment(), "closing": reason or None}
        writing.record("recall-closed", [SetRow("recalls", {"id": number}, values)])


def _edition(writing: Writing, named: str) -> _Edition:
    """The edition that is named: 2 where the register has one brief, else its-slug-2."""
    match = _NAMED.fullmatch(named.strip())
    query = sa.select(EDITIONS.c.id, EDITIONS.c.slug, EDITIONS.c.number, EDITIONS.c.state)
    found = []
    if match:
        query = query.where(EDITIONS.c.number == int(match[2]))
        found = list(writing.connection.execute(query.where(EDITIONS.c.slug == match[1]) if match[1] else query))
    if len(found) != 1:
        message = "this register has several editions of that name" if found else "this register knows no such edition"
        hint = "Name it by its brief and number, as distribute report does."
        raise Refused([error("edition-unknown", message, writing.where.place, hint)])
    return _Edition(*found[0])
