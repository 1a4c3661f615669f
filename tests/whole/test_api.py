"""What other programs may call: the names of `briefing`, as docs/api.md tells them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import briefing
from briefing.content import scaffold
from tests.support.builds import GOOD, LATER, OTHER, ROOT, TEMPLATES

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def test_the_guide_tells_of_every_public_name_and_of_no_other() -> None:
    told = set(re.findall(r"(?m)^\| `(\w+)", PAGE)) | set(re.findall(r"`([A-Z]\w+)` (?:is raised )?where", PAGE))
    assert told == set(briefing.__all__) - {"__version__"}
    for name in briefing.__all__:
        assert getattr(briefing, name) is not None
    with pytest.raises(AttributeError):
        _ = briefing.no_such_name


def test_the_guide_lists_the_fields_of_every_record() -> None:
    for name, row in re.findall(r"(?m)^\| `([A-Z]\w+)` \| (.*) \|$", PAGE):
        record = getattr(briefing, name)
        if name != "Severity":
            public = {field for field in dir(record) if field[0] != "_"} | set(record.__dataclass_fields__)
            assert public <= set(re.findall(r"`(\w+)`", row)), name


def test_the_package_alone_loads_nothing_but_where_it_is() -> None:
    code = "import sys; before = set(sys.modules); import briefing; print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"briefing", "briefing.program", "types"}


@pytest.mark.slow
def test_the_example_of_the_guide_makes_a_file_and_judges_it(tmp_path: Path) -> None:
    [example] = re.findall(r"(?s)```python\n(.*?)```", PAGE)
    assert len(example.strip().splitlines()) <= 10
    scaffold.write(tmp_path / "my-briefing", "my-briefing", TEMPLATES)
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{example}"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "ready to print"
    assert (tmp_path / "my-briefing" / "build" / "office" / "policy-brief-office.pdf").exists()


def test_content_with_a_fault_is_refused_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bad.yaml").write_text(GOOD.replace("[census]", "[consus]"))
    monkeypatch.chdir(tmp_path)
    result = briefing.check("bad.yaml", today=LATER)
    assert result.refused
    assert result.documents == ()
    [fault] = [one for one in result.findings if one.severity is briefing.Severity.ERROR]
    assert (fault.code, str(fault.place).split(":")[:2]) == ("citation-unknown", ["bad.yaml", "5"])
    assert [file.name for file in tmp_path.iterdir()] == ["bad.yaml"]


def test_what_there_is_not_is_a_wrong_value(tmp_path: Path) -> None:
    for wrong in ({"use": "none"}, {"paper": "a9"}, {"documents": ("none",)}):
        with pytest.raises(ValueError, match=r"no such document|is not a valid"):
            briefing.build(OTHER, out=tmp_path, **wrong)
    with pytest.raises(briefing.Refused):
        briefing.preflight(tmp_path / "none.pdf")
