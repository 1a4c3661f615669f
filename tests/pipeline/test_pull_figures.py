"""Pull figures of a margin are of one size, which the widest of them takes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from briefing.design.outputs import USES, OutputName
from briefing.pipeline.document import make
from tests.support.builds import GOOD, briefing_of, orders, swapped
from tests.support.reading import type_sizes

FIGURES = """\
  share: {value: 71, unit: percent, as_of: 2024-05, sources: [census]}
  cost: {value: 84600000, unit: eur, as_of: 2024-05, sources: [census]}
  wide: {value: 284600000, unit: usd, as_of: 2024-05, sources: [census]}
  longest: {value: {low: 1284600000, high: 2385700000}, unit: usd, as_of: 2024-05, sources: [census]}
"""


def sizes(names: tuple[str, ...], folder: Path, use: OutputName = OutputName.READING) -> Mapping[str, float]:
    """The size in points of the first word of each figure, which all stand in the margin."""
    asides = "".join(f"    - pull_figure: {{place: side, figure: {name}, label: of them}}\n" for name in names)
    text = swapped(
        GOOD,
        ("sources: [census]}\n", f"sources: [census]}}\n{FIGURES}"),
        ("rides.\n", f"rides. {'One plain sentence takes its room. ' * 120}\n{asides}"),
        ("  pages: 1\n  blocks:\n    - prose:", "  pages: 2\n  blocks:\n    - prose:"),
    )
    made = make(orders(briefing_of(text), folder, "letter", folder, ("brief",), USES[use])[0])
    assert made.amiss == ()
    file = folder / "brief.pdf"
    file.write_bytes(made.pdf)
    first = {"share": "71%", "cost": "€84", "wide": "US$284", "longest": "US$1"}
    return {
        name: max(one.points for one in type_sizes(file) if one.text.strip().startswith(first[name])) for name in names
    }


def test_figures_of_a_margin_are_of_one_size_whatever_their_widths(tmp_path: Path) -> None:
    short = sizes(("share", "cost"), tmp_path)
    assert short["share"] == short["cost"] == pytest.approx(22.1, abs=0.2)
    long = sizes(("share", "cost", "wide"), tmp_path)
    assert len(set(long.values())) == 1
    assert sizes(("share", "longest"), tmp_path)["share"] == short["share"]  # the other one goes over two lines
    large = sizes(("share", "wide"), tmp_path, OutputName.LARGE_PRINT)
    assert large["share"] == large["wide"] == pytest.approx(26.7, abs=0.2)
