"""Shares and multiples in the words around a chart (“two thirds”, “doubled”), held against its values.

A chart's words need no source of their own, since its data answer for them; so they must be what the data say. A share
may be a value in per cent, of another value, or of a sum; a multiple is one value by another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from briefing.checks.number_words import FIGURE, NumberWordFinder
from briefing.checks.reading import sentences, with_figures
from briefing.content.briefing import Briefing, walk_printed_strings
from briefing.content.markdown import parts
from briefing.content.records import Chart
from briefing.content.scalars import Path
from briefing.findings import Finding, warning
from briefing.language.amount import ends
from briefing.ledger.ledger import Ledger

OFF = 0.12  # how far a share or a multiple may be off: “a third” is 30 to 37 per cent
BEYOND = 1.5  # how far a value may lie beyond one that is called a bound: “fewer than half” is a third or more
MOST = 60  # values of which all are held against each other
_SMALL = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_SMALL |= {"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_CHANGE = re.compile(
    r"\b(?:by|up|down|more|less|fewer|higher|lower|grew|rose|fell|drops?|dropped|cut|falls?|rises?)\b", re.I
)
_BOUND = r"\b(?:(?P<over>more|over|above)|(?P<under>fewer|less|under|below))(?:\s+than)?\s+"
_PARTS = {"third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10}
_TIMES = {"doubled": 2.0, "twice": 2.0, "tripled": 3.0, "trebled": 3.0, "quadrupled": 4.0, "halved": 2.0}


def check(briefing: Briefing, ledger: Ledger, language: str) -> Iterator[Finding]:
    """What the words of charts say otherwise than their values; only of charts that a document shows."""
    finder = NumberWordFinder(briefing, language)
    shown = ledger.used("charts")
    for name, chart in briefing.charts.items():
        values, changes = _ratios(name, chart, ledger) if name in shown and 1 < len(chart.data) <= MOST else ([], [])
        for path, kind, text in walk_printed_strings(chart, ("charts", name)) if values else ():
            if "data" in path or path[-1] == "highlight":
                continue
            said = with_figures(parts(kind, text))
            known = [*values, *(changes if _CHANGE.search(said) else [])]
            yield from _claims(said, path, finder, briefing, known)


def _claims(
    text: str, path: Path, finder: NumberWordFinder, briefing: Briefing, values: Sequence[float]
) -> Iterator[Finding]:
    spans = sentences(text, briefing.names, finder.language)
    for start, said, is_clear in finder.found(text):
        wanted = None if is_clear else ratio_of(said)
        sourced = any(first <= start < last and FIGURE in text[first:last] for first, last in spans)
        if wanted is None or sourced:
            continue
        bound = _bound(text[: start + len(said)], said)
        least, most = _range(bound)
        if any(least <= one / wanted <= most for one in values):
            continue
        shown = bound[0] if bound else said
        message = (
            f"“{shown}” is a number in words, and no value of the chart, nor a share or multiple of them, is near it"
        )
        hint = "correct it, or declare it under figures: and write {{name}}"
        yield warning("number-in-words", message, path, hint, str(path[1]))


def _bound(before: str, said: str) -> re.Match[str] | None:
    """Words that make a number one that is not reached, or passed, with the number itself: “fewer than half”."""
    core = re.sub(r"^(?:than|over|under)\s+", "", said, flags=re.IGNORECASE)
    return re.search(f"{_BOUND}{re.escape(core)}$", before, re.IGNORECASE)


def _range(bound: re.Match[str] | None) -> tuple[float, float]:
    """Between which multiples of the number a value bears the words out."""
    if bound is None:
        return 1 - OFF, 1 + OFF
    return (1.0, BEYOND) if bound["over"] else (1 / BEYOND, 1.0)


def ratio_of(said: str) -> float | None:
    """The share or multiple that words name; nothing where they are vague."""
    words = re.findall(r"[a-z]+", said.lower())
    numbers = [_SMALL[word] for word in words if word in _SMALL]
    part = next((whole for word in words for name, whole in _PARTS.items() if word in (name, f"{name}s")), 0)
    fold = next((word.removesuffix("fold") for word in words if word.endswith("fold")), None)
    if part:
        return (numbers[0] if numbers else 1) / part
    if "half" in words and "dozen" not in words:
        return 0.5
    if times := next((_TIMES[word] for word in words if word in _TIMES), None):
        return times
    if fold is not None:
        return float(_SMALL[fold]) if fold in _SMALL else None
    if "times" in words:
        return float(numbers[0]) if numbers else None
    if len(numbers) >= 2 and re.search(r"\b(?:in|of)\b", said.lower()):
        return numbers[0] / numbers[-1]
    return None


def _ratios(name: str, chart: Chart, ledger: Ledger) -> tuple[list[float], list[float]]:
    """Every share and multiple that the values of a chart give; and by what share one is more or less than another."""
    entries = [ledger.entries.get(figure) for figure in ledger.rows[name]]
    known = [
        (d, float(ends(e.value)[0]), e.unit) for d, e in zip(chart.data, entries, strict=True) if e and ends(e.value)
    ]
    values = [abs(value) for _, value, _ in known]
    groups = [values]
    for key in ("label", "series"):
        names = {getattr(datum, key) for datum in chart.data}
        groups += [[abs(value) for datum, value, _ in known if getattr(datum, key) == one] for one in names]
    found = [abs(value) / 100 for _, value, unit in known if unit == "percent"]
    percent = {unit for _, _, unit in known} == {"percent"}
    for group in groups:
        whole = sum(group)
        for total in _runs(group) if whole else ():
            found += [total / whole, *([total / 100] if percent else [])]
    pairs = [(one, other) for one in values for other in values if other]
    return [*found, *(one / other for one, other in pairs)], [abs(one - other) / other for one, other in pairs]


def _runs(group: Sequence[float]) -> Iterable[float]:
    """The sums of values that follow each other."""
    sums = [0.0, *accumulate(group)]
    return (end - start for at, end in enumerate(sums) for start in sums[:at])
