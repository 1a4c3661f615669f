"""The house stays in order: one class to a name, small files, short functions, and the words of the glossary.

Every rule is tried on a planted violation too, so that none of them holds because it looks at nothing.
"""

from __future__ import annotations

import ast
import functools
import re
import statistics
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.builds import ROOT

PACKAGE = ROOT / "briefing"
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
FILES_IN_A_FOLDER, LINES_OF_A_FILE, MEDIAN_LINES, LINES_OF_A_FUNCTION = 20, 400, 120, 60

# What does not hold yet. A line goes when it is mended, and none comes.
DEFINED_TWICE: set[str] = set()
TOO_LONG: set[str] = set()


parsed = functools.cache(ast.parse)  # several tests look at the same files


def modules(package: Path) -> dict[str, ast.Module]:
    """The parsed files of a package under their paths in it."""
    files = sorted(package.rglob("*.py"))
    return {file.relative_to(package).as_posix(): parsed(file.read_text(encoding="utf-8")) for file in files}


def public_classes(package: Path) -> dict[str, list[str]]:
    """The public classes by name, each with the files that define it."""
    found = defaultdict(list)
    for path, tree in modules(package).items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path)
    return found


def defined_twice(package: Path) -> set[str]:
    return {name for name, files in public_classes(package).items() if len(files) > 1}


def full_folders(package: Path) -> dict[str, int]:
    counts = {folder: len(list(folder.glob("*.py"))) for folder in (package, *package.rglob("*/"))}
    return {folder.name: count for folder, count in counts.items() if count > FILES_IN_A_FOLDER}


def lengths(package: Path) -> dict[str, int]:
    """How many lines each file has; a file that only makes a folder a package is none."""
    files = (file for file in package.rglob("*.py") if file.name != "__init__.py")
    return {file.relative_to(package).as_posix(): len(file.read_bytes().splitlines()) for file in files}


def long_files(package: Path) -> set[str]:
    return {path for path, lines in lengths(package).items() if lines > LINES_OF_A_FILE}


def long_functions(package: Path) -> Iterator[str]:
    for path, tree in modules(package).items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > LINES_OF_A_FUNCTION:
                    yield f"{path}: {node.name} has {lines} lines"


def glossary(text: str) -> list[tuple[str, list[str]]]:
    """The words of the glossary, each with the classes that its row names as `package.Class`."""
    rows = re.findall(r"(?m)^\| ([^|]+) \| [^|]+ \|([^|]*)\|$", text)
    return [(word, re.findall(r"`([\w.]+)`", classes)) for word, classes in rows if word != "word" and word.strip("-")]


def unknown_words(text: str, package: Path) -> set[str]:
    known = {
        f"{path.split('/')[0].removesuffix('.py')}.{name}"
        for name, paths in public_classes(package).items()
        for path in paths
    }
    return {name for _, classes in glossary(text) for name in classes} - known


# ------------------------------------------------------------------ the rules


def test_no_public_class_name_is_defined_twice() -> None:
    assert len(public_classes(PACKAGE)) > 200
    assert defined_twice(PACKAGE) == DEFINED_TWICE


def test_no_folder_has_more_files_than_one_can_look_over() -> None:
    assert full_folders(PACKAGE) == {}


def test_no_file_is_too_long_and_most_are_short() -> None:
    assert len(lengths(PACKAGE)) > 100
    assert long_files(PACKAGE) == TOO_LONG
    assert statistics.median(lengths(PACKAGE).values()) <= MEDIAN_LINES


def test_no_function_is_too_long() -> None:
    assert list(long_functions(PACKAGE)) == []


def test_every_class_of_the_glossary_is_there_and_no_word_stands_there_twice() -> None:
    words = glossary(GLOSSARY)
    assert len(words) > 30
    assert sum(len(classes) for _, classes in words) > 15
    assert len({word for word, _ in words}) == len(words)
    assert unknown_words(GLOSSARY, PACKAGE) == set()


# ------------------------------------------------------------------ each of them sees what breaks it


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small package in which everything is in order."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text('"""A package."""\n')
        (tmp_path / name / f"{name}.py").write_text(
            f"class {name.title()}:\n    def act(self): ...\n\nclass _Own: ...\n"
        )
    return tmp_path


def test_a_house_in_order_breaks_no_rule(house: Path) -> None:
    assert (defined_twice(house), full_folders(house), long_files(house), [*long_functions(house)]) == (
        set(),
        {},
        set(),
        [],
    )
    assert lengths(house) == {"one/one.py": 4, "two/two.py": 4}


def test_a_class_name_in_two_packages_is_seen(house: Path) -> None:
    (house / "two" / "three.py").write_text("class One: ...\n")
    assert defined_twice(house) == {"One"}


def test_a_folder_with_too_many_files_is_seen(house: Path) -> None:
    for number in range(FILES_IN_A_FOLDER - 1):
        (house / "one" / f"more_{number}.py").touch()
    assert full_folders(house) == {"one": FILES_IN_A_FOLDER + 1}


def test_a_file_with_too_many_lines_is_seen(house: Path) -> None:
    (house / "one" / "long.py").write_text("#\n" * LINES_OF_A_FILE)
    assert long_files(house) == set()
    (house / "one" / "long.py").write_text("#\n" * (LINES_OF_A_FILE + 1))
    assert long_files(house) == {"one/long.py"}


def test_a_function_with_too_many_lines_is_seen(house: Path) -> None:
    body = "        pass\n" * LINES_OF_A_FUNCTION
    (house / "one" / "long.py").write_text(f"class Long:\n    async def work(self):\n{body}")
    assert list(long_functions(house)) == [f"one/long.py: work has {LINES_OF_A_FUNCTION + 1} lines"]


def test_a_class_that_the_glossary_names_and_nobody_defines_is_seen(house: Path) -> None:
    rows = ("| word | means | class |", "|---|---|---|", "| one | it | `one.One` |", "| ghost | it | `two.One` |")
    text = "\n".join([*rows, "| none | it | |"])
    assert glossary(text) == [("one", ["one.One"]), ("ghost", ["two.One"]), ("none", [])]
    assert unknown_words(text, house) == {"two.One"}
