"""Whether pages that were made before serve newer content too."""

from __future__ import annotations

import os
from pathlib import Path

from briefing.pipeline.document_job import DocumentJob

Stamp = tuple[tuple[str, int, int], ...]
_LOOKS = (".css", ".j2", ".toml", ".ttf", ".json", ".icc")


def stamp(templates: Path) -> Stamp:
    """Names, sizes and times of all templates: where it differs, what was made from them before is out of date."""
    found, todo = [], [str(templates)]
    while todo:
        with os.scandir(todo.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    todo.append(entry.path)
                elif entry.name.endswith(_LOOKS):
                    status = entry.stat()
                    found.append((entry.path, status.st_size, status.st_mtime_ns))
    return tuple(sorted(found))


def same_pages(one: DocumentJob, other: DocumentJob) -> bool:
    """Whether two jobs give the same pages, wherever their document stands in the content.

    The words and templates are not looked at: those have a `stamp`.
    """
    return (
        one.briefing == other.briefing  # cut down to the document, with the figures and sources that it names
        and one.pictures == other.pictures
        and (one.paper, one.tokens, one.use, one.shop) == (other.paper, other.tokens, other.use, other.shop)
    )
