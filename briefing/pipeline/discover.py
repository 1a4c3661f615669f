"""Which content files a run is about, and where the documents of each go: names from the command line in, entries out.

A folder stands for the content files in it and below it. Nothing is built twice, and no two may write into one folder.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from briefing import files
from briefing.content import yaml_reader
from briefing.design.outputs import OUTPUTS
from briefing.findings import Finding, Place, error

MAX_FILES = 10_000  # of content in one folder
MAX_LOOKED = 200_000  # entries of folders: whoever names their whole disk waits no longer than this
SUFFIXES = (".yaml", ".yml")

_ALWAYS = tuple(f"content{suffix}" for suffix in SUFFIXES)
_BRIEFING = re.compile(rb"(?m)^\xef?\xbb?\xbf?[\"']?briefing[\"']?[ \t]*:")


@dataclass(frozen=True)
class ContentFile:
    """One content file."""

    content: Path  # absolute
    name: str  # how findings call it: as it was named, or below the folder that was
    out: str  # the folder of its documents, below the output folder


@dataclass(frozen=True)
class DiscoveredFiles:
    """What is to be built, in order, and what cannot be, with a finding each."""

    entries: tuple[ContentFile, ...]
    findings: tuple[Finding, ...]


def discover_content_files(named: Iterable[str], here: Path, out: Path) -> DiscoveredFiles:
    """The content files that files and folders stand for; `here` is the current folder, which names are relative to."""
    entries: dict[Path, ContentFile] = {}
    findings: list[Finding] = []
    for name in named:
        path = Path(os.path.abspath(here / name))
        found, faults = _below(path, name, out) if os.path.isdir(path) else ([path], [])
        findings += faults
        for content in found:
            shown = str(Path(name, content.relative_to(path)))
            entries.setdefault(content, ContentFile(content, shown, _out(content, path, here)))
    apart, clashes = _apart(list(entries.values()))
    return DiscoveredFiles(tuple(apart), (*findings, *clashes))


def _below(folder: Path, name: str, out: Path) -> tuple[list[Path], list[Finding]]:
    """The content files of a folder, in the order of their names; a finding where there is none, or no end."""
    found: list[Path] = []
    faults: list[Finding] = []
    for looked, file in enumerate(_files(folder, name, out, faults), 1):
        if file.suffix.lower() in SUFFIXES and (file.name in _ALWAYS or _is_briefing(file)):
            found.append(file)
        if len(found) > MAX_FILES or looked > MAX_LOOKED:
            most = f"{MAX_FILES:,} content files" if looked <= MAX_LOOKED else f"{MAX_LOOKED:,} files"
            hint = "name the folders below it, in a run for each"
            return [], [error("folder-large", f"there are more than {most} in this folder", Place(name), hint)]
    if not found and not faults:
        hint = f"content files are {_ALWAYS[0]}, and .yaml and .yml files in which briefing: begins a line"
        faults.append(error("folder-empty", "there is no content file in this folder", Place(name), hint))
    return sorted(found, key=lambda file: file.relative_to(folder).parts), faults


def _files(folder: Path, name: str, out: Path, faults: list[Finding]) -> Iterator[Path]:
    """Every file in a folder and below, but what is hidden, a link, or in the output folder."""
    left = [folder]
    while left:
        inside = left.pop()
        if _same(inside, out):
            continue
        try:
            with os.scandir(inside) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or entry.is_symlink():
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        left.append(Path(entry))
                    elif entry.is_file(follow_symlinks=False):
                        yield Path(entry)
        except OSError as fault:
            shown = str(Path(name, inside.relative_to(folder)))
            message, hint = f"cannot be read: {fault.strerror}", "make the folder readable, or move it elsewhere"
            faults.append(error("file-unreadable", message, Place(shown), hint))


def _same(folder: Path, out: Path) -> bool:
    try:
        return os.path.samefile(folder, out)
    except OSError:  # one of them is not there
        return False


def _is_briefing(file: Path) -> bool:
    """Whether a file says in its first level that it is a briefing; one that cannot be read is told of when it is."""
    try:
        return begins_briefing(files.read(file, yaml_reader.MAX_BYTES, cut=True))
    except files.Unreadable:
        return True


def begins_briefing(data: bytes) -> bool:
    """Whether a text says in its first level that it is a briefing."""
    return bool(_BRIEFING.search(data))


def _out(content: Path, named: Path, here: Path) -> str:
    """The path of a content file below the current folder, or else below what was named, without its ending.

    A `content.yaml` goes by its folder. So a name depends on nothing that lies beside it.
    """
    own = content.name not in _ALWAYS or content.parent in (here, content.parent.parent)
    thing = content.with_suffix("") if own else content.parent
    roots = (here, named.parent, thing.parent)
    return next(str(thing.relative_to(root)) for root in roots if root in thing.parents)


def _apart(entries: Sequence[ContentFile]) -> tuple[list[ContentFile], list[Finding]]:
    """Those that have their folders to themselves, and a finding for each that has not."""
    claims: dict[str, list[ContentFile]] = defaultdict(list)
    for entry in entries:
        for folder in {Path(entry.out, kind.folder) for kind in OUTPUTS.values()}:
            # Some file systems take capital and small letters, or two writings of one accent, for the same.
            claims[unicodedata.normalize("NFC", str(folder)).casefold()].append(entry)
    rivals = {id(one): claim for claim in claims.values() if len(claim) > 1 for one in claim}
    findings = []
    for entry in entries:
        if claim := rivals.get(id(entry)):
            others = " and ".join(other.name for other in claim if other is not entry)
            message = f"its documents would lie in the folder of those of {others}"
            hint = "rename one of them, or build them in two runs with an --out each"
            findings.append(error("out-shared", message, Place(entry.name), hint))
    return [entry for entry in entries if id(entry) not in rivals], findings
