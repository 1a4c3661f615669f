"""Which recipient is meant by what somebody types: the id of a list, a row of it, or the register's own number."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from briefing.distribution.records import Delivery, Recipient
from briefing.distribution.register.register import Writing
from briefing.distribution.register.schema import PERSONAL, RECIPIENTS
from briefing.findings import Refused, error

_ROW = re.compile(r"row-\d+")  # a ref that says no more than a line of one list
_NUMBER = re.compile(r"@(\d{1,9})")
_MOST_NAMED = 20


def recipients_called(writing: Writing, ref: str) -> list[int]:
    """The recipients of that ref, or of that number as @17, who are not forgotten; oldest first.

    One with an id of its own may be there several times, since it has moved. Raises `Refused` where there is none, and
    where it is a row that several lists have.
    """
    known = sa.select(RECIPIENTS.c.id).where(RECIPIENTS.c.erased.is_(None)).order_by(RECIPIENTS.c.id)
    ids = list(writing.connection.scalars(known.where(RECIPIENTS.c.ref == ref)))
    if not ids and (number := _NUMBER.fullmatch(ref)):
        ids = list(writing.connection.scalars(known.where(RECIPIENTS.c.id == int(number[1]))))
    if not ids:
        hint = "Give the id of the list, or @17 for recipient 17 of distribute status --json."
        message = "this register knows no such recipient, or has forgotten it"
        raise Refused([error("recipient-unknown", message, writing.where.place, hint)])
    if len(ids) > 1 and _ROW.fullmatch(ref):
        raise _unclear(writing, ids)
    return ids


def recipient_called(writing: Writing, ref: str) -> int:
    """The one recipient of that ref; of a person that has moved, where it is now. Raises `Refused`."""
    ids = recipients_called(writing, ref)
    names = sa.select(RECIPIENTS.c.name, RECIPIENTS.c.office).where(RECIPIENTS.c.id.in_(ids)).distinct()
    if len(writing.connection.execute(names).all()) > 1:
        raise _unclear(writing, ids)
    return ids[-1]


def people_of(connection: sa.Connection, numbers: Collection[int]) -> dict[int, Recipient]:
    """Recipients by the number that the register gives them, with the address to which their copies went.

    Those who were forgotten are left out; what the register does not keep is empty.
    """
    told = [name for name in PERSONAL if name != "salt"]
    columns = [RECIPIENTS.c[name] for name in ("id", "delivery", "language", *told)]
    query = sa.select(*columns).where(RECIPIENTS.c.id.in_(numbers), RECIPIENTS.c.erased.is_(None))
    return {
        row.id: Recipient(
            **{name: getattr(row, name) or "" for name in told},
            delivery=Delivery(row.delivery),
            language=row.language or "",
            copies=0,
            row=0,
            **dict.fromkeys(("paper", "group", "note", "document", "use"), ""),
        )
        for row in connection.execute(query)
    }


def _unclear(writing: Writing, ids: Sequence[int]) -> Refused:
    message = f"{len(ids)} recipients of different lists are called so"
    hint = "Name the one that is meant: " + ", ".join(f"@{number}" for number in ids[:_MOST_NAMED])
    return Refused([error("recipient-unclear", message, writing.where.place, hint)])
