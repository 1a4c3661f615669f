"""A plan: numbered copies in packing order, parcels, sheets, grams and cost; the same bytes for the same list."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from briefing.cli.app import cli
from briefing.distribution.planning import plan_file
from briefing.distribution.records import DistributionPlan
from briefing.findings import Refused
from tests.support.builds import GOOD

HEAD = "id,name,office,street,postcode,city,region,country,copies,group,delivery\n"
ROWS = """1,Ada Example,Gazette,1 Invented Street,02139,Cambridge,MA,US,3,press,post
2,Ben Example,Gazette,1 Invented Street,02139,Cambridge,MA,US,4,press,post
3,Cy Example,,2 Invented Street,01001,Agawam,MA,US,1,press,post
4,Dee Example,,Erfundene Straße 5,01067,Dresden,,DE,2,press,courier
5,Eli Example,Committee,,,,,,11,member,internal
6,Flo Example,Committee,,,,,,1,member,internal
7,Gus Example,,,,,,,1,press,email
"""
SETTINGS = """recipients: list.csv
country: US
groups:
  members: {where: {group: member}, document: brief, use: office}
  press: {where: {group: press}, document: fact_sheet, use: office, after: members}
spares: {share: 10%, least: 1, most: 2}
overs: {share: 5%, least: 1}
print: {prices: {sheet: 0.01, side: 0.02, currency: EUR}, paper_gsm: 100}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "content.yaml").write_text(GOOD)
    (tmp_path / "distribution.yaml").write_text(SETTINGS)
    (tmp_path / "list.csv").write_text(HEAD + ROWS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["distribute", *arguments], catch_exceptions=False)


def planned(folder: Path) -> DistributionPlan:
    assert run("plan").exit_code == 0
    return plan_file.read_plan(folder / "distribution" / "plan.json", "plan.json")


def digest(folder: Path) -> str:
    return hashlib.sha256((folder / "distribution" / "plan.json").read_bytes()).hexdigest()


def test_copies_are_numbered_in_the_order_of_packing(folder: Path) -> None:
    brief, sheet = planned(folder).runs
    assert [(one.recipient, one.first, one.last, one.parcel) for one in sheet.allotments] == [
        ("3", 1, 1, 1),
        ("1", 2, 4, 2),
        ("2", 5, 8, 2),
        (None, 9, 9, 2),
        ("4", 10, 11, 3),
        ("7", 12, 12, 4),
    ]
    assert [(one.recipient, one.first, one.last) for one in brief.allotments] == [
        ("5", 1, 11),
        ("6", 12, 12),
        (None, 13, 14),
    ]
    assert sheet.total == 12


def test_numbers_sheets_and_grams_add_up_to_a_recount_of_the_list(folder: Path) -> None:
    for run_plan in planned(folder).runs:
        assert sum(one.copies + one.spares for one in run_plan.parcels) == run_plan.total
        assert [one.first for one in run_plan.parcels] == [1, *(one.last + 1 for one in run_plan.parcels[:-1])]
        assert run_plan.parcels[-1].last == run_plan.total
    brief, sheet = planned(folder).runs
    counted = subprocess.run(
        ["awk", "-F,", 'NR > 1 { n[$10] += $9 } END { print n["member"], n["press"] }', "list.csv"],
        cwd=folder, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert [str(brief.total - brief.spares), str(sheet.total - sheet.spares)] == counted
    assert (brief.overs, sheet.overs) == (1, 1)
    assert sheet.pages == 1
    assert sheet.sheets == 12 - 1 + 1  # the one by e-mail takes none
    assert sheet.grams == -(-12 * 2159 * 2794 * 100 // 10**8)
    assert {line.what: (line.count, str(line.amount)) for line in sheet.cost} == {
        "sheets": (12, "0.12"),
        "sides": (12, "0.24"),
    }


def test_a_plan_made_twice_has_the_same_bytes_and_nothing_else_is_written(folder: Path) -> None:
    planned(folder)
    once = digest(folder)
    before = {path.name for path in folder.iterdir()}
    rows = (folder / "list.csv").read_text().splitlines()
    planned(folder)
    assert digest(folder) == once
    assert {path.name for path in folder.iterdir()} == before == {"content.yaml", "distribution.yaml", "list.csv",
                                                                  "distribution"}  # fmt: skip
    assert {path.name for path in (folder / "distribution").iterdir()} == {"plan.json", ".gitignore"}
    assert rows == (folder / "list.csv").read_text().splitlines()


def test_the_plan_is_for_the_owners_eyes_and_names_nobody(folder: Path) -> None:
    planned(folder)
    kept = folder / "distribution" / "plan.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    text = kept.read_text()
    for row in csv.DictReader((HEAD + ROWS).splitlines()):
        assert not [row[name] for name in ("name", "office", "street", "city") if row[name] and row[name] in text]


def test_a_plan_that_was_changed_by_hand_is_refused(folder: Path) -> None:
    planned(folder)
    kept = folder / "distribution" / "plan.json"
    good = kept.read_text()
    for bad, code in (
        (good.replace('["3", 1, 1, 1]', '["4", 1, 1, 1]'), "plan-changed"),
        (good[:100], "plan-unsound"),
        (good.replace(f'"format": {plan_file.FORMAT}', '"format": 99'), "plan-other"),
    ):
        assert bad != good
        kept.write_text(bad)
        with pytest.raises(Refused) as refused:
            plan_file.read_plan(kept, "plan.json")
        assert [one.code for one in refused.value.findings] == [code]


def test_where_pages_were_counted_is_said(folder: Path) -> None:
    said = json.loads(run("plan", "--json").output.splitlines()[0])
    assert said["code"] == "pages-budget"
    manifest: dict[str, Any] = {
        "made_for": "office",
        "paper": "letter",
        "inputs": {"content": {"content.yaml": hashlib.sha256(GOOD.encode()).hexdigest()}},
        "files": {"policy-brief-office.pdf": {"pages": 3}, "fact-sheet-office.pdf": {"pages": 1}},
    }
    (folder / "build" / "office").mkdir(parents=True)
    (folder / "build" / "office" / "manifest.json").write_text(json.dumps(manifest))
    assert "pages-budget" not in run("plan", "--json").output
    brief, _ = planned(folder).runs
    assert (brief.pages, brief.parcels[0].sheets) == (3, 28)
    (folder / "content.yaml").write_text(GOOD + "\n")  # the build is of other content now
    assert "pages-budget" in run("plan", "--json").output


def test_prices_that_are_not_given_are_said_to_be_so(folder: Path) -> None:
    assert "0.36 EUR" in run("plan").output
    (folder / "distribution.yaml").write_text(SETTINGS.replace("print: {prices", "# {prices"))
    assert "not given" in run("plan").output


def test_check_tells_every_fault_and_writes_nothing(folder: Path) -> None:
    (folder / "list.csv").write_text(HEAD + ROWS.replace("02139", "2139"))
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    for command in ("check", "plan"):
        result = run(command, "--json")
        told = [json.loads(line) for line in result.output.splitlines()]
        assert result.exit_code == 1
        assert [(one["code"], one["line"], one["column"]) for one in told] == [
            ("postcode-wrong", 2, 5),
            ("postcode-wrong", 3, 5),
        ]
        assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_list_that_is_named_takes_the_place_of_the_others(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text(HEAD + ROWS.splitlines()[0] + "\n" + ROWS.splitlines()[4] + "\n")
    assert "2 recipients, 14 copies" in run("check", "other.csv").output


# ------------------------------------------------------------------ distribution.yaml


@pytest.mark.parametrize(
    ("change", "code", "line"),
    [
        (("country: US", "country: usa"), "country-malformed", 2),
        (("list.csv", "../list.csv"), "list-outside", 1),
        (("list.csv", "/etc/passwd"), "list-outside", 1),
        (("list.csv", "none.csv"), "file-missing", 0),
        (("after: members", "after: nobody"), "group-unknown", 5),
        (("after: members", "after: press"), "group-circle", 5),
        (("share: 10%", "share: 10"), "number-malformed", 6),
        (("least: 1, most: 2", "least: 3, most: 2"), "range-wrong", 6),
        (("where: {group: press}", "where: {grup: press}"), "choice-unknown", 5),
        (("use: office, after", "use: booklet, after"), "choice-unknown", 5),
        (("paper_gsm: 100", "paper_gsm: 1000"), "range-wrong", 8),
        (("spares:", "spare:"), "key-unknown", 6),
        (("country: US\n", ""), "key-missing", 1),
        (("list.csv", "list.csv: x"), "yaml-colon", 1),
    ],
)
def test_a_fault_of_distribution_yaml_is_told_at_its_line(
    change: tuple[str, str], code: str, line: int, folder: Path
) -> None:
    (folder / "distribution.yaml").write_text(SETTINGS.replace(*change))
    result = run("check", "--json")
    told = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 1
    assert [(one["code"], one["line"]) for one in told] == [(code, line)]
    assert told[0]["hint"]


def test_a_group_that_nobody_is_of_is_told(folder: Path) -> None:
    (folder / "list.csv").write_text(HEAD + "".join(line for line in ROWS.splitlines(True) if "member" not in line))
    (told, *_) = [json.loads(line) for line in run("check", "--json").output.splitlines()]
    assert (told["code"], told["file"], told["line"]) == ("group-empty", "distribution.yaml", 4)


# ------------------------------------------------------------------ init


def test_init_writes_what_can_be_planned_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "content.yaml").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    assert "distribution.yaml" in json.loads(run("init", "--json").stdout)["files"]
    result = run("check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "10 recipients" in result.output
    assert run("plan").exit_code == 0
    assert run("init").exit_code == 1
    assert stat.S_IMODE((tmp_path / "distribution" / "recipients.csv").stat().st_mode) == 0o600
    rows = csv.DictReader((tmp_path / "distribution" / "recipients.csv").read_text().splitlines())
    assert {row["note"] for row in rows} == {"invented"}


def test_git_sees_nothing_of_the_folder_of_a_distribution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not shutil.which("git"):
        pytest.fail("install git")
    (tmp_path / "content.yaml").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    run("init")
    subprocess.run(["git", "init", "-q"], check=True)
    listed = subprocess.run(["git", "status", "--porcelain", "-uall"], capture_output=True, text=True, check=True)
    assert "distribution/" not in listed.stdout
    assert "distribution.yaml" in listed.stdout


def test_the_schema_takes_the_file_that_init_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from briefing.content import yaml_reader

    (tmp_path / "content.yaml").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    run("init")
    schema: Mapping[str, Any] = json.loads((tmp_path / "distribution.schema.json").read_text())
    import yaml

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(yaml.safe_load((tmp_path / "distribution.yaml").read_text()), schema)
    tree = yaml_reader.parse((tmp_path / "distribution.yaml").read_bytes(), "distribution.yaml").tree
    assert isinstance(tree, dict)
    described = set(re.findall(r"(?m)^# ?(\w+):", (tmp_path / "distribution.yaml").read_text()))
    assert set(schema["properties"]) - set(tree) - described <= {"sheet"}


def test_a_private_folder_that_is_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    os.symlink(tmp_path / "elsewhere", folder / "distribution")
    result = run("plan", "--json")
    assert result.exit_code == 1
    assert json.loads(result.output.splitlines()[-1])["code"] == "folder-foreign"
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_copies_are_planned_on_the_paper_of_the_brand(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {one.paper for one in planned(folder).runs} == {"letter"}
    (folder / "house.yaml").write_text("brand: 1\npaper: a4\n")
    monkeypatch.setenv("BRIEFING_BRAND", str(folder / "house.yaml"))
    assert {one.paper for one in planned(folder).runs} == {"a4"}
    (folder / "brand.yaml").write_text("brand: 1\npaper: letter\n")
    assert {one.paper for one in planned(folder).runs} == {"letter"}
