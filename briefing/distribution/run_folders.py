"""Where the files of runs lie: beside the copy register, for its owner alone, and gone with the next purge."""

from __future__ import annotations

from pathlib import Path

from briefing.distribution.order import Inputs
from briefing.distribution.private_folder import FOLDER, make_private
from briefing.distribution.register.whereabouts import RUNS, Whereabouts


def make_run_folder(inputs: Inputs, where: Whereabouts, *parts: str) -> tuple[Path, str]:
    """A folder below `runs`, and how it is told; raises `Refused` where it cannot be made."""
    folder, shown, ours = where.folder, f"{inputs.shown}{FOLDER}", True
    if folder.resolve() != (inputs.folder / FOLDER).resolve():  # others may use it: only what lies in it is ours
        shown, ours = str(folder), False
    if ours:
        make_private(folder, shown)
    for part in (RUNS, *parts):
        folder, shown = folder / part, f"{shown}/{part}"
        make_private(folder, shown, top=part == RUNS and not ours)
    return folder, shown
