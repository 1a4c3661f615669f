"""Cells of a table for a spreadsheet."""

from __future__ import annotations

import re

_FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)  # wide forms count too


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula: one that might is led by an apostrophe (OWASP, CSV injection)."""
    number = re.fullmatch(r"-?\d+(\.\d+)?", cell)
    return f"'{cell}" if not number and cell.lstrip().startswith(_FORMULA) else cell
