"""What a print shop is sent for a run: every copy once, a table that says what is on the pages, counts that add up."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import stat
from pathlib import Path

import pytest

from briefing.content import yaml_reader
from briefing.content.records import PaperName
from briefing.design.paper import PAPERS
from briefing.documents.manuscript import manuscript_of
from briefing.layout.single_page import make
from briefing.pdf.file_summary import FileSummary
from briefing.products.printshop import condition
from briefing.products.printshop.numbered_ticket import Assembly, NumberedJob, numbered_ticket
from tests.distribution.test_production import CONTENT, LIST, SETTINGS, asked, run_folders, words_of, write
from tests.support.builds import GOOD, TEMPLATES

PROSE = "".join(f"    - prose: {{text: '{'The town counted the rides again. ' * 45}'}}\n" for _ in range(5))
LETTER = (0.0, 0.0, 612.0, 792.0)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is written for a press, of three pages whose first sheet is printed apart."""
    folder = tmp_path_factory.mktemp("shop")
    content = CONTENT.replace("brief:\n  pages: 1\n  blocks:\n", f"brief:\n  pages: 3\n  blocks:\n{PROSE}", 1)
    rows = LIST.replace("Ada Zqxample", "=HYPERLINK(Ada Zqxample)")
    write(folder, content, rows, SETTINGS.replace("part: 4", "part: 4, way: split").replace("office", "press"))
    asked(folder, "plan", "--quiet")
    done = asked(folder, "make", "--json", "--draft")
    assert done.returncode == 0, done.stderr
    (run,) = run_folders(folder)
    told = json.loads(done.stdout.splitlines()[-1])
    assert set(told["shop"]) == {f"print-shop/{file.name}" for file in (run / "print-shop").iterdir()}
    return run / "print-shop"


def test_a_print_shop_gets_every_copy_once_and_a_table_of_what_is_on_it(shop: Path) -> None:
    said = words_of((shop / "variable.pdf").read_bytes())
    assert len(said) == 2 * 7
    text = (shop / "records.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["number"] for row in rows] == [str(number) for number in range(1, 8)]
    for row in rows:
        page = said[int(row["page"]) - 1]
        assert row["copy"] in page
        assert row["code"] in page
        assert row["name"].lstrip("'") in page
        assert row["qr"].endswith(row["code"].replace("-", ""))
    assert "for =HYPERLINK(Ada Zqxample)" in text
    assert "Kjwhanna" not in text, "she gets a file"
    assert len(words_of((shop / "static.pdf").read_bytes())) == 1


def test_samples_and_ticket_tell_how_the_copies_are_made(shop: Path) -> None:
    samples = {file.name for file in shop.glob("sample-*.pdf")}
    assert samples == {"sample-first.pdf", "sample-longest.pdf", "sample-last.pdf"}
    for name in samples:
        assert words_of((shop / name).read_bytes()) == [""] * 4, "pictures, of a copy with all its pages"
    ticket = " ".join((shop / "job-ticket.txt").read_text().split())
    assert (
        "7 copies: 5 for recipients and 2 spare. With 1 overs, 8 sets of static.pdf. 1 more is sent as a file."
        in ticket
    )
    assert "8: 7 for the copies, 1 overs" in ticket
    assert "14: 2 for each copy" in ticket
    assert len(words_of((shop / "job-ticket.pdf").read_bytes())) == 1
    approved = re.search(r"Copies 1, (\d+) and 7\b", ticket)
    assert approved
    rows = csv.DictReader((shop / "records.csv").read_text(encoding="utf-8-sig").splitlines())
    names = {row["number"]: row["name"] for row in rows}
    assert names[approved[1]] == max(names.values(), key=len)
    sums = {line[66:]: line[:64] for line in (shop / "SHA256SUMS").read_text().splitlines()}
    for file in shop.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.name == "SHA256SUMS" or sums[file.name] == hashlib.sha256(file.read_bytes()).hexdigest()


def job(assembly: Assembly, **more: object) -> NumberedJob:
    usual: dict[str, object] = {
        "both_sides": True,
        "pages": 4,
        "numbered": {"whole": 4, "split": 2, "overprint": 1}[assembly],
        "each": {"whole": 4, "split": 2, "overprint": 1}[assembly],
        "first": 1,
        "last": 300,
        "spares": 15,
        "overs": 6,
        "as_files": 0,
        "samples": (1, 123, 300),
        "variable": "variable.pdf",
        "static": "" if assembly is Assembly.WHOLE else "static.pdf",
    }
    return NumberedJob(assembly, **{**usual, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "together"),
    [
        (job(Assembly.WHOLE), "Pages 1–4 of variable.pdf are the first copy, pages 5–8 the second"),
        (job(Assembly.WHOLE, pages=3, numbered=3), "pages 5–8 the second"),
        (job(Assembly.WHOLE, pages=1, numbered=1, each=1), "Each page of variable.pdf is one copy"),
        (job(Assembly.SPLIT), r"Pages 1–2 of variable.pdf with one set of static.pdf .* Staple"),
        (
            job(Assembly.SPLIT, both_sides=False, numbered=1, each=1),
            "Page 1 of variable.pdf with one set of static.pdf",
        ),
        (job(Assembly.SPLIT, pages=2, static=""), "Pages 1–2 of variable.pdf are the first copy"),
        (job(Assembly.OVERPRINT), "page 2 onto page 1 of the next, .* folded once"),
    ],
)
def test_every_way_of_printing_is_told_on_one_page(wanted: NumberedJob, together: str) -> None:
    manuscript = manuscript_of(yaml_reader.parse(GOOD.encode(), "content.yaml"), TEMPLATES)
    house = condition.printing_condition_of(TEMPLATES)
    known = FileSummary(wanted.pages, LETTER, LETTER, 3, 3)
    ticket = numbered_ticket(wanted, known, manuscript, PAPERS[PaperName.LETTER], house)
    said = " ".join(ticket.text().split())
    assert re.search(together, said)
    assert "{" not in said
    assert "300 copies: 285 for recipients and 15 spare." in said
    if wanted.assembly is Assembly.OVERPRINT:
        assert make((ticket.single_page(TEMPLATES),)).pages == 1
