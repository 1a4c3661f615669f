"""Proofs kept from one run to the next: document jobs come in, proofs go out, and only what is missing is typeset.

A job tells all that its document can see, so its digest, with that of all that every build stands on, is the name of
its proof. Lines of the content file are no part of it: what a proof tells carries its path in the content.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefing.findings import has_errors
from briefing.pipeline.document_job import DocumentJob
from briefing.runtime import cache_store, digest, fingerprint, timings

if TYPE_CHECKING:
    from briefing.proofing.proof import Proof

FORMAT = 3  # of an entry


@dataclass(frozen=True)
class ProofCache:
    """Where proofs are kept, and what all of them stand on."""

    home: str
    stands: fingerprint.Fingerprint
    templates: Path
    environment: Mapping[str, str] = field(repr=False)

    @property
    def drawings(self) -> Path:
        """The folder of the drawings that this program has made."""
        return Path(cache_store.drawings(self.home, self.stands.program))

    def as_taken(self) -> bool:
        """Whether nothing that a build stands on was touched since."""
        try:
            now = fingerprint.take_fingerprint(str(self.templates), self.environment, self.stands)
        except OSError:
            return False
        return (now.digest, now.moment) == (self.stands.digest, self.stands.moment)


@dataclass(frozen=True)
class ProofLookup:
    """Jobs at the shelf, each with what is kept of it."""

    jobs: tuple[DocumentJob, ...]
    names: tuple[str, ...]  # of their entries; none without a shelf
    kept: tuple[Proof | None, ...]
    shelf: ProofCache | None

    @property
    def wanted(self) -> tuple[DocumentJob, ...]:
        """What has to be made."""
        return tuple(job for job, proof in zip(self.jobs, self.kept, strict=True) if proof is None)

    def store(self, proofs: Sequence[Proof]) -> list[Proof]:
        """The proofs of the jobs, kept or made.

        What was made is put on the shelf, but for proofs that may not be published.
        """
        made = {(proof.document, proof.use): proof for proof in proofs}
        whole = [
            proof or made.get((job.document, job.use.name)) for job, proof in zip(self.jobs, self.kept, strict=True)
        ]
        if self.shelf and proofs and self.shelf.as_taken():
            libraries = fingerprint.loaded_libraries()
            for name, proof, old in zip(self.names, whole, self.kept, strict=True):
                if proof and not old and not has_errors(proof.findings) and not proof.amiss:
                    _write(self.shelf, name, proof, libraries)
        return [proof for proof in whole if proof]


def look_up(jobs: tuple[DocumentJob, ...], shelf: ProofCache | None) -> ProofLookup:
    """Look for each job on the shelf; without one, nothing is found.

    A job may have blank pictures: what is drawn in them follows from all else that the job tells.
    """
    if shelf is None:
        return ProofLookup(jobs, (), (None,) * len(jobs), None)
    names = tuple(_name(job, shelf) for job in jobs)
    kept = tuple(_read(shelf, name, job) for name, job in zip(names, jobs, strict=True))
    return ProofLookup(jobs, names, kept, shelf)


# ------------------------------------------------------------------ entries


def _name(job: DocumentJob, shelf: ProofCache) -> str:
    told = json.dumps([FORMAT, shelf.stands.digest, digest.digest(job)])
    return fingerprint.hash_text(told) + ".proof"


def _read(shelf: ProofCache, name: str, job: DocumentJob) -> Proof | None:
    """A kept proof, where the system's libraries are those with which it was made; else a remark says why not."""
    began = time.monotonic()
    proof, why = _entry(cache_store.read(shelf.home, name))
    timings.remark(job.document, why or "the proof of an earlier run is used")
    return replace(proof, seconds=time.monotonic() - began) if proof else None


def _entry(data: bytes | None) -> tuple[Proof | None, str]:
    """The proof of an entry, or why it is not used."""
    if data is None:
        return None, "made anew: no proof of the same inputs is kept"
    from pydantic import ValidationError

    try:
        entry = _kind().model_validate_json(data)
    except ValidationError as fault:
        told = fault.errors(include_url=False, include_input=False, include_context=False)[0]
        return None, f"made anew: what is kept cannot be read: {told['type']} at {'.'.join(map(str, told['loc']))}"
    if not fingerprint.are_unchanged(entry.libraries):
        return None, "made anew: a library of the system is another one"
    return entry.proof, ""


def _write(shelf: ProofCache, name: str, proof: Proof, libraries: Mapping[str, str]) -> None:
    cache_store.write(shelf.home, name, _kind()(libraries=dict(libraries), proof=proof).model_dump_json().encode())


@cache
def _kind() -> Any:
    """What an entry holds, as data that can be checked when it comes back; nothing in it is ever called."""
    from pydantic import ConfigDict, create_model

    from briefing.proofing.proof import Proof

    config = ConfigDict(
        ser_json_bytes="base64", val_json_bytes="base64", ser_json_inf_nan="constants", extra="forbid", frozen=True
    )
    return create_model("Entry", __config__=config, libraries=dict[str, str], proof=Proof)
