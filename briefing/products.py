"""What an edition publishes: finished pages in, its files out.

Most editions publish the pages as they are; others make something of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from briefing.answers import Met
from briefing.editions import EditionKind, EditionName
from briefing.findings import Finding
from briefing.work import Work

Files = tuple[Mapping[str, bytes], tuple[Finding, ...]]


def files(
    kind: EditionKind, work: Work, findings: tuple[Finding, ...], answered: tuple[Met, ...], templates: Path
) -> Files:
    """The files of an edition by name, and what went wrong in making them."""
    if maker := _MAKERS.get(kind.name):
        return maker(kind, work, findings, answered, templates)
    return {kind.file(name): done.pdf for name, done in work.proofs.items()}, ()


def _review(
    _: EditionKind, work: Work, findings: tuple[Finding, ...], answered: tuple[Met, ...], templates: Path
) -> Files:
    from briefing import annotate

    return annotate.review_copies(work, findings, answered, templates)


_MAKERS: Mapping[EditionName, Callable[..., Files]] = {EditionName.REVIEW: _review}
