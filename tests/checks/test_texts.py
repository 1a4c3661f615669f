"""Texts: which numbers claim something, in digits and in words, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.checks import answers, texts
from briefing.checks.claims import NumberFinder
from briefing.checks.number_words import NumberWordFinder
from briefing.content import validation, yaml_reader
from briefing.documents.manuscript import manuscript_of
from briefing.findings import Severity
from briefing.language.wording import read_wording
from tests.support.builds import FLAGSHIP, GOOD, OTHER, ROOT, TEMPLATES

UNITS = "units: {cases: {one: case, other: cases}}\nfigures:"
BRIEFING = validation.build(yaml_reader.parse(GOOD.replace("figures:", UNITS).encode(), "content.yaml"))
NUMBERS = NumberFinder(BRIEFING, read_wording(TEMPLATES, "en-GB", BRIEFING.units))
WORDS = NumberWordFinder(BRIEFING, "en")
ANYWHERE = ("brief", "lede")

NO_CLAIMS = [
    "https://www.gao.gov/products/gao-25-106389",
    "See https://www.gao.gov/products/gao-25-106389.",
    "desk24@example.org",
    "gao.gov/products/gao-25-106389",
    "doi 10.1234/abcd.5678",
    "https://doi.org/10.1000/xyz123",
    "ISBN 978-3-16-148410-0",
    "ISSN 1234-5678",
    "+1 202 512 6000",
    "(202) 512-6000",
    "202-512-6000",
    "1-800-555-0199",
    "1-877-4-HSI-TIP",
    "866-DHS-2-ICE",
    "020 7946 0018",
    "0800 123 4567",
    "Telephone 555 0100",
    "tel. 555-0100",
    "Call 112 for help.",
    "dial 911.",
    "9 a.m. to 5 p.m.",
    "9 am–5 pm",
    "from 9 to 5 p.m.",
    "14:30",
    "at 9:30",
    "from 9:30 to 17:00",
    "14 to 21 August 2014",
    "14–21 August 2014",
    "14 and 21 August",
    "30 June to 2 July 2024",
    "2013–14",
    "2018–2023",
    "Q3 2023",
    "between 2018 and 2023",
    "the 1990s",
    "in the ’90s",
    "FY2023",
    "FY 2023–24",
    "CC BY 4.0",
    "CC BY-NC-SA 4.0",
    "CC0 1.0",
    "Call 13 11 14 at any hour",
    "COP28 and COP 29",
    "Under s. 12(3), ss. 4-6, § 5, §§ 12–14 and Art. 6(1)(f)",
    "Under reg. 4(2), rule 12(b)(6) and sections 2 and 7(1)",
    "12 U.S.C. § 1831, 42 CFR 438.6, Pub. L. 117-58, 135 Stat. 429 and 410 U.S. 113 (1973)",
    "[2019] UKSC 41, Case C-311/18 and Regulation (EU) 2016/679",
    "A/78/123, S/RES/2334 (2016) and A/HRC/54/CRP.4",
    "The team won 3–1.",
    "It lies at 51.5° N, 0.13° W, or 9°14′N",
    "On the 3rd of May and the 21st.",
    "Boeing 737 and Airbus A320 fleets",
    "Flat 4, 12 High Street, London SW1A 2AA",
    "12-14 Rue de Rivoli and Springfield, IL 62701",
    "Covid-19, 9/11, B2B, Catch-22 and the Group of 20",
    "the 65+ group",
    "the 1.5°C target",
    "arXiv:2101.00001",
    "COVID-19",
    "Covid\u201119 and COVID\u201119",
    "see issue #5.",
    "PM2.5",
    "G20",
    "H5N1",
    "aged 18–24",
    "aged 65 and over",
    "under 5s",
    "under-5s",
    "children under 5.",
    "18-year-olds",
    "18- to 24-year-olds",
    "people over 65 are",
    "Table 1",
    "Tables 1 and 2",
    "Figure 2",
    "page 3",
    "pp. 3–7",
    "Section 3",
    "Section 12(b)(3)",
    "Article 12(3)",
    "Title 8",
    "Title 42",
    "Resolution 2713",
    "Directive 2010/63/EU",
    "the 21st century",
    "118th Congress",
    "the 3rd edition",
    "12 June 2024",
    "June 12, 2024",
    "Jan. 5, 2024",
    "5 Feb 2024",
    "June 2024",
    "version 2.1",
    "v1.2.3",
    "ISO 9001",
    "GAO-25-106389",
    "24/7",
    "A4",
    "Phase 3",
    "type 2 diabetes",
    "No. 3",
    "CO₂ and CO2",
    "since 2014",
    "In 2014 people left",
    "the 2024 people smuggling law",
    "1 May",
    "May 1st",
    "the 4th Amendment",
    "9 o’clock",
    "12 noon",
    "5G",
    "up to week 38 and",
    "a field of km²",
    "1st of May",
    "Articles 5, 6 and 7",
    "Intervals are at the level of 95%.",
    "95% confidence interval",
    "intervals at the 95% level",
    "with 95 % confidence",
    "a 90 per cent credible interval",
    "99.9% CI",
    "a confidence level of 95%",
    "significant at the 5% level (p < 0.05)",
]
CLAIMS = [
    "Building 300 homes",
    "200 Supreme Court cases",
    "12 High Street shops",
    "the U.S. 410 times",
    "a ratio of 2:1",
    "TB/100 000",
    "up 1.5°C",
    "45 cases per 100,000",
    "the 3rd largest",
    "call 300 000 people",
    "call 300 people",
    "call 30000 people",
    "call 300,000",
    "Call 112 people",
    "2000 people",
    "2014 homes were lost",
    "12 people",
    "Section 300,000",
    "Table 3 million",
    "page 40%",
    "about 45",
    "a ratio of 3:15",
    "R500",
    "USD500",
    "EUR-500",
    "½ of it",
    "¹² people",
    "people²",
    "2024%",
    "the age of 45 is",
    "age 300",
    "people over 300 kilos",
    "aged 300",
    "14 to 21 people",
    "14 to 21",
    "5 to 9",
    "9 to 5",
    "1.5",
    "300-400",
    "2023 300 people (2023) 300",
    "top 10",
    "1 in 5",
    "3 times",
    "20 percent",
    "Figure 2 million",
    "₂ people",
    "Ⅻ",
    "①",
    "100",
    "4 million",
    "7.5 %",
    "May 2024 12",
    "between 18 and 24",
    "24 hours",
    "3D0",
    "50/50",
    "1,000,000",
    "0.5",
    "9/10",
    "at the 95% level",
    "95% of them, an interval",
    "95% are confident",
    "a confidence interval of 12 to 15",
    "the confidence of 12 people",
    "1 to 4 years",
    "50 years and over",
]
CLEAR = [
    "zero per cent of them",
    "ninety\u2011five per cent",
    "two million homes",
    "more than ninety billion",
    "a thousand a year",
    "twenty-five per cent",
    "a hundred people",
    "a million",
    "five hundred thousand",
    "\0 million",
    "one percent",
    "half a percent",
    "two and a half million",
    "three percentage points",
    "two-million",
]
DOUBTFUL = [
    "one-third of it",
    "one-tenth of them",
    "half of all",
    "one in five children",
    "a third of them",
    "it fell by a third.",
    "two thirds",
    "two-thirds of",
    "three quarters of",
    "dozens of people",
    "thousands of people",
    "the number doubled",
    "twice as many",
    "three times as many",
    "three times more",
    "ten-fold",
    "twenty-five people",
    "fifty deaths",
    "nine out of ten",
    "one in a thousand",
    "by half",
    "nearly half",
    "several hundred",
    "a few thousand",
    "half a dozen",
    "a dozen homes",
    "three cases",
    "twelve countries",
    "One household in five could not keep warm",
    "one older person in twenty lives alone",
    "one child in ten.",
    "Two of five groups of schools",
    "three of every four",
    "one of every six",
]
NO_NUMBERS = [
    "two of the measures",
    "one of them",
    "the first",
    "the second half of 2023",
    "the first half of the year",
    "on behalf of",
    "a third option",
    "a third party",
    "the twelve recommendations",
    "all fifty states",
    "twenty-first century",
    "met twice a year",
    "twice",
    "doubled down",
    "three documents",
    "one person",
    "two reports were read",
    "at once",
    "One thing",
    "none of the three",
    "half-hearted",
    "a quarter past",
    "in one piece",
    "the four cases",
    "ten",
    "someone in ten minutes",
    "two in the morning",
    "per thousand people",
    "a percentage of",
    "The one in charge",
    "often",
    "tenth",
    "two in each district",
    "one school in five towns",
    "two reports in ten days",
    "one of two ways",
    "two of the five groups",
    "one in charge of five clinics",
]


@pytest.mark.parametrize("text", NO_CLAIMS)
def test_addresses_dates_ages_and_references_are_no_claims(text: str) -> None:
    assert NUMBERS.literals(text, ANYWHERE) == ()


@pytest.mark.parametrize("text", CLAIMS)
def test_no_number_passes_by_the_ledger_as_something_else(text: str) -> None:
    assert NUMBERS.literals(text, ANYWHERE)


@pytest.mark.parametrize("text", CLEAR)
def test_quantities_in_words_are_claims(text: str) -> None:
    assert [clear for _, _, clear in WORDS.found(text)][:1] == [True]


@pytest.mark.parametrize("text", DOUBTFUL)
def test_numbers_in_words_that_may_be_a_manner_of_speaking_are_doubted(text: str) -> None:
    assert [clear for _, _, clear in WORDS.found(text)][:1] == [False]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_words_that_count_nothing_are_no_claims(text: str) -> None:
    assert list(WORDS.found(text)) == []


def test_the_number_and_the_edition_of_the_briefing_may_stand_where_it_says_how_to_cite_it() -> None:
    briefing = BRIEFING.model_copy(update={"briefing": BRIEFING.briefing.model_copy(update={"number": "3"})})
    finder = NumberFinder(briefing, read_wording(TEMPLATES, "en-GB", {}))
    assert finder.literals("Series, 3, edition 1.", ("briefing", "cite")) == ()
    assert finder.literals("Series, 4.", ("briefing", "cite")) == ("4",)
    assert finder.literals("We counted 3.", ANYWHERE) == ("3",)


AGES = """\
    - table:
        columns: [{head: HEAD}, {head: Rides, align: right}]
        rows:
          - ["1 to 4 years", "{{rides}}"]
          - [Under 1, "{{rides}}"]
          - ["50 years and over", "{{rides}}"]
          - [85+, "{{rides}}"]
"""


@pytest.mark.parametrize(
    ("head", "told"), [("Age", 0), ("Age group", 0), ("Age of the rider", 0), ("Time in jail", 5), ("Mean age", 5)]
)
def test_rows_that_are_named_by_an_age_claim_nothing(head: str, told: int) -> None:
    at = "  blocks:\n"
    found = findings(GOOD.replace(at, at + AGES.replace("HEAD", head), 1))
    assert [code for code, _ in found] == ["number-literal"] * told


def findings(content: str) -> list[tuple[str, Severity]]:
    one = manuscript_of(yaml_reader.parse(content.encode(), "content.yaml"), TEMPLATES)
    return [(found.code, found.severity) for found in texts.check(one.briefing, one.wording)]


@pytest.mark.parametrize(
    ("names", "text", "told"),
    [
        ("Windows 11", "On Windows 11 it works.", False),
        ("COVID-#", "COVID-19 and COVID-99 came.", False),
        ("Clinic #", "Clinic 12 opened.", False),
        ("Clinic #", "Clinic 12 saw 300.", True),
        ("Ten Thousand Villages", "Ten Thousand Villages sells it.", False),
    ],
)
def test_a_name_may_hold_numbers_and_stand_for_many(names: str, text: str, told: bool) -> None:
    content = GOOD.replace("figures:", f'names: ["{names}"]\nfigures:').replace("A plain sentence.", text)
    assert bool(findings(content)) == told


def test_a_doubtful_number_in_words_is_told_only_where_nothing_in_its_sentence_is_sourced() -> None:
    assert findings(GOOD.replace("A plain sentence.", "Half of them rode.")) == [("number-in-words", Severity.WARNING)]
    sourced = GOOD.replace("[A plain sentence.]", '["Half of them rode [@census]."]')
    assert findings(sourced) == []
    assert findings(sourced.replace("Half of them", "Ninety percent")) == [("number-in-words", Severity.ERROR)]


@pytest.mark.parametrize(
    "file",
    [FLAGSHIP, OTHER, TEMPLATES / "starter" / "content.yaml", *sorted((ROOT / "tests" / "editorial").glob("*.yaml"))],
    ids=lambda file: file.stem,
)
def test_a_good_briefing_has_no_number_without_a_source(file: Path) -> None:
    one = manuscript_of(yaml_reader.read(file, file.name), TEMPLATES)
    found = answers.apply_answers(texts.check(one.briefing, one.wording), one.briefing)
    assert found[0] == ()
