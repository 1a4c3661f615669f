"""Who gets a parcel together: those with the same address, or of the same office where there is no address.

Parcels are in the order in which they are packed: by delivery, country, postcode and recipient.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from briefing.distribution.recipients.columns import same
from briefing.distribution.records import Delivery, Recipient

_ORDER: Mapping[Delivery, int] = {delivery: number for number, delivery in enumerate(Delivery)}


def in_packing_order(recipients: Iterable[Recipient]) -> Iterator[list[Recipient]]:
    """Recipients parcel by parcel, in packing order."""
    for _, those in groupby(sorted(recipients, key=_packing_key), key=_destination):
        yield list(those)


def _destination(one: Recipient) -> str:
    """What tells one parcel from another: the address, or the office, or the person."""
    if one.delivery is Delivery.EMAIL:
        place: tuple[str, ...] = ("", one.ref)
    elif one.street:
        place = one.postcode, one.city, one.street, one.street2
    else:
        place = "", one.office or one.ref
    return f"{_ORDER[one.delivery]}\0{one.country}\0{same(chr(0).join(place))}"


def _packing_key(one: Recipient) -> str:
    return f"{_destination(one)}\0{same(one.office)}\0{same(one.name)}\0{one.row:08}{one.ref}"
