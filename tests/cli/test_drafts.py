"""Drafts are told what cannot wait; opinions are counted until the writer asks for them."""

from __future__ import annotations

import re
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from briefing.checks.judgement import JUDGEMENT
from tests.support.builds import GOOD, ROOT
from tests.support.typed import typed

pytestmark = pytest.mark.slow

OPINION = GOOD.replace("We counted", "It's that we -- the desk -- counted")
FALSE = OPINION.replace("{{rides}}", "{{rides}} on {{rode}}")


def check(content: str, folder: Path, *more: str) -> CompletedProcess[str]:
    """What a check of such content says."""
    (folder / "content.yaml").write_text(content)
    return typed(folder, "check", "--content", str(folder / "content.yaml"), *more)


def test_a_draft_is_told_what_is_false_and_how_much_can_wait(tmp_path: Path) -> None:
    run = check(OPINION, tmp_path)
    assert "[dash-hyphen]" not in run.stderr
    assert re.search(r"\d+ remarks on wording, .* can wait in a draft; --strict tells all", run.stdout)
    run = check(FALSE, tmp_path)
    assert run.returncode == 1
    assert "[figure-unknown]" in run.stderr
    assert "[dash-hyphen]" not in run.stderr


@pytest.mark.parametrize("more", [("--strict",), ("--json",)])
def test_all_is_told_where_it_is_asked_for(more: tuple[str, ...], tmp_path: Path) -> None:
    run = check(OPINION, tmp_path, *more)
    assert "dash-hyphen" in run.stderr + run.stdout
    assert "can wait" not in run.stdout


def test_all_is_told_of_what_is_no_draft(tmp_path: Path) -> None:
    run = check(OPINION.replace("briefing: {", "briefing: {status: final, ", 1), tmp_path)
    assert "[dash-hyphen]" in run.stderr


def test_opinions_are_those_of_the_tables_and_what_is_unfinished() -> None:
    tables = re.split(r"^## ", (ROOT / "docs" / "checks.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    listed = {
        code
        for table in tables
        if table.startswith(("Lengths and parts", "Language", "Typography"))
        for code in re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)
    }
    white_space = {"margin-hole", "text-hole"}  # of the pages, which are composed last
    unfinished = {code for code in JUDGEMENT if code.endswith(("-unused", "-unchecked"))}
    assert (listed - {"qr-fine", "quotation-undeclared"}) | unfinished | white_space == JUDGEMENT
