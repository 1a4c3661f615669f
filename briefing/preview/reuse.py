"""Whether pages that were made before serve newer content too."""

from __future__ import annotations

from pathlib import Path

from briefing.pipeline.document_job import DocumentJob

Stamp = tuple[tuple[str, int, int], ...]
_LOOKS = (".css", ".j2", ".toml", ".ttf", ".json", ".icc")


def stamp(templates: Path) -> Stamp:
    """Names, sizes and times of all templates: where it differs, what was made from them before is out of date."""
    found = sorted(str(entry) for entry in templates.rglob("*") if entry.suffix in _LOOKS)
    return tuple((name, status.st_size, status.st_mtime_ns) for name in found for status in [Path(name).stat()])


def same_pages(one: DocumentJob, other: DocumentJob) -> bool:
    """Whether two jobs give the same pages, wherever their document stands in the content.

    The words and templates are not looked at: those have a `stamp`.
    """
    return (
        one.briefing == other.briefing  # cut down to the document, with the figures and sources that it names
        and one.pictures == other.pictures
        and (one.paper, one.tokens, one.use, one.shop) == (other.paper, other.tokens, other.use, other.shop)
    )
