"""Labels, letters, slips and lists, read back from their pages: all in its place, and numbers that add up."""

from __future__ import annotations

import csv
import datetime
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner, Result

from briefing.cli.app import cli
from briefing.content.records import PaperName
from briefing.design.paper import PAPERS
from briefing.distribution import order
from briefing.distribution.planning import plan_file
from briefing.distribution.records import Delivery, Parcel, RunPlan
from briefing.distribution.register import plans, whereabouts
from briefing.distribution.register.plans import DocumentFacts, EditionFacts
from briefing.distribution.register.register import open_register
from briefing.distribution.sheets.envelopes import SIZES
from briefing.distribution.sheets.stocks import EDGE, STOCKS, find_stock
from briefing.distribution.sheets.windows import WINDOWS
from tests.support.builds import GOOD
from tests.support.examples import times

MM = 25.4 / 72
HEAD = ("id", "name", "office", "attention", "street", "street2", "postcode", "city", "country", "copies", "delivery")
NAMES = ("Đặng Thị Mẫu", "Prof. Øyvind Eksempel", "Çiğdem Örnek", "Hon. Łukasz Beispiel-Lachapelle")
SETTINGS = """recipients: list.csv
country: US
groups: {all: {document: brief, use: office}}
spares: {share: 5%, least: 1, most: 10}
letter: {window: us-10, text: "Enclosed are {copies} copies of “{title}”."}
labels: "5160"
"""
FILES = {"labels.pdf", "letters.pdf", "slips.pdf", "packing-lists.pdf", "picking-list.pdf"}
Row = dict[str, object]
Box = tuple[float, float, float, float]


def row(number: int, **more: object) -> Row:
    usual: Row = {
        "id": number,
        "name": NAMES[number % len(NAMES)],
        "office": "Example Institute of Public Administration" if number % 2 else "",
        "attention": "Library" if number % 5 == 0 else "",
        "street": f"{number} Invented Street",
        "street2": "Suite 200" if number % 3 == 0 else "",
        "postcode": "02139",
        "city": "Cambridge",
        "country": "US",
        "copies": number % 4 + 1,
        "delivery": "post",
    }
    return usual | more


NOWHERE: Row = {"street": "", "street2": "", "city": "", "postcode": ""}
ROWS = [
    *(row(number) for number in range(1, 41)),
    *(row(number, postcode="01067", city="Dresden", country="DE") for number in range(41, 61)),
    row(61, street="3 Invented Avenue", street2="", office="Example Institute", copies=5),
    row(62, street="3 Invented Avenue", street2="", office="Example Institute", copies=12),
    row(63, **NOWHERE, office="Committee", delivery="internal"),
    row(64, **NOWHERE, office="", delivery="email"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "content.yaml").write_text(GOOD)
    (tmp_path / "distribution.yaml").write_text(SETTINGS)
    write_list(tmp_path, ROWS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_list(folder: Path, rows: list[Row]) -> None:
    with (folder / "list.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, HEAD)
        writer.writeheader()
        writer.writerows(rows)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["distribute", *arguments], catch_exceptions=False)


def packed(folder: Path, *arguments: str) -> Path:
    """The folder of the sheets of the only run."""
    for command in (("plan",), ("pack", *arguments)):
        result = run(*command)
        assert result.exit_code == 0, result.output
    (made,) = (one for one in (folder / "distribution" / "runs" / "unrecorded").iterdir() if one.is_dir())
    return made


def kept_run(folder: Path) -> RunPlan:
    return plan_file.read_plan(folder / "distribution" / "plan.json", "").runs[0]


def on_paper(run: RunPlan) -> list[Parcel]:
    return [one for one in run.parcels if one.delivery is not Delivery.EMAIL]


def span(parcel: Parcel) -> str:
    return f"{parcel.first}–{parcel.last}" if parcel.last > parcel.first else str(parcel.first)


def texts(file: Path) -> list[str]:
    with pypdfium2.PdfDocument(file.read_bytes()) as pdf:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pdf]


def lines(file: Path) -> Iterator[tuple[int, Box]]:
    """The page of every line, and the box of its letters in millimetres from the upper left corner."""
    with pypdfium2.PdfDocument(file.read_bytes()) as pdf:
        for number, page in enumerate(pdf):
            height = page.get_height()
            for line in page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
                left, bottom, right, top = line.get_bounds()
                yield number, (left * MM, (height - top) * MM, right * MM, (height - bottom) * MM)


def lies_in(box: Box, outer: Box) -> bool:
    return outer[0] <= box[0] and outer[1] <= box[1] and box[2] <= outer[2] and box[3] <= outer[3]


# ------------------------------------------------------------------ labels


@pytest.mark.parametrize("stock", STOCKS)
def test_all_letters_stand_on_their_labels_and_begin_after_those_that_are_gone(stock: str, folder: Path) -> None:
    file, found = packed(folder, "--labels", stock, "--skip", "7") / "labels.pdf", STOCKS[stock]
    places = [found.place(number) for number in range(found.a_sheet)]
    white = [
        (at.left + EDGE, at.top + EDGE, at.left + found.width - EDGE, at.top + found.height - EDGE) for at in places
    ]
    used = set()
    for page, box in lines(file):
        on = [number for number, label in enumerate(white) if lies_in(box, label)]
        assert len(on) == 1, (page, box)
        used.add(page * found.a_sheet + on[0])
    assert used == set(range(7, 7 + len(on_paper(kept_run(folder)))))
    with pikepdf.open(file) as pdf:
        paper, sheet = PAPERS[found.paper], [float(edge) * MM for edge in pdf.pages[0].mediabox]
        assert sheet == pytest.approx([0, 0, paper.width_mm, paper.height_mm], abs=0.01)
        assert pdf.Root.ViewerPreferences.PrintScaling == "/None"
        assert pdf.check_pdf_syntax() == []
    said = "\n".join(texts(file))
    assert "Đặng Thị Mẫu" in said
    assert "GERMANY" in said


def test_labels_lie_on_their_sheets_and_go_by_other_numbers_too() -> None:
    for stock in STOCKS.values():
        assert not any(stock.beyond)
        assert stock.width <= stock.right_by
        assert stock.height <= stock.down_by + 0.001
    found = find_stock("Avery 8163")
    assert found is not None
    assert (found.across, found.down, found.name) == (2, 5, "8163")
    assert find_stock("5199") is None


def test_a_printer_is_made_good_for_from_the_upper_left_corner(folder: Path) -> None:
    _, first = next(lines(packed(folder) / "labels.pdf"))
    _, moved = next(lines(packed(folder, "--shift", "2,-1.5", "--scale", "1.01") / "labels.pdf"))
    assert moved[0] == pytest.approx(first[0] * 1.01 + 2, abs=0.05)
    assert moved[1] == pytest.approx(first[1] * 1.01 - 1.5, abs=0.05)


def test_what_makes_good_for_a_printer_is_kept_and_gives_way_to_what_is_typed(folder: Path) -> None:
    _, first = next(lines(packed(folder) / "labels.pdf"))
    kept = SETTINGS.replace('labels: "5160"', "labels: {stock: 5160, shift: [2, -1.5], scale: 1.01}")
    (folder / "distribution.yaml").write_text(kept)
    _, moved = next(lines(packed(folder) / "labels.pdf"))
    assert moved[:2] == pytest.approx((first[0] * 1.01 + 2, first[1] * 1.01 - 1.5), abs=0.05)
    _, typed = next(lines(packed(folder, "--shift", "0,0") / "labels.pdf"))
    assert typed[:2] == pytest.approx((first[0] * 1.01, first[1] * 1.01), abs=0.05)
    run("calibrate")
    assert "--shift 2,-1.5 --scale 1.01" in texts(folder / "distribution" / "calibration.pdf")[0]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("5160", "9999", "label-stock"),
        ("[2, -1.5]", "[2, -150]", "range-wrong"),
        ("shift", "shfit", "key-unknown"),
        ("1.01", "wide", "number-malformed"),
    ],
)
def test_slips_in_what_is_kept_for_labels_are_told_at_their_line(old: str, new: str, code: str, folder: Path) -> None:
    kept = SETTINGS.replace('labels: "5160"', "labels: {stock: 5160, shift: [2, -1.5], scale: 1.01}")
    (folder / "distribution.yaml").write_text(kept.replace(old, new))
    result = run("check")
    assert f"[{code}]" in result.output, result.output
    assert "distribution.yaml:6" in result.output


def test_an_own_sheet_of_labels_is_told_by_seven_numbers(folder: Path) -> None:
    own = "label_sheet: {across: 2, down: 8, width: 99, height: 33.8, left: 4.6, top: 13, gap: 2.5, paper: a4}\n"
    (folder / "distribution.yaml").write_text(SETTINGS + own)
    boxes = [box for page, box in lines(packed(folder) / "labels.pdf") if page == 0]
    assert min(left for left, *_ in boxes) >= 4.6 + EDGE
    assert min(top for _, top, *_ in boxes) >= 13 + EDGE
    assert max(right for *_, right, _ in boxes) <= 4.6 + 2 * 99 + 2.5 - EDGE
    (folder / "distribution.yaml").write_text(SETTINGS + own.replace("across: 2", "across: 3"))
    result = run("pack")
    assert result.exit_code == 1
    assert "distribution.yaml:7" in result.output
    assert "[label-sheet]" in result.output


def test_stocks_that_nobody_knows_and_labels_that_cannot_be_gone_are_told(folder: Path) -> None:
    run("plan")
    result = run("pack", "--labels", "5136")
    assert result.exit_code == 1
    assert "[label-stock]" in result.output
    assert 'Did you mean "5163"?' in result.output
    assert "[label-skip]" in run("pack", "--skip", "30").output
    assert not (folder / "distribution" / "runs").exists()
    (folder / "distribution.yaml").write_text(SETTINGS.replace("5160", "9999"))
    result = run("check")
    assert "distribution.yaml:6" in result.output
    assert "[label-stock]" in result.output


def test_a_name_that_is_too_long_for_a_label_is_told_with_its_row_and_what_it_lacks(folder: Path) -> None:
    write_list(folder, [*ROWS[:3], row(4, name="W" * 60, street="9 Secret Lane")])
    run("plan")
    result = run("pack")
    assert result.exit_code == 1
    said = r"list\.csv:5: error: there is no room on a label: line 1 lacks \d+\.\d mm \[address-long\]"
    assert re.search(said, result.output)
    assert "WWW" not in result.output
    assert "Secret" not in result.output
    assert not list((folder / "distribution" / "runs").glob("**/labels.pdf"))


def test_the_calibration_sheet_has_the_frames_of_the_labels(folder: Path) -> None:
    result = run("calibrate", "L7160", "--shift", "0.5,-1")
    assert result.exit_code == 0, result.output
    file = folder / "distribution" / "calibration.pdf"
    assert "Printed with --shift 0.5,-1 --scale 1" in texts(file)[0]
    with pypdfium2.PdfDocument(file.read_bytes()) as pdf:
        assert pdf[0].get_height() * MM == pytest.approx(297, abs=0.01)
    (folder / "distribution.yaml").write_text(SETTINGS.replace('labels: "5160"\n', ""))
    assert '"code": "label-stock"' in run("calibrate", "--json").output


# ------------------------------------------------------------------ letters


@pytest.mark.parametrize("paper", PaperName)
@pytest.mark.parametrize("window", WINDOWS)
def test_an_address_is_seen_with_the_letter_in_every_corner_of_its_envelope(
    window: str, paper: PaperName, folder: Path
) -> None:
    asked = SETTINGS.replace("us-10", window).replace("use: office", f"use: office, paper: {paper.value}")
    (folder / "distribution.yaml").write_text(asked)
    file, area = packed(folder) / "letters.pdf", WINDOWS[window].address(PAPERS[paper])
    corners = WINDOWS[window].corners(PAPERS[paper])
    assert len(set(corners)) == 4
    seen = set()
    for page, box in lines(file):
        if area.top <= box[1] <= area.bottom and box[0] < area.right:
            seen.add(page)
            for corner in corners:
                assert lies_in(box, (corner.left, corner.top, corner.right, corner.bottom))
    parcels, said = on_paper(kept_run(folder)), texts(file)
    assert seen == set(range(len(parcels))), "one page each"
    for parcel, text in zip(parcels, said, strict=True):
        count = parcel.copies + parcel.spares
        assert ("Enclosed is one copy of" if count == 1 else f"Enclosed are {count} copies of") in text
        assert span(parcel) in text
        assert "{" not in text


def test_as_much_is_seen_of_a_letter_in_a_window_of_number_10_as_was_reckoned() -> None:
    area = WINDOWS["us-10"].address(PAPERS[PaperName.LETTER])
    assert (area.left, area.top, area.width, area.height) == pytest.approx((25.4, 66.675, 82.55, 19.05))


def test_a_text_of_many_lines_is_refused_where_the_letter_would_take_a_second_page(folder: Path) -> None:
    (folder / "distribution.yaml").write_text(SETTINGS.replace("Enclosed", "Many words. " * 800 + "Enclosed"))
    run("plan")
    result = run("pack")
    assert result.exit_code == 1
    assert re.search(r"distribution\.yaml:5:\d+: error: there is no room on a letter: its text lacks", result.output)
    assert result.output.count("[address-long]") == 1, "it is the text of all"


# ------------------------------------------------------------------ envelopes


@pytest.mark.parametrize("size", SIZES)
def test_envelopes_have_sender_and_address_where_the_post_looks_for_them(size: str, folder: Path) -> None:
    sender = "sender: [Example Institute of Invented Affairs, 1 Invented Street, Dover DE 19901]"
    (folder / "distribution.yaml").write_text(f"{SETTINGS}envelopes: {size}\n{sender}\n")
    many = row(9, name="N" * 30, attention="Office of Very Long Words", street2="House B", city="Dresden", country="DE")
    write_list(folder, [*ROWS[:4], many, ROWS[-1]])
    file, envelope = packed(folder) / "envelopes.pdf", SIZES[size]
    with pikepdf.open(file) as pdf:
        sheet = [float(edge) * MM for edge in pdf.pages[0].mediabox]
        assert sheet == pytest.approx([0, 0, envelope.width, envelope.height], abs=0.01)
    said, parcels = texts(file), on_paper(kept_run(folder))
    assert len(said) == len(parcels) == 5
    assert all(text.startswith("Example Institute of Invented Affairs") for text in said)
    assert [("UNITED STATES" in text, "GERMANY" in text) for text in said].count((True, True)) == 1
    stamps = (envelope.width - 74, 0.0, envelope.width, 40.0)
    sorting = (envelope.width - 140, envelope.height - 15.9, envelope.width, envelope.height)
    for page, box in lines(file):
        assert lies_in(box, (9.9, 9.9, envelope.width - 15, envelope.height - 9.9)), (page, box)
        assert not any(
            box[0] < area[2] and box[2] > area[0] and box[1] < area[3] and box[3] > area[1]
            for area in (stamps, sorting)
        )
        if box[2] > envelope.width - 140 and box[0] > envelope.width * 0.45:
            assert box[0] >= envelope.width - 140


def test_a_sender_too_long_for_an_envelope_is_told_where_it_stands(folder: Path) -> None:
    (folder / "distribution.yaml").write_text(f"{SETTINGS}envelopes: dl\nsender: [{'W' * 80}]\n")
    run("plan")
    result = run("pack")
    assert result.exit_code == 1
    assert "distribution.yaml:8:9: error: there is no room for the sender on an envelope: line 1 lacks" in result.output
    assert "[address-long]" in result.output


# ------------------------------------------------------------------ slips and lists


def test_the_packing_lists_add_up_to_the_run_and_every_number_lies_in_one_parcel(folder: Path) -> None:
    made, plan = packed(folder), kept_run(folder)
    numbers, parcels = list[int](), on_paper(plan)
    for parcel, text in zip(parcels, texts(made / "packing-lists.pdf"), strict=True):
        assert f"Parcel {parcel.number}" in text
        table = text.partition("Recipient")[2]
        *rows, total = re.findall(r"^(.*?) (\d+)(?:–(\d+))? (\d+)$", table, re.MULTILINE)
        mine = [n for _, first, last, _ in rows for n in range(int(first), int(last or first) + 1)]
        assert total[0] == "Total"
        assert sum(int(count) for *_, count in rows) == len(mine) == int(total[3])
        numbers += mine
    sent = [n for one in plan.parcels if one not in parcels for n in range(one.first, one.last + 1)]
    assert sorted(numbers + sent) == list(range(1, plan.total + 1))
    picking = "\n".join(texts(made / "picking-list.pdf"))
    assert f"= {plan.total}" in picking
    assert f"{NAMES[63 % len(NAMES)]}, Committee" in picking  # whole, where no town stands beside it
    for way in ("Post", "Internal mail", "E-mail, as a file"):
        assert way in picking
    assert all(re.search(rf"^{one.number} .*{span(one)}", picking, re.MULTILINE) for one in plan.parcels)


def test_a_slip_tells_the_parcel_and_the_numbers_that_lie_below_it(folder: Path) -> None:
    said = texts(packed(folder) / "slips.pdf")
    for parcel, text in zip(on_paper(kept_run(folder)), said, strict=True):
        said_lines = text.split("\n")
        assert any(re.match(rf"{parcel.number}( of|$)", line) for line in said_lines)
        assert span(parcel) in said_lines


def test_people_who_share_an_address_are_named_by_their_office_and_one_by_one_in_their_packing_list(
    folder: Path,
) -> None:
    made = packed(folder, "--labels", "5163")
    label = "Example Institute\n3 Invented Avenue\nCambridge"
    assert label in "\n".join(texts(made / "labels.pdf"))
    (shared,) = (text for text in texts(made / "packing-lists.pdf") if "3 Invented Avenue" in text)
    assert f"{NAMES[61 % 4]}, Example Institute" in shared
    assert f"{NAMES[62 % 4]}, Example Institute" in shared
    assert "Spare copies" in shared


def test_sheets_are_for_their_owner_alone_and_the_same_every_time_and_say_no_name_of_themselves(folder: Path) -> None:
    made = packed(folder)
    before = {file.name: file.read_bytes() for file in made.glob("*.pdf")}
    assert set(before) == FILES
    for file in made.glob("*.pdf"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        with pikepdf.open(file) as pdf:
            assert "brief, office, letter" in str(pdf.docinfo.Title)
            assert list(pdf.docinfo) == ["/Title"]
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    packed(folder)
    assert before == {file.name: file.read_bytes() for file in made.glob("*.pdf")}


def test_sheets_say_the_letters_of_a_run_once_they_are_recorded_and_go_with_it(folder: Path) -> None:
    before = packed(folder)
    plan = plan_file.read_plan(folder / "distribution" / "plan.json", "")
    edition = EditionFacts("short", 1, "en", "Short", datetime.date(2024, 6, 12), "0" * 64)
    register = open_register(
        whereabouts.find(None, folder), "Ada", lambda: datetime.datetime(2024, 6, 12, tzinfo=datetime.UTC), make=True
    )
    people = order.read_inputs(folder / "content.yaml", "content.yaml").people.recipients
    facts = DocumentFacts("brief", "office", "letter", 1, "1" * 64, 1)
    (recorded,) = plans.record_plan(register, edition, plan, [facts], people)
    register.close()
    assert run("pack").exit_code == 0
    assert not before.exists()
    made = folder / "distribution" / "runs" / recorded.letters
    assert {file.name for file in made.glob("*.pdf")} == FILES
    assert all(f"Run {recorded.letters}" in text for text in texts(made / "slips.pdf"))
    before.mkdir()
    assert run("purge", "--keep-days", "1").exit_code == 0
    assert not made.exists()
    assert not before.parent.exists()


def test_a_list_that_has_changed_since_the_plan_is_refused(folder: Path) -> None:
    run("plan")
    write_list(folder, ROWS[:-1])
    result = run("pack")
    assert result.exit_code == 1
    assert "[plan-old]" in result.output


def test_a_title_in_letters_that_the_font_has_not_is_told(folder: Path) -> None:
    (folder / "content.yaml").write_text(GOOD.replace("short_title: Short", "short_title: 短い"))
    write_list(folder, [ROWS[-1]])
    run("plan")
    result = run("pack")
    assert result.exit_code == 1
    assert re.search(
        r"content\.yaml:\d+:\d+: error: the font of the sheets has no 短 \[letter-missing\]", result.output
    )


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("publisher: ", "publisher: 市 ", r"content\.yaml:\d+:\d+"),
        ("Enclosed are", "同封 are", r"distribution\.yaml:5:\d+"),
        ("envelopes: dl", "envelopes: dl\nsender: [Office, 東京]", r"distribution\.yaml:8:\d+"),
    ],
)
def test_what_all_sheets_say_is_told_once_where_it_stands(old: str, new: str, place: str, folder: Path) -> None:
    (folder / "distribution.yaml").write_text(f"{SETTINGS}envelopes: dl\n")
    for name in ("content.yaml", "distribution.yaml"):
        text = (folder / name).read_text()
        (folder / name).write_text(text.replace(old, new, 1))
    run("plan")
    result = run("pack")
    assert result.exit_code == 1
    assert re.search(rf"{place}: error: the font of the sheets has no . \[letter-missing\]", result.output)
    assert result.output.count("[letter-missing]") == 1
    assert not list((folder / "distribution").glob("runs/**/*.pdf"))


def test_of_many_names_that_are_too_long_the_first_are_told(folder: Path) -> None:
    write_list(folder, [row(number, name="W" * 60, copies=1) for number in range(1, 26)])
    run("plan")
    result = run("pack")
    assert result.output.count("no room on a label") == 20
    assert "5 more of the same" in result.output


def test_copies_that_go_by_mail_alone_need_nothing_but_a_list(folder: Path) -> None:
    write_list(folder, [ROWS[-1]])
    assert [file.name for file in packed(folder).glob("*.pdf")] == ["picking-list.pdf"]


def test_hundreds_of_parcels_are_packed(folder: Path) -> None:
    count = times(300, 3000)
    write_list(folder, [row(number) for number in range(1, count + 1)])
    made = packed(folder)
    with pikepdf.open(made / "letters.pdf") as pdf:
        assert len(pdf.pages) == count
        assert pdf.check_pdf_syntax() == []
    assert "Page 1 of " in texts(made / "picking-list.pdf")[0]
