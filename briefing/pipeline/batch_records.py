"""Whether a build that was made before is still what its inputs give: then a run over many files need not make it anew.

The record of a single run (`briefing/runtime/run_record.py`) holds all that there is to know. Here it is kept for each
content file of a run over many, under what is asked of that file, with its findings in place of what is said on a
terminal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from briefing.findings import Finding, Place, Severity
from briefing.pipeline.build import Job, Outcome
from briefing.runtime import run_record
from briefing.runtime.fingerprint import hash_text


@dataclass(frozen=True)
class Found:
    """A build that need not be made anew: what its run said."""

    findings: tuple[Finding, ...]
    documents: int
    pages: int


def find_unchanged(job: Job) -> Found | None:
    """What was said of a build that is there and would come out the same; nothing where that is not certain."""
    call = _call(job)
    said = run_record.recall(call) if call else None
    if said is None:
        return None
    told = json.loads(said.out)
    return Found(tuple(map(_finding, told["findings"])), told["documents"], told["pages"])


def store_record(job: Job, outcome: Outcome) -> None:
    """Keep a record of a finished build, where the same run would change nothing."""
    call = _call(job)
    if not call or not outcome.files or outcome.refused:
        return
    told = {
        "findings": [asdict(finding) for finding in outcome.findings],
        "documents": len(outcome.made),
        "pages": sum(one.pages for one in outcome.made),
    }
    run_record.keep(call, outcome.files, run_record.RunOutput(json.dumps(told), ""))


def _call(job: Job) -> run_record.RunKey | None:
    """The run that a job is; nothing where nothing is kept, or where what it is made from cannot all be told."""
    if job.shelf is None or job.dry or job.bars or job.options.shop:
        return None
    asked = {
        "content": str(job.content),
        "name": job.name,
        "out": str(job.out),
        "today": job.today.isoformat(),
        "documents": job.documents,
        "paper": job.paper,
        "outputs": job.outputs,
        "strict": job.strict,
        "dress": [str(one) for one in (job.brand, job.house_brand, job.house_templates)],
        "options": job.options.facts(),
        "draft": job.options.draft,
        "stands": job.shelf.stands.digest,
    }
    name = hash_text(f"one of many {json.dumps(asked, sort_keys=True)}") + ".run"
    return run_record.RunKey(job.shelf.home, name, run_record.today(), job.shelf.stands)


def _finding(told: Mapping[str, Any]) -> Finding:
    return Finding(**{**told, "severity": Severity(told["severity"]), "at": Place(**told["at"])})
