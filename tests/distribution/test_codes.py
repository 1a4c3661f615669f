"""Short codes of copies: written, read as people type them, and every slip told."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.distribution.codes import LETTERS, MOST, Code, NoCode, decode, encode, is_ours, run_letters, shown

KEY = bytes(range(32))
RUNS, NUMBERS = st.integers(0, MOST), st.integers(1, MOST)


@given(RUNS, NUMBERS)
def test_what_was_written_is_read(run: int, number: int) -> None:
    code = encode(run, number, KEY)
    found = decode(code)
    assert found == Code(run, number, code)
    assert decode(shown(code)) == found
    assert is_ours(found, KEY)
    assert code.startswith(run_letters(run))


def test_a_code_keeps_its_letters_for_ever() -> None:
    assert shown(encode(0b00111_10011_00011_10100, 17, KEY)) == "7K3M-000H-2D6"


@given(RUNS, NUMBERS, st.integers(0, 10), st.sampled_from(LETTERS))
def test_one_wrong_letter_is_told(run: int, number: int, at: int, letter: str) -> None:
    code = encode(run, number, KEY)
    wrong = code[:at] + letter + code[at + 1 :]
    assert wrong == code or isinstance(decode(wrong), NoCode)


@given(RUNS, NUMBERS)
def test_two_letters_that_have_changed_places_are_told(run: int, number: int) -> None:
    code = encode(run, number, KEY)
    for a, b in combinations(range(11), 2):
        letters = list(code)
        letters[a], letters[b] = letters[b], letters[a]
        assert code[a] == code[b] or isinstance(decode("".join(letters)), NoCode)


@pytest.mark.parametrize(
    "typed",
    ["7k3m-oooh-2d6", " 7K3M 000H 2D6\t", "7K3M–000H–2D6", "7K3M‑000H‑2D6", "７Ｋ３Ｍ０００Ｈ２Ｄ６",
     "https://briefs.example.org/brief-2/#7K3M-000H-2D6", "#7K3M000H2D6"],
)  # fmt: skip
def test_it_is_read_as_people_and_scanners_give_it(typed: str) -> None:
    found = decode(typed)
    assert isinstance(found, Code)
    assert (found.run, found.number, found.shown) == (0b00111_10011_00011_10100, 17, "7K3M-000H-2D6")


def test_letters_that_look_like_figures_are_figures() -> None:
    code = encode(1, 1, KEY)
    assert code.startswith("00010001")
    for one in "IiLl":
        assert decode(code.replace("0", "o").replace("1", one)) == decode(code)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "there is no code"),
        ("--- ", "there is no code"),
        ("7K3M-000H-2D", "it has 10 letters, and a code has 11"),
        ("7K3M-000H-2D68", "it has 12 letters, and a code has 11"),
        ("7K3M-000H-2D7", "a letter is wrong, or two have changed places"),
        ("UK3M-000H-2D6", "codes have no letter U; it may be a V"),
        ("7K3M-000H-2D\x00", "it holds a sign that no code has"),
        ("7K3M-000H-2D\ud800", "it holds a sign that no code has"),
        ("7K3M_000H_2D6", "it holds a sign that no code has"),
        ("0" * 11, "no copy has the number 0"),
        ("7" * 5000, "it is far too long for a code"),
    ],
)
def test_what_is_no_code_is_told_in_words(typed: str, why: str) -> None:
    assert decode(typed) == NoCode(why)


@given(st.text(max_size=40))
def test_any_text_is_a_code_or_is_told(typed: str) -> None:
    assert isinstance(decode(typed), Code | NoCode)


def test_a_guess_is_ours_about_once_in_a_thousand() -> None:
    found = [decode(encode(7, number, b"another key")) for number in range(1, 4001)]
    assert 0 < sum(is_ours(code, KEY) for code in found if isinstance(code, Code)) < 14


@pytest.mark.parametrize(("run", "number"), [(-1, 1), (MOST + 1, 1), (1, 0), (1, MOST + 1)])
def test_no_code_is_made_for_what_has_no_room(run: int, number: int) -> None:
    with pytest.raises(ValueError, match="no code"):
        encode(run, number, KEY)
