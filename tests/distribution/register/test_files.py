"""The files of a register: whose they are, what else may lie there, and that no byte of a forgotten person stays."""

from __future__ import annotations

import os
import random
import sqlite3
import stat
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from briefing.distribution.records import DistributionPlan
from briefing.distribution.register import whereabouts
from briefing.distribution.register.audit import audit
from briefing.distribution.register.copies import Selection, record_copies
from briefing.distribution.register.plans import record_plan
from briefing.distribution.register.privacy import forget, purge
from briefing.distribution.register.schema import EVENTS, CopyState
from briefing.distribution.register.whereabouts import find, make_key, read_key, run_folder
from briefing.findings import Missing, Refused
from tests.support.registers import DOCUMENT, EDITION, Office, plan, recipient, recorded


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(None, tmp_path)


def code_of(error: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.code for finding in error.value.findings]


def where_found(folder: Path, token: bytes) -> list[str]:
    return [file.name for file in folder.rglob("*") if file.is_file() and token in file.read_bytes()]


def test_folder_and_files_are_for_their_owner_alone(office: Office) -> None:
    old = os.umask(0)
    try:
        register = office.open()
        recorded(register)
        _ = office.key
        made = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (office.folder / "distribution").iterdir()}
    finally:
        os.umask(old)
    assert stat.S_IMODE((office.folder / "distribution").stat().st_mode) == 0o700
    assert made.keys() == {".gitignore", "register.sqlite", "register.sqlite-wal", "register.sqlite-shm", "codes.key"}
    assert set(made.values()) == {0o600}
    register.close()


def test_what_others_may_read_is_taken_from_them(office: Office) -> None:
    office.open().close()
    folder = office.folder / "distribution"
    folder.chmod(0o755)
    (folder / "register.sqlite").chmod(0o664)
    office.open().close()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "register.sqlite")] == [0o700, 0o600]


def test_every_promise_of_the_file_is_set(office: Office) -> None:
    register = office.open()
    with register.reading() as connection:
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "trusted_schema": 0}
        assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted} == wanted
        assert connection.exec_driver_sql("PRAGMA application_id").scalar() == 0x42524346
    register.close()


@pytest.mark.parametrize("kind", ["text", "folder", "pipe", "link", "other-database"])
def test_something_else_in_its_place_is_refused_and_left_alone(office: Office, kind: str) -> None:
    file = office.folder / "distribution" / "register.sqlite"
    file.parent.mkdir()
    other = office.folder / "other"
    match kind:
        case "text":
            file.write_text("id,name\n")
        case "folder":
            file.mkdir()
        case "pipe":
            os.mkfifo(file)
        case "link":
            other.write_bytes(b"")
            file.symlink_to(other)
        case _:
            database = sqlite3.connect(file)
            database.execute("CREATE TABLE moz_places(id)")
            database.close()
    before = file.read_bytes() if file.is_file() else None
    for make in (True, False):
        with pytest.raises(Refused) as error:
            office.open(make=make)
        assert code_of(error) in (["register-foreign"], ["register-unwritable"], ["file-unreadable"])
    assert (file.read_bytes() if file.is_file() else None) == before


def test_on_the_disk_of_another_machine_the_older_journal_is_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = f"1 0 0:1 / / rw - ext4 /dev/sda rw\n2 1 0:2 / {office.folder} rw shared:1 - nfs4 host:/share rw\nodd\n"
    assert whereabouts.is_shared(office.folder / "distribution" / "register.sqlite", mounts)
    assert not whereabouts.is_shared(office.folder.parent / "register.sqlite", mounts)
    assert not whereabouts.is_shared(office.folder / "register.sqlite")
    monkeypatch.setattr(whereabouts, "is_shared", lambda file: True)
    register = office.open()
    run = recorded(register)
    with register.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
    record_copies(register, CopyState.PRINTED, Selection(run=run.letters), None)
    forget(register, "r4")
    assert where_found(office.folder, b"Unique4Token") == []
    assert audit(register) == ()
    register.close()


def test_only_a_regular_file_is_touched(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    pipe.chmod(0o666)
    with pytest.raises(Refused) as error:
        Office(str(pipe), tmp_path).open()
    assert (code_of(error), stat.S_IMODE(pipe.stat().st_mode)) == (["file-unreadable"], 0o666)


@pytest.mark.parametrize(
    "address", ["mysql://h/d", "http://h", "postgresql://h:port/d", "a\0b", "postgresql://h\udcff/d"]
)
def test_an_address_that_cannot_be_one_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(Refused) as error:
        find(address, tmp_path)
    assert code_of(error) == ["register-address"]


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    office = Office(f"postgresql://ada:secretword@/office?host={tmp_path}", tmp_path)
    with pytest.raises(Refused) as error:
        office.open()
    assert code_of(error) == ["register-unreachable"]
    assert "secretword" not in repr(error.value.findings)


def test_a_missing_driver_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(Missing) as error:
        Office("postgresql://ada@host/office", tmp_path).open()
    assert "psycopg" in error.value.findings[0].message
    assert "briefing[postgresql]" in error.value.findings[0].hint


def test_a_damaged_file_is_told_and_not_written(office: Office) -> None:
    register = office.open()
    recorded(register)
    register.close()
    file = office.folder / "distribution" / "register.sqlite"
    data = bytearray(file.read_bytes())
    for at in range(4096, len(data) - 64, 512):
        data[at : at + 64] = random.Random(at).randbytes(64)
    file.write_bytes(data)

    def read() -> None:
        register = office.open()
        try:
            recorded(register)
        finally:
            register.close()

    with pytest.raises(Refused) as error:
        read()
    assert code_of(error) == ["register-damaged"]


def test_a_key_stays_and_what_is_no_key_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "distribution"
    assert read_key(tmp_path) is None
    key = make_key(folder)
    assert (read_key(folder), make_key(folder), len(key)) == (key, key, 32)
    (folder / whereabouts.KEY).write_text("a secret\n")
    with pytest.raises(Refused) as error:
        read_key(folder)
    assert code_of(error) == ["register-key"]
    assert {file.name for file in folder.iterdir()} == {".gitignore", whereabouts.KEY}


def test_no_byte_of_a_forgotten_person_stays_in_the_folder(office: Office) -> None:
    """Rows are of many sizes, so that pages are divided and rows moved: what was moved leaves bytes behind."""
    register, sizes = office.open(), random.Random(11)
    for turn in range(4):
        people = [recipient(n, note="", street=f"{turn}" + "x" * sizes.randrange(400)) for n in range(1, 81)]
        record_plan(register, EDITION, plan(people=80, name=f"turn{turn}"), [DOCUMENT], people)
    run = recorded(register, plan(people=80, name="last"), people=80)
    folder = run_folder(office.where, run.letters)
    folder.mkdir(parents=True)
    (folder / "run-1.pdf").write_bytes(b"for Unique40Token and Unique41Token")
    record_copies(register, CopyState.PRINTED, Selection(run=run.letters, numbers="1-240"), None)
    assert len(where_found(office.folder, b"Unique40Token")) >= 2
    with register.reading() as connection:
        assert not any("Unique" in body for body in connection.scalars(sa.select(EVENTS.c.body)))
    others = run_folder(office.where, "WXYZ")  # of a run of other people, whose processes were killed
    (others / "print-shop").mkdir(parents=True)
    for left in (".work-0123456789abcdef", ".part-x7", "print-shop/.part-y8"):
        (others / left).write_bytes(b"Unique40Token, and Unique42Token")
    (others / "part-0001.pdf").write_bytes(b"theirs")
    assert forget(register, "r40").recipients == 5
    assert where_found(office.folder, b"Unique40Token") == ["run-1.pdf"]
    (others / ".work-fedcba9876543210").write_bytes(b"Unique40Token")
    purge(register, 365)
    assert [file.name for file in others.rglob("*") if file.is_file()] == ["part-0001.pdf"]
    assert where_found(office.folder, b"Unique40Token") == []
    assert where_found(office.folder, b"Unique42Token") != []
    assert audit(register) == ()
    register.close()


def test_what_somebody_reads_meanwhile_is_told_and_goes_with_the_next_purge(office: Office) -> None:
    register, reader = office.open(), office.open()
    recorded(register)
    with reader.reading() as connection:
        connection.execute(sa.select(EVENTS)).all()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("briefing.distribution.register.register.PATIENCE_S", 0)
            impatient = office.open()
            assert "register-busy" in {finding.code for finding in forget(impatient, "r4").findings}
    assert purge(register, 365).findings == ()
    assert where_found(office.folder, b"Unique4Token") == []
    for one in (register, reader, impatient):
        one.close()


def test_no_byte_of_a_forgotten_person_stays_in_the_tables_of_a_server(
    server_office: Office, database_server: tuple[str, Path]
) -> None:
    register, (_, data) = server_office.open(), database_server
    people = [recipient(n, name=f"Served{n}Token") for n in (1, 2, 3)]
    record_plan(register, EDITION, plan(people=3), [DOCUMENT], people)
    with register.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        assert where_found(data / "base", b"Served2Token") != []
        found = forget(register, "r2")
        connection.exec_driver_sql("CHECKPOINT")
    assert [finding.code for finding in found.findings] == ["forgotten-elsewhere"]
    assert where_found(data / "base", b"Served2Token") == []
    assert where_found(data / "base", b"Served3Token") != []
    register.close()


def test_a_plan_without_anybody_is_a_run_of_spares(office: Office) -> None:
    register = office.open()
    planned: DistributionPlan = plan(people=0, spares=5)
    assert recorded(register, planned, people=0).total == 5
    assert audit(register) == ()
    register.close()
