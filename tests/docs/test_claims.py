"""The map of claims holds: what it says is printed stands in its block, and everything else says why not."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from briefing.content.briefing import Briefing
from briefing.documents.document import DocumentView
from tests.support.builds import FLAGSHIP, ROOT, briefing_of, orders, view_of
from tests.support.reading import squeezed, unmarked_words

CLAIMS = 76
Claims = list[dict[str, Any]]


@pytest.fixture(scope="module")
def claims() -> Claims:
    found: Claims = yaml.safe_load((ROOT / "docs" / "claims.yaml").read_text(encoding="utf-8"))["claims"]
    return found


def lost(claims: Claims, made: Mapping[str, DocumentView]) -> Iterator[tuple[str, str]]:
    """The claims that are not printed as the map says, each with what is missing."""
    words = {
        (name, view.id): squeezed(unmarked_words(view)) for name, document in made.items() for view in document.blocks
    }
    for claim in claims:
        for entry in claim.get("printed", ()):
            block = words.get((entry["document"], entry["block"]))
            if block is None:
                yield claim["id"], f"no block {entry['block']}"
            elif squeezed(entry["shows"]) not in block:
                yield claim["id"], entry["shows"]


def test_every_claim_is_listed_once_with_its_fate(claims: Claims) -> None:
    ids = [claim["id"] for claim in claims]
    assert len(ids) == len(set(ids)) == CLAIMS
    assert all(name.startswith("C") and name[1:].isdigit() and len(name) == 4 for name in ids)
    for claim in claims:
        assert claim["statement"]
        assert claim["advice"] in ("plain", "with-note", "drop")
        assert bool(claim.get("printed")) != bool(claim.get("left_out")), claim["id"]


def test_every_printed_claim_stands_in_its_block(claims: Claims, flagship_views: Mapping[str, DocumentView]) -> None:
    assert sum(len(claim.get("printed", ())) for claim in claims) > 50
    assert list(lost(claims, flagship_views)) == []


def test_what_should_not_be_printed_as_a_fact_stands_only_among_the_contested(
    claims: Claims, flagship_views: Mapping[str, DocumentView]
) -> None:
    kinds = {(name, view.id): view.kind for name, made in flagship_views.items() for view in made.blocks}
    dropped = [claim for claim in claims if claim["advice"] == "drop"]
    assert dropped
    for claim in dropped:
        for entry in claim.get("printed", ()):
            assert kinds[entry["document"], entry["block"]] == "contested", claim["id"]


def test_a_claim_that_loses_its_block_is_missed(claims: Claims, drawings: Path) -> None:
    briefing = briefing_of(FLAGSHIP.read_text(encoding="utf-8"))
    claim = _printed_once(claims)
    document, block = claim["printed"][0]["document"], claim["printed"][0]["block"]
    short = _without_block(briefing, document, block)
    made = {order.document: view_of(order) for order in orders(short, ROOT, "letter", drawings)}
    assert (claim["id"], f"no block {block}") in list(lost(claims, made))


def test_a_claim_that_loses_its_words_is_missed(claims: Claims, flagship_views: Mapping[str, DocumentView]) -> None:
    claim = _printed_once(claims)
    before = set(lost(claims, flagship_views))
    altered = copy.deepcopy(claims)
    entry = next(other for other in altered if other["id"] == claim["id"])["printed"][0]
    entry["shows"] = f"not {entry['shows']}"
    assert set(lost(altered, flagship_views)) - before == {(claim["id"], entry["shows"])}


def _printed_once(claims: Claims) -> dict[str, Any]:
    return next(
        claim for claim in claims if len(claim.get("printed", ())) == 1 and claim["printed"][0]["block"] == "panama"
    )


def _without_block(briefing: Briefing, document: str, block: str) -> Briefing:
    whole = briefing.document(document)
    kept = tuple(item for item in whole.blocks if item.id != block)
    assert len(kept) == len(whole.blocks) - 1
    return briefing.model_copy(update={document: whole.model_copy(update={"blocks": kept})})
