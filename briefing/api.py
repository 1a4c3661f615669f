"""The public interface: content files and PDFs by name in, records of what was made and found out.

`import briefing` offers all of it. What forbids publishing is in the findings of a result. `Refused` is raised where a
file cannot be read at all, `Missing` where this machine lacks something, `ValueError` for a use that there is not.
"""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass, replace
from pathlib import Path

from briefing import files
from briefing.content.briefing import Briefing
from briefing.content.records import PaperName
from briefing.design.outputs import OutputName
from briefing.design.template_folders import own_templates
from briefing.findings import Finding, Missing, Place, Refused, Severity
from briefing.pipeline.build import Job, Outcome, run
from briefing.pipeline.verify import Verified
from briefing.pipeline.verify import verify as _verify
from briefing.products.registry import ProductOptions

__all__ = [
    "BuildResult",
    "BuiltDocument",
    "Finding",
    "Missing",
    "Place",
    "PreflightResult",
    "Refused",
    "Severity",
    "Verified",
    "build",
    "check",
    "preflight",
    "verify",
]

CONTENT, OUT = Path("content.yaml"), Path("build")


@dataclass(frozen=True)
class BuiltDocument:
    """One document that was made."""

    document: str  # "brief" or "fact_sheet"
    path: Path  # of the PDF; nothing is there where the run was refused, or was a check
    pages: int
    budget: int  # how many pages it may have
    words: int


@dataclass(frozen=True)
class BuildResult:
    """What a build or a check has made and noticed."""

    documents: tuple[BuiltDocument, ...]
    findings: tuple[Finding, ...]
    refused: bool  # nothing was published, and what lay there is as it was


@dataclass(frozen=True)
class PreflightResult:
    """What speaks against using a PDF as a use."""

    findings: tuple[Finding, ...]
    report: str  # what was looked at and what was found, in plain words

    @property
    def passed(self) -> bool:
        """Whether nothing forbids it, and all could be looked at."""
        return not any(finding.severity in (Severity.ERROR, Severity.NOT_RUN) for finding in self.findings)


def build(
    content: str | os.PathLike[str] = CONTENT,
    *,
    out: str | os.PathLike[str] = OUT,
    use: str = "reading",
    documents: tuple[str, ...] = Briefing.DOCUMENTS,
    paper: str | None = None,
    strict: bool = False,
    draft: bool = False,
    today: datetime.date | None = None,
) -> BuildResult:
    """Make the documents of a content file and publish them in a folder; keeps nothing for later runs.

    `paper` is "letter" or "a4", the content's own where none is named; `strict` lets warnings refuse; `draft` lets
    what is not final be made for the press; `today` is the day on which figures are held to be stale or fresh.
    """
    return _result(_job(content, out, use, documents, paper, strict, draft, today))


def check(
    content: str | os.PathLike[str] = CONTENT,
    *,
    use: str = "reading",
    documents: tuple[str, ...] = Briefing.DOCUMENTS,
    paper: str | None = None,
    strict: bool = False,
    draft: bool = False,
    today: datetime.date | None = None,
) -> BuildResult:
    """Do everything that `build` does but publish."""
    return _result(replace(_job(content, OUT, use, documents, paper, strict, draft, today), dry=True))


def verify(
    content: str | os.PathLike[str] = CONTENT,
    *,
    out: str | os.PathLike[str] = OUT,
    brand: str | os.PathLike[str] | None = None,
    templates: str | os.PathLike[str] | None = None,
) -> Verified:
    """Tell whether the files in a folder are what the content gives: all is made anew and compared, byte for byte.

    `brand` is the file and `templates` the folder that were named when they were built.
    """
    worn, house = (Path(files.absolute(one)) if one else None for one in (brand, templates))
    return _verify(replace(plain_job(content, out), brand=worn, house_templates=house), os.fspath(out))


def preflight(file: str | os.PathLike[str], *, use: str = "reading") -> PreflightResult:
    """Tell whether a PDF, ours or not, is fit to be used as a use."""
    from briefing.proofing import foreign_file

    name, kind = os.fspath(file), OutputName(use)
    return PreflightResult(*foreign_file.judge_file(Path(files.absolute(name)), name, kind))


def plain_job(content: str | os.PathLike[str], out: str | os.PathLike[str]) -> Job:
    """A build of the reading use today, with paths taken from the current folder."""
    return Job(
        content=Path(files.absolute(content)),
        name=os.fspath(content),
        out=Path(files.absolute(out)),
        templates=own_templates(),
        today=datetime.datetime.now(datetime.UTC).astimezone().date(),
        environment=os.environ,
    )


def _job(
    content: str | os.PathLike[str],
    out: str | os.PathLike[str],
    use: str,
    documents: tuple[str, ...],
    paper: str | None,
    strict: bool,
    draft: bool,
    today: datetime.date | None,
) -> Job:
    if unknown := [name for name in documents if name not in Briefing.DOCUMENTS]:
        raise ValueError(f"no such document: {', '.join(unknown)}")
    job = plain_job(content, out)
    return replace(
        job,
        today=today or job.today,
        documents=documents,
        paper=PaperName(paper) if paper else None,
        outputs=(OutputName(use),),
        options=ProductOptions(draft=draft),
        strict=strict,
    )


def _result(job: Job) -> BuildResult:
    outcome: Outcome = run(job)
    documents = (
        BuiltDocument(made.document, job.out / made.file, made.pages, made.budget, made.words) for made in outcome.made
    )
    return BuildResult(tuple(documents), outcome.findings, outcome.refused)
