"""Some pages of a finished file as a file of their own, by the labels that its pages bear."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from pikepdf import NumberTree, Pdf

from briefing.pdf.safe_open import BROKEN, open_pdf
from briefing.pdf.save import save_to_bytes

_PREFIX = re.compile(r"(\d{1,7})\.")


@dataclass(frozen=True, slots=True)
class NumberedPages:
    """Which pages of a file belong to which number: those labelled 17.1, 17.2 and so on to 17."""

    count: int
    pages: dict[int, range]


def numbered_pages(data: bytes) -> NumberedPages | None:
    """The numbers of a file's pages; nothing where it is no sound PDF."""
    try:
        with open_pdf(data) as pdf:
            count = len(pdf.pages)
            labels = NumberTree(pdf.Root.PageLabels).items() if "/PageLabels" in pdf.Root else ()
            starts = [(int(start), str(label.get("/P", ""))) for start, label in labels]
    except BROKEN:
        return None
    ends = [start for start, _ in starts[1:]] + [count]
    found = {
        int(match[1]): range(start, end)
        for (start, prefix), end in zip(starts, ends, strict=True)
        if (match := _PREFIX.fullmatch(prefix))
    }
    return NumberedPages(count, found)


def excerpt(data: bytes, pages: Collection[int]) -> bytes:
    """A file with these pages alone, counted from 0, and what they show; its labels and bookmarks are left out."""
    with open_pdf(data) as pdf, Pdf.new() as new:
        for number in pages:
            new.pages.append(pdf.pages[number])
        for key in ("/ViewerPreferences", "/Lang", "/OutputIntents"):
            if key in pdf.Root:
                new.Root[key] = new.copy_foreign(pdf.make_indirect(pdf.Root[key]))
        return save_to_bytes(new)
