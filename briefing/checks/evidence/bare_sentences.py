"""Sentences of fact that name no source: a list for whoever checks the paper, and no reproach.

A source mark or a figure at the end of a paragraph answers for what stands before it. Questions, wishes, what a paper
says of itself and short links between thoughts are no facts; of other languages than English nothing is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.checks.number_words import FIGURE
from briefing.checks.reading import block_name, sentences, with_figures
from briefing.content.blocks import Box, ProseBlock, Questions, Takeaway, Takeaways, Timeline, kind_of
from briefing.content.briefing import Briefing, walk_printed_strings
from briefing.content.markdown import paragraphs
from briefing.content.scalars import Path
from briefing.findings import Finding, note

LEAST_WORDS = 6  # what is shorter links thoughts more often than it states a fact
NAMED, OPENING = 3, 5  # how many sentences are named, by how many of their words
_NO_FACT = re.compile(
    r"\b(?:should|must|ought|would|could|may|might|we|our|us|recommend\w*|ask\w*|let|see"
    r"|this (?:brief|paper|sheet|page|box|table|chart|report|list)|these (?:pages|figures|numbers)"
    r"|(?:box|chart|table|figures?|text|shown|told|said|named) (?:below|above))\b",
    re.IGNORECASE,
)


def check(briefing: Briefing, language: str) -> Iterator[Finding]:
    """One note for each block that has such sentences."""
    named = (
        (block_name(block, index), (name, "blocks", index, kind_of(block)), block)
        for name in Briefing.DOCUMENTS
        for index, block in enumerate(briefing.document(name).blocks)
    )
    for about, path, block in named if language == "en" else ():
        if not isinstance(block, ProseBlock | Box | Takeaways | Questions | Timeline):
            continue
        items = block.items if isinstance(block, Takeaways) else ()  # a figure that leads one marks its sources
        answered = {(*path, "items", at) for at, item in enumerate(items) if isinstance(item, Takeaway) and item.figure}
        found: list[tuple[Path, str]] = []
        for inner, kind, text in walk_printed_strings(block, path):
            if inner[-1] in ("heading", "question", "lead") or inner[:-1] in answered:
                continue
            for _, inside in paragraphs(kind, text):
                found += [(inner, one) for one in _bare(with_figures(inside), briefing)]
        if found:
            openings = ", ".join(f"“{_opening(one)} …”" for _, one in found[:NAMED])
            rest = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
            many = f"{len(found)} sentences name" if len(found) > 1 else "a sentence names"
            hint = "cite a source where it states a fact: [@source] behind it, or at the end of its paragraph"
            yield note(
                "sentence-unsourced", f"{many} no source and no figure: {openings}{rest}", found[0][0], hint, about
            )


def _bare(text: str, briefing: Briefing) -> Iterator[str]:
    """The sentences behind the last mark of a paragraph that may state a fact."""
    start = text.rfind(FIGURE) + 1
    for first, last in sentences(text, briefing.names, "en"):
        one = text[first:last].strip()
        if first >= start and one.endswith(".") and len(one.split()) >= LEAST_WORDS and not _NO_FACT.search(one):
            yield one


def _opening(sentence: str) -> str:
    return " ".join(sentence.split()[:OPENING]).rstrip(",;:")
