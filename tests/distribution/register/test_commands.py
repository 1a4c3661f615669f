"""The commands about copies, as an office types them."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from briefing.cli import app
from briefing.cli.distribution import print as distribute_print
from briefing.cli.distribution import recall as distribute_recall
from briefing.cli.distribution import register as distribute_register
from briefing.distribution import codes
from briefing.distribution.register import register as opening
from briefing.distribution.register.editions import RecallAction
from briefing.distribution.register.plans import RecordedRun, record_plan
from briefing.distribution.register.schema import CopyState
from briefing.distribution.settings import Sides
from tests.support.builds import command
from tests.support.registers import DOCUMENT, EDITION, Office, plan, recipient, recorded


class Said(NamedTuple):
    """What a command has said, and its exit code."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(None, tmp_path)


@pytest.fixture
def run(office: Office) -> RecordedRun:
    register = office.open()
    found = recorded(register)
    register.close()
    return found


@pytest.fixture
def say(office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a command behind `distribute`, in the folder of the content."""
    monkeypatch.chdir(office.folder)
    monkeypatch.setattr(opening, "open_register", partial(opening.open_register, now=office.clock))

    def typed(*words: str, scanned: bytes | None = None) -> Said:
        stream = SimpleNamespace(buffer=io.BytesIO(scanned or b""), isatty=lambda: scanned is None)
        monkeypatch.setattr(sys, "stdin", stream)
        code: Any = 0
        try:
            monkeypatch.setattr(sys, "argv", ["generate.py", "distribute", *words])
            app.main()
        except SystemExit as end:
            code = end.code or 0
        said = capsys.readouterr()
        return Said(int(code), said.out, said.err)

    return typed


@pytest.fixture
def code(office: Office, run: RecordedRun) -> Callable[[int], str]:
    key = office.key
    return lambda number: codes.shown(codes.encode(run.tag, number, key))


def test_the_words_of_the_commands_are_those_of_the_program() -> None:
    """They are written again, since a command line starts without the modules that it may not need."""
    assert [*distribute_register.COPY_STATES] == [state.value for state in CopyState][1:]
    assert [*distribute_print.SIDES] == [sides.value for sides in Sides]
    assert [*distribute_recall.ACTIONS] == [action.value for action in RecallAction]


def test_copies_are_recorded_by_run_and_by_codes_typed_and_scanned(
    say: Run, run: RecordedRun, code: Callable[[int], str]
) -> None:
    assert say("record", "printed", "--run", run.letters.lower(), "--copies", "1-26").out == (
        f"Recorded as printed: run {run.letters}, copies 1-26.\n"
    )
    assert say("record", "issued", code(1), code(2).lower(), code(2)).out == (
        f"Recorded as issued: run {run.letters}, copies 1-2.\n"
    )
    lines = "\n".join(["", code(3), f"https://briefs.example.org/x-1/#{code(4)}", code(1), ""])
    assert say("record", "issued", scanned=lines.encode()).out == (
        f"Recorded as issued: run {run.letters}, copies 3-4. Already so: 1.\n"
    )
    assert say("record", "delivered", "--run", run.letters, "--holder", "r1").out.endswith("copies 1-3.\n")
    found = json.loads(say("record", "lost", code(4), "--json").out)
    assert found == {"state": "lost", "numbers": {run.letters: "4"}, "changed": 1, "same": 0}
    assert say("audit").code == 0


def test_a_wrong_line_of_a_scanner_is_told_by_its_number_and_nothing_is_recorded(
    say: Run, run: RecordedRun, code: Callable[[int], str]
) -> None:
    wrong = code(2)[:-1] + ("0" if code(2)[-1] != "0" else "1")
    said = say("record", "printed", scanned=f"{code(1)}\n{wrong}\nJane Doe\n".encode())
    assert said.code == 1
    assert "standard input:2: error: a letter is wrong, or two have changed places [code-wrong]" in said.err
    assert "standard input:3: error: " in said.err
    assert "Jane" not in said.err
    assert "planned" in say("verify", code(1)).out


def test_a_code_is_told_with_holder_edition_and_state(say: Run, run: RecordedRun, code: Callable[[int], str]) -> None:
    say("record", "printed", "--run", run.letters)
    say("record", "issued", "--run", run.letters, "--parcel", "2", "--carrier", "DHL", "--by", "Ada")
    said = say("verify", code(5))
    assert said.code == 0
    assert said.out.splitlines() == [
        f"{code(5)}: copy 5 of 26, brief darien-crossing-1",
        "  “What the Darién costs”",
        "  issued since 2026-11-26 16:00:00 UTC, for Unique2Token, Office of Tests",
    ]
    assert "a spare, with nobody" in say("verify", code(25)).out
    say("forget", "r2")
    assert "for a recipient who was forgotten" in say("verify", code(5)).out
    say("record", "withdrawn", "--edition", "1", "--reason", "a figure is wrong")
    assert "This edition is withdrawn." in say("verify", code(5)).out
    assert json.loads(say("verify", code(5), "--json").out)["edition_state"] == "withdrawn"


def test_a_code_that_is_none_ends_with_its_finding(say: Run, code: Callable[[int], str]) -> None:
    said = say("verify", code(1), "7K3M-000H-ZSU", "--json")
    assert said.code == 1
    first, second = map(json.loads, said.out.splitlines())
    assert (first["number"], second["code"], second["file"], second["line"]) == (1, "code-wrong", "code", 2)


def test_without_the_key_a_code_is_found_and_that_is_told(office: Office, say: Run, code: Callable[[int], str]) -> None:
    (office.where.folder / "codes.key").unlink()
    said = say("verify", code(1))
    assert (said.code, "The key of codes is not here" in said.out) == (0, True)


def test_status_tells_who_holds_what_since_when(say: Run, run: RecordedRun) -> None:
    say("record", "printed", "--run", run.letters)
    say("record", "issued", "--run", run.letters, "--copies", "1-5,25")
    lines = say("status").out.splitlines()
    assert [line.split()[2:6] for line in lines[1:4]] == [
        ["1-3", "3", "2026-11-26", "r1"],
        ["4-5", "2", "2026-11-26", "r2"],
        ["25", "1", "2026-11-26", "spares,"],
    ]
    assert lines[4] == "6 copies are out, with 3 recipients."
    assert say("status", "--run", "0000").code == 1
    assert len(say("status", "--run", run.letters, "--json").out.splitlines()) == 3


def test_a_report_counts_and_its_digest_is_found_by_audit(say: Run, run: RecordedRun) -> None:
    said = say("report").out
    assert "26 planned" in said
    assert "Unique" not in said
    digest = said.splitlines()[-1]
    assert say("audit").out.splitlines()[-1] == digest
    say("record", "printed", "--run", run.letters)
    assert say("audit", "--digest", digest).code == 0
    assert "[digest-unknown]" in say("audit", "--digest", "0" * 63 + "1").err


def test_a_person_is_forgotten_and_what_is_old_is_purged(office: Office, say: Run, run: RecordedRun) -> None:
    assert say("forget", "r1").out.startswith("Forgotten.")
    assert "[recipient-unknown]" in say("forget", "r1").err
    office.clock.add(days=40)
    assert say("purge").out == f"Purged: 0 recipients forgotten; files of runs taken away: {run.letters}.\n"
    (office.folder / "distribution.yaml").write_text(
        "recipients: list.csv\ncountry: US\ngroups: {all: {document: brief}}\nkeep_days: 30\n"
    )
    assert say("purge", "--keep-days", "50").out.startswith("Purged: 0 recipients forgotten")
    assert say("purge").out.startswith("Purged: 7 recipients forgotten")
    assert say("audit").code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("record",),
        ("record", "shredded"),
        ("record", "printed"),
        ("record", "withdrawn"),
        ("record", "printed", "--run", "7K3M", "--parcel", "0"),
        ("record", "withdrawn", "--edition", "1", "--reason", "two\nlines"),
        ("record", "printed", "--run", "7K3M", "--by", "x" * 201),
        ("verify",),
        ("forget",),
    ],
    ids=" ".join,
)
def test_what_is_asked_wrongly_is_told_with_exit_code_2(say: Run, run: RecordedRun, words: tuple[str, ...]) -> None:
    said = say(*words)
    assert (said.code, "Traceback" in said.err) == (2, False)


@pytest.mark.parametrize("words", [("status",), ("report",), ("audit",), ("record", "printed", "--run", "7K3M")])
def test_without_a_register_every_command_says_so(say: Run, office: Office, words: tuple[str, ...]) -> None:
    said = say(*words)
    assert (said.code, "[register-missing]" in said.err) == (1, True)
    assert list(office.folder.iterdir()) == []


def test_a_register_that_is_named_is_taken_and_ledger_is_another_word_for_it(
    say: Run, run: RecordedRun, office: Office, tmp_path: Path
) -> None:
    file = office.folder / "distribution" / "register.sqlite"
    os.rename(file, tmp_path / "other.sqlite")
    assert say("report", "--register", str(tmp_path / "other.sqlite")).code == 0
    assert say("report", "--ledger", f"sqlite:///{tmp_path}/other.sqlite").code == 0
    assert "[register-address]" in say("report", "--register", "mysql://host/office").err


def test_the_program_itself_knows_the_commands(tmp_path: Path) -> None:
    words = command("distribute", "verify", "7K3M-000H-ZSU")
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "[register-missing]" in done.stderr


def test_groups_wait_as_distribution_yaml_says(say: Run, office: Office) -> None:
    register = office.open()
    people = [recipient(1), recipient(2, group="press")]
    (run,) = record_plan(register, EDITION, plan(2), [DOCUMENT], people)
    register.close()
    groups = "{member: {document: brief}, press: {document: brief, after: member}}"
    (office.folder / "distribution.yaml").write_text(f"recipients: list.csv\ncountry: US\ngroups: {groups}\n")
    say("record", "printed", "--run", run.letters)
    assert "[group-order]" in say("record", "issued", "--run", run.letters, "--holder", "r2").err
    assert say("record", "issued", "--run", run.letters, "--holder", "r1").code == 0
    assert say("record", "issued", "--run", run.letters, "--holder", "r2").code == 0


def test_a_run_of_replaced_content_is_told_as_cancelled(
    say: Run, office: Office, run: RecordedRun, code: Callable[[int], str]
) -> None:
    register = office.open()
    changed = replace(EDITION, content_sha256="e" * 64)
    record_plan(register, changed, plan(name="new"), [DOCUMENT], [recipient(n) for n in range(1, 9)])
    register.close()
    assert "cancelled" in say("report").out
    for words in (("status", "--run", run.letters), ("verify", code(1))):
        assert "Its run is cancelled" in say(*words).out
    assert "[run-cancelled]" in say("record", "printed", "--run", run.letters).err
    assert "[run-cancelled]" in say("print", "ipp://localhost:9/ipp/print", "--run", run.letters).err
