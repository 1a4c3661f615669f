"""Letters for what is counted by letters: a number comes in, A to Z goes out, then AA, AB and so on."""

from __future__ import annotations


def letter_of(number: int) -> str:
    """The letter of a number counted from 0, as a spreadsheet calls its columns."""
    before = letter_of(number // 26 - 1) if number >= 26 else ""
    return before + chr(ord("A") + number % 26)
