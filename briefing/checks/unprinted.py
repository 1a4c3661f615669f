"""What the content says and no document prints: a text that another one replaces, or that goes with another choice."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.content.briefing import Briefing
from briefing.content.records import Status
from briefing.findings import Finding, note, warning


def check(briefing: Briefing) -> Iterator[Finding]:
    """Every such text, with what would print it."""
    front, titles = briefing.briefing, [briefing.document(name).title for name in Briefing.DOCUMENTS]
    if front.subtitle and briefing.brief.lede:
        message = "the subtitle is printed nowhere: the brief has a lede, which stands in its place"
        yield warning("text-unprinted", message, ("briefing", "subtitle"), "keep one of the two", "subtitle")
    if all(titles) and front.title not in titles:
        message = "the title is printed nowhere: each document has one of its own"
        yield warning("text-unprinted", message, ("briefing", "title"), "leave one of the others out", "title")
    for key, status in (("superseded_by", Status.SUPERSEDED), ("embargo", Status.EMBARGOED)):
        if getattr(front, key) and front.status is not status:
            message = f'"{key}" is printed nowhere: the status is {front.status}'
            yield note("text-unprinted", message, ("briefing", key), f"write status: {status}, or delete it", key)
