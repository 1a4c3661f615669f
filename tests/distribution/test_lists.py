"""A list from anybody's desk: the same recipients whatever it was saved as, and every fault with its row."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from briefing.distribution.recipients.people import Sender
from briefing.distribution.recipients.reading import ListFile, RecipientList, read_lists
from briefing.distribution.records import Recipient
from briefing.distribution.settings import DistributionSettings
from briefing.findings import Finding, Refused, Severity
from tests.support.builds import ROOT
from tests.support.examples import examples
from tests.support.spreadsheets import DATE, Cell, xlsx

LISTS = ROOT / "tests" / "lists"
SETTINGS = DistributionSettings.model_validate(
    {
        "recipients": "list.csv",
        "country": "US",
        "columns": {"E-mail": "ignore", "Zuständig": "attention"},
        "groups": {
            "members": {"where": {"group": "member"}, "delivery": "internal"},
            "press": {"where": {"group": ["press", "media"]}, "document": "fact_sheet", "copies": "2"},
            "gone": {"where": {"group": "gone"}, "leave_out": "true"},
        },
    }
)
SENDER = Sender(SETTINGS, "en-US", "letter")
HEAD = "name,office,street,postcode,city,region,country,copies,group,delivery"
GOOD = "Ada Example,,1 Invented Street,02139,Cambridge,MA,US,1,press,post"


def read(data: bytes | str, folder: Path, show: bool = False) -> RecipientList:
    file = folder / "list.csv"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_lists([ListFile(file, "list.csv")], SENDER, show)


def faults(data: bytes | str, folder: Path, show: bool = False) -> tuple[Finding, ...]:
    try:
        found = read(data, folder, show).findings
    except Refused as refused:
        found = refused.findings
    return tuple(one for one in found if one.code != "group-empty")


def places(findings: tuple[Finding, ...]) -> list[tuple[str, int, int]]:
    return [(one.code, one.place.line, one.place.column) for one in findings]


# ------------------------------------------------------------------ the same rows


def test_a_list_is_the_same_whatever_it_was_saved_as() -> None:
    names = ("utf-8-mark.csv", "utf-16.csv", "windows-1252.csv", "list.xlsx")
    read_as = [read_lists([ListFile(LISTS / name, name)], SENDER) for name in names]
    first = read_as[0].recipients
    assert [one.name for one in first] == ["Zoë Núñez", "Jürgen Müller", "Renée L’Exemple", "Søren Ærø"]
    assert [one.copies for one in first] == [2, 1, 3, 12]
    assert first[0].postcode == "02139"
    assert first[1].country == "DE"
    assert [found.recipients for found in read_as] == [first] * 4
    assert [found.told[0].partition(": ")[2] for found in read_as] == [
        "UTF-8, commas",
        "UTF-16-LE, tabs",
        "Windows-1252, semicolons",
        "spreadsheet, sheet “Recipients”",
    ]


def test_every_planted_fault_is_told_at_once_with_its_row_and_column() -> None:
    with pytest.raises(Refused) as refused:
        read_lists([ListFile(LISTS / "bad.csv", "bad.csv")], SENDER)
    assert sorted((one.place.line, one.place.column, one.code) for one in refused.value.findings) == [
        (1, 11, "column-unknown"),
        (2, 4, "postcode-wrong"),
        (3, 8, "copies-wrong"),
        (4, 3, "address-missing"),
        (5, 1, "letter-missing"),
        (6, 0, "row-ragged"),
        (7, 0, "row-quotes"),
        (9, 1, "recipient-double"),
        (10, 1, "cell-control"),
        (11, 7, "country-unknown"),
        (11, 10, "choice-wrong"),
        (12, 9, "group-none"),
    ]
    assert all(one.hint for one in refused.value.findings)


def test_a_fault_never_says_what_stands_in_the_cell_unless_that_is_asked_for(tmp_path: Path) -> None:
    rows = "\n".join([HEAD, GOOD.replace("02139", "21394711")])
    (quiet,) = faults(rows, tmp_path)
    (shown,) = faults(rows, tmp_path, show=True)
    assert "21394711" not in quiet.message + quiet.hint
    assert "21394711" in shown.message


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (GOOD.replace("Ada Example", "Ada  =1+1"), "", 0),
        (GOOD.replace("Ada Example", "x" * 501), "cell-long", 1),
        (GOOD.replace("Ada Example", "MarÃ­a"), "cell-garbled", 1),
        (GOOD.replace("Ada Example", "Mar\ufffda"), "cell-garbled", 1),
        (GOOD.replace("Ada Example", "#N/A"), "cell-error", 1),
        (GOOD.replace("Ada Example", "A\u200bda"), "cell-control", 1),
        (GOOD.replace("Ada Example", "Ada\x00"), "cell-control", 1),
        (GOOD.replace("Ada Example", '"Ada\nExample"'), "cell-lines", 1),
        (GOOD.replace("Ada Example", ""), "name-missing", 1),
        (GOOD.replace("02139", "1.2E+05"), "cell-number", 4),
        (GOOD.replace("US,1,", "US,0,"), "copies-wrong", 8),
        (GOOD.replace("US,1,", "US,-1,"), "copies-wrong", 8),
        (GOOD.replace("US,1,", "US,1.5,"), "copies-wrong", 8),
        (GOOD.replace("US,1,", "US,100001,"), "copies-wrong", 8),
        (GOOD.replace("US,1,", "US,٣,"), "letter-missing", 8),
        (GOOD.replace("1 Invented Street", ""), "address-missing", 3),
        (GOOD.replace("Cambridge", ""), "address-missing", 5),
        (GOOD.replace("02139,Cambridge,MA,US", "1A,Ottawa,ON,Canada"), "postcode-wrong", 4),
        (GOOD.replace("02139,Cambridge,MA,US", "1067,Dresden,,DE"), "postcode-wrong", 4),
        (GOOD.replace("02139,Cambridge,MA,US", "1234,Rome,RM,IT"), "postcode-odd", 4),
        (GOOD.replace(",MA,", ",,"), "address-short", 6),
        (GOOD.replace(",MA,", ",TX,"), "postcode-elsewhere", 4),
        (GOOD.replace("press,post", "press,pigeon"), "choice-wrong", 10),
        (GOOD.replace("press,post", "nobody,post"), "group-none", 9),
    ],
)
def test_a_row_with_a_fault_is_told_where_it_is(row: str, code: str, column: int, tmp_path: Path) -> None:
    assert [found for found in places(faults(f"{HEAD}\n{row}\n", tmp_path)) if found[0] != "list-empty"] == (
        [(code, 2, column)] if code else []
    )


def test_a_zero_that_a_spreadsheet_has_dropped_is_called_that(tmp_path: Path) -> None:
    (found,) = faults(f"{HEAD}\n{GOOD.replace('02139', '2139')}\n", tmp_path)
    assert found.message == "row 2, column “postcode”: a spreadsheet has dropped a zero from a ZIP code"
    assert "as text" in found.hint


def test_the_same_fault_in_every_row_does_not_bury_the_others(tmp_path: Path) -> None:
    rows = [GOOD.replace("Ada", f"A{n}").replace("02139", "2139") for n in range(100)]
    found = faults("\n".join([HEAD, *rows, GOOD.replace("post", "pigeon")]), tmp_path)
    assert [one.message for one in found if "more of the same" in one.message] == ["80 more of the same"]
    assert {one.code for one in found} == {"postcode-wrong", "choice-wrong"}


# ------------------------------------------------------------------ what a careful person does


def only(data: bytes | str, folder: Path) -> Recipient:
    (one,) = read(data, folder).recipients
    return one


@pytest.mark.parametrize(
    ("heads", "means"),
    [
        ("NAME, Organisation ,Street Address,Zip Code,Town/City", {}),
        ("Full name,Company,address_1,plz,Ort", {}),
        ("Nombre,organización,Dirección,Código Postal,ciudad", {}),
        ("Empfänger,Behörde,Straße,Postleitzahl,STADT", {}),
    ],
)
def test_columns_are_known_by_the_names_that_offices_give_them(heads: str, means: object, tmp_path: Path) -> None:
    one = only(f"{heads},Qty,Audience\nAda,Office,1 Invented Street,02139,Cambridge,4,media\n", tmp_path)
    assert (one.name, one.office, one.street, one.postcode, one.city) == (
        "Ada",
        "Office",
        "1 Invented Street",
        "02139",
        "Cambridge",
    )
    assert (one.copies, one.group, one.document) == (4, "press", "fact_sheet")


def test_columns_of_the_lists_own_can_be_named_or_passed_over(tmp_path: Path) -> None:
    one = only(f"e-mail,ZUSTÄNDIG,{HEAD}\na@example.org,Press desk,{GOOD}\n", tmp_path)
    assert one.attention == "Press desk"


def test_names_in_two_columns_are_asked_for_in_one(tmp_path: Path) -> None:
    found = faults("First name,Last name,copies,group\nAda,Example,1,press\n", tmp_path)
    assert sorted(one.code for one in found) == ["column-missing", "column-unknown", "column-unknown"]
    assert all("one column: name" in one.hint for one in found if one.code == "column-unknown")


def test_empty_rows_columns_and_cells_behind_the_list_are_nothing(tmp_path: Path) -> None:
    text = f"{HEAD},,\n{GOOD},,\n,,,,,,,,,,,\n\n{GOOD.replace('Ada', 'Ben')},,,,\n,,,,,,,,,,,\n\n\n"
    assert [one.row for one in read(text, tmp_path).recipients] == [2, 5]
    assert faults(text, tmp_path) == ()


def test_what_stands_above_the_header_is_left_out_and_told(tmp_path: Path) -> None:
    text = f"Distribution list 2026,,,,,,,,,\n,,,,,,,,,\n{HEAD}\n{GOOD}\n"
    assert only(text, tmp_path).row == 4
    assert [one.code for one in faults(text, tmp_path)] == ["rows-above"]


def test_a_list_without_heads_is_told_once(tmp_path: Path) -> None:
    (found,) = faults(f"{GOOD}\n{GOOD.replace('Ada', 'Ben')}\n", tmp_path)
    assert found.code == "header-missing"


@pytest.mark.parametrize(("total", "code"), [("5", "row-total"), ("4", "row-total-wrong")])
def test_a_total_below_the_list_is_no_recipient(total: str, code: str, tmp_path: Path) -> None:
    text = f"{HEAD}\n{GOOD.replace('US,1', 'US,2')}\n{GOOD.replace('Ada', 'Ben').replace('US,1', 'US,3')}\n"
    for label in (f"Total,,,,,,,{total},,\n", f",,,,,,Summe,{total},,\n"):
        assert len(read(text + label, tmp_path).recipients) == 2
        assert [one.code for one in faults(text + label, tmp_path)] == [code]
    assert len(read(text + ",,,,,,,5,,\n", tmp_path).recipients) == 2


def test_rows_of_a_group_that_gets_nothing_are_counted(tmp_path: Path) -> None:
    found = read(f"{HEAD}\n{GOOD}\n{GOOD.replace('press', 'gone')}\n", tmp_path)
    assert (len(found.recipients), found.left_out) == (1, 1)


def test_what_a_row_leaves_out_comes_from_its_group(tmp_path: Path) -> None:
    one = only("name,group,street,zip,city,state\nAda,Press,1 Invented Street,02139,Cambridge,MA\n", tmp_path)
    assert (one.copies, one.delivery, one.document, one.use) == (2, "post", "fact_sheet", "office")
    assert (one.country, one.paper, one.language, one.ref) == ("US", "letter", "en-US", "row-2")


def test_a_street_of_two_lines_in_one_cell_is_two_lines(tmp_path: Path) -> None:
    one = only(
        f"{HEAD}\n{GOOD.replace('1 Invented Street', chr(34) + '1 Invented Street' + chr(10) + 'Suite 2' + chr(34))}\n",
        tmp_path,
    )
    assert (one.street, one.street2) == ("1 Invented Street", "Suite 2")


def test_letters_of_many_languages_come_through(tmp_path: Path) -> None:
    name = "Đặng Øyvind Łukasz Çiğdem"
    assert only(f"{HEAD}\n{GOOD.replace('Ada Example', name)}\n", tmp_path).name == name


def test_an_accent_that_no_letter_has_is_refused_and_one_that_a_letter_has_is_not(tmp_path: Path) -> None:
    apart = "Jose\u0301"
    assert only(f"{HEAD}\n{GOOD.replace('Ada', apart)}\n", tmp_path).name == "José Example"
    assert places(faults(f"{HEAD}\n{GOOD.replace('Ada', 'X' + chr(0x302))}\n", tmp_path)) == [("letter-missing", 2, 1)]


def test_a_name_without_room_is_refused_with_the_millimetres_that_it_lacks(tmp_path: Path) -> None:
    (found,) = faults(f"{HEAD}\n{GOOD.replace('Ada Example', 'Ada Example ' * 10)}\n", tmp_path)
    assert (found.code, found.place.column) == ("line-long", 1)
    assert re.search(r"the line is \d\d mm too long", found.message)
    assert faults(f"{HEAD}\n{GOOD.replace('Ada Example', 'W' * 40)}\n", tmp_path) == ()


def test_an_id_that_is_twice_there_or_holds_the_name_is_told(tmp_path: Path) -> None:
    ids = (("7", "Ada"), ("7", "Ben"), ("example-cy", "Cy"), ("a@b.org", "Dee"))
    rows = "\n".join([f"id,{HEAD}", *(f"{number},{GOOD.replace('Ada', name)}" for number, name in ids)])
    assert places(faults(rows, tmp_path)) == [("id-double", 3, 1), ("id-personal", 4, 1), ("id-unfit", 5, 1)]


def test_a_language_that_the_briefing_is_not_in_is_told(tmp_path: Path) -> None:
    rows = f"{HEAD},language\n{GOOD},en\n{GOOD.replace('Ada', 'Ben')},English\n{GOOD.replace('Ada', 'Cy')},es\n"
    assert places(faults(rows, tmp_path)) == [("language-other", 4, 11)]


def test_two_columns_for_the_same_are_refused(tmp_path: Path) -> None:
    assert places(faults(f"{HEAD},ZIP\n{GOOD},1\n", tmp_path)) == [("column-double", 1, 11)]


def test_a_group_that_asks_for_a_column_which_is_not_there_is_told(tmp_path: Path) -> None:
    found = faults("name,street,city,zip\nAda,1 Invented Street,Cambridge,02139\n", tmp_path)
    assert [one.code for one in found].count("column-missing") == 3


# ------------------------------------------------------------------ spreadsheets


def rows_of(*rows: str) -> list[list[Cell]]:
    return [[*line.split(",")] for line in (HEAD, *rows)]


def test_the_first_sheet_that_is_shown_and_has_rows_is_read_and_told(tmp_path: Path) -> None:
    book = xlsx({"Old": rows_of(GOOD), "Empty": [], "Now": rows_of(GOOD), "More": rows_of(GOOD)}, hidden=["Old"])
    assert read(book, tmp_path).told == ("list.csv: spreadsheet, sheet “Now”",)
    (found,) = faults(book, tmp_path)
    assert (found.code, found.message) == ("list-sheets", "the sheet “Now” was read, and not “More”, “Old” (hidden)")


def test_numbers_of_a_spreadsheet_are_texts_and_its_dates_are_told(tmp_path: Path) -> None:
    rows = rows_of(GOOD, GOOD)
    rows[1][3], rows[1][7] = 2139, 2.0
    rows[2][2] = f"{DATE}45658"
    assert places(faults(xlsx({"List": rows}), tmp_path)) == [("postcode-wrong", 2, 4), ("cell-date", 3, 3)]


def test_a_list_need_not_begin_in_the_first_corner_of_a_sheet(tmp_path: Path) -> None:
    rows = [[], *([None, None, *row] for row in rows_of(GOOD))]
    rows[2][5] = 2139
    assert places(faults(xlsx({"List": rows}), tmp_path)) == [("postcode-wrong", 3, 6)]


def test_rows_of_a_spreadsheet_keep_their_numbers(tmp_path: Path) -> None:
    book = xlsx(
        {"List": [[], [], *rows_of(GOOD, ""), *rows_of(GOOD.replace("Ada", "Ben").replace("US,1", "US,x"))[1:]]}
    )
    assert places(faults(book, tmp_path)) == [("copies-wrong", 6, 8)]


def swollen() -> bytes:
    """A workbook of which one part is said to be larger than a list can be."""
    book = xlsx({"List": rows_of(GOOD)})
    entry = book.index(b"PK\x01\x02")  # of the central directory; the size of the part stands 24 bytes behind
    return book[: entry + 24] + b"\xf0\xff\xff\xff" + book[entry + 28 :]


def far_out() -> bytes:
    """A workbook with a cell in the last corner that a sheet can have."""
    book = io.BytesIO(xlsx({"List": rows_of(GOOD)}))
    out = io.BytesIO()
    with zipfile.ZipFile(book) as packed, zipfile.ZipFile(out, "w") as far:
        for name in packed.namelist():
            far.writestr(
                name, packed.read(name).replace(b'<row r="2"><c r="A2"', b'<row r="1048576"><c r="XFD1048576"')
            )
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (xlsx({"List": [["name"], *([None] * 300 + ["x"] for _ in range(2))]}), "list-large"),
        (swollen(), "list-limit"),
        (far_out(), "list-limit"),
        (b"\xd0\xcf\x11\xe0" + bytes(2000), "list-unsound"),
        (b"", "list-empty"),
        (b"\xef\xbb\xbf\r\n", "list-empty"),
        (f"{HEAD}\n".encode(), "list-empty"),
        (b"PK\x03\x04 and no more", "list-unsound"),
        (xlsx({"List": []}), "list-empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\r", "list-encoding"),
        (f"{HEAD}\n".encode() + b"\x81\xff", "list-encoding"),
        (b"\xff\xfe" + f"{HEAD}\n".encode("utf-16-le") + b"\x00\xd8", "list-encoding"),
    ],
)
def test_what_is_no_list_is_refused(data: bytes, code: str, tmp_path: Path) -> None:
    assert [one.code for one in faults(data, tmp_path)] == [code]


# ------------------------------------------------------------------ whatever comes

CELLS = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(["Ada", "1", "02139", "US", "press", '"'])
ROWS = st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=8)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])


@examples(150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, encoding=ENCODINGS, separator=st.sampled_from(",;\t|"))
def test_whatever_stands_in_a_list_it_is_read_or_told(
    rows: list[list[str]], encoding: str, separator: str, tmp_path: Path
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows([["name", "copies", "group", "delivery"], *rows])
    try:
        data = out.getvalue().encode(encoding)
    except UnicodeEncodeError:
        return
    if not any(one.severity is Severity.ERROR for one in faults(data, tmp_path)):
        assert {one.group for one in read(data, tmp_path).recipients} <= {"members", "press"}


NAMES = st.text(st.sampled_from("AÉüßŁ ñ’“,;\t\"'|x"), min_size=1, max_size=15).filter(
    lambda text: re.search(r"\w", text)
)


@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(NAMES, min_size=1, max_size=5), separator=st.sampled_from(",;\t|"))
def test_the_same_names_come_out_of_every_encoding(names: list[str], separator: str, tmp_path: Path) -> None:
    names = [f"{number} {name}" for number, name in enumerate(names)]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows([["name", "group"], *([name, "member"] for name in names)])
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le"):
        found = read(out.getvalue().encode(encoding), tmp_path)
        assert [one.name for one in found.recipients] == [" ".join(name.split()) for name in names]


@examples(150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200))
def test_bytes_of_any_kind_are_told_and_never_a_traceback(data: bytes, tmp_path: Path) -> None:
    if data.startswith(b"PK\x03\x04"):
        return
    assert faults(data, tmp_path)
