"""Pieces of a run written on a cluster: what they are made from lies in the run's private folder under its digest.

Names and codes never pass through the cluster's scheduler: a worker is told the file, its digest and the number of a
piece, and gives back digests of what it has written.
"""

from __future__ import annotations

import functools
import hashlib
import pickle
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from briefing import files
from briefing.design.template_folders import own_templates
from briefing.distribution.order import Inputs
from briefing.distribution.part_files import PartWriter, RunPiece, RunPlace, WrittenPart
from briefing.distribution.private_folder import PART, WORK, write_private
from briefing.distribution.records import RunPlan
from briefing.distribution.run_marks import FinishedPages, RunMarks
from briefing.findings import Refused, error

if TYPE_CHECKING:
    from briefing.pipeline.job import Tell

MAX_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class RunWork:
    """All that the files of a run are written from."""

    inputs: Inputs
    run: RunPlan
    pages: FinishedPages
    place: RunPlace


def load() -> None:
    """Load what writes pieces: all that this module imports."""


def write(writer: PartWriter, inputs: Inputs, executor: Executor, tell: Tell) -> list[WrittenPart]:
    """Have all pieces written; raises `Refused` where one could not be. Those that are queued then are cancelled."""
    run = writer.marks.run
    data = pickle.dumps(RunWork(inputs, run, writer.marks.pages, writer.place))
    sha256 = hashlib.sha256(data).hexdigest()
    file = writer.place.folder / f"{WORK}{sha256[:16]}"
    _clear(writer.place.folder, f"{WORK}*")  # of a run that was stopped
    write_private(file, data, f"{writer.place.shown}/{file.name}")
    asked = dict[Future[list[WrittenPart]], RunPiece]()
    try:
        for index, piece in enumerate(writer.pieces):
            asked[executor.submit(write_piece, file, sha256, index)] = piece
        for count, future in enumerate(as_completed(asked), 1):
            _assert_written(future, asked[future])
            tell(f"{count} of {len(asked)} pieces of {run.total} copies")
        _clear(writer.place.folder, f"{PART}*")  # which a worker was at when it was killed
        return [one for future in asked for one in future.result()]
    finally:
        file.unlink(missing_ok=True)  # first, whatever else is stopped
        for future in asked:
            future.cancel()


def _clear(folder: Path, names: str) -> None:
    for file in folder.glob(names):
        file.unlink(missing_ok=True)


def write_piece(file: Path, sha256: str, index: int) -> list[WrittenPart]:
    """Write one piece of the run whose work lies in a file, wherever this is.

    Of a fault its kind alone is told, since its text might hold a name; `Refused` holds rows and columns.
    """
    try:
        writer = _writer(file, sha256)
        return writer.write(writer.pieces[index])
    except Refused:
        raise
    except Exception as fault:
        raise RuntimeError(type(fault).__name__) from None


@functools.lru_cache(1)
def _writer(file: Path, sha256: str) -> PartWriter:
    data = files.read(file, MAX_BYTES, follow=False)
    if hashlib.sha256(data).hexdigest() != sha256:  # nothing but what was told is ever unpickled
        raise RuntimeError("the work of the run is another one here")
    work: RunWork = pickle.loads(data)
    marks = RunMarks(work.inputs, work.run, work.pages, own_templates())
    marks.shape()  # in the same order as everywhere; what did not fit was told there
    return PartWriter(marks, work.inputs.settings.settings.print, work.place)


def _assert_written(future: Future[list[WrittenPart]], piece: RunPiece) -> None:
    fault = future.exception()
    copies = f"copies {piece.first} to {piece.last}"
    hint = "make it again: what was written is kept, and the bytes are the same"
    if isinstance(fault, BrokenExecutor):
        raise Refused([error("worker-died", f"{copies}: the process was stopped ({fault})", hint=hint)])
    if fault and not isinstance(fault, Refused):
        said = (str(fault).strip().splitlines() or [""])[-1][:200]
        raise Refused([error("worker-failed", f"{copies}: {said}", hint=hint)])
    if fault:
        raise fault
