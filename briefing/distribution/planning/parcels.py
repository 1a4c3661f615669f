"""Who gets a parcel together: those with the same address, or of the same office where there is no address.

Parcels are in the order in which they are packed: by delivery, country, postcode and recipient.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from briefing.distribution.records import Delivery, Recipient

_ORDER: Mapping[Delivery, int] = {delivery: number for number, delivery in enumerate(Delivery)}
_SAME = str.maketrans("", "", " .,-'’")
Destination = tuple[str, ...]


def in_packing_order(recipients: Iterable[Recipient]) -> list[tuple[Destination, list[Recipient]]]:
    """Recipients parcel by parcel, in packing order."""
    ordered = sorted(recipients, key=_packing_key)
    return [(place, list(those)) for place, those in groupby(ordered, key=destination_of)]


def destination_of(one: Recipient) -> Destination:
    """What tells one parcel from another: the address, or the office, or the person."""
    if one.delivery is Delivery.EMAIL:
        return one.delivery, one.ref
    if one.street:
        return one.delivery, one.country, *map(_same, (one.postcode, one.city, one.street, one.street2))
    return one.delivery, one.country, _same(one.office) or one.ref


def _packing_key(one: Recipient) -> tuple[object, ...]:
    where = one.country, _same(one.postcode), destination_of(one)
    return _ORDER[one.delivery], *where, _same(one.office), _same(one.name), one.ref


def _same(text: str) -> str:
    return text.casefold().translate(_SAME)
