"""The kinds of structure elements that the standard knows (ISO 32000-1, 14.8.4), and what others stand for."""

from __future__ import annotations

from collections.abc import Mapping

STANDARD = frozenset({
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "Private",
    "H", "H1", "H2", "H3", "H4", "H5", "H6", "P", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead",
    "TBody", "TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "Warichu",
    "RB", "RT", "RP", "WT", "WP", "Figure", "Formula", "Form", "Artifact",
})  # fmt: skip
MAX_STEPS = 10  # from role to role


def standard_role(named: str, roles: Mapping[str, str]) -> str:
    """The standard kind that a kind stands for (14.7.3: roles may be mapped to roles); itself where there is none."""
    for _ in range(MAX_STEPS):
        if named in STANDARD or named not in roles:
            break
        named = roles[named]
    return named
