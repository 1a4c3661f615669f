"""Figures of every kind on pages of both papers and in large print: what is read there is what the content says."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pypdfium2
import pytest

from tests.support.builds import LATER, command
from tests.support.reading import reading_order, text

FIGURES = {  # as the content has it, and as a sentence and a narrow cell print it
    "loss": ("value: -2500000, unit: usd", "−US$2.5 million", "−US$2.5M"),
    "swiss": ("value: 1250, unit: chf", "CHF 1,250", "CHF 1,250"),
    "fee": ("value: 2.50, unit: eur", "€2.50", "€2.50"),
    "reached": ("value: 3776543, unit: people, scale: million, round: 2", "about 3.8 million people", "≈3.8M"),
    "served": (
        "value: 3776543, unit: people, scale: million, round: 2, qualifier: more than",
        "more than 3.7 million people",
        ">3.7M",
    ),
    "rate": ("value: 10.0, unit: percent", "10.0%", "10.0%"),
    "fall": ("value: -57, unit: percent", "−57%", "−57%"),
    "wait": ("value: [27, 29], unit: days", "27 to 29 days", "27–29 days"),
    "share": ("value: [27, 29], unit: percent", "27–29%", "27–29%"),
    "cold": ("value: -1.5, unit: celsius", "−1.5 degrees Celsius", "−1.5°C"),
    "asked": ("value: 20, unit: percent, qualifier: about, form: 1 in 5", "about 1 in 5", "≈20%"),
    "term": ("value: 10, unit: years", "10 years", "10 yrs"),
}
COLUMN = {"a": ("9.8", "9.8%"), "b": ("10", "10%"), "c": ("-12.25", "−12.25%")}
HEAD = """\
briefing: {title: A title, short_title: Short, date: 2024-06-12, publisher: Desk, licence: Free, cite: Cite me}
sources:
  census: {publisher: Office, title: Census, kind: data}
units:
  people: {one: person, other: people}
figures:
"""


def content() -> str:
    lines = [f"  {name}: {{{keys}, as_of: 2024-05, sources: [census]}}" for name, (keys, _, _) in FIGURES.items()]
    rate = "unit: percent, as_of: 2024, sources: [census]"
    lines += [f"  {name}: {{value: {value}, {rate}}}" for name, (value, _) in COLUMN.items()]
    lines += ["  goal: {value: 40, unit: percent, standing: target, as_of: 2030, sources: [census]}"]
    lines += ["  paid: {value: 7, unit: percent, period: 2023-10..2024-03, sources: [census]}"]
    said = "\n\n".join(f"          Read {name} as {{{{{name}}}}} [@census]; no more." for name in FIGURES)
    cells = "\n".join(f'          - [Cell {name}, "{{{{{name}|bare}}}}"]' for name in FIGURES)
    rates = "\n".join(f'          - [Rate {name}, "{{{{{name}|bare|plain}}}}"]' for name in COLUMN)
    return f"""{HEAD}{chr(10).join(lines)}
charts:
  reach:
    kind: bars
    title: Two counts
    subtitle: People
    alt: Bars.
    unit: people
    scale: million
    round: 2
    as_of: 2023
    sources: [census]
    data:
      - {{label: Reached, figure: reached}}
      - {{label: Served, figure: served}}
      - {{label: Missed, value: 1249000}}
  rates:
    kind: columns
    title: Rates
    subtitle: Rates in per cent
    alt: Columns.
    data:
      - {{label: Rate, figure: rate}}
      - {{label: Fall, figure: fall}}
      - {{label: Share, figure: share}}
brief:
  title: "Losses came to {{{{loss|magnitude|plain}}}}"
  pages: 4
  large_print_pages: 12
  blocks:
    - key_figures:
        items:
          - {{figure: loss, label: result of the year}}
          - {{figure: reached, label: people reached}}
          - {{figure: asked, label: of all asked}}
          - {{figure: goal, label: of all homes}}
          - {{figure: paid, label: of all paid}}
    - prose:
        text: |
{said}
    - table:
        columns: [{{head: What people}}, {{head: Number, align: right}}]
        rows:
{cells}
    - table:
        columns: [{{head: What}}, {{head: Rate, align: right}}]
        rows:
{rates}
    - chart: {{chart: reach}}
    - chart: {{chart: rates}}
    - sources: {{}}
fact_sheet:
  pages: 1
  blocks:
    - takeaways:
        items: [A plain sentence.]
"""


@pytest.fixture(scope="module", params=[("reading", "letter"), ("large-print", "a4")], ids=str)
def brief(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    use, paper = request.param
    folder = tmp_path_factory.mktemp("figures")
    (folder / "content.yaml").write_text(content(), encoding="utf-8")
    asked: list[str | Path] = [
        "--content",
        folder / "content.yaml",
        "--out",
        folder / "out",
        "--only",
        "brief",
        "--today",
        str(LATER),
    ]
    run = subprocess.run(
        command("build", *asked, "--use", use, "--paper", paper),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    (made,) = (folder / "out").rglob("*.pdf")
    return made


def plain(words: str) -> str:
    return " ".join(words.replace("\u00a0", " ").replace("\u2060", "").split())


def test_every_place_says_a_figure_as_it_is(brief: Path) -> None:
    heard = plain(" ".join(run.text for run in reading_order(brief)))
    drawn = plain(text(brief))
    for name, (_, words, bare) in FIGURES.items():
        assert re.search(rf"Read {name} as {re.escape(words)} ?;", heard), heard
        assert f"Cell {name} {bare}" in heard
    assert "Losses came to US$2.5 million" in heard
    for shown in (
        "−US$2.5 million result of the year",
        "about 3.8 million people reached",
        "about 1 in 5 of all",
    ):
        assert shown in heard
    assert "target for 2030" in heard
    assert "October 2023–March 2024" in heard
    for label in ("≈3.8M", ">3.7M", "≈1.2M", "10.0%", "−57%", "27–29%"):
        assert label in drawn


def test_the_points_of_a_column_stand_below_each_other(brief: Path) -> None:
    edges = []
    with pypdfium2.PdfDocument(brief) as pdf:
        for page in pdf:
            read = page.get_textpage()
            for name, (_, words) in COLUMN.items():
                found = read.search(f"Rate {name}", match_case=True).get_next()
                if found:
                    at = read.get_text_range().index(words, found[0])
                    ones = at + len(words.partition(".")[0].removesuffix("%")) - 1
                    edges.append(read.get_charbox(ones, loose=True)[2])
    assert len(edges) == len(COLUMN)
    assert max(edges) - min(edges) < 0.1  # pt
