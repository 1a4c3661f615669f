"""Whether the PDFs in a folder are what the content gives: they are made anew and compared, byte for byte.

A folder and its manifests come in; findings go out, one for each file that is not as it should be.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from briefing import files
from briefing.content.records import PaperName
from briefing.design.outputs import OUTPUTS, Output, OutputName
from briefing.findings import Finding, Place, Refused, Severity, error, in_order, note
from briefing.pdf import read_file
from briefing.pipeline import build
from briefing.pipeline.edition_history import MAX_BYTES
from briefing.pipeline.publish import MANIFEST
from briefing.products.registry import ProductOptions
from briefing.runtime.run_record import documents_of

AGAIN = "build again before you hand it out"


@dataclass(frozen=True)
class Verified:
    """What was found of a folder."""

    same: tuple[str, ...]  # files that are what the content gives
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Folder:
    """One use as its manifest tells of it."""

    kind: Output
    path: Path
    told: Mapping[str, Any]


def verify(job: build.Job, shown: str) -> Verified:
    """Make anew what the manifests below the output folder tell of; `shown` is how findings call the folder."""
    folders = list(_folders(job.out))
    if not folders and not any(_unknown(job.out, folders, shown)):
        hint = "name the folder of a build with --out"
        return Verified(
            (), (error("verify-nothing", "there is no build here that tells what it is", Place(shown), hint),)
        )
    same: list[str] = []
    findings: list[Finding] = list(_unknown(job.out, folders, shown))
    for folder in folders:
        good, faults = _held(folder, job, shown)
        same += good
        findings += faults
    return Verified(tuple(same), in_order(findings))


def _folders(out: Path) -> Iterator[_Folder]:
    for name, kind in OUTPUTS.items():
        file = out / kind.folder / MANIFEST
        try:
            told = json.loads(files.read(file, MAX_BYTES))
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(told, dict) and told.get("made_for") == name.value and _sound(told):
            yield _Folder(kind, out / kind.folder, told)


def _sound(told: Mapping[str, Any]) -> bool:
    """Whether a manifest, which may come from anyone, is shaped as ours are, and names files of its own folder only."""
    files, documents = told.get("files"), told.get("documents")
    if not (isinstance(files, dict) and isinstance(documents, list)):
        return False
    return all(Path(name).name == name and name and "\0" not in name for name in files)


def _unknown(out: Path, folders: Sequence[_Folder], shown: str) -> Iterator[Finding]:
    """Documents that lie in the folder of a use, and that no manifest there tells of."""
    known = {folder.kind.name: folder.told["files"] for folder in folders}
    for name, kind in OUTPUTS.items():
        for file in documents_of(_names(out / kind.folder)):
            if file not in known.get(name, ()) and os.path.isfile(out / kind.folder / file):
                message = "no manifest tells what this is made from: it may be of an earlier build"
                hint = "build again, and delete what is not made then"
                yield error("verify-unknown", message, Place(str(Path(shown, kind.folder, file))), hint)


def _held(folder: _Folder, job: build.Job, shown: str) -> tuple[list[str], list[Finding]]:
    """The files of a use that are as they should be, and what is wrong with the others."""
    told, names = folder.told, list(folder.told["files"])
    place = {name: Place(str(Path(shown, folder.kind.folder, name))) for name in names}
    there = {name: _read(folder.path / name) for name in names}
    faults = [error("verify-missing", "this file of the build is gone", place[n], AGAIN) for n in names if not there[n]]
    if folder.kind.name is OutputName.REVIEW:
        message = "a review copy holds the findings of its day, and is not compared"
        return [], [*faults, *(note("verify-review", message, place[name]) for name in names)]
    again = _again(folder, job)
    if isinstance(again, str):
        return [], [*faults, *(Finding(Severity.NOT_RUN, "verify-options", again, place[name]) for name in names)]
    try:
        outcome = build.make_outcome(again)
    except Refused as refused:
        return [], [*faults, *_errors(refused.findings)]
    if outcome.refused:
        return [], [*faults, *_errors(outcome.findings)]
    now = outcome.sets[folder.kind.name]
    same: list[str] = []
    for name, data in there.items():
        if data and data == now.files.get(name):
            same.append(str(place[name]))
        elif data and _digest(data) != _recorded(told, name):
            message = "this file was changed after it was built"
            faults.append(error("verify-changed", message, place[name], AGAIN))
        elif data:
            message = f"this is not what the content gives: {_why(told.get('inputs'), now.facts['inputs'])}"
            faults.append(error("verify-differs", message, place[name], AGAIN))
    return same, faults


def _errors(findings: Iterable[Finding]) -> Iterator[Finding]:
    return (finding for finding in findings if finding.severity is Severity.ERROR)


def _again(folder: _Folder, job: build.Job) -> build.Job | str:
    """The job that has made a folder, or why its manifest cannot tell."""
    told = folder.told
    if told.get("bars"):
        return "these pages have bars beside what differs from another version, which no manifest names"
    try:
        options = ProductOptions.of(told.get("options"), job.templates)
    except (KeyError, TypeError, ValueError, AttributeError):
        return "these pages were made with a profile or with options that the manifest cannot give back"
    documents = tuple(name for name in job.documents if name in told.get("documents", ()))
    paper = PaperName(told["paper"]) if told.get("paper") in tuple(PaperName) else None
    return replace(
        job, documents=documents or job.documents, paper=paper, outputs=(folder.kind.name,), dry=False, options=options
    )


def _recorded(told: Mapping[str, Any], name: str) -> object:
    facts = told["files"][name]
    return facts.get("sha256") if isinstance(facts, dict) else None


def _why(before: Any, now: Any) -> str:
    """Which inputs are not those of the build."""
    if not isinstance(before, dict):
        return "its manifest does not tell what it was made from"
    changed = []
    for group in ("content", "libraries"):
        old: Any = before.get(group)
        old = old if isinstance(old, dict) else {}
        for name in dict.fromkeys([*old, *now[group]]):
            if old.get(name) != now[group].get(name):
                versions = f" ({old.get(name, 'none')}, now {now[group].get(name, 'none')})"
                changed.append(f"{name}{versions if group == 'libraries' else ''}")
    changed += [f"the {name}" for name in ("templates", "program") if before.get(name) != now[name]]
    return f"changed since then: {', '.join(changed)}" if changed else "nothing that the manifest tells of has changed"


def _read(file: Path) -> bytes | None:
    try:
        return files.read(file, read_file.MAX_BYTES)
    except files.Unreadable:
        return None


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
