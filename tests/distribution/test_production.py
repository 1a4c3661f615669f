"""Copies made: each number once, with its own words and code; whole or not at all, and the same when made again."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from briefing.distribution import codes
from briefing.distribution.register import whereabouts
from briefing.distribution.status_address import slug_of
from tests.support.builds import GOOD, alone, command, common_folder
from tests.support.typed import typed

PEOPLE = {  # by ref; tokens that stand nowhere else
    "1": ("Ada Zqxample", "Gazette", 3),
    "2": ("Łukasz Vwqçok", "Committee", 2),
    "3": ("Flo Kjwhanna", "", 1),
}
LIST = (
    "id,name,office,copies,delivery\n"
    "1,Ada Zqxample,Gazette,3,internal\n"
    "2,Łukasz Vwqçok,Committee,2,internal\n"
    "3,Flo Kjwhanna,,1,email\n"
)
SETTINGS = """recipients: list.csv
country: GB
groups: {all: {document: brief, use: office}}
spares: {share: 0%, least: 1, most: 1}
overs: {least: 1}
print: {part: 4}
"""
CONTENT = GOOD.replace("\nbrief:", "\nmark: {address: 'https://briefs.example.org'}\nbrief:", 1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which all copies were made."""
    return made_once(tmp_path_factory)


def made_once(factory: pytest.TempPathFactory) -> Path:
    """The same for all test processes, who may not change it."""
    folder = common_folder(factory, "copies-made")
    with alone(folder):
        if not (folder / "told.json").exists():
            write(folder)
            asked(folder, "plan", "--quiet")
            done = asked(folder, "make", "--json")
            assert done.returncode == 0, done.stderr
            (folder / "told.json").write_text(done.stdout.splitlines()[-1])
    return folder


@pytest.fixture(scope="module")
def said_first(made: Path) -> list[str]:
    """The words on page one of every copy, in the order of files."""
    return [page for data in files_of(made).values() for page in words_of(data)]


def write(folder: Path, content: str = CONTENT, rows: str = LIST, settings: str = SETTINGS) -> None:
    (folder / "content.yaml").write_text(content)
    (folder / "list.csv").write_text(rows)
    (folder / "distribution.yaml").write_text(settings)


def asked(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of the program in that folder, with a cache folder of its own."""
    return typed(folder, "distribute", *arguments)


def begun(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own."""
    told = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), **environment}
    told.pop("BRIEFING_NO_CACHE", None)
    return subprocess.run(
        command("distribute", *arguments), cwd=folder, env=told, capture_output=True, text=True, check=False
    )


def files_of(folder: Path) -> dict[str, bytes]:
    (runs,) = (folder / "distribution" / "runs").iterdir()
    return {file.name: file.read_bytes() for file in sorted(runs.glob("*.pdf"))}


def words_of(data: bytes) -> list[str]:
    """The words of every page."""
    with pypdfium2.PdfDocument(data) as pdf:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in pdf]


def codes_of(data: bytes) -> list[list[str]]:
    """What a telephone reads from a photocopy of a photocopy of every page."""
    with pypdfium2.PdfDocument(data) as pdf:
        pictures = (copied(copied(page.render(scale=200 / 72, grayscale=True).to_pil())) for page in pdf)
        return [[one.text for one in zxingcpp.read_barcodes(picture)] for picture in pictures]


def copied(picture: Image.Image) -> Image.Image:
    """What a copier in black and white makes of a sheet that lies a little askew, at 200 dots an inch."""
    turned = picture.filter(ImageFilter.GaussianBlur(0.7)).rotate(0.4, Image.Resampling.BICUBIC, fillcolor=255)
    return turned.point([0] * 128 + [255] * 128)


def test_every_number_is_made_once_for_the_right_person_with_a_code_that_is_ours(
    made: Path, said_first: list[str]
) -> None:
    told = json.loads((made / "told.json").read_text())
    total = told["total"]
    assert total == 6 + 2  # and a spare for each of two offices
    assert len(told["copies"]) == 1
    assert len(told["parts"]) == 2
    key = whereabouts.read_key(made / "distribution")
    assert key
    names, numbers = [], []
    scanned = [page for data in files_of(made).values() for page in codes_of(data)]
    for said, seen in zip(said_first, scanned, strict=True):
        number = re.search(rf"Copy (\d+) of {total}", said)
        shown = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}\b", said)
        assert number
        assert shown
        read = codes.decode(shown[0])
        assert isinstance(read, codes.Code)
        assert codes.is_ours(read, key)
        assert read.number == int(number[1])
        assert seen == [f"https://briefs.example.org/short-1/#{read.text}"]
        numbers.append(read.number)
        names.append(next((name for name, _, _ in PEOPLE.values() if name in said), "Spare" if "Spare" in said else ""))
    assert sorted(numbers) == list(range(1, total + 1))
    assert {name: names.count(name) for name in names} == {
        "Spare": 2,
        **{name: copies for name, _, copies in PEOPLE.values()},
    }


def test_who_has_which_copy_is_recorded_as_it_is_printed(made: Path, said_first: list[str]) -> None:
    for said in said_first:
        shown = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}\b", said)
        assert shown
        answer = asked(made, "verify", shown[0])
        assert answer.returncode == 0, answer.stderr
        assert ("a spare" in answer.stdout) == ("Spare" in said)
        for name, _, _ in PEOPLE.values() if "Spare" not in said else ():
            assert (name in answer.stdout) == (name in said)


def test_nothing_of_a_person_is_outside_the_private_folder(made: Path) -> None:
    tokens = [word.encode() for word in ("Zqxample", "Vwqçok", "Kjwhanna")]
    for file in (file for file in made.rglob("*") if file.is_file()):
        inside = file.is_relative_to(made / "distribution")
        if inside:
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
        elif file.name != "list.csv":
            assert not any(token in file.read_bytes() for token in tokens), file
        assert not any(token.decode() in str(file) for token in tokens)
    assert stat.S_IMODE((made / "distribution").stat().st_mode) == 0o700
    for name, data in files_of(made).items():
        with pikepdf.open(made / "distribution" / "runs" / next(iter(runs(made))) / name) as pdf:
            said = str(pdf.docinfo) + pdf.Root.Metadata.read_bytes().decode()
        assert not any(token.decode() in said for token in tokens), (name, len(data))


def runs(folder: Path) -> list[str]:
    return sorted(os.listdir(folder / "distribution" / "runs"))


def test_preflight_finds_nothing_wrong_with_the_marks_of_copies(made: Path) -> None:
    (run,) = run_folders(made)
    for name in sorted(file.name for file in run.glob("*.pdf")):
        done = typed(made, "preflight", "--use", "office", str(run / name))
        assert done.returncode == 0, done.stdout
        assert "Nothing." in done.stdout, done.stdout
        assert ("Numbered copies" in done.stdout) == name.startswith("part")


def test_a_run_that_was_stopped_goes_on_with_the_same_bytes_and_makes_no_second_run(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "again"
    shutil.copytree(made, folder)
    before = files_of(folder)
    lost = sorted(before)[0]
    (folder / "distribution" / "runs" / runs(folder)[0] / lost).unlink()
    done = begun(folder, "make", "--json", TZ="Asia/Kathmandu", PYTHONHASHSEED="7")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["kept"] == len(before) - 1
    assert files_of(folder) == before
    assert runs(folder) == runs(made)
    assert asked(folder, "audit").returncode == 0
    anew = asked(folder, "make", "--again", "--json")
    assert json.loads(anew.stdout.splitlines()[-1])["run"] != runs(made)[0]


@pytest.mark.parametrize(
    ("content", "rows", "code", "said"),
    [
        (GOOD, LIST, "mark-missing", "mark: {}"),
        (CONTENT, LIST.replace("Ada Zqxample", "Ada " + "Z" * 50), "mark-too-long", "row 2"),
        (CONTENT, LIST.replace("Zqxample", "Zqa\u0304\u0308"), "letter-missing", "row 2"),  # accents on each other
    ],
)
def test_what_cannot_be_made_is_refused_before_anything_is_written(
    content: str, rows: str, code: str, said: str, tmp_path: Path
) -> None:
    write(tmp_path, content, rows)
    asked(tmp_path, "plan", "--quiet")
    done = asked(tmp_path, "make")
    assert done.returncode == 1
    assert f"[{code}]" in done.stderr
    assert said in done.stderr
    assert "Z" * 20 not in done.stderr
    assert not list(tmp_path.rglob("part-*"))


def test_a_list_that_has_changed_since_the_plan_is_planned_anew_first(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(made, folder)
    (folder / "list.csv").write_text(LIST + "4,Eli Example,,1,internal\n")
    done = asked(folder, "make")
    assert done.returncode == 1
    assert "[plan-old]" in done.stderr
    assert "distribute plan" in done.stderr


def test_no_plan_is_told_in_words(tmp_path: Path) -> None:
    write(tmp_path)
    done = asked(tmp_path, "make")
    assert done.returncode == 1
    assert "distribute plan" in done.stderr


@pytest.mark.parametrize(("way", "pages", "shared"), [("split", 2, 1), ("overprint", 1, 4)])
def test_ways_of_printing(way: str, pages: int, shared: int, tmp_path: Path) -> None:
    changed = SETTINGS.replace("part: 4", f"part: 100, way: {way}").replace("office", "reading")
    prose = "".join(f"    - prose: {{text: '{'The town counted the rides again. ' * 45}'}}\n" for _ in range(5))
    content = CONTENT.replace("brief:\n  pages: 1\n  blocks:\n", f"brief:\n  pages: 3\n  blocks:\n{prose}", 1)
    write(tmp_path, content, settings=changed)
    asked(tmp_path, "plan", "--quiet")
    done = asked(tmp_path, "make", "--json")
    assert done.returncode == 0, done.stderr
    made = files_of(tmp_path)
    told = json.loads(done.stdout.splitlines()[-1])
    counts = {name: len(pypdfium2.PdfDocument(data)) for name, data in made.items() if not name.startswith("copy")}
    numbers = told["total"] - len(told["copies"])
    assert counts == {"part-0001.pdf": pages * numbers, "shared.pdf": shared}


TWO = """recipients: list.csv
country: GB
groups:
  press: {where: {group: press}, document: fact_sheet, use: office}
  all: {document: brief, use: office}
"""
TWO_LIST = "id,name,copies,delivery,group\n1,Ada Zqxample,2,internal,desk\n2,Flo Kjwhanna,1,internal,press\n"


def states(folder: Path) -> list[str]:
    """The states of the runs of a register; none where there is none."""
    told = asked(folder, "report", "--json").stdout
    return [run["state"] for run in json.loads(told)["runs"]] if told else []


def test_a_name_that_does_not_fit_in_one_run_keeps_all_runs_from_being_recorded(tmp_path: Path) -> None:
    name = "Maximiliana Bartholomaeus-Schwarzenberg"
    rows = TWO_LIST.replace("Flo Kjwhanna", name).replace("Ada Zqxample", name)
    write(tmp_path, rows=rows, settings=TWO.replace("fact_sheet, use: office", "fact_sheet, use: press"))
    asked(tmp_path, "plan", "--quiet")
    done = asked(tmp_path, "make", "--draft")
    assert "list.csv:3: error: row 3: a line of the mark of copy 1 is 13 mm too long [mark-too-long]" in done.stderr
    assert "list.csv:2: warning: row 2: a line of the mark is set smaller than it should be, in 5.6 pt" in done.stderr
    assert "[mark-small]" in done.stderr
    assert states(tmp_path) == []
    assert not list(tmp_path.rglob("part-*"))


def test_pages_that_are_not_as_many_as_planned_are_told_before_anything_is_recorded(tmp_path: Path) -> None:
    write(tmp_path, settings=SETTINGS.replace("office", "large-print") + "", rows=LIST)
    asked(tmp_path, "plan", "--quiet")
    done = asked(tmp_path, "make")
    assert done.returncode == 1
    assert "[plan-old]" in done.stderr
    assert "build --use large-print" in done.stderr
    assert states(tmp_path) == []
    built = subprocess.run(command("build", "--use", "large-print", "--quiet"), cwd=tmp_path, check=False)
    assert built.returncode == 0
    asked(tmp_path, "plan", "--quiet")
    assert asked(tmp_path, "make").returncode == 0
    assert len(states(tmp_path)) == 1


@pytest.mark.parametrize(
    ("old", "new", "file"),
    [
        ("part: 4", "part: 3", "distribution.yaml"),
        ("part: 4", "part: 4, way: overprint", "distribution.yaml"),
        ("briefs.example.org", "other.example.org", "content.yaml"),
    ],
)
def test_what_makes_other_files_makes_another_run(old: str, new: str, file: str, made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(made, folder)
    before = {run: {one.name: one.read_bytes() for one in run.glob("*.pdf")} for run in run_folders(folder)}
    (folder / file).write_text((folder / file).read_text().replace(old, new, 1))
    refused = asked(folder, "make")
    assert "[plan-old]" in refused.stderr
    assert asked(folder, "pack").returncode == 1  # by the same measure
    asked(folder, "plan", "--quiet")
    assert asked(folder, "make").returncode == 0
    assert len(runs(folder)) == 2
    assert {run: {one.name: one.read_bytes() for one in run.glob("*.pdf")} for run in before} == before
    assert asked(folder, "audit").returncode == 0


def run_folders(folder: Path) -> list[Path]:
    return sorted((folder / "distribution" / "runs").iterdir())


def test_one_sided_copies_have_no_blank_backs(tmp_path: Path) -> None:
    prose = "".join(f"    - prose: {{text: '{'The town counted the rides again. ' * 45}'}}\n" for _ in range(5))
    content = CONTENT.replace("brief:\n  pages: 1\n  blocks:\n", f"brief:\n  pages: 3\n  blocks:\n{prose}", 1)
    settings = SETTINGS.replace("part: 4", "part: 100, sides: one-sided").replace("office", "reading")
    write(tmp_path, content, settings=settings)
    asked(tmp_path, "plan", "--quiet")
    assert asked(tmp_path, "make").returncode == 0
    with pikepdf.open(run_folders(tmp_path)[0] / "part-0001.pdf") as pdf:
        assert len(pdf.pages) == 3 * 7
        assert pdf.Root.ViewerPreferences.Duplex == "/Simplex"


def test_a_register_elsewhere_has_its_files_beside_it_and_its_folder_is_left_as_it_is(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    folder = tmp_path / "office"
    folder.mkdir()
    write(folder)
    asked(folder, "plan", "--quiet")
    done = asked(folder, "make", "--register", "../shared/register.sqlite")
    assert done.returncode == 0, done.stderr
    assert "shared/runs/" in done.stdout
    assert stat.S_IMODE(shared.stat().st_mode) == 0o755
    assert stat.S_IMODE((shared / "runs").stat().st_mode) == 0o700
    assert (shared / "runs" / ".gitignore").exists()


def test_titles_in_other_letters_have_addresses_of_their_own() -> None:
    assert slug_of("Darién counter-smuggling") == "darien-counter-smuggling"
    slugs = [slug_of(title) for title in ("Велосипеды", "Больницы", "自転車", "Bikes", "Łódź bikes")]
    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch("[a-z0-9-]+", slug) for slug in slugs)


def test_an_address_in_other_letters_is_refused_with_how_to_write_it(tmp_path: Path) -> None:
    write(tmp_path, CONTENT.replace("briefs.example.org", "пример.рф"))
    done = asked(tmp_path, "plan")
    assert done.returncode == 1
    assert "[link-malformed]" in done.stderr
    assert "xn--" in done.stderr
