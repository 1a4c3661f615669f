"""docs/checks.md lists every code of the program, and no other, with its severity."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from briefing.findings import Severity
from tests.content.test_faults import FILES, TOLD_ELSEWHERE, expected
from tests.support.builds import ROOT

TEXT = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
ROWS = re.findall(r"(?m)^\| `([a-z-]+)` \| ([a-z, ]+) \| (.+) \| (.*)\|$", TEXT)
DOCUMENTED = {code: frozenset(severities.split(", ")) for code, severities, _, _ in ROWS}
MAKERS = {"error": Severity.ERROR, "warning": Severity.WARNING, "note": Severity.NOTE, "_fault": Severity.ERROR}


def said() -> Iterator[tuple[str, Severity]]:
    """The codes that the source gives to a finding where it makes one."""
    for path in sorted((ROOT / "briefing").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                function = node.func
                name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
                if name in MAKERS:
                    yield from ((code, MAKERS[name]) for code in _codes(node.args[0]))


def _codes(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value
    elif isinstance(argument, ast.IfExp):
        yield from _codes(argument.body)
        yield from _codes(argument.orelse)


def test_every_code_is_listed_once_and_explained() -> None:
    assert len(ROWS) > 140
    assert [code for code, count in Counter(code for code, *_ in ROWS).items() if count > 1] == []
    assert [code for code, _, says, _ in ROWS if not says.strip()] == []
    assert {word for words in DOCUMENTED.values() for word in words} <= set(Severity)


def test_no_row_of_the_tables_is_misread() -> None:
    assert len(re.findall(r"(?m)^\| `", TEXT)) == len(ROWS)


def test_every_code_of_the_source_is_listed() -> None:
    found = list(said())
    assert len(found) > 100
    assert sorted({code for code, _ in found} - DOCUMENTED.keys()) == []
    assert sorted((code, severity) for code, severity in found if severity not in DOCUMENTED[code]) == []


def test_every_code_that_is_tested_is_listed_and_every_code_that_is_listed_is_tested() -> None:
    faults = [expected(name) for name in FILES]
    assert sorted(({fault.code for fault in faults} | TOLD_ELSEWHERE) ^ DOCUMENTED.keys()) == []
    assert [fault.code for fault in faults if fault.severity not in DOCUMENTED[fault.code]] == []


def test_every_listed_code_stands_in_the_source() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "briefing").rglob("*.py"))
    stands = {
        code for code in DOCUMENTED if f'"{code}"' in source or f'"{code.replace("unused", "unknown")}"' in source
    }
    assert sorted(DOCUMENTED.keys() - stands) == []


def test_the_list_leads_to_its_tables() -> None:
    heads = {head.lower().replace(",", "").replace(" ", "-") for head in re.findall(r"(?m)^## (.+)$", TEXT)}
    assert set(re.findall(r"\]\(#([\w-]+)\)", TEXT)) == heads
