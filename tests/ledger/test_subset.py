"""A document sees its own part of the briefing: it prints the same, and what it does not print does not count."""

from __future__ import annotations

import dataclasses
import datetime
import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from pydantic import BaseModel

from briefing.content.briefing import Briefing
from briefing.content.records import PaperName
from briefing.content.tree import Scalar
from briefing.design.paper import PAPERS
from briefing.design.tokens import read_tokens
from briefing.documents import document as document_writer
from briefing.documents.block_views import Picture
from briefing.documents.document import DocumentView
from briefing.documents.page_setup import PageSetup
from briefing.graphics import pictures
from briefing.language.wording import read_wording
from briefing.ledger import dataset, ledger, subset
from briefing.ledger.chart_figures import row_figures
from briefing.ledger.ledger import Ledger
from briefing.ledger.uses import find_uses
from briefing.pipeline.document_job import DocumentJob
from briefing.proofing import expected
from briefing.runtime import digest
from tests.support.builds import FLAGSHIP, GOOD, OTHER, ROOT, TEMPLATES, briefing_of, orders, swapped
from tests.support.examples import usually

CONTENTS = pytest.mark.parametrize("content", [FLAGSHIP, OTHER, TEMPLATES / "starter" / "content.yaml"])


def made(content: Path, drawings: Path) -> tuple[DocumentJob, ...]:
    return orders(briefing_of(content.read_text(encoding="utf-8")), content.parent, "letter", drawings)


def printed(
    order: DocumentJob, briefing: Briefing, book: Ledger
) -> tuple[DocumentView, expected.ExpectedDocument, str]:
    """All that the press makes a document from, told by a briefing and its ledger."""
    blocks = briefing.document(order.document).blocks
    told = (briefing, book, order.wording, order.document)
    return (
        document_writer.build(*told, order.paper, order.pictures),
        expected.expected_document(*told, order.pictures, frozenset(), range(len(blocks))),
        dataset.as_csv(briefing, book, order.document),
    )


@CONTENTS
def test_a_document_prints_the_same_from_its_share_as_from_the_whole_briefing(content: Path, drawings: Path) -> None:
    whole = briefing_of(content.read_text(encoding="utf-8"))
    found = made(content, drawings)
    assert {order.document for order in found} == set(Briefing.DOCUMENTS)
    for order in found:
        book, _ = ledger.build(whole, order.wording)
        assert printed(order, order.briefing, order.ledger) == printed(order, whole, book)


@CONTENTS
def test_a_document_asks_for_the_same_drawings_from_its_share(content: Path) -> None:
    """So that an order with blank pictures tells all that its document is made from."""
    whole = briefing_of(content.read_text(encoding="utf-8"))
    wording = read_wording(TEMPLATES, whole.briefing.language, whole.units)
    book, _ = ledger.build(whole, wording)
    room = PageSetup(wording, read_tokens(TEMPLATES), PAPERS[PaperName.A4], TEMPLATES)
    for name in Briefing.DOCUMENTS:
        assert pictures.plan_drawings(
            *subset.cut_to_document(whole, book, name), (name,), room
        ) == pictures.plan_drawings(whole, book, (name,), room)


def test_what_a_share_names_is_there_and_what_it_does_not_name_is_not() -> None:
    text = """\
briefing: {title: A title, short_title: S, date: 2024-06-12, publisher: Desk, licence: Free, cite: "{{front}} of it"}
sources:
  own: {publisher: Office, title: Own, kind: data, note: "As [@noted] says {{noted}}."}
  noted: {publisher: Office, title: Noted, kind: data}
  other: {publisher: Office, title: Other, kind: data}
  rival: {publisher: Office, title: Rival, kind: data}
  far: {publisher: Office, title: Far, kind: data}
figures:
  front: {value: 1, as_of: 2024, sources: [own]}
  noted: {value: 2, as_of: 2024, sources: [own]}
  part: {value: 3, as_of: 2024, sources: [far]}
  sum: {sum_of: [part, part], as_of: 2024}
  rides: {value: 4, as_of: 2024, sources: [own], disputed: [{value: 5, sources: [rival], note: "See {{noted}}."}]}
  walks: {value: 6, as_of: 2024, sources: [other]}
brief:
  pages: 1
  blocks:
    - prose: {text: "We counted {{rides}} and {{sum}}."}
fact_sheet:
  pages: 1
  blocks:
    - takeaways: {items: ["We counted {{walks}}."]}
"""
    whole = briefing_of(text)
    book = Ledger(
        {
            name: ledger.LedgerEntry(
                name, figure, figure.value or Decimal(6), figure.sources or ("far",), ("figures", name)
            )
            for name, figure in whole.figures.items()
        },
        tuple(find_uses(whole, row_figures(whole))),
    )
    brief, entries = subset.cut_to_document(whole, book, "brief")
    assert (set(brief.figures), set(brief.sources)) == (
        {"front", "noted", "part", "rides", "sum"},
        {"own", "noted", "rival", "far"},
    )
    assert set(entries.entries) == set(brief.figures)
    assert brief.fact_sheet.blocks == ()
    sheet, _ = subset.cut_to_document(whole, book, "fact_sheet")
    assert (set(sheet.figures), set(sheet.sources)) == ({"front", "noted", "walks"}, {"own", "noted", "other"})


# ------------------------------------------------------------------ the digest of a record


def variants(value: Any) -> Iterator[Any]:
    """The same record with one thing in it changed, for every thing that it holds."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            for other in variants(getattr(value, name)):
                yield value.model_copy(update={name: other})
    elif isinstance(value, Enum):
        yield from [other for other in type(value) if other is not value][:1]
    elif isinstance(value, Locale):
        yield Locale.parse("fr-CA", sep="-")
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            for other in variants(getattr(value, field.name)):
                yield dataclasses.replace(value, **{field.name: other})
    elif isinstance(value, dict):
        yield {**value, "another": "one"}
        for key, item in value.items():
            yield {k: v for k, v in value.items() if k != key}
            for other in variants(item):
                yield {**value, key: other}
        if len(value) > 1:
            yield dict(reversed(value.items()))
    elif isinstance(value, tuple):
        yield (*value, "another")
        for index, item in enumerate(value):
            yield (*value[:index], *value[index + 1 :])
            for other in variants(item):
                yield (*value[:index], other, *value[index + 1 :])
    else:
        yield changed(value)


def changed(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1]) if value else b"x"
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, Decimal):
        return value * Decimal("1.0")  # the same number with another digit
    if isinstance(value, Path):
        return value / "x"
    if isinstance(value, datetime.datetime | datetime.date):
        return value + datetime.timedelta(days=1)
    return "something" if value is None else value


SMALL = swapped(  # values of every kind, in few records
    GOOD,
    (
        "value: 300,",
        "value: 300.50, label: Rides, checked: {by: A, on: 2024-06-10},",
    ),
    ("sources: [census]}", "sources: [census], disputed: [{value: 200, qualifier: about, sources: [census]}]}"),
    ("items: [A plain sentence.]", 'items: ["We counted {{rides}} rides."]'),
)


@pytest.mark.slow
@pytest.mark.parametrize("content", usually([None], [TEMPLATES / "starter" / "content.yaml", OTHER]))
def test_whatever_an_order_holds_is_in_its_digest(content: Path | None, drawings: Path, tmp_path: Path) -> None:
    if content is None:
        content = tmp_path / "content.yaml"
        content.write_text(SMALL)
    order = made(content, drawings)[1]  # the fact sheet, which is the shorter
    own = digest.digest(order)
    small = dataclasses.replace(order, wording=dataclasses.replace(order.wording, words={"label": {"page": "page"}}))
    small = dataclasses.replace(small, pictures={0: Picture("a.svg", b"<svg/>", 1.0, 2.0, 3.0, ("word",))})
    found = [digest.digest(other) for other in variants(small)]
    assert len(found) > 300
    assert digest.digest(small) not in found
    assert own not in found
    assert digest.digest(made(content, drawings)[1]) == own


def test_values_of_different_kinds_that_look_alike_have_different_digests() -> None:
    day = datetime.date(2024, 1, 1)
    alike: list[object] = [
        *(1, 1.0, True, "1", b"1", Decimal(1), Decimal("1.0"), None, "None", (), [], {}, frozenset(), "", b""),
        *(("a", "b"), ("ab",), (("a",), "b"), ("a", ("b",)), ["a", "b"], {"a": "b"}, frozenset("ab"), Path("1")),
        *(day, str(day), datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC), Scalar("1"), Scalar("1", plain=True)),
        *({"a": 1, "b": 2}, {"b": 2, "a": 1}, Locale("en"), "en"),
    ]
    assert len({digest.digest(value) for value in alike}) == len(alike)


@pytest.mark.parametrize("value", [object(), type("Text", (str,), {})("x"), lambda: 0, 1j, {1: {2: object()}}])
def test_what_is_no_record_has_no_digest(value: object) -> None:
    with pytest.raises(TypeError, match="no key can hold"):
        digest.digest(value)


def test_a_digest_is_the_same_in_every_process() -> None:
    asks = "from briefing.runtime import digest; print(digest.digest(({'b', 'a', 'c', 'd'}, {'x': frozenset('xyz')})))"
    runs = [
        subprocess.run(
            [sys.executable, "-c", asks],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] != b""


# ------------------------------------------------------------------ what changes elsewhere


@CONTENTS
def test_a_change_to_one_document_is_none_to_the_order_of_the_other(content: Path, drawings: Path) -> None:
    whole = briefing_of(content.read_text(encoding="utf-8"))
    before = {order.document: digest.digest(order) for order in orders(whole, content.parent, "letter", drawings)}
    for name in Briefing.DOCUMENTS:
        document = whole.document(name)
        longer = whole.model_copy(update={name: document.model_copy(update={"lede": "Another lede."})})
        after = {order.document: digest.digest(order) for order in orders(longer, content.parent, "letter", drawings)}
        assert [key for key in before if before[key] != after[key]] == [name]


def test_a_figure_that_only_one_document_prints_is_in_the_order_of_that_one_alone(drawings: Path) -> None:
    whole = briefing_of(FLAGSHIP.read_text(encoding="utf-8"))
    found = {order.document: order for order in orders(whole, FLAGSHIP.parent, "letter", drawings)}
    before = {name: digest.digest(order) for name, order in found.items()}
    seen = {name: set(order.briefing.figures) for name, order in found.items()}
    assert seen["brief"] - seen["fact_sheet"]
    assert seen["brief"] & seen["fact_sheet"]
    for name, figure in whole.figures.items():
        noted = figure.model_copy(update={"note": "Another remark."})
        changed = whole.model_copy(update={"figures": {**whole.figures, name: noted}})
        books = {key: subset.cut_to_document(changed, order.ledger, key)[0] for key, order in found.items()}
        after = {
            key: digest.digest(
                dataclasses.replace(order, briefing=books[key], ledger=_renewed(order.ledger, name, noted))
            )
            for key, order in found.items()
        }
        assert [key for key in before if before[key] != after[key]] == [key for key in seen if name in seen[key]]


def _renewed(book: Ledger, name: str, figure: Any) -> Ledger:
    entries = {key: dataclasses.replace(e, figure=figure) if key == name else e for key, e in book.entries.items()}
    return dataclasses.replace(book, entries=entries)
