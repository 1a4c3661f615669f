"""A number that is set large is whole: no line ends within it, however long it is, and it covers no other words."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from tests.support.typed import typed

PARTS = ("US$12,345,678,901", "12,345,678,901.50", "123,456,789–234,567,891", "1,234,567.25", "kilowatt-hours")
CONTENT = """\
briefing: {title: A title, short_title: Short, date: 2024-06-12, publisher: Desk, licence: Free, cite: Cite me}
sources:
  census: {publisher: Office, title: Census, kind: data}
figures:
  a: {value: 12345678901, unit: usd, as_of: 2024-05, sources: [census]}
  b: {value: 12345678901.50, unit: chf, as_of: 2024-05, sources: [census]}
  c: {value: [123456789, 234567891], unit: kes, qualifier: about, as_of: 2024-05, sources: [census]}
  d: {value: 1234567.25, unit: kilowatt-hour, as_of: 2024-05, sources: [census]}
brief:
  pages: 1
  blocks:
    - takeaways:
        items: &all
          - {figure: a, text: was a.}
          - {figure: b, text: was b.}
          - {figure: c, text: was c.}
          - {figure: d, text: was d.}
    - pull_figure: {figure: a, label: is a, place: side}
    - pull_figure: {figure: b, label: is b, place: side}
    - pull_figure: {figure: c, label: is c, place: side}
    - pull_figure: {figure: d, label: is d, place: side}
    - pull_figure: {figure: c, label: is c}
    - sources: {}
fact_sheet:
  pages: 1
  blocks:
    - key_figures: {items: [{figure: a, label: a}, {figure: b, label: b}, {figure: d, label: d}]}
    - key_figures: {items: [{figure: b, label: b}, {figure: c, label: c}]}
    - takeaways:
        items: *all
    - sources: {}
"""


@pytest.mark.slow
def test_a_number_is_never_torn_and_covers_nothing(tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(CONTENT, encoding="utf-8")
    run = typed(tmp_path, "build", "--draft")
    assert run.returncode == 0, run.stderr
    for file, times in (("policy-brief.pdf", (2, 2, 3, 2, 2)), ("fact-sheet.pdf", (2, 3, 2, 2, 2))):
        text = pypdfium2.PdfDocument(tmp_path / "build" / file)[0].get_textpage().get_text_bounded()
        lines = text.replace("\u2060", "").splitlines()
        assert [sum(part in line for line in lines) for part in PARTS] == list(times), lines
