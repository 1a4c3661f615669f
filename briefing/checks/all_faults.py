"""Every fault of content that cannot be printed: those found first, and those of the rest."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path as FilePath

from briefing.checks import content_rules
from briefing.content import validation, yaml_reader
from briefing.content.scalars import Path
from briefing.content.stand_ins import briefing_with_stand_ins
from briefing.content.tree import ContentTree
from briefing.documents.manuscript import account
from briefing.findings import ContentPath, Finding, Refused, Severity


def refused(first: Refused, source: ContentTree | None, folder: FilePath, templates: FilePath) -> Refused:
    """The refusal of some content, with the faults of all that could be read."""
    if source is None and isinstance(first, yaml_reader.Misread):
        source = first.source
    if source is None or not source.tree:
        return first
    return Refused([*first.findings, *_judged(source, folder, templates)])


def _judged(source: ContentTree, folder: FilePath, templates: FilePath) -> Iterable[Finding]:
    found: list[Finding] = []
    try:
        validation.build(source)
    except Refused as mistyped:
        found += [one for one in mistyped.findings if not (source.has_holes and one.code in _OF_HOLES)]
    briefing, stand_ins = briefing_with_stand_ins(source)
    if briefing is None:
        return found
    try:
        one = account(briefing, source, templates)
    except Refused as wordless:
        return [*found, *wordless.findings]
    rest = [*one.findings, *content_rules.check(one.briefing, one.ledger, one.wording, folder)]
    found += (source.locate(finding) for finding in rest if _is_of_content(finding, stand_ins, source.has_holes))
    return found


_OF_HOLES = (  # what a line that was left out may cause elsewhere
    *("key-missing", "value-empty", "value-missing", "count-wrong", "type-wrong", "row-width", "margin-alone"),
    *("figure-unknown", "citation-unknown", "chart-unknown", "term-unknown", "unit-unknown", "figure-unsourced"),
    *("chart-total", "highlight-unknown", "label-missing"),
)
_FOLLOW = (  # what a stand-in may cause elsewhere
    *("value-", "figure-later", "margin-alone", "chart-datum", "embargo-missing", "successor-missing"),
)
_NAMED = {
    "figure-unknown": "figures",
    "citation-unknown": "sources",
    "chart-unknown": "charts",
    "term-unknown": "glossary",
}


def _is_of_content(finding: Finding, stand_ins: frozenset[Path], has_holes: bool) -> bool:
    """Whether a finding is an error, and of what the content says itself."""
    path = finding.at.path if isinstance(finding.at, ContentPath) else ()
    if finding.severity is not Severity.ERROR or (has_holes and finding.code in _OF_HOLES):
        return False
    if any(path[: len(one)] == one or (len(path) > 1 and one[: len(path)] == path) for one in stand_ins):
        return False
    group = _NAMED.get(finding.code)
    if group and any(one[0] == group and len(one) == 2 for one in stand_ins):
        return False  # what it names may be what has the fault
    if finding.code.startswith("arithmetic-"):  # of figures alone
        return not any(one[:1] == ("figures",) for one in stand_ins)
    return not (stand_ins and finding.code.startswith(_FOLLOW))
