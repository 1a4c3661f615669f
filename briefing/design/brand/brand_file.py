"""A `brand.yaml` read: bytes become its records, with the place of each key, or every fault at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing import files
from briefing.content import validation, yaml_reader
from briefing.content.tree import ContentTree
from briefing.design.brand.records import Brand
from briefing.findings import Place, Refused, error

MAX_BYTES = 100_000


@dataclass(frozen=True)
class BrandFile:
    """A brand as its file says it."""

    path: Path
    record: Brand
    source: ContentTree
    sum: str  # its SHA-256

    @property
    def folder(self) -> Path:
        """Where its own files lie."""
        return self.path.parent

    def place(self, *keys: str | int) -> Place:
        """Where a key stands."""
        return self.source.place(keys)


def read(path: Path, shown: str) -> BrandFile:
    """Read a brand, called as `shown` in findings; raises `Refused` with every fault."""
    data = files.read_named(path, MAX_BYTES, shown, "name another brand, or make one: brand new", "this is no brand")
    source, faults = None, []
    try:
        source = yaml_reader.parse(data, shown)
    except yaml_reader.Misread as misread:
        source, faults = misread.source, list(misread.findings)
    if source is not None and not isinstance(source.tree, dict):
        hint = "say brand: 1 in it, or have one written: brand new"
        said = "the file holds nothing" if source.tree is None else "the file must hold keys such as brand: and colour:"
        others = (one for one in faults if one.code != "file-empty")
        raise Refused([*others, error("type-wrong", said, source.place(()), hint)])
    try:
        record = validation.build_record(source, Brand)
    except Refused as refused:
        raise Refused([*faults, *refused.findings]) from None
    if faults:
        raise Refused(faults)
    return BrandFile(Path(files.absolute(path)).resolve(), record, source, hashlib.sha256(data).hexdigest())


def json_schema() -> dict[str, Any]:
    """The JSON Schema by which editors complete and check a brand."""
    schema = Brand.model_json_schema()
    for definition in (schema, *schema["$defs"].values()):
        validation.tidy_schema(definition)
    return validation.framed(schema, "A brand")
