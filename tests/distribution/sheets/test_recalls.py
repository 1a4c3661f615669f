"""Who holds copies that are called back gets a letter with their numbers; who has returned them gets none."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path

from briefing.distribution import order
from briefing.distribution.planning import plan_file
from briefing.distribution.register import plans, whereabouts
from briefing.distribution.register.plans import DocumentFacts, EditionFacts, MadePart
from briefing.distribution.register.register import open_register
from tests.distribution.sheets.test_sheets import SETTINGS, folder, row, run, texts, write_list  # noqa: F401 (a fixture)

EDITION = EditionFacts("short", 1, "en", "The wrong edition", datetime.date(2024, 6, 12), "0" * 64)
REASON = "Page 2 gave a wrong number."


def recorded(folder: Path) -> plans.RecordedRun:  # noqa: F811
    """A run of 12 copies for four people, the last of whom gets files, recorded."""
    (folder / "distribution.yaml").write_text(
        SETTINGS.replace("{share: 5%, least: 1, most: 10}", "{share: 0%, least: 0}") + "envelopes: c5\n"
    )
    write_list(folder, [*(row(number, copies=3) for number in range(1, 4)), row(4, copies=3, delivery="email")])
    assert run("plan").exit_code == 0
    plan = plan_file.read_plan(folder / "distribution" / "plan.json", "")
    people = order.read_inputs(folder / "content.yaml", "content.yaml").people.recipients
    register = open_register(
        whereabouts.find(None, folder), "Ada", lambda: datetime.datetime(2024, 6, 12, tzinfo=datetime.UTC), make=True
    )
    (found,) = plans.record_plan(
        register, EDITION, plan, [DocumentFacts("brief", "office", "letter", 1, "1" * 64, 1)], people
    )
    plans.record_parts(register, found, [MadePart(1, 1, found.total, "part-0001.pdf", "a" * 64)])
    register.close()
    assert run("record", "printed", "--run", found.letters, "--copies", "1-9").exit_code == 0
    return found


def test_exactly_the_holders_of_copies_that_are_out_are_written_to(folder: Path) -> None:  # noqa: F811
    letters = recorded(folder).letters
    assert run("record", "issued", "--run", letters, "--copies", "1-9").exit_code == 0
    assert run("record", "returned", "--run", letters, "--copies", "4-6").exit_code == 0  # all of the second
    assert run("record", "returned", "--run", letters, "--copies", "8").exit_code == 0  # one of the third
    assert run("recall", "1", "--action", "return", "--reason", REASON).exit_code == 0
    result = run("pack", "--recall", "1", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.output.splitlines()[-1])["files"] == {
        "recall-labels.pdf": 1,
        "recall-letters.pdf": 2,
        "recall-envelopes.pdf": 2,
        "check-in.pdf": 1,
    }
    made = folder / "distribution" / "runs" / "recalls" / "1"
    first, third = (" ".join(text.split()) for text in texts(made / "recall-letters.pdf"))
    assert f"{letters}: 1–3" in first
    assert f"{letters}: 7, 9" in third
    for text in (first, third):
        assert REASON in text
        assert "edition 1 of “The wrong edition”" in text
    for name in ("recall-labels.pdf", "recall-envelopes.pdf"):
        said = " ".join(texts(made / name))
        assert [number for number in range(1, 5) if f"{number} Invented Street" in said] == [1, 3]
    listed = texts(made / "check-in.pdf")[0]
    assert "7, 9" in listed
    assert re.search(r"Total\s+5\b", listed)
    assert run("purge", "--keep-days", "9000").exit_code == 0
    assert not made.exists()


def test_a_list_that_has_changed_since_sends_no_letter_to_somebody_else(folder: Path) -> None:  # noqa: F811
    letters = recorded(folder).letters
    assert run("record", "issued", "--run", letters, "--copies", "1-6").exit_code == 0
    assert run("record", "lost", "--run", letters, "--copies", "3").exit_code == 0
    assert run("recall", "1", "--action", "insert-slip", "--reason", REASON).exit_code == 0
    write_list(folder, [row(1, name="Somebody Else", street="99 Other Street"), row(7)])
    assert run("pack", "--recall", "1").exit_code == 0
    made = folder / "distribution" / "runs" / "recalls" / "1"
    first, second = texts(made / "recall-letters.pdf")
    assert "1 Invented Street" in first
    assert "2 Invented Street" in second
    assert f"{letters}: 1–2." in " ".join(first.split())
    assert "(lost)" in texts(made / "check-in.pdf")[0]
    assert "Somebody Else" not in first


def test_whoever_was_forgotten_or_has_a_file_is_told_and_stands_in_the_check_in_list(
    folder: Path,  # noqa: F811
) -> None:
    letters = recorded(folder).letters
    assert run("record", "issued", "--run", letters, "--copies", "1-3").exit_code == 0
    assert run("record", "issued", "--run", letters, "--holder", "4").exit_code == 0  # of whose copies none is printed
    assert run("recall", "1", "--action", "return", "--reason", REASON).exit_code == 0
    result = run("pack", "--recall", "1")
    assert result.exit_code == 0
    assert f"3 copies of run {letters}: 10-12; no letter is written" in result.output
    made = folder / "distribution" / "runs" / "recalls" / "1"
    (only,) = texts(made / "recall-letters.pdf")
    assert "1 Invented Street" in only
    assert "10–12" in texts(made / "check-in.pdf")[0]
    assert run("forget", "1").exit_code == 0
    result = run("pack", "--recall", "1")
    assert result.exit_code == 0
    assert "[recall-unaddressed]" in result.output
    assert {file.name for file in made.iterdir()} == {"check-in.pdf"}  # the letters of before are gone
    listed = texts(made / "check-in.pdf")[0]
    assert "1–3" in listed
    assert "10–12" in listed
    assert "erased" in listed


def test_there_is_nothing_to_pack_for_a_recall_that_is_not_open(folder: Path) -> None:  # noqa: F811
    recorded(folder)
    result = run("pack", "--recall", "1")
    assert result.exit_code == 1
    assert "there is no open recall 1" in result.output


def test_a_reason_in_letters_that_the_font_has_not_is_told_once(folder: Path) -> None:  # noqa: F811
    letters = recorded(folder).letters
    assert run("record", "issued", "--run", letters, "--copies", "1-9").exit_code == 0
    assert run("recall", "1", "--action", "return", "--reason", "理由").exit_code == 0
    result = run("pack", "--recall", "1")
    assert result.exit_code == 1
    said = (
        "register.sqlite: error: the font of the sheets has no 理, which the reason of the recall has [letter-missing]"
    )
    assert said in result.output
    assert result.output.count("[letter-missing]") == 1
