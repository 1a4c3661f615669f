"""`check --fix`: signs of the keyboard become those of the page, and nothing else in the file changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.checks.sign_fixes import fixed
from briefing.cli import build
from tests.support.builds import FLAGSHIP, GOOD, OTHER


def mend(text: str) -> str:
    return fixed(text.encode(), "content.yaml")[0].decode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("It's here.", "It’s here."),
        ('He said "no" today.', "He said “no” today."),
        ("So - it is.", "So – it is."),
        ("So -- it is.", "So – it is."),
        ("So--it is.", "So—it is."),
        ("And so on... or not.", "And so on… or not."),
        ("Two  spaces.", "Two spaces."),
        ("From 2018-2023.", "From 2018–2023."),
        ("See https://example.org/it's--a...b.", "See https://example.org/it's--a...b."),
        ("[it's](https://example.org/a--b)", "[it’s](https://example.org/a--b)"),
        ("`it's` and {{rides}} it's", "`it's` and {{rides}} it’s"),
    ],
)
def test_signs_are_mended_in_every_way_of_writing_a_text(old: str, new: str) -> None:
    content = GOOD.replace(
        "text: We counted {{rides}} rides.", "text: |\n          We counted {{rides}}.\n          \0"
    )
    assert mend(content.replace("\0", old)) == content.replace("\0", new)
    assert mend(content.replace("\0", new)) == content.replace("\0", new)


def test_marks_of_yaml_and_names_stay() -> None:
    text = GOOD.replace("title: A title,", 'title: "It\'s \\"so\\" -- it\'s", names: []').replace(", names: []", ",")
    assert mend(text) == text.replace("It's", "It’s").replace(" -- ", " – ").replace("it's", "it’s")
    single = GOOD.replace("A plain sentence.", "'It''s said.'")
    assert mend(single) == single


@pytest.mark.parametrize("file", [FLAGSHIP, OTHER], ids=["flagship", "other"])
def test_a_file_with_the_signs_of_a_page_stays_as_it_is(file: Path) -> None:
    data = file.read_bytes()
    assert fixed(data, "content.yaml") == (data, 0)


def test_check_fix_writes_the_file_and_keeps_its_rights(tmp_path: Path) -> None:
    file = tmp_path / "content.yaml"
    file.write_text(GOOD.replace("A plain sentence.", "It's plain."))
    file.chmod(0o640)
    build._fix(build.CheckOptions(content=file))
    assert "It’s plain." in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["content.yaml"]
