"""Names that hold digits, as the content lists them: each is a pattern in which # stands for a number."""

from __future__ import annotations

import re


def name_pattern(name: str) -> str:
    """A regular expression for a name, with any spaces between its words; “COVID-#” finds COVID-19."""
    return r"\s+".join(re.escape(word).replace(r"\#", r"(?:#|\d+(?:[./-]\d+)*)") for word in name.split())


def is_open(name: str) -> bool:
    """Whether a pattern would let any number pass, since no letter stands before its number."""
    return "#" in name and not any(map(str.isalpha, name.partition("#")[0]))
