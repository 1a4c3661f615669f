"""Templates that were compiled once are not compiled again, and never counts what was made for another source."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

from briefing.documents import html
from tests.support.builds import TEMPLATES

PAGE = "A page.\n{% if told %}{{ told }}{% endif %}\n"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of templates that is the program's own."""
    (tmp_path / "page.j2").write_text(PAGE)
    monkeypatch.setattr(html, "BYTECODE", tmp_path.resolve() / "__pycache__")
    html._environment.cache_clear()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path


def shown(folder: Path, told: str = "", options: Mapping[str, Any] = html.OPTIONS) -> tuple[str, int]:
    """A page, and how many templates were compiled for it."""
    count = 0

    class Counting(Environment):
        def _generate(self, *args: Any, **named: Any) -> str:
            nonlocal count
            count += 1
            return super()._generate(*args, **named)

    kept = html._Bytecode(html.BYTECODE, options)
    environment = Counting(loader=FileSystemLoader(folder), bytecode_cache=kept, **options)
    return environment.get_template("page.j2").render(told=told), count


def test_a_template_is_compiled_once(own: Path) -> None:
    assert shown(own, "<One>") == ("A page.\n&lt;One&gt;", 1)
    assert shown(own, "<Two>") == ("A page.\n&lt;Two&gt;", 0)


def test_an_edited_template_is_compiled_anew(own: Path) -> None:
    shown(own)
    (own / "page.j2").write_text(PAGE.replace("page", "PAGE"))
    assert shown(own) == ("A PAGE.\n", 1)


def test_other_options_compile_anew(own: Path) -> None:
    shown(own)
    assert shown(own, "<", {**html.OPTIONS, "autoescape": False}) == ("A page.\n<", 1)
    assert shown(own, "<") == ("A page.\n&lt;", 0)


@pytest.mark.parametrize("damage", [b"", b"j2", b"not bytecode", None])
def test_what_is_damaged_is_made_anew(own: Path, damage: bytes | None) -> None:
    shown(own)
    (kept,) = html.BYTECODE.iterdir()
    kept.write_bytes(kept.read_bytes()[:-9] if damage is None else damage)
    assert shown(own) == ("A page.\n", 1)
    assert shown(own) == ("A page.\n", 0)


def test_where_nothing_can_be_kept_templates_are_compiled_each_time(own: Path) -> None:
    html.BYTECODE.write_text("in the way")
    assert shown(own) == shown(own) == ("A page.\n", 1)


def test_python_without_bytecode_keeps_none(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert shown(own) == ("A page.\n", 1)
    assert not html.BYTECODE.exists()


def test_bytecode_in_a_folder_that_is_given_is_never_looked_at(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(own)
    assert list(html.BYTECODE.iterdir())
    shutil.copy(TEMPLATES / "tokens.toml", own)
    assert html._environment(own)[0].bytecode_cache
    html._environment.cache_clear()
    monkeypatch.setattr(html, "BYTECODE", own / "elsewhere" / "__pycache__")
    assert html._environment(own)[0].bytecode_cache is None
