"""The briefing that `new` writes: it builds at once, without a word of complaint."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from briefing.cli.app import cli
from briefing.content import scaffold
from briefing.content.records import PaperName
from briefing.findings import Refused
from briefing.pipeline import build
from tests.support.builds import LATER, ROOT, TEMPLATES, briefing_of
from tests.support.examples import usually


def test_new_writes_a_briefing_and_the_schema_that_its_first_line_names(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["new", str(tmp_path / "mine")])
    assert done.exit_code == 0
    first, *_ = (tmp_path / "mine" / "content.yaml").read_text(encoding="utf-8").splitlines()
    assert first == "# yaml-language-server: $schema=content.schema.json"
    assert (tmp_path / "mine" / "content.schema.json").read_text(encoding="utf-8") == scaffold.schema_text()


@pytest.mark.parametrize("name", ["content.yaml", "content.schema.json"])
def test_new_never_writes_over_what_is_there(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(Refused) as refused:
        scaffold.write(tmp_path, "mine", TEMPLATES)
    assert [f.code for f in refused.value.findings] == ["new-exists"]
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(name, "mine")]
    assert CliRunner().invoke(cli, ["new", str(tmp_path)]).exit_code == 1


def test_new_says_where_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Refused) as refused:
        scaffold.write(tmp_path / "file" / "mine", "mine", TEMPLATES)
    assert [f.code for f in refused.value.findings] == ["out-unwritable"]


def test_new_begins_with_an_example_and_what_lies_beside_it(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["new", str(tmp_path / "mine"), "--from", "city-budget"])
    assert done.exit_code == 0, done.output
    kept = {path.name for path in (tmp_path / "mine").iterdir()}
    assert kept == {"content.yaml", "content.schema.json", "wall.svg"}
    text = (tmp_path / "mine" / "content.yaml").read_text(encoding="utf-8")
    first, *rest = text.splitlines()
    assert first == "# yaml-language-server: $schema=content.schema.json"
    assert rest == (ROOT / "examples" / "city-budget" / "content.yaml").read_text(encoding="utf-8").splitlines()[1:]
    assert briefing_of(text).briefing.series
    assert CliRunner().invoke(cli, ["new", str(tmp_path / "mine"), "--from", "survey"]).exit_code == 1


@pytest.mark.parametrize("asked", [["--from"], ["mine", "--from"], ["--from", "none"], ["mine", "--from", "none"]])
def test_new_lists_the_examples_where_it_is_told_none_of_their_names(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["new", *asked])
    wrong = "none" in asked
    assert done.exit_code == wrong
    assert ("example-unknown" in done.output) == wrong
    for file in (ROOT / "examples").glob("*/content.yaml"):
        assert file.parent.name in done.output
    assert list(tmp_path.iterdir()) == []


def test_every_example_says_in_its_first_line_what_it_is() -> None:
    assert all(len(says) > 10 for says in scaffold.examples().values())


def test_new_needs_a_folder() -> None:
    assert CliRunner().invoke(cli, ["new"]).exit_code == 2
    assert CliRunner().invoke(cli, ["new", "--from", "survey"]).exit_code == 2


def test_schema_writes_a_file_or_says_where_it_cannot(tmp_path: Path) -> None:
    assert CliRunner().invoke(cli, ["schema", "--out", str(tmp_path / "mine.json")]).exit_code == 0
    assert (tmp_path / "mine.json").read_text(encoding="utf-8") == scaffold.schema_text()
    (tmp_path / "none").write_text("a file in the way")
    refused = CliRunner().invoke(cli, ["schema", "--out", str(tmp_path / "none" / "mine.json")])
    assert refused.exit_code == 1
    assert "out-unwritable" in refused.stderr
    assert str(tmp_path / "none" / "mine.json") in refused.stderr


@pytest.mark.slow
@pytest.mark.parametrize("paper", usually([PaperName.LETTER], [PaperName.A4]))
def test_the_starter_builds_at_once_and_fills_its_pages(paper: PaperName, tmp_path: Path) -> None:
    content, *_ = scaffold.write(tmp_path / "mine", "mine", TEMPLATES)
    outcome = build.run(build.Job(content, "content.yaml", tmp_path / "build", TEMPLATES, LATER, paper=paper))
    assert outcome.findings == ()
    assert [(made.file, made.pages) for made in outcome.made] == [("policy-brief.pdf", 1), ("fact-sheet.pdf", 1)]
    assert all(made.fill > 0.92 for made in outcome.made)
    assert all((tmp_path / "build" / made.file).stat().st_size == made.bytes for made in outcome.made)
