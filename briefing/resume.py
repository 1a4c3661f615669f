"""Whether a build that was made before is still what its inputs give: then a run over many files need not make it anew.

A finished build leaves a note beside its drawings: digests of all inputs and outputs, and what was found. It says
nothing unless every byte of it, of the inputs and of the outputs is as it was; in any doubt the build is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from briefing import inputs
from briefing.blocks import ImageBlock
from briefing.findings import Finding, Place, Severity
from briefing.model import Briefing
from briefing.pipeline import Job, Outcome
from briefing.publish import MANIFEST

FORMAT = 1
MAX_BYTES = 5_000_000
# What was changed so shortly before a run may be half loaded, or dated by a clock that lags behind ours.
SETTLED_NS = 10_000_000_000
LAG_NS = 1_000_000_000

_FILE = "resume"
_READING = ("pydantic", "pydantic-core", "pyyaml")  # what findings depend on, beside what pages do
# What is told of one run and not of the content: such a run is not the last word.
_PASSING = ("publish-", "out-", "disk-", "edition-same")


@dataclass(frozen=True)
class Surroundings:
    """What all files of a run have in common; read once, at its beginning."""

    templates: str  # digest
    program: str  # digest
    versions: Mapping[str, str]
    began_ns: int  # wall clock, before anything else of the program was loaded but the command line


@dataclass(frozen=True)
class Found:
    """A build that need not be made anew: what its run said."""

    findings: tuple[Finding, ...]
    documents: int
    pages: int


@dataclass(frozen=True)
class Mark:
    """A build under way."""

    job: Job
    around: Surroundings
    key: str
    began_ns: int  # by the clock of the file system


def surroundings(templates: Path, began_ns: int) -> Surroundings:
    """Templates, program and libraries as they are now."""
    found = dict(inputs.versions())
    for name in _READING:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return Surroundings(inputs.of_folder(templates), inputs.of_folder(_program(), (".py",)), found, began_ns)


def unchanged(job: Job, around: Surroundings) -> Found | None:
    """What was said of a build that is there and would come out the same; nothing where that is not certain."""
    if not _resumes(job) or not (note := _recalled(_file(job))):
        return None
    try:
        if note["key"] != _key(job, around):
            return None
        if note["images"] != _digests(_folder(job), note["images"]) or note["outputs"] != _outputs(job):
            return None
        findings = tuple(_finding(one) for one in note["findings"])
        return Found(findings, int(note["documents"]), int(note["pages"]))
    except (OSError, LookupError, TypeError, ValueError, AttributeError):
        return None


def begun(job: Job, around: Surroundings) -> Mark | None:
    """Take the old note away and mark the beginning; nothing where a build leaves no note."""
    if not _resumes(job):
        return None
    with contextlib.suppress(OSError):
        file = _file(job)
        _write(file, b"under way\n")
        return Mark(job, around, _key(job, around), file.stat().st_ctime_ns)
    return None


def done(mark: Mark, outcome: Outcome) -> None:
    """Leave a note of a finished build, if nothing that it was made from was touched meanwhile."""
    job, work = mark.job, outcome.work
    passing = any(f.code.startswith(_PASSING) or f.severity is Severity.NOT_RUN for f in outcome.findings)
    if outcome.refused or not work or passing:
        return
    with contextlib.suppress(OSError):
        images = sorted(set(_images(work.read.briefing)))
        read = [job.content, job.content.resolve(), *(_folder(job) / name for name in images)]
        touched = max(max(one.stat().st_ctime_ns, one.lstat().st_ctime_ns) for one in read) >= mark.began_ns
        touched |= _newest(job.templates) >= mark.around.began_ns - LAG_NS
        touched |= _newest(_program(), (".py",)) >= mark.around.began_ns - SETTLED_NS
        if touched:
            return
        note = {
            "key": mark.key,
            "images": _digests(_folder(job), images),
            "outputs": _outputs(job),
            "findings": [asdict(finding) for finding in outcome.findings],
            "documents": len(outcome.made),
            "pages": sum(one.pages for one in outcome.made),
        }
        data = json.dumps(note, ensure_ascii=False).encode()
        _write(_file(job), hashlib.sha256(data).hexdigest().encode() + b"\n" + data)


def _resumes(job: Job) -> bool:
    """Whether what a job is made from can be told: bars compare with a file or a revision that nobody lists."""
    return not job.dry and not job.bars and not job.options.shop


def _key(job: Job, around: Surroundings) -> str:
    """One digest of all that a build is made from, but its images."""
    said = {
        "format": FORMAT,
        "content": hashlib.sha256(job.content.read_bytes()).hexdigest(),
        "name": job.name,
        "templates": around.templates,
        "program": around.program,
        "versions": dict(around.versions),
        "today": job.today.isoformat(),
        "documents": job.documents,
        "paper": job.paper,
        "editions": job.editions,
        "strict": job.strict,
        "options": job.options.facts(),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _images(briefing: Briefing) -> Iterator[str]:
    """Every image that the content names, of documents too that are not made: it is looked at all the same."""
    for name in Briefing.DOCUMENTS:
        yield from (block.file for block in briefing.document(name).blocks if isinstance(block, ImageBlock))


def _outputs(job: Job) -> dict[str, str]:
    """The digest of every file that was made, and of what lies beside it and is told of; what is no file is said so."""
    found = {"": _digest(job.out / MANIFEST)}  # what an edition has printed before is kept there, whatever is made now
    for kind in job.kinds:
        folder = job.folder(kind)
        made = json.loads((folder / MANIFEST).read_bytes())["files"]
        for file in folder.iterdir():
            told = file.suffix in (".pdf", ".zip") or file.name.startswith(".publish-")
            if told or file.name == MANIFEST or file.name in made:
                found[str(file.relative_to(job.out))] = _digest(file)
    return found


def _digest(file: Path) -> str:
    if file.is_symlink() or not file.is_file():
        return "none"
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _digests(folder: Path, names: Iterable[str]) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


def _newest(folder: Path, suffixes: tuple[str, ...] = ()) -> int:
    """When last a file below a folder was changed or put there: the digest of a run may be of before or of after that.

    One that is taken away needs no look: the next digest lacks it.
    """
    found = (file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return max(file.stat().st_ctime_ns for file in found if not suffixes or file.suffix in suffixes)


def _folder(job: Job) -> Path:
    return job.content.resolve().parent


def _program() -> Path:
    return Path(__file__).parent


def _file(job: Job) -> Path:
    return job.out / ".cache" / _FILE


def _recalled(file: Path) -> dict[str, Any] | None:
    """A note is its own digest, a line end and JSON; one that is damaged counts as none."""
    try:
        if file.stat().st_size > MAX_BYTES:
            return None
        digest, _, data = file.read_bytes().partition(b"\n")
        if digest != hashlib.sha256(data).hexdigest().encode():
            return None
        note = json.loads(data)
    except (OSError, ValueError, RecursionError):
        return None
    return note if isinstance(note, dict) else None


def _finding(told: Mapping[str, Any]) -> Finding:
    given = dict(told)
    return Finding(**{**given, "severity": Severity(given["severity"]), "place": Place(**given["place"])})


def _write(file: Path, data: bytes) -> None:
    """Write whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(data)
        os.replace(name, file)
    except OSError:
        os.unlink(name)
        raise
