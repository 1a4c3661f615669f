"""The documents about the program say what the program does."""

from __future__ import annotations

import functools
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
import yaml
from pydantic import BaseModel

from briefing.checks import content_rules
from briefing.content import scaffold, validation, yaml_reader
from briefing.content.blocks import BLOCKS, BlockBase
from briefing.content.briefing import Briefing
from briefing.content.pictures.map_blocks import Coordinates
from briefing.content.scalars import Record
from briefing.content.tree import ContentTree
from briefing.findings import Severity
from briefing.language.wording import read_wording
from briefing.ledger import ledger
from docs import modules
from tests.support.builds import FLAGSHIP, OTHER, ROOT, TEMPLATES

DOCS = ROOT / "docs"
CONTENT = (DOCS / "content.md").read_text(encoding="utf-8")


# ------------------------------------------------------------------ docs/content.md


def examples() -> list[Any]:
    return [
        yaml_reader.parse(text.encode(), "content.md").tree for text in re.findall(r"(?s)```yaml\n(.*?)```", CONTENT)
    ]


def whole() -> dict[str, Any]:
    """One content file made of all examples, the blocks in the brief."""
    found: dict[str, Any] = {}
    blocks: list[Any] = []
    for example in examples():
        if isinstance(example, list):
            blocks += example
        else:
            assert not found.keys() & example.keys()
            found |= example
    found["brief"]["blocks"] = blocks
    return found


def test_every_example_of_the_guide_is_content_that_the_program_takes(tmp_path: Path) -> None:
    from PIL import Image

    assert len(examples()) > 20
    tree = whole()
    read = ContentTree("content.md", tree, {}, {})
    briefing = validation.build(read)
    wording = read_wording(TEMPLATES, briefing.briefing.language, briefing.units)
    book, findings = ledger.build(briefing, wording)
    Image.new("L", (8, 8)).save(tmp_path / "clinic.png")
    (tmp_path / "university.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1" fill="#000"/>')
    findings = (*findings, *content_rules.check(briefing, book, wording, tmp_path))
    assert [finding for finding in findings if finding.severity is not Severity.NOTE] == []


def test_the_guide_has_an_example_of_every_part_and_every_block() -> None:
    tree = whole()
    assert set(tree) == set(Briefing.model_fields)
    assert {kind for block in tree["brief"]["blocks"] for kind in block} == set(BLOCKS)


def tables() -> Iterator[frozenset[str]]:
    for table in re.findall(r"(?m)^\| key \|.*\n\|[-|]+\n((?:\|.*\n?)+)", CONTENT):
        yield frozenset(re.findall(r"(?m)^\| `(\w+)` \|", table))


def records() -> dict[str, frozenset[str]]:
    """The keys of every record, of a block only its own."""
    found = {}
    for record in _below(Record):
        own = set(record.model_fields) - (set(BlockBase.model_fields) if issubclass(record, BlockBase) else set())
        found[record.__name__] = frozenset(own) if record is not BlockBase else frozenset(BlockBase.model_fields)
    return found


def _below(record: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for child in record.__subclasses__():
        yield child
        yield from _below(child)


def test_the_guide_lists_every_key_of_every_record_and_no_other() -> None:
    listed, known = set(tables()), records()
    assert len(known) > 40
    unlisted = {
        name: keys for name, keys in known.items() if keys and keys not in listed and name != Coordinates.__name__
    }
    said_in_words = {
        name for name, keys in unlisted.items() if keys == {"items"} and "The block has `items`" in CONTENT
    }
    assert set(unlisted) - said_in_words == set()
    assert [sorted(keys) for keys in listed if keys not in known.values()] == []


def test_the_guide_names_every_choice() -> None:
    choices = {
        choice
        for record in _below(Record)
        for field in record.model_fields.values()
        for part in (field.annotation, *get_args(field.annotation))
        for choice in getattr(part, "__members__", {}).values()
    }
    assert len(choices) > 25
    assert [str(choice) for choice in choices if f"`{choice}`" not in CONTENT] == []


# ------------------------------------------------------------------ the other documents

PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted(DOCS.rglob("*.md")))


def test_the_table_of_modules_is_the_one_of_the_docstrings() -> None:
    assert len(re.findall(r"(?m)^\| `briefing/", modules.text())) > 100
    assert modules.FILE.read_text(encoding="utf-8") == modules.text(), "renew it: .venv/bin/python -m docs.modules"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_file_that_a_document_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:briefing|tests|docs|templates|requirements|bench)/[\w./-]+)`", text))
    named |= {link for link in re.findall(r"\]\(([\w./-]+)(?:#[\w-]+)?\)", text) if "://" not in link}
    assert [name for name in named if not ((ROOT / name).exists() or (page.parent / name).exists())] == []


def test_the_architecture_has_the_layers_that_are_held() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    held, *_ = settings["tool"]["importlinter"]["contracts"]
    picture = re.findall(r"(?s)## The layers.*?```\n(.*?)```", (DOCS / "architecture.md").read_text(encoding="utf-8"))[
        0
    ]
    drawn = [re.split(r"\s{2,}", line)[0] for line in picture.splitlines()]
    layers = [" | ".join(name for name in layer.split(" | ") if name[0] != "(") for layer in held["layers"]]
    assert drawn == [layer for layer in layers if layer != "__main__"]


def test_each_class_of_the_glossary_stands_in_the_package_that_it_names_and_in_no_other() -> None:
    named = re.findall(r"`(\w+)\.([A-Z]\w+)` \|$", (DOCS / "glossary.md").read_text(encoding="utf-8"), re.M)
    assert len(named) > 15
    for package, name in named:
        there = {file.relative_to(ROOT / "briefing").parts[0].removesuffix(".py") for file in classes()[name]}
        assert there == {package}, name


@functools.cache
def classes() -> dict[str, list[Path]]:
    """The files in which each class is defined."""
    found: dict[str, list[Path]] = {}
    for file in (ROOT / "briefing").rglob("*.py"):
        for name in re.findall(r"(?m)^class (\w+)", file.read_text(encoding="utf-8")):
            found.setdefault(name, []).append(file)
    return found


def test_every_decision_is_listed() -> None:
    listed = set(
        re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (DOCS / "decisions" / "README.md").read_text(encoding="utf-8"))
    )
    assert listed == {file.name for file in (DOCS / "decisions").glob("0*.md")} != set()


# ------------------------------------------------------------------ the schema for editors


def test_the_schema_that_editors_use_is_the_one_of_the_models() -> None:
    assert (TEMPLATES / "content.schema.json").read_text(encoding="utf-8") == scaffold.schema_text()


@pytest.mark.parametrize("content", [FLAGSHIP, OTHER], ids=["flagship", "other"])
def test_the_content_of_the_repository_is_valid_by_the_schema_that_its_first_line_names(content: Path) -> None:
    first = content.read_text(encoding="utf-8").splitlines()[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert named
    rules = json.loads((content.parent / named[1]).read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(rules)
    validator.check_schema(rules)
    faults = list(validator.iter_errors(as_an_editor_reads(content)))
    assert [f"{fault.json_path}: {fault.message}"[:200] for fault in faults] == []


def test_the_schema_refuses_what_the_program_refuses() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(scaffold.schema_text()))
    tree = as_an_editor_reads(FLAGSHIP)
    assert validator.is_valid(tree)
    tree["brief"]["blocks"].append({"prose": {"texts": "no such key"}})
    assert not validator.is_valid(tree)


class _Core(yaml.SafeLoader):
    """YAML 1.2 as editors read it: dates are text, and `on` and `no` are words."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        letter: [(tag, pattern) for tag, pattern in rules if not tag.endswith((":timestamp", ":bool"))]
        for letter, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def as_an_editor_reads(content: Path) -> Any:
    return yaml.load(content.read_text(encoding="utf-8"), _Core)
