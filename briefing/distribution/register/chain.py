"""The chain of events: each one holds the digest of the one before, so that none can be changed or taken out unseen.

Who can edit the whole chain can make it anew. The digest of its last event, printed in a report or sent to a
colleague, seals all that stands before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from briefing.distribution.register.schema import EVENTS

BEGINNING = "0" * 64  # what the first event follows


@dataclass(frozen=True, slots=True)
class RegisterEvent:
    """One act as it was recorded."""

    seq: int
    at: str
    who: str
    act: str
    body: str  # JSON; see `changes`
    before: str  # the digest of the event before
    digest: str

    def follows(self, last: RegisterEvent | None) -> bool:
        """Whether it is the event that was written after `last`, letter for letter."""
        seq, before = (last.seq + 1, last.digest) if last else (1, BEGINNING)
        return (self.seq, self.before, self.digest) == (seq, before, _digest(self))


def last_event(connection: sa.Connection) -> RegisterEvent | None:
    """The newest event."""
    row = connection.execute(sa.select(EVENTS).order_by(EVENTS.c.seq.desc()).limit(1)).first()
    return RegisterEvent(*row) if row else None


def last_two(connection: sa.Connection) -> tuple[RegisterEvent | None, RegisterEvent | None]:
    """The newest event behind the one before it."""
    rows = connection.execute(sa.select(EVENTS).order_by(EVENTS.c.seq.desc()).limit(2)).all()
    found = [RegisterEvent(*row) for row in rows] + [None, None]
    return found[1], found[0]


def append(
    connection: sa.Connection, last: RegisterEvent | None, at: str, who: str, act: str, body: Mapping[str, Any]
) -> RegisterEvent:
    """Write an event after `last`; the caller holds the register alone, and no name of a recipient is in `body`."""
    seq, before = (last.seq + 1, last.digest) if last else (1, BEGINNING)
    event = RegisterEvent(seq, at, who, act, _canonical(body), before, "")
    event = RegisterEvent(seq, at, who, act, event.body, before, _digest(event))
    connection.execute(sa.insert(EVENTS), {name: getattr(event, name) for name in RegisterEvent.__slots__})
    return event


def read_events(connection: sa.Connection) -> Iterator[RegisterEvent]:
    """All events in order, a few at a time."""
    with connection.execution_options(yield_per=500).execute(sa.select(EVENTS).order_by(EVENTS.c.seq)) as rows:
        for row in rows:
            yield RegisterEvent(*row)


def _digest(event: RegisterEvent) -> str:
    said = _canonical([event.before, event.seq, event.at, event.who, event.act, event.body])
    return hashlib.sha256(said.encode()).hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
