"""Proofs kept from one run to the next: orders come in, proofs go out, and the press makes only those that are missing.

An order tells all that its document can see, so its digest, with that of all that every build stands on, is the name of
its proof. Lines of the content file are no part of it: a child is given places of no file, and what it tells is placed
when it comes back.
"""

from __future__ import annotations

import io
import json
import pickle
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefing import canon, footing, home
from briefing.findings import Finding, Place, has_errors
from briefing.order import Order

if TYPE_CHECKING:
    from briefing.proof import Proof

FORMAT = 1  # of an entry
_NOWHERE = "\ue000"  # no file is called so: content and paths that begin with this private sign are refused


@dataclass(frozen=True)
class Shelf:
    """Where proofs are kept, and what all of them stand on."""

    home: str
    stands: footing.Footing
    templates: Path
    environment: Mapping[str, str] = field(repr=False)

    @property
    def drawings(self) -> Path:
        """The folder of the drawings that this program has made."""
        return Path(home.drawings(self.home, self.stands.program))

    def as_taken(self) -> bool:
        """Whether nothing that a build stands on was touched since."""
        try:
            now = footing.footing(str(self.templates), self.environment, self.stands)
        except OSError:
            return False
        return (now.digest, now.moment) == (self.stands.digest, self.stands.moment)


@dataclass(frozen=True)
class Row:
    """Orders at the shelf, each with what is kept of it."""

    orders: tuple[Order, ...]
    away: tuple[Order, ...]  # the same, with places of no file
    names: tuple[str, ...]  # of their entries; none without a shelf
    kept: tuple[Proof | None, ...]
    shelf: Shelf | None

    @property
    def wanted(self) -> tuple[Order, ...]:
        """What the press has to make."""
        return tuple(order for order, proof in zip(self.away, self.kept, strict=True) if proof is None)

    def filled(self, proofs: Sequence[Proof], faults: Sequence[Finding]) -> tuple[list[Proof], tuple[Finding, ...]]:
        """A proof for each order, kept or made, and what the press says of those that it has not made.

        What was made is put on the shelf, but for proofs that may not be published.
        """
        made = {(proof.document, proof.edition): proof for proof in proofs}
        whole = [
            proof or made.get((order.document, order.kind.name))
            for order, proof in zip(self.orders, self.kept, strict=True)
        ]
        if self.shelf and proofs and self.shelf.as_taken():
            libraries = footing.loaded()
            for name, proof, old in zip(self.names, whole, self.kept, strict=True):
                if proof and not old and not has_errors(proof.findings) and not proof.amiss:
                    _write(self.shelf, name, proof, libraries)
        done = [_back(proof, order) for proof, order in zip(whole, self.orders, strict=True) if proof]
        return done, tuple(_found(fault, self.orders) for fault in faults)


def at(orders: tuple[Order, ...], shelf: Shelf | None) -> Row:
    """Look for each order on the shelf; without one, nothing is found.

    An order may have blank pictures: what is drawn in them follows from all else that the order tells.
    """
    away = tuple(map(_away, orders))
    names = tuple(_name(order, shelf) for order in away) if shelf else ()
    kept = tuple(_read(shelf, name) for name in names) if shelf else (None,) * len(away)
    return Row(orders, away, names, kept, shelf)


# ------------------------------------------------------------------ places


def _away(order: Order) -> Order:
    """An order whose places are of no file: they name the document, its edition and the block."""
    places = {index: Place(_sign(order), index + 1) for index in order.places}
    return replace(order, place=Place(_sign(order)), places=places)


def _sign(order: Order) -> str:
    return f"{_NOWHERE}{order.document} {order.kind.name}"


def _back(proof: Proof, order: Order) -> Proof:
    return replace(proof, findings=tuple(_found(finding, (order,)) for finding in proof.findings))


def _found(finding: Finding, orders: Iterable[Order]) -> Finding:
    """A finding at its place in the content."""
    for order in orders:
        if finding.place.file == _sign(order):
            line = finding.place.line
            return replace(finding, place=order.places[line - 1] if line else order.place)
    return finding


# ------------------------------------------------------------------ entries


def _name(order: Order, shelf: Shelf) -> str:
    told = json.dumps([FORMAT, shelf.stands.digest, canon.digest(order)])
    return footing.of_text(told) + ".proof"


def _read(shelf: Shelf, name: str) -> Proof | None:
    """A kept proof, where the system's libraries are those with which it was made."""
    began = time.monotonic()
    data = home.read(shelf.home, name)
    if data is None:
        return None
    told, _, rest = data.partition(b"\n")
    try:
        if not footing.as_then(json.loads(told)):
            return None
        proof = _Reader(io.BytesIO(rest)).load()
        from briefing.proof import Proof
    except Exception:  # an entry that cannot be read, whatever the reason, is none
        return None
    return replace(proof, seconds=time.monotonic() - began) if isinstance(proof, Proof) else None


def _write(shelf: Shelf, name: str, proof: Proof, libraries: Mapping[str, str]) -> None:
    home.write(shelf.home, name, json.dumps(libraries).encode() + b"\n" + pickle.dumps(proof, protocol=5))


# The records that a proof is made of. The folder is the user's own, and yet nothing else is ever called.
_RECORDS = frozenset(
    (
        ("briefing.asked", "Asked"),
        ("briefing.complete", "Amiss"),
        ("briefing.complete", "Stood"),
        ("briefing.compose", "Setting"),
        ("briefing.editions", "EditionName"),
        ("briefing.findings", "Finding"),
        ("briefing.findings", "Place"),
        ("briefing.findings", "Severity"),
        ("briefing.lines", "Line"),
        ("briefing.photocopy", "Faint"),
        ("briefing.proof", "Proof"),
        ("briefing.views", "Picture"),
    )
)


class _Reader(pickle.Unpickler):
    """Reads records of a proof, and refuses all else."""

    def find_class(self, module: str, name: str) -> Any:
        """A record by its name."""
        if (module, name) not in _RECORDS:
            raise pickle.UnpicklingError(f"no part of a proof: {module}.{name}")
        return super().find_class(module, name)
