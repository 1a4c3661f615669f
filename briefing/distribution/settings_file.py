"""Read `distribution.yaml`: every fault with its line, as those of a content file are told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from briefing import files, program
from briefing.content import validation, yaml_reader
from briefing.content.tree import ContentTree
from briefing.distribution.settings import DistributionSettings
from briefing.distribution.sheets.stocks import find_stock, unknown_stock
from briefing.findings import Finding, Refused, error

SETTINGS, SCHEMA = "distribution.yaml", "distribution.schema.json"


@dataclass(frozen=True)
class SettingsFile:
    """What is asked for, and where each of it stands."""

    settings: DistributionSettings
    source: ContentTree
    data: bytes


def read_settings(file: Path, shown: str) -> SettingsFile:
    """Read and check the file; raises `Refused` with every fault."""
    missing = f"{program.name()} distribute init writes one to begin with"
    data = files.read_named(file, yaml_reader.MAX_BYTES, shown, missing)
    misread: tuple[Finding, ...] = ()
    try:
        source = yaml_reader.parse(data, shown)
    except yaml_reader.Misread as refused:
        source, misread = refused.source, refused.findings
    try:
        settings = _typed(source)
    except Refused as refused:
        raise Refused([*misread, *refused.findings]) from None
    if misread:
        raise Refused(misread)
    if faults := list(_check_order(settings)):
        raise Refused(map(source.locate, faults))
    return SettingsFile(settings, source, data)


def schema_text() -> str:
    """The JSON Schema by which editors complete and check distribution.yaml."""
    schema = DistributionSettings.model_json_schema()
    for definition in (schema, *schema["$defs"].values()):
        validation.tidy_schema(definition)
    return json.dumps(validation.framed(schema, "A distribution"), indent=1, ensure_ascii=False) + "\n"


def _typed(source: ContentTree) -> DistributionSettings:
    if isinstance(source.tree, dict):
        return validation.build_record(source, DistributionSettings)
    said = "the file must hold keys such as recipients:, country: and groups:"
    hint = f"{program.name()} distribute init writes one to begin with"
    raise Refused([error("type-wrong", said, source.place(()), hint)])


def _check_order(settings: DistributionSettings) -> Iterator[Finding]:
    """Groups that wait for one that is not there, or for themselves."""
    for name, group in settings.groups.items():
        at = ("groups", name, "after")
        if group.after and group.after not in settings.groups:
            known = ", ".join(other for other in settings.groups if other != name)
            yield error("group-unknown", f'there is no group "{group.after}"', at, f"known: {known}")
        met, other = {name}, group.after
        while other in settings.groups and other not in met:
            met.add(other)
            other = settings.groups[other].after
        if other == name:
            yield error("group-circle", f"{name} would wait for itself", at, "let one of them leave first")
    stock = settings.printed_labels.stock
    if stock and not settings.label_sheet and find_stock(stock) is None:
        yield unknown_stock(stock, ("labels",) if isinstance(settings.labels, str) else ("labels", "stock"))
    if settings.spares.most is not None and settings.spares.most < settings.spares.least:
        yield error("range-wrong", '"most" is less than "least"', ("spares", "most"), "exchange them")


def located(findings: tuple[Finding, ...], source: ContentTree) -> tuple[Finding, ...]:
    """Findings at their lines of distribution.yaml, where they are of it."""
    return tuple(map(source.locate, findings))
