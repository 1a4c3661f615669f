"""What is left untold while a briefing is a draft: opinions of a careful editor, and what is not yet finished.

What is false, unsourced or lost on the page is told in every state. With `--strict`, and of a paper that is no draft,
all is told.
"""

from __future__ import annotations

from collections.abc import Iterable

from briefing.findings import Finding, Severity

_LENGTHS_AND_PARTS = {
    "title-long", "heading-long", "bottom-line-missing", "bottom-line-length", "takeaways-count", "takeaway-long",
    "paragraph-long", "sentence-long", "sentences-average", "options-count", "status-quo-missing",
    "recommendations-count", "recommendation-blank", "deadline-vague", "method-missing", "method-long", "box-long",
    "contested-long", "key-figures-count", "brief-long", "sheet-words", "sources-missing", "imprint-missing",
}  # fmt: skip
_LANGUAGE = {
    "readability-hard", "readability-unjudged", "acronym-unexplained", "term-avoided", "quotation-unused",
    "word-repeated", "sentence-unsourced",
}  # fmt: skip
_TYPOGRAPHY = {
    "quote-straight", "dash-hyphen", "range-hyphen", "ellipsis-dots", "space-double", "space-stray", "space-breaking",
}  # fmt: skip
_UNFINISHED = {
    "figure-unused", "citation-unused", "chart-unused", "term-unused", "figures-unchecked", "sources-unchecked",
}  # fmt: skip
_WHITE_SPACE = {"margin-hole", "text-hole"}
JUDGEMENT = frozenset(_WHITE_SPACE | _LENGTHS_AND_PARTS | _LANGUAGE | _TYPOGRAPHY | _UNFINISHED)


def told_in_a_draft(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What cannot wait until the writer asks for it."""
    return tuple(one for one in findings if one.code not in JUDGEMENT or one.severity is Severity.ERROR)
