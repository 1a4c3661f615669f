"""Random figures on the pages of both documents, read back by a reader who knows nothing of how they are written.

One example is one build with some fifty figures of every unit, sign, size and qualifier, in running text, headlines,
key figures, tables and charts of every kind; then the ledger, the table inside the file and a slip of corrections.
"""

from __future__ import annotations

import csv
import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from briefing import api
from briefing.content import yaml_reader
from briefing.content.records import NumberScale, PaperName, Qualifier
from briefing.content.scalars import NumberRange, Ratio
from briefing.design.paper import PAPERS
from briefing.documents.manuscript import Manuscript, manuscript_of
from briefing.language.amount import Amount
from briefing.products.changes import compare
from briefing.products.changes.slip import leaves
from tests.support.builds import LATER, TEMPLATES
from tests.support.examples import examples
from tests.support.number_reader import MONEY, NOUNS, holds, read, unit_holds
from tests.support.reading import reading_order, squeezed

UNITS = [*MONEY, *NOUNS, "percent", "number", "year"]
KINDS = ("bars", "columns", "dots", "lines", "stacked", "time")
SHARES = {"1 in 5": "20", "1 in 4": "25", "3 in 10": "30", "2 in 5": "40", "1 in 1000": "0.1"}
IN_TEXTS, IN_A_CHART = 16, 4
NAMES = "abcdefghijklmnop"  # what a figure is called: texta, bars-b

# ------------------------------------------------------------------ content at random


@dataclass(frozen=True)
class Page:
    """What one example asks for."""

    use: str
    paper: str
    language: str
    said: tuple[Amount, ...]  # in texts, key figures and cells
    drawn: tuple[tuple[Amount, ...], ...]  # for each kind of chart
    plain: tuple[Amount, ...]  # the chart's own values, one for each kind
    later: tuple[Amount, ...]  # what the first few of those said become


SIZES = st.integers(-(10**11), 10**11) | st.integers(-20_000, 20_000) | st.integers(-99, 99)
SMALL = st.integers(-(10**6), 10**6) | st.integers(-99, 99)
EXACT = st.sampled_from([0, 1, -1, 10**6, 999_999, 99_950, 100, 12 * 10**9])
NUMBERS = st.builds(lambda whole, places: Decimal(whole).scaleb(-places), SIZES, st.integers(0, 3)) | EXACT.map(Decimal)
IN_CHARTS = st.builds(lambda whole, places: Decimal(whole).scaleb(-places), SMALL, st.integers(0, 2))


@st.composite
def amounts(draw: st.DrawFn, unit: str, charted: bool = False, single: bool = False, positive: bool = False) -> Amount:
    """An amount that a figure can be."""
    if unit == "year":
        return Amount(Decimal(draw(st.integers(1900, 2099))), unit)
    numbers = IN_CHARTS if charted else NUMBERS
    one, other = draw(numbers), draw(numbers)
    if positive:
        one, other = abs(one) + 1, abs(other) + 1
    qualifier = draw(st.none() | st.sampled_from(list(Qualifier)))
    scales = [scale for scale in NumberScale if min(abs(one), abs(other)) * 100 >= 10**scale.zeros]
    fit = unit not in ("percent", "points") and scales
    scale = draw(st.none() | st.sampled_from(scales)) if fit else None
    digits = draw(st.none() | st.integers(1, 6))
    value: Decimal | NumberRange = one
    kind = draw(st.integers(0, 5))
    if kind == 0 and one != other and not single:
        value = NumberRange(min(one, other), max(one, other))
        qualifier = draw(st.sampled_from([None, Qualifier.ABOUT]))
    elif kind == 1 and unit == "percent" and not single:
        share = draw(st.sampled_from(sorted(SHARES)))
        form = Ratio(*map(int, share.split(" in ")))
        return Amount(Decimal(SHARES[share]), unit, draw(st.sampled_from([None, Qualifier.ABOUT])), form=form)
    return Amount(value, unit, qualifier, scale, digits)


@st.composite
def pages(draw: st.DrawFn) -> Page:
    units = [draw(st.sampled_from(UNITS)) for _ in range(IN_TEXTS)]
    said = tuple(draw(amounts(unit)) for unit in units)
    charted = [unit for unit in UNITS if unit != "year"]
    drawn, own = [], []
    for kind in KINDS:
        unit = draw(st.sampled_from(charted))
        positive = kind == "stacked"
        drawn.append(tuple(draw(amounts(unit, True, positive, positive)) for _ in range(IN_A_CHART)))
        own.append(replace(draw(amounts(unit, True, True, positive)), qualifier=None))
    later = tuple(draw(amounts(unit)) for unit in units[:4])
    use, paper, language = draw(
        st.tuples(
            st.sampled_from(["reading", "large-print"]),
            st.sampled_from(["letter", "a4"]),
            st.sampled_from(["en-GB", "en-US"]),
        )
    )
    return Page(use, paper, language, said, tuple(drawn), tuple(own), later)


def written(amount: Amount) -> str:
    """A figure's keys."""
    value = f"[{amount.value.low:f}, {amount.value.high:f}]" if isinstance(amount.value, NumberRange) else amount.value
    keys = {"value": f"{value:f}" if isinstance(value, Decimal) else value, "unit": amount.unit}
    more = {"qualifier": amount.qualifier, "scale": amount.scale, "round": amount.digits, "form": amount.form}
    return ", ".join(f"{key}: {said}" for key, said in {**keys, **more}.items() if said is not None)


def content(page: Page, said: tuple[Amount, ...]) -> str:
    """A briefing that says each figure in every place of its kind."""
    named = {f"text{at}": amount for at, amount in zip(NAMES, said, strict=True)}
    named |= {
        f"{kind}-{at}": one
        for kind, all_ in zip(KINDS, page.drawn, strict=True)
        for at, one in zip(NAMES, all_, strict=False)
    }
    lines = [
        f"  {name}: {{{written(amount)}, as_of: 2024-05, sources: [census], label: Label of {name}}}"
        for name, amount in named.items()
    ]
    texts = "\n\n".join(
        f"          Read text{at} as {{{{text{at}}}}} [@census]; "
        f"short text{at} as {{{{text{at}|short}}}} [@census]; no more. "
        f"{{{{text{at}|open}}}} [@census]; opened text{at}. "
        f"Down text{at} by {{{{text{at}|magnitude}}}} [@census]; no more."
        for at in NAMES
    )
    rows = "\n".join(f'          - [Cell text{at}, "{{{{text{at}|bare}}}}"]' for at in NAMES)
    keys = "\n".join(
        f"    - key_figures: {{items: [{{figure: text{at}, label: key of text{at}}}]}}" for at in NAMES[:3]
    )
    charts = "\n".join(chart(kind, own) for kind, own in zip(KINDS, page.plain, strict=True))
    shown = "\n".join(f"    - chart: {{chart: {kind}}}" for kind in KINDS)
    return f"""\
briefing: {{title: A title, short_title: Short, date: 2024-06-12, publisher: Desk, licence: Free, cite: Cite me,
  language: {page.language}}}
sources:
  census: {{publisher: Office, title: Census, kind: data}}
units:
  people: {{one: person, other: people}}
figures:
{chr(10).join(lines)}
charts:
{charts}
brief:
  title: "Head textd is {{{{textd|plain}}}}"
  lede: "Below it stands texte as {{{{texte|plain}}}}, and no more."
  pages: 12
  numbered: false
  large_print_pages: 40
  blocks:
{keys}
    - prose:
        text: |
{texts}
    - table:
        columns: [{{head: What people}}, {{head: Number, align: right}}]
        rows:
{rows}
{shown}
    - sources: {{}}
fact_sheet:
  title: "Head textf is {{{{textf|short|plain}}}}"
  pages: 1
  blocks:
    - takeaways:
        items: ["Item textg is {{{{textg}}}} [@census]; no more."]
    - chart: {{chart: bars}}
"""


def chart(kind: str, own: Amount) -> str:
    """A chart of figures and one value of its own."""
    more = f"    scale: {own.scale}\n" * bool(own.scale) + f"    round: {own.digits}\n" * bool(own.digits)
    where = [f"Row {at}" for at in NAMES[:IN_A_CHART]]
    if kind == "time":
        named = [f"on: {2019 + at}" for at in range(IN_A_CHART + 1)]
    elif kind == "stacked":
        named = [f"series: {name}, label: Whole" for name in where] + ["series: Own, label: Whole"]
    elif kind == "lines":
        named = [f'label: "{2019 + at}"' for at in range(IN_A_CHART + 1)]
    else:
        named = [*(f"label: {name}" for name in where), "label: Own"]
    values = [*(f"figure: {kind}-{at}" for at in NAMES[:IN_A_CHART]), f"value: {own.value:f}"]
    data = "\n".join(f"      - {{{name}, {value}}}" for name, value in zip(named, values, strict=True))
    return f"""\
  {kind}:
    kind: {kind}
    title: The {kind} of people
    subtitle: People and measures
    alt: The {kind}
    height_mm: 60
    unit: {own.unit}
{more}    as_of: 2023
    sources: [census]
    data:
{data}"""


# ------------------------------------------------------------------ what a reader finds


def plain(words: str) -> str:
    return " ".join(re.sub("[\x02\ufffe]", "-", words).replace("\u00a0", " ").replace("\u2060", "").split())


def heard(file: Path) -> str:
    return plain(" ".join(run.text for run in reading_order(file)))


def found(pattern: str, words: str) -> str:
    said = re.search(pattern, words)
    assert said, f"{pattern} is not in {words}"
    return said[1]


def told(words: str, amount: Amount, noun: bool, form: bool = True) -> None:
    """That words say an amount."""
    try:
        back = read(words[:1].lower() + words[1:] if words[:1].isalpha() and words[1:2].islower() else words)
        holds(back, amount if form else amount.plain)
        unit_holds(back, amount.unit, noun)
    except AssertionError as fault:
        raise AssertionError(f"“{words}” is to say {amount}: {fault}") from fault


def alternatives(file: Path) -> str:
    with pikepdf.open(file) as pdf:
        every = (one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one)
        return plain(" ".join(str(one.Alt) for one in every if one.get("/S") == "/Figure"))


def laid_out(file: Path) -> str:
    """The words by where they stand; pdfium puts words of labels that stand side by side among each other."""
    return subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout


def inner_table(file: Path) -> Iterator[dict[str, str]]:
    with pikepdf.open(file) as pdf:
        (name,) = [name for name in pdf.attachments if name.endswith(".csv")]
        yield from csv.DictReader(io.StringIO(pdf.attachments[name].get_file().read_bytes().decode()))


# ------------------------------------------------------------------ the tests


@examples(2, phases=[Phase.explicit, Phase.generate])
@given(page=pages())
def test_what_is_read_on_the_pages_is_what_the_content_says(
    page: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("figures")
    (folder / "content.yaml").write_text(content(page, page.said), encoding="utf-8")
    made = api.build(folder / "content.yaml", out=folder / "out", use=page.use, paper=page.paper, today=LATER)
    assert not made.refused, [(one.code, one.message) for one in made.findings if one.severity == "error"]
    brief, sheet = sorted((folder / "out").rglob("*.pdf"), key=lambda file: "sheet" in file.name)
    words = heard(brief)
    for at, amount in zip(NAMES, page.said, strict=True):
        told(found(rf"Read text{at} as (.*?) ?;", words), amount, noun=True)
        told(found(rf"short text{at} as (.*?) ?;", words), amount, noun=False)
        told(found(rf"(?:short text{at} as .*?no more\.) (\S.*?) ?; ?1? ?opened text{at}\b", words), amount, noun=True)
        told(found(rf"Cell text{at} (.*?) (?:Cell|\S+ ?: 1 ?\.|What people)", words), amount, noun=False, form=False)
        low = amount.value.low if isinstance(amount.value, NumberRange) else amount.value
        assert isinstance(low, Decimal)
        if low >= 0:
            told(found(rf"Down text{at} by (.*?) ?;", words), amount, noun=True)
    for at in NAMES[:3]:
        key = found(rf"(?:and no more\.|as of May 2024 1) ((?:(?!as of).)*?) key of text{at}", words)
        told(key, page.said[NAMES.index(at)], noun=False)
    told(found(r"Head textd is (.*?) Below", words), page.said[3], noun=True)
    told(found(r"stands texte as (.*?), and", words), page.said[4], noun=True)
    told(found(r"Head textf is (.*?) Key takeaways", heard(sheet)), page.said[5], noun=False)
    told(found(r"Item textg is (.*?) ?;", heard(sheet)), page.said[6], noun=True)
    in_charts(page, brief, plain(" ".join(one.message for one in made.findings if one.code == "chart-unlabelled")))
    in_tables(page, brief, content(page, page.said))


def in_charts(page: Page, brief: Path, left_out: str) -> None:
    spoken, seen = alternatives(brief), squeezed(laid_out(brief))
    for kind, drawn, own in zip(KINDS, page.drawn, page.plain, strict=True):
        said = found(rf"The {kind}\. (.*?)(?:\.(?= The|$))", spoken)
        parts = [re.split(": Whole |: ", part)[-1] for part in re.split(r"; |\. (?=Row|Own)", said)]
        assert len(parts) == len(drawn) + 1, said
        for part, amount in zip(parts, (*drawn, own), strict=True):
            told(part, amount, noun=False, form=False)
            assert squeezed(part) in seen or f"{part}”" in left_out or " more" in left_out, (part, kind)


def in_tables(page: Page, brief: Path, text: str) -> None:
    every = {f"text{at}": amount for at, amount in zip(NAMES, page.said, strict=True)}
    every |= {
        f"{kind}-{at}": one
        for kind, all_ in zip(KINDS, page.drawn, strict=True)
        for at, one in zip(NAMES, all_, strict=False)
    }
    rows = {row["figure"]: row for row in inner_table(brief)}
    assert rows.keys() >= every.keys()
    for name, amount in every.items():
        row = rows[name]
        value = amount.value
        low, high = (value.low, value.high) if isinstance(value, NumberRange) else (value, None)
        assert (Decimal(row["value"]), row["unit"]) == (low, amount.unit)
        assert row["qualifier"] == (amount.qualifier or "")
        assert Decimal(row["value_to"] or "NaN") == high if high is not None else not row["value_to"]
    assert {Decimal(row["value"]) for name, row in rows.items() if "/" in name} == {one.value for one in page.plain}


def version(text: str) -> Manuscript:
    return manuscript_of(yaml_reader.parse(text.encode(), "content.yaml"), TEMPLATES)


@examples(10, phases=[Phase.explicit, Phase.generate])
@given(page=pages())
def test_what_is_read_on_a_slip_is_what_both_editions_say(page: Page) -> None:
    both = (page.said, (*page.later, *page.said[len(page.later) :]))
    old, new = (version(content(page, said)) for said in both)
    changes = compare.compare(old, new)
    for one in changes.figures:
        before, now = (said[NAMES.index(one.id[-1])] for said in both)
        told(one.old, before, noun=True)
        told(one.new, now, noun=True)
    if changes.figures:
        first, *_ = leaves(old, new, changes, PAPERS[PaperName(page.paper)], TEMPLATES)
        shown = plain(re.sub(r"<[^>]+>", " ", first.html))
        assert all(plain(one.old) in shown and plain(one.new) in shown for one in changes.figures)
