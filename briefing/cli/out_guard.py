"""Whether a file may be written where it is asked for: never over what is read, and told before anything is made."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from briefing import files
from briefing.checks.image_rules import IMAGE_SUFFIXES
from briefing.content import yaml_reader
from briefing.findings import Place, Refused, error
from briefing.pipeline.discover import SUFFIXES, begins_briefing
from briefing.pipeline.publish import MANIFEST, refuse_folder

READ_SUFFIXES = (*SUFFIXES, *IMAGE_SUFFIXES, ".icc", ".icm")


def refuse_file(file: Path, shown: str, inputs: Iterable[Path], begins: bytes = b"") -> None:
    """Refuse a file that is one of the inputs or holds something that only an author can have written.

    One that is there already must begin as what is written: otherwise it is not of an earlier run.
    """
    refuse_folder(file.parent, shown)
    if file.name in ("", MANIFEST) or file.name.startswith(".") or os.path.isdir(file):
        hint = "name a file whose name begins with a letter"
        raise Refused([error("out-unwritable", "cannot write here: this is no name for it", Place(shown), hint)])
    if why := _read_here(file, inputs, begins):
        hint = "name another file: what is there would be lost"
        raise Refused([error("out-is-input", f"this would be written over: {why}", Place(shown), hint)])


def _read_here(file: Path, inputs: Iterable[Path], begins: bytes) -> str:
    """What stands in a file that must not go; nothing where it may."""
    if any(_same(file, one) for one in inputs):
        return "it is what the run reads"
    if not os.path.lexists(file):
        return ""
    try:
        data = files.read(file, yaml_reader.MAX_BYTES, cut=True)
    except files.Unreadable as fault:
        return "" if fault.code == files.MISSING else fault.why
    if begins_briefing(data):
        return "it holds a briefing"
    if file.suffix.lower() in READ_SUFFIXES:
        return f"it is a file of a kind that briefings read ({file.suffix})"
    return "" if data.startswith(begins) or not data else "it was not made by this command"


def _same(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):  # one of them is not there
        return os.path.abspath(one) == os.path.abspath(other)
