"""A distribution to begin with: distribution.yaml with remarks, its schema, and a list of invented recipients."""

from __future__ import annotations

import os
import re
from pathlib import Path

from briefing.distribution.private_folder import FOLDER, make_private, write_private
from briefing.distribution.settings_file import SCHEMA, SETTINGS, schema_text
from briefing.findings import Place, Refused, error

LIST = "recipients.csv"


def write(folder: Path, shown: str, language: str, templates: Path) -> tuple[str, ...]:
    """Write them beside a content file in that language; raises `Refused` where one is there already.

    The list goes into the private folder, which git passes over. Returns the names of what was written.
    """
    names = (SETTINGS, SCHEMA, f"{FOLDER}/{LIST}")
    if taken := [name for name in names if os.path.lexists(folder / name)]:
        said, hint = f"there is already a {' and a '.join(taken)}", "change it, or move it away first"
        raise Refused([error("new-exists", said, Place(shown or "."), hint)])
    starter = templates / "starter"
    text = (starter / SETTINGS).read_text(encoding="utf-8")
    if home := re.fullmatch(r"[a-z]+-([A-Z]{2})", language):
        text = re.sub(r"(?m)^country: US\b", f"country: {home[1]}", text)
    make_private(folder / FOLDER, f"{shown}{FOLDER}")
    people = (starter / LIST).read_text(encoding="utf-8")
    write_private(folder / FOLDER / LIST, [people], f"{shown}{FOLDER}/{LIST}")
    try:
        (folder / SCHEMA).write_text(schema_text(), encoding="utf-8")
        (folder / SETTINGS).write_text(text, encoding="utf-8")
    except OSError as fault:
        hint = "choose a place that you may write to"
        raise Refused([error("out-unwritable", f"cannot write here: {fault.strerror}", Place(shown), hint)]) from None
    return tuple(f"{shown}{name}" for name in names)
