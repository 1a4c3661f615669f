"""Editorial checks: what an editor should query is told, and what is right is left alone."""

from __future__ import annotations

import datetime
import functools
import itertools
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from babel import Locale
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from briefing.checks import editorial, language, reading
from briefing.checks.reading import sentences
from briefing.content.briefing import Briefing
from briefing.content.tree import ContentTree
from briefing.findings import Finding, Severity
from briefing.language.wording import Wording, read_wording
from briefing.ledger import ledger
from tests.support.builds import FLAGSHIP, GOOD, OTHER, ROOT, TEMPLATES, briefing_of, swapped
from tests.support.examples import examples

INVENTED = sorted((ROOT / "tests" / "editorial").glob("*.yaml"))
STARTER = TEMPLATES / "starter" / "content.yaml"
NOWHERE = ContentTree("content.yaml", {}, {}, {})  # so that what is said twice of two lines counts once
PLAIN = briefing_of(GOOD)


def wording_of(briefing: Briefing, language: str | None = None) -> Wording:
    english = read_wording(TEMPLATES, briefing.briefing.language, briefing.units)
    return Wording(Locale.parse(language, sep="-"), english.words, briefing.units) if language else english


def queried(briefing: Briefing, language: str | None = None) -> tuple[Finding, ...]:
    """What the checks say of a briefing, in another language if one is named."""
    wording = wording_of(briefing, language)
    book, _ = ledger.build(briefing, wording)
    return tuple(dict.fromkeys(map(NOWHERE.locate, editorial.check(briefing, book, wording))))


def listed(content: str) -> str:
    """The same with a list of the brief's sources."""
    return swapped(content, ("fact_sheet:", "    - sources: {}\nfact_sheet:"))


def saying(text: str, briefing: Briefing = PLAIN) -> Briefing:
    """A briefing whose brief says one text."""
    (block,) = briefing.brief.blocks
    brief = briefing.brief.model_copy(update={"blocks": (block.model_copy(update={"text": text}),)})
    return briefing.model_copy(update={"brief": brief})


def codes(text: str, language: str | None = None, briefing: Briefing = PLAIN) -> list[str]:
    return [finding.code for finding in queried(saying(text, briefing), language)]


def with_records(**records: str) -> Briefing:
    """The smallest good briefing with more records, each as YAML."""
    return briefing_of(GOOD + "".join(f"{key}: {value}\n" for key, value in records.items()))


# ------------------------------------------------------------------ what is right is left alone


def test_there_are_texts_of_other_kinds() -> None:
    assert len(INVENTED) >= 4


@pytest.mark.parametrize("content", INVENTED, ids=lambda path: path.stem)
def test_a_text_that_an_editor_would_leave_is_left(content: Path) -> None:
    assert queried(briefing_of(content.read_text(encoding="utf-8"))) == ()


@pytest.mark.parametrize("content", [FLAGSHIP, OTHER, STARTER], ids=["flagship", "other", "starter"])
def test_what_the_checks_say_of_the_repository_is_answered_there(content: Path) -> None:
    briefing = briefing_of(content.read_text(encoding="utf-8"))
    answered = {(answer.finding, answer.at) for answer in briefing.answers}
    assert [f for f in queried(briefing) if not answered & {(f.code, f.about), (f.code, None)}] == []


def test_nothing_here_is_an_error_and_everything_says_what_to_do() -> None:
    bad = saying('The the ABO said "so"  - in 2019-2024 ... , on Monday, 11 June 2024')
    found = queried(bad)
    assert len({f.code for f in found}) > 6
    assert {f.severity for f in found} == {Severity.WARNING, Severity.NOTE}
    assert all(f.hint and f.message and f.about for f in found)


@pytest.mark.parametrize(
    "text",
    [
        "He knew that that was so, and had had no choice.",
        "They went to Walla Walla, to Baden Baden and to Bora Bora.",
        "No, no: they said so. So they left.",
        "The long-long road.",
        "The year 2019–2024 and the season 2023–24; the day 2024-06-11.",
        "January–May, and Monday–Friday.",
        "The people’s house, the workers’ houses and rock ’n’ roll.",
        "A dash – with spaces – or one—without.",
        "The well-known cross-border risk - free market.".replace(" - ", "-"),
        "Wait … what?! He left (at once); they stayed.",
        "Write to desk@example.org or read https://example.org/a--b/c...d today.",
        "[desk--one@example.org](mailto:desk--one@example.org) answers.",
        "World War II and Part IV, under Charles XII.",
        "A PDF for your TV.",
        "It comes WITHOUT ANY WARRANTY OF ANY KIND, they said.",
        "The rise was 2.5 times what it was.",
        "On 11 June they met. On Tuesday they left, and on Wednesday, too.",
        "On Tuesday, 11 June 2024, and on Wednesday 12 June, they met.",
        "On Tuesday, June 11, they met, and again on Wednesday, June 12, 2024.",
        "They met on Tuesday, 19 December, and would again.",  # of the year before, half a year ago
        "中国 and Ελλάδα and العربية met.",
    ],
)
def test_good_text_is_left_alone(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Die, die die Zahlen kennen, sagen: Am Dienstag, dem 11. Juni 2024 war es so. Januar–Mai, z. B. hier."),
        ("de", "Am Dienstag, den 11. Juni, kam er. Nr. 7 folgt Art. 3 Abs. 2 des Gesetzes."),
        ("fr", "Le mardi 11 juin 2024, ils ont dit : oui ; non ! Et nous nous sommes vus à 5 % près."),
        ("es", "El martes, 11 de junio de 2024, se reunieron. ¿Quién? ¡Nadie!"),
        ("it", "Martedì 11 giugno 2024 si sono visti: c’era l’assessore."),
        ("nl", "Op dinsdag 11 juni 2024 zei zij dat dat zo was."),
    ],
)
def test_good_text_in_other_languages_is_left_alone(language: str, text: str) -> None:
    assert codes(text, language) == []


# ------------------------------------------------------------------ what is wrong is told


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The the town.", "word-repeated"),
        ("In the town the\ntown **town** hall.", "word-repeated"),
        ("It was was so.", "word-repeated"),
        ("They came - and left.", "dash-hyphen"),
        ("They came -- and left.", "dash-hyphen"),
        ("They came--and left.", "dash-hyphen"),
        ("The years 2019-2024.", "range-hyphen"),
        ("The season 2023-24.", "range-hyphen"),
        ("From Monday-Friday.", "range-hyphen"),
        ("So they said....", "ellipsis-dots"),
        ("They came , and left.", "space-stray"),
        ("They came \u00a0; and left.", "space-stray"),
        ("Was it so ?", "space-stray"),
        ("They ( all of them) left.", "space-stray"),
        ("They came [@census] .", "space-stray"),
        ("It's so.", "quote-straight"),
        ("On Friday, 11 June 2024 they met.", "weekday-wrong"),
        ("On Friday, June 11, they met.", "weekday-wrong"),
        ("The NATO met.", "acronym-unexplained"),
        ("The NATO met (MSF).", "acronym-unexplained"),
        ("They were “far too many”.", "quotation-undeclared"),
        ("They were ‘far too many’.", "quotation-undeclared"),
        ("They were «far too many».", "quotation-undeclared"),
        ("They were „far too many“.", "quotation-undeclared"),
    ],
)
def test_a_slip_is_told(text: str, code: str) -> None:
    assert codes(text) == [code]


def test_a_space_that_a_french_sign_wants_is_not_stray_and_others_are() -> None:
    assert codes("Oui ; non ! Ils sont venus , hier.", "fr") == ["space-stray"]


def test_a_unit_is_held_to_its_number_where_the_program_does_not_do_it() -> None:
    short = with_records().briefing.model_copy(update={"short_title": "Lanes of 8 km"})
    (found,) = queried(PLAIN.model_copy(update={"briefing": short})) or (None,)
    assert found is None  # the running head is one line
    listed = briefing_of(
        GOOD.replace("title: Census", "title: The 8 km lane").replace("fact_sheet:", "    - sources: {}\nfact_sheet:")
    )
    assert [f.code for f in queried(listed)] == ["space-breaking"]


# ------------------------------------------------------------------ lengths


def counted(count: int) -> str:
    """A sentence of so many words."""
    return " ".join((f"They went to {' '.join(['town', 'and', 'lake', 'or'] * 40)}".split())[:count]) + "."


@pytest.mark.parametrize(
    ("old", "new", "most", "code"),
    [
        ("title: A title", "title: {}", 12, "title-long"),
        ("    - prose:\n", "    - prose:\n        heading: {}\n", 8, "heading-long"),
        ("A plain sentence.", "{}", 25, "takeaway-long"),
        ("rides.\n", "rides. {}\n", 30, "sentence-long"),
        ("rides.\n", "rides. {}\n", 40, "sentence-long"),
        ("rides.\n", "rides.\n    - method:\n        text: {}\n", 100, "method-long"),
        ("rides.\n", "rides.\n    - box:\n        text: {}\n", 100, "box-long"),
        ("rides.\n", "rides.\n    - bottom_line:\n        text: {}\n", 120, "bottom-line-length"),
        ("rides.\n", "rides.\n    - prose:\n        text: {}\n", 120, "paragraph-long"),
    ],
)
def test_a_length_is_told_from_one_word_over_its_limit(old: str, new: str, most: int, code: str) -> None:
    def told(count: int) -> list[tuple[str, Severity]]:
        parts = [counted(min(25, count - done)) for done in range(0, count, 25)] if most >= 100 else [counted(count)]
        found = queried(briefing_of(GOOD.replace(old, new.format(" ".join(parts)), 1)))
        return [(f.code, f.severity) for f in found if f.code == code]

    before, after = told(most), told(most + 1)
    assert len(after) == 1
    assert before != after


@pytest.mark.parametrize(
    ("by", "told"),
    [
        ("1 August 2024", False),
        ("before any vote", False),
        ("when the law comes into force", False),
        ("the next session", False),
        ("within a year of the report", False),
        ("June 2025, and yearly", False),
        ("As soon as possible.", True),
        ("ongoing", True),
        ("in the medium term", True),
        ("In due course", True),
        ("as appropriate", True),
        ("–", True),
        ("TBD", True),
        ("n/a", True),
        ("to be decided", True),
    ],
)
def test_by_when_is_a_date_or_an_event(by: str, told: bool) -> None:
    item = f"{{actor: The town, action: should ask., by: '{by}', means: a form, measure: answers}}"
    content = GOOD.replace("rides.\n", f"rides.\n    - recommendations:\n        items: [{item}]\n", 1)
    assert bool(queried(briefing_of(content))) == told


def test_a_sketch_is_not_asked_for_the_parts_of_a_whole_document() -> None:
    assert queried(PLAIN) == ()
    whole = GOOD.replace("rides.\n", "rides.\n" + "    - prose: {text: And more.}\n" * 3, 1)
    assert [f.code for f in queried(briefing_of(whole))] == [
        "sources-missing",
        "bottom-line-missing",
        "method-missing",
        "imprint-missing",
    ]


@pytest.mark.parametrize(("figures", "lists", "told"), [(2, False, False), (3, False, True), (3, True, False)])
def test_a_sketch_with_some_figures_is_asked_for_its_sources(figures: int, lists: bool, told: bool) -> None:
    more = "".join(
        f"  more-{number}: {{value: 4{number}, as_of: 2024-05, sources: [census]}}\n" for number in range(figures - 1)
    )
    said = " and ".join(["{{rides}}", *(f"{{{{more-{number}}}}}" for number in range(figures - 1))])
    text = swapped(GOOD, ("figures:\n", f"figures:\n{more}"), ("{{rides}}", said))
    found = queried(briefing_of(listed(text) if lists else text))
    assert [one.code for one in found if "sources" in one.code] == ["sources-missing"] * told


# ------------------------------------------------------------------ acronyms, terms, quotations


@pytest.mark.parametrize(
    "text",
    [
        "The World Food Programme (WFP) met, and the WFP’s staff left.",
        "The WFP (World Food Programme) met.",
        "The Médecins Sans Frontières doctors, or MSF (Doctors Without Borders), met.",
        "The UN migration agency (IOM; see below) met. The IOM left.".replace("UN ", ""),
        "Many non-governmental organisations (NGOs) met. An NGO left.",
    ],
)
def test_an_acronym_that_is_explained_is_left(text: str) -> None:
    assert codes(text) == []


def test_an_acronym_in_a_heading_may_be_explained_in_the_text() -> None:
    content = GOOD.replace("    - prose:\n", "    - prose:\n        heading: What the WFP did\n")
    explained = content.replace("We counted", "The World Food Programme (WFP) counted")
    assert queried(briefing_of(explained)) == ()
    assert [f.code for f in queried(briefing_of(content))] == ["acronym-unexplained"]


def test_an_acronym_is_explained_in_each_document() -> None:
    content = GOOD.replace("We counted", "The World Food Programme (WFP) counted").replace(
        "A plain sentence", "The WFP met"
    )
    (found,) = queried(briefing_of(content))
    assert (found.code, found.about) == ("acronym-unexplained", "takeaways-1")


@pytest.mark.parametrize(
    "records",
    [
        {"acronyms": "[WFP]"},
        {"names": "[WFP]"},
        {"glossary": "{wfp: {term: WFP, meaning: World Food Programme}}"},
        {"glossary": "{wfp: {term: Programme, meaning: the World Food Programme (WFP)}}"},
    ],
    ids=str,
)
def test_an_acronym_that_the_content_declares_is_left(records: dict[str, str]) -> None:
    assert codes("The WFP met.", briefing=with_records(**records)) == []


TERMS = "{bicycle: {term: bicycle, meaning: a bike with two wheels, avoid: [bike, push bike], unless: [bike shop]}}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("They came by bike.", ["bike"]),
        ("Bike or bus?", ["Bike"]),
        ("They came by push\nbike.", ["bike", "push bike"]),
        ("They came to the bike shop.", []),
        ("They came to the bike shop by bike.", ["bike"]),
        ("They came by motorbike and with bikers.", []),
        ("They came to Bike 12.", []),
        ("They said “never by bike”.", []),
    ],
)
def test_a_word_to_avoid_is_told_where_it_stands_for_the_term(text: str, told: list[str]) -> None:
    briefing = with_records(glossary=TERMS, names="[Bike 12]", quotations="[{text: never by bike, source: census}]")
    found = [f for f in queried(saying(text, briefing)) if f.code == "term-avoided"]
    assert [f.message.split("”")[0].strip("“").split() for f in found] == [word.split() for word in told]


@pytest.mark.parametrize(
    ("text", "declared", "told"),
    [
        ("They said: “We stay.”", "We stay", []),
        ("They said “we stay”.", "We stay.", []),
        ("They said “we  stay”, and left.".replace("  ", " "), "we stay", []),
        ("They said ‘it’s ours’.", "it’s ours", []),
        ("They said ‘it’s ours’.", "it's ours", []),
        ("They said “we all stay”.", "we stay", ["quotation-undeclared", "quotation-unused"]),
        ("They stay.", "we stay", ["quotation-unused"]),
        ("We read “Census” and no more.", "we stay", ["quotation-unused"]),
        ("A “bicycle” has two wheels.", "we stay", ["quotation-unused"]),
    ],
)
def test_quotation_marks_stand_only_around_what_is_declared(text: str, declared: str, told: list[str]) -> None:
    briefing = with_records(quotations=f'[{{text: "{declared}", source: census}}]', glossary=TERMS)
    assert codes(text, briefing=briefing) == told


# ------------------------------------------------------------------ readability

SIMPLE = "The cat sat on the mat, and the dog lay by the door. " * 10
DENSE = {
    "en": "Interinstitutional coordination necessitates considerable administrative harmonisation notwithstanding. ",
    "de": "Verwaltungsrechtliche Zuständigkeitsübertragungen erfordern ressortübergreifende Abstimmungsprozesse. ",
    "fr": "L’harmonisation administrative interinstitutionnelle nécessite considérablement davantage de coordination. ",
    "es": "La armonización administrativa interinstitucional requiere considerablemente coordinaciones adicionales. ",
    "it": "L’armonizzazione amministrativa interistituzionale richiede considerevolmente coordinazioni complementari. ",
    "nl": "Bestuursrechtelijke bevoegdheidsoverdrachten vereisen departementale afstemmingsverantwoordelijkheden. ",
}


@pytest.mark.parametrize("language", sorted(DENSE))
def test_dense_text_is_told_once_for_a_document(language: str) -> None:
    assert codes("\n\n".join([DENSE[language] * 4] * 6), language).count("readability-hard") == 1
    assert "readability-hard" not in codes(SIMPLE, language)


def test_a_language_without_a_formula_is_said_not_to_be_judged() -> None:
    (found,) = (f for f in queried(saying(SIMPLE), "sv") if f.code.startswith("readability"))
    assert (found.code, found.severity) == ("readability-unjudged", Severity.NOTE)
    assert codes("Kort text.", "sv") == []


def test_numbers_and_names_do_not_make_a_text_hard() -> None:
    names = "In Ouagadougou the Antananarivo team met {{rides}} people. " * 12
    assert "readability-hard" not in codes(names.replace("team", "administration"))


@pytest.mark.parametrize(
    ("word", "count"),
    [("town", 1), ("water", 2), ("policy", 3), ("information", 4), ("government", 3), ("responsible", 4)],
)
def test_syllables_are_those_that_are_heard(word: str, count: int) -> None:
    assert language._of_word(word, "en_GB") == count


@pytest.mark.parametrize("tongue", sorted(DENSE))
def test_no_word_has_more_syllables_than_vowels(tongue: str) -> None:
    words = {word.strip(".,").lower() for word in f"{' '.join(DENSE.values())} {SIMPLE} queue eau Kuh".split()}
    assert len(words) > 30
    assert all(1 <= language._of_word(word, tongue) <= language._vowels(word) for word in words)


# ------------------------------------------------------------------ sentences


@pytest.mark.parametrize(
    ("text", "count", "tongue"),
    [
        ("One. Two! Three? Four…", 4, "en"),
        ("One (two). “Three.” Four", 3, "en"),
        ("Dr. A. Example of St. Helena met Mr. Other. He left.", 2, "en"),
        ("In R. v. Example the U.S. Court held so. It stays, e.g. here, cf. No. 4 there.", 2, "en"),
        ("He said no. 2024 came.", 2, "en"),
        ("The 2.5 metres. of it", 1, "en"),
        ("H.R. 7311 passed. Good.", 2, "en"),
        ("Am 11. Juni kam er. Am 12. Juni ging er.", 2, "de"),
        ("Sie zählten 12. Dann gingen sie.", 1, "de"),  # an ordinal cannot be told from an end
        ("Wait ... for it. Now.", 2, "en"),
        ("", 0, "en"),
        (" – ", 0, "en"),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, count: int, tongue: str) -> None:
    assert len(sentences(text, ("H.R. 7311",), tongue)) == count


@given(st.text(st.sampled_from("aB1 .!?…“”’(),;:-\u00a0\n"), max_size=80))
def test_sentences_lose_no_word_and_do_not_overlap(text: str) -> None:
    spans = sentences(text)
    assert all(start < end for start, end in spans)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
    assert [word for start, end in spans for word in reading.words(text[start:end])] == reading.words(text)


# ------------------------------------------------------------------ meaning

DATES = st.dates(datetime.date(1990, 1, 1), datetime.date(2060, 12, 31))
FORMS = {"en-GB": "EEEE, d MMMM y", "en-US": "EEEE, MMMM d, y", "de": "EEEE, 'den' d. MMMM y", "fr": "EEEE d MMMM y"}


@pytest.mark.parametrize("tongue", sorted(FORMS))
@examples(40)
@given(date=DATES, off=st.integers(1, 6))
def test_a_weekday_is_told_where_it_is_not_that_of_the_date(tongue: str, date: datetime.date, off: int) -> None:
    locale = Locale.parse(tongue, sep="-")
    right = format_date(date, FORMS[tongue], locale=locale)
    day, other = (format_date(d, "EEEE", locale=locale) for d in (date, date + datetime.timedelta(off)))
    assert codes(f"{right}.", tongue) == []
    assert codes(f"{right.replace(day, other)}.", tongue) == ["weekday-wrong"]


def percent(new: Decimal, old: Decimal, share: Decimal, qualifiers: str = "") -> list[str]:
    rides = f"rides: {{value: {new:f}, as_of: 2024-05, sources: [census]}}"
    more = f"  old: {{value: {old:f}, as_of: 2023-05, sources: [census]}}\n"
    more += f"  growth: {{value: {share:f}, unit: percent, as_of: 2024-05, sources: [census]{qualifiers}}}\n"
    content = GOOD.replace("rides: {value: 300, as_of: 2024-05, sources: [census]}\n", f"{rides}\n{more}")
    content = content.replace(
        "We counted {{rides}} rides.", "We counted {{rides}} rides after {{old}}, {{growth}} more."
    )
    return [finding.code for finding in queried(briefing_of(listed(content)))]


@examples(60)
@given(st.integers(20, 999_999), st.integers(20, 999_999), st.integers(0, 1))
def test_a_percentage_that_follows_from_its_figures_is_left(new: int, old: int, digits: int) -> None:
    step = Decimal(1).scaleb(-digits)
    for exact in (Decimal(new) / old * 100, abs(Decimal(new) - old) / old * 100):
        value = exact.quantize(step, ROUND_HALF_UP)
        if 0 < value < 10**6:
            assert percent(Decimal(new), Decimal(old), value) == []


@pytest.mark.parametrize(
    ("new", "old", "share", "told"),
    [
        ("300", "150", "40", True),
        ("300", "150", "100", False),
        ("150", "300", "50", False),
        ("7100", "12400", "57", False),
        ("7100", "12400", "43", False),  # the rest
        ("7100", "12400", "61", True),
        ("184200000", "176900000", "4.1", False),
        ("184200000", "176900000", "5.1", True),
        ("184200000", "176900000", "14", True),
    ],
)
def test_a_percentage_that_does_not_follow_is_told(new: str, old: str, share: str, told: bool) -> None:
    assert percent(Decimal(new), Decimal(old), Decimal(share)) == (["percent-doubtful"] if told else [])


@pytest.mark.parametrize(("points", "told"), [("12", False), ("12.4", False), ("11", False), ("5", True)])
def test_percentage_points_lie_between_their_percentages(points: str, told: bool) -> None:
    figures = "".join(
        f"  {name}: {{value: {value}, unit: {unit}, as_of: 2024-05, sources: [census]}}\n"
        for name, value, unit in (("old", "31", "percent"), ("new", "43", "percent"), ("more", points, "points"))
    )
    content = GOOD.replace("brief:\n", f"{figures}brief:\n", 1)
    content = content.replace("{{rides}} rides.", "{{rides}} rides. Support rose from {{old}} to {{new}}, by {{more}}.")
    assert [f.code for f in queried(briefing_of(listed(content)))] == (["percent-doubtful"] if told else [])


def test_percentage_points_beside_two_counts_are_left() -> None:
    content = GOOD.replace(
        "brief:\n",
        "  walks: {value: 150, as_of: 2024-05, sources: [census]}\n"
        "  more: {value: 6, unit: points, as_of: 2024-05, sources: [census]}\nbrief:\n",
        1,
    ).replace("{{rides}} rides.", "{{rides}} rides after {{walks}}, and support rose by {{more}}.")
    assert queried(briefing_of(listed(content.replace(", and support rose", " as support rose")))) == ()


def test_a_percentage_of_something_else_is_left() -> None:
    text = GOOD.replace(
        "rides: {value: 300, as_of: 2024-05, sources: [census]}",
        "rides: {value: 300, as_of: 2024-05, sources: [census]}\n"
        "  walks: {value: 150, as_of: 2024-05, sources: [census]}\n"
        "  rain: {value: 40, unit: percent, as_of: 2024-05, sources: [census]}",
    )
    for said in (
        "We counted {{rides}} rides and {{walks}} walks; it rained {{rain}} of the time.",
        "We counted {{rides}} rides and {{walks}} walks, and it rained {{rain}} of the time.",
        "We counted {{rides}} rides and {{walks}} walks. It rained {{rain}} of the time.",
        "We counted {{rides}} rides. It rained {{rain}} of the time, on {{walks}} walks.",
    ):
        assert queried(briefing_of(listed(text.replace("We counted {{rides}} rides.", said)))) == (), said


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("520085", "520000", True),
        ("7.64", "7.6", True),
        ("31862", "32000", True),
        ("520085", "520085", False),
        ("310", "300", False),  # one digit may be another number
        ("41", "41.4", True),
        ("2000", "2400", False),
        ("101", "100", False),
        ("3776543, round: 2", "3800000", False),  # both are printed alike
        ("3776543, round: 2", "3776543", True),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_numbers_that_differ_only_in_precision_between_the_documents_are_told(
    one: str, other: str, told: bool, turned: bool
) -> None:
    brief, sheet = (other, one) if turned else (one, other)
    content = GOOD.replace(
        "rides: {value: 300, as_of: 2024-05, sources: [census]}",
        f"rides: {{value: {brief}, as_of: 2024-05, sources: [census]}}\n"
        f"  again: {{value: {sheet}, as_of: 2024-05, sources: [census]}}",
    ).replace("A plain sentence.", '"We counted {{again}} rides."')
    assert [f.code for f in queried(briefing_of(content))] == (["precision-differs"] if told else [])
    later = content.replace(f"{sheet}, as_of: 2024-05", f"{sheet}, as_of: 2024-06")
    assert queried(briefing_of(later)) == ()


# ------------------------------------------------------------------ any text


@functools.cache
def flagship() -> Briefing:
    return briefing_of(FLAGSHIP.read_text(encoding="utf-8"))


PIECES = (
    *"aB1 .,;:!?…“”‘’'\"«»„()[]*_-–—%&§é中\u00a0\u202f\n",
    *(
        " the",
        " the",
        " ABC",
        " (ABC)",
        "...",
        " - ",
        "--",
        " Monday 4 August",
        " June",
        " 2024",
        "{{rides}}",
        "{{lost}}",
    ),
    *(
        "[@census]",
        "**b**",
        "\n\n- item\n",
        "\n\n# Head\n\n",
        "https://example.org/a",
        "e.g. ",
        "St. ",
        "{{rides|date}}",
    ),
)


@examples(300)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=60).map("".join))
def test_no_text_stops_the_checks(text: str) -> None:
    found = queried(saying(text))
    assert all(f.severity in (Severity.WARNING, Severity.NOTE) for f in found)


WORDS = st.sampled_from(
    ("town", "Panama", "people", "well-known", "people’s", "2024", "2019–2024", "January–May", "rides", "naïve", "EU’s")
)
LINKS = st.sampled_from([" ", ", ", "; ", ": ", " – ", "—", " … ", " (so) ", ". Then ", "? Then ", "! Then "])


@examples(200)
@given(st.lists(st.tuples(WORDS, LINKS), min_size=1, max_size=12))
def test_text_that_is_set_well_has_no_slip(pieces: list[tuple[str, str]]) -> None:
    said = [pieces[0], *(second for first, second in itertools.pairwise(pieces) if first[0] != second[0])]
    text = "".join(word + link for word, link in said).rstrip(" ,;:–—…") + "."
    slips = {"word-repeated", "quote-straight", "dash-hyphen", "range-hyphen", "ellipsis-dots", "space-double"}
    slips |= {"space-stray", "space-breaking", "quotation-undeclared"}
    assert slips & set(codes(text.replace(".. ", ". "), briefing=with_records(acronyms="[EU]"))) == set()


def test_a_reading_has_the_words_of_the_page_in_their_order() -> None:
    wording = wording_of(flagship())
    book, _ = ledger.build(flagship(), wording)
    read = reading.read(flagship(), book, wording, "brief")
    text = " ".join(passage.text for passage in read.texts)
    assert "offered up to $8 million for information on the Clan del Golfo" in text
    assert "{{" not in text
    assert "[@" not in text
    assert text.index("What was announced") < text.index("Who crosses, when, and why") < text.index("Options and their")
    spots = [(passage.text[spot.start : spot.end], spot.figure) for passage in read.texts for spot in passage.figures]
    assert ("more than 300 arrests", "arrests") in spots


@pytest.mark.parametrize(
    "text", ["a" * 19_000, "“" * 19_000, "A. " * 6_000, "the town " * 2_000, "‘a " * 6_000, "(a@" * 6_000]
)
def test_a_long_and_strange_text_is_read_to_its_end_and_told_of_in_few_words(text: str) -> None:
    found = queried(saying(text))
    assert len(found) < 10
    assert all(len(finding.message) < 300 for finding in found)
