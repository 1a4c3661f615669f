"""Addresses as the post of each country wants them, in the letters of whoever wrote the list."""

from __future__ import annotations

import pytest

from briefing.distribution.recipients.addresses import lies_elsewhere, lines_of, postcode_fault, rules_of
from briefing.distribution.recipients.countries import country_code, known_codes
from briefing.distribution.records import Delivery, Recipient


def recipient(**given: str) -> Recipient:
    fields = dict.fromkeys(
        ("ref", "name", "office", "attention", "street", "street2", "postcode", "city", "region"), ""
    )
    rest = dict.fromkeys(("country", "language", "paper", "group", "note", "document", "use"), "")
    return Recipient(**{**fields, **rest, **given}, copies=1, delivery=Delivery.POST, row=2)


@pytest.mark.parametrize(
    ("country", "place", "lines"),
    [
        ("US", ("02139", "Cambridge", "MA"), ["Cambridge, MA 02139", "UNITED STATES"]),
        ("CA", ("K1A 0A9", "Ottawa", "ON"), ["Ottawa ON K1A 0A9", "CANADA"]),
        ("DE", ("01067", "Dresden", "Sachsen"), ["01067 Dresden", "GERMANY"]),
        ("FR", ("75007", "Paris", ""), ["75007 Paris", "FRANCE"]),
        ("GB", ("SW1A 0AA", "London", ""), ["London", "SW1A 0AA", "UNITED KINGDOM"]),
        ("CH", ("3003", "Bern", ""), ["CH-3003 Bern", "SWITZERLAND"]),
        ("CH", ("CH-3003", "Bern", ""), ["CH-3003 Bern", "SWITZERLAND"]),
        ("CO", ("110311", "Bogotá", ""), ["Bogotá, 110311", "COLOMBIA"]),
        ("MX", ("06000", "México", "CDMX"), ["06000 México, CDMX", "MEXICO"]),
        ("PA", ("0819", "Panamá", "Panamá"), ["Panamá", "Panamá", "0819", "PANAMA"]),
    ],
)
def test_the_last_lines_are_those_of_the_country(country: str, place: tuple[str, str, str], lines: list[str]) -> None:
    postcode, city, region = place
    one = recipient(name="Ada", street="Street 1", postcode=postcode, city=city, region=region, country=country)
    assert list(lines_of(one, "SE", "en"))[2:] == lines


def test_at_home_no_country_stands_on_the_last_line_and_abroad_it_is_in_the_senders_language() -> None:
    one = recipient(name="Ada", street="Weg 1", postcode="01067", city="Dresden", country="DE")
    assert lines_of(one, "DE", "en")[-1] == "01067 Dresden"
    assert lines_of(one, "FR", "fr-FR")[-1] == "ALLEMAGNE"


def test_office_attention_and_second_line_of_the_street_have_lines_of_their_own() -> None:
    one = recipient(name="Ada Example", office="Gazette", attention="News desk", street="1 Invented Street",
                    street2="Suite 2", postcode="02139", city="Cambridge", region="MA", country="US")  # fmt: skip
    assert lines_of(one, "US", "en-US") == (
        "Ada Example",
        "Gazette",
        "Attn: News desk",
        "1 Invented Street",
        "Suite 2",
        "Cambridge, MA 02139",
    )


def test_every_country_has_rules_by_which_an_address_can_be_written() -> None:
    assert len(known_codes()) > 240
    for country in known_codes():
        one = recipient(name="Ada", office="Gazette", street="1 Invented Street", postcode="12345", city="Town",
                        region="Region", country=country)  # fmt: skip
        text = "\n".join(lines_of(one, "ZZ", "en"))
        assert rules_of(country).lines
        assert [said for said in ("Ada", "Gazette", "1 Invented Street") if said not in text] == [], country
        assert "%" not in text
        assert "  " not in text
        assert "12345" in text


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("us", "US"), ("U.S.A.", "US"), ("United States", "US"), ("The Netherlands", "NL"), ("Deutschland", "DE"),
        ("Allemagne", "DE"), ("España", "ES"), ("Espana", "ES"), ("UK", "GB"), ("Scotland", "GB"), ("Schweiz", "CH"),
        ("Côte d’Ivoire", "CI"), ("Panamá", "PA"), ("Brasil", "BR"), ("Utopia", ""), ("ZZ", ""), ("XX", ""),
    ],
)  # fmt: skip
def test_countries_are_known_by_code_and_by_name_in_many_languages(written: str, code: str) -> None:
    assert country_code(written) == code


@pytest.mark.parametrize(
    ("postcode", "country", "right"),
    [
        ("02139", "US", True), ("02139-1234", "US", True), ("2139", "US", False), ("021391234", "US", False),
        ("K1A 0A9", "CA", True), ("k1a0a9", "CA", True), ("K1A-0A9", "CA", True), ("D1A 0A9", "CA", False),
        ("01067", "DE", True), ("D-01067", "DE", True), ("1067", "DE", False), ("75007", "FR", True),
        ("7500", "FR", False),
        ("SW1A 0AA", "GB", True), ("sw1a0aa", "GB", True), ("SW1A", "GB", False), ("anything", "HK", True),
    ],
)  # fmt: skip
def test_a_postcode_is_held_to_the_form_of_its_country(postcode: str, country: str, right: bool) -> None:
    fault = postcode_fault(postcode, country)
    assert (fault is None) is right
    assert fault is None or fault.certain


@pytest.mark.parametrize(
    ("postcode", "region", "country", "elsewhere"),
    [
        ("02139", "MA", "US", False),
        ("02139", "Massachusetts", "US", False),
        ("02139", "TX", "US", True),
        ("73301", "TX", "US", False),
        ("02139", "Nowhere", "US", False),
        ("K1A 0A9", "ON", "CA", False),
        ("K2P 1L4", "Québec", "CA", True),
        ("00118", "RM", "IT", False),
        ("01067", "Sachsen", "DE", False),
        ("", "MA", "US", False),
    ],
)
def test_a_postcode_of_another_region_is_seen(postcode: str, region: str, country: str, elsewhere: bool) -> None:
    assert lies_elsewhere(postcode, region, country) is elsewhere
