"""What stands in the cells of columns that have a choice: words as people write them become those of the program."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from briefing.distribution.recipients.columns import plain
from briefing.distribution.records import Delivery

DOCUMENTS: Mapping[str, str] = {
    **dict.fromkeys(("brief", "policybrief", "briefing"), "brief"),
    **dict.fromkeys(("factsheet", "facts", "sheet"), "fact_sheet"),
}
USES: Mapping[str, str] = {
    **dict.fromkeys(("reading", "standard", "normal"), "reading"),
    **dict.fromkeys(("largeprint", "large", "18pt"), "large-print"),
    "office": "office",
    "press": "press",
}
PAPERS: Mapping[str, str] = {**dict.fromkeys(("letter", "usletter"), "letter"), **dict.fromkeys(("a4", "dina4"), "a4")}
DELIVERIES: Mapping[str, str] = {
    **{one.value: one.value for one in Delivery},
    **dict.fromkeys(("mail", "postal", "postalmail", "usps", "bypost", "bymail", "letterpost"), Delivery.POST.value),
    **dict.fromkeys(("internalmail", "interoffice", "insidemail", "housemail", "hauspost"), Delivery.INTERNAL.value),
    **dict.fromkeys(("byhand", "inperson", "handdelivery", "personal", "person"), Delivery.HAND.value),
    **dict.fromkeys(("collect", "collection", "collected", "willcall"), Delivery.PICKUP.value),
    **dict.fromkeys(("mailelectronic", "electronic", "pdf", "digital"), Delivery.EMAIL.value),
    **dict.fromkeys(("messenger", "ups", "fedex", "dhl", "bycourier"), Delivery.COURIER.value),
}
CHOICES: Mapping[str, Mapping[str, str]] = {
    "document": DOCUMENTS,
    "use": USES,
    "paper": PAPERS,
    "delivery": DELIVERIES,
}
TOTALS = frozenset(
    ("total", "totals", "grandtotal", "sum", "summe", "gesamt", "gesamtsumme", "insgesamt", "suma", "somme", "totale")
)


@lru_cache(1000)
def choice_of(column: str, written: str) -> str:
    """The program's word for what stands in a cell; nothing where it is none of its choices."""
    return CHOICES[column].get(plain(written), "")


def known_choices(column: str) -> str:
    """The choices of a column, to be told."""
    return ", ".join(dict.fromkeys(CHOICES[column].values()))


@lru_cache(1000)
def is_language(written: str, language: str) -> bool:
    """Whether a cell means a language, by its tag or its name in English or in the language itself."""
    from babel import Locale, UnknownLocaleError

    tag = language.casefold().replace("_", "-")
    main = tag.partition("-")[0]
    said = written.casefold().replace("_", "-")
    if said in (tag, main) or said.partition("-")[0] == main:
        return True
    try:
        own = Locale(main)
    except (ValueError, UnknownLocaleError):
        return False
    names = {str(Locale("en").languages.get(main, "")).casefold(), str(own.languages.get(main, "")).casefold()}
    return said in names
