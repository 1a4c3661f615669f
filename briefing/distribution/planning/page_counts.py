"""How many pages a document has: as the last build of this content made it, else as the content allows it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from briefing import files
from briefing.content.briefing import Briefing
from briefing.design.outputs import USES, OutputName
from briefing.distribution.records import DistributionPlan
from briefing.pipeline import publish

MAX_MANIFEST = 5_000_000


@dataclass(frozen=True)
class PageCount:
    """The pages of one document, and whether they were counted in a build or taken from the content."""

    pages: int
    built: bool


class CountsPages(Protocol):
    """Whatever knows how many pages documents have."""

    def of(self, document: str, use: str, paper: str) -> PageCount:
        """The pages of a document for a use on a paper."""


class CountsOfPlan:
    """The page counts that a plan was made with."""

    def __init__(self, plan: DistributionPlan) -> None:
        self._pages = {(run.document, run.use, run.paper): run.pages for run in plan.runs}

    def of(self, document: str, use: str, paper: str) -> PageCount:
        """The pages as planned; one where there is no such run."""
        return PageCount(self._pages.get((document, use, paper), 1), True)


class PageCounts:
    """Tells how many pages documents have; manifests of builds are read once."""

    def __init__(self, briefing: Briefing, content_name: str, content: bytes, out: Path) -> None:
        self._briefing, self._name, self._out = briefing, content_name, out
        self._digest = hashlib.sha256(content).hexdigest()
        self._manifests: dict[str, Mapping[str, Any]] = {}

    def of(self, document: str, use: str, paper: str) -> PageCount:
        """The pages of a document for a use on a paper."""
        kind = USES[OutputName(use)]
        told = self._manifest(use)
        found = told.get("files", {}).get(kind.file(document), {}).get("pages") if told.get("paper") == paper else None
        if isinstance(found, int) and 0 < found < 10_000:
            return PageCount(found, True)
        return PageCount(self._briefing.document(document).most_pages(kind.open_ended), False)

    def _manifest(self, use: str) -> Mapping[str, Any]:
        """What the last build for a use says of itself, where it is of this content and well formed."""
        if use not in self._manifests:
            try:
                told = json.loads(files.read(self._out / USES[OutputName(use)].folder / publish.MANIFEST, MAX_MANIFEST))
                ours = told["made_for"] == use and told["inputs"]["content"][self._name] == self._digest
                sound = all(isinstance(facts, dict) for facts in told["files"].values())
            except (files.Unreadable, ValueError, LookupError, TypeError, AttributeError, RecursionError):
                told, ours, sound = {}, False, False
            self._manifests[use] = told if ours and sound else {}
        return self._manifests[use]
