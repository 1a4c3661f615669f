"""What a copy register promises, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import contextlib
import datetime
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from briefing.distribution import codes
from briefing.distribution.records import Allotment, DistributionPlan
from briefing.distribution.register import chain
from briefing.distribution.register.audit import audit
from briefing.distribution.register.copies import Selection, Sending, TypedCode, record_copies
from briefing.distribution.register.editions import (
    RecallAction,
    close_recall,
    mark_edition,
    open_recall,
    release_edition,
)
from briefing.distribution.register.holdings import Verdict, holdings, report, verify_code
from briefing.distribution.register.keys import register_key
from briefing.distribution.register.plans import MadePart, RecordedRun, record_parts, record_plan
from briefing.distribution.register.privacy import forget, purge
from briefing.distribution.register.register import Register
from briefing.distribution.register.schema import COPIES, EVENTS, META, PARCELS, RUNS, CopyState
from briefing.distribution.register.whereabouts import KEY, run_folder
from briefing.findings import Finding, Refused, Severity
from tests.support.examples import examples
from tests.support.registers import DOCUMENT, EDITION, Office, plan, recipient, recorded


@pytest.fixture
def run(register: Register) -> RecordedRun:
    return recorded(register)


def numbers(run: RecordedRun, text: str) -> Selection:
    return Selection(run=run.letters, numbers=text)


def through(register: Register, run: RecordedRun, text: str, *states: CopyState) -> None:
    """Take copies of a run from state to state."""
    for state in states:
        record_copies(register, state, numbers(run, text), None)


def refused(error: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {finding.code for finding in error.value.findings}


def states(register: Register) -> dict[int, str]:
    with register.reading() as connection:
        return {row.number: row.state for row in connection.execute(sa.select(COPIES.c.number, COPIES.c.state))}


def run_state(register: Register) -> str:
    with register.reading() as connection:
        return str(connection.scalar(sa.select(RUNS.c.state)))


def test_a_plan_is_recorded_once_and_found_when_it_is_recorded_again(register: Register, run: RecordedRun) -> None:
    assert recorded(register) == run
    assert states(register) == dict.fromkeys(range(1, 27), "planned")
    with register.reading() as connection:
        assert report(connection).events == 1
    assert audit(register) == ()


def test_a_plan_that_is_printed_again_and_one_of_another_list_are_other_runs(
    register: Register, run: RecordedRun
) -> None:
    people = [recipient(n) for n in range(1, 9)]
    second = record_plan(register, EDITION, plan(), [DOCUMENT], people, again=True)[0]
    moved = [replace(people[0], street="9 Elm Street"), *people[1:]]
    third = record_plan(register, EDITION, replace(plan(), list_sha256="new"), [DOCUMENT], moved)[0]
    assert len({one.letters for one in (run, second, third)}) == 3
    through(register, third, "1-6", CopyState.PRINTED, CopyState.ISSUED)
    with register.reading() as connection:
        held = holdings(connection)
    assert [(one.ref, one.recipient, one.numbers) for one in held] == [("r1", 9, "1-3"), ("r2", 2, "4-6")]
    assert audit(register) == ()


def test_the_letters_of_a_run_follow_from_what_it_is_made_of(office: Office, run: RecordedRun) -> None:
    assert run.letters == "P02B"


def test_a_printed_edition_keeps_its_content(register: Register, run: RecordedRun) -> None:
    people, changed = [recipient(n) for n in range(1, 9)], replace(EDITION, content_sha256="e" * 64, title="Another")
    other = record_plan(register, changed, plan(name="other"), [DOCUMENT], people)[0]
    assert audit(register) == ()
    through(register, other, "1", CopyState.PRINTED)
    with pytest.raises(Refused) as error:
        record_plan(register, EDITION, plan(), [DOCUMENT], people)
    assert refused(error) == {"edition-changed"}


def test_a_run_is_made_when_its_parts_cover_it_and_a_part_keeps_its_bytes(register: Register, run: RecordedRun) -> None:
    record_parts(register, run, [MadePart(1, 1, 20, "run-1.pdf", "a" * 64)])
    assert run_state(register) == "planned"
    record_parts(register, run, [MadePart(1, 1, 20, "run-1.pdf", "a" * 64), MadePart(2, 21, 26, "run-2.pdf", "b" * 64)])
    assert run_state(register) == "made"
    with pytest.raises(Refused) as error:
        record_parts(register, run, [MadePart(2, 21, 26, "run-2.pdf", "c" * 64)])
    assert refused(error) == {"part-differs"}
    assert audit(register) == ()


def test_copies_go_through_their_life_and_the_run_follows(register: Register, run: RecordedRun) -> None:
    through(register, run, "1-20", CopyState.PRINTED)
    assert run_state(register) == "printing"
    through(register, run, "20", CopyState.SPOILED, CopyState.PRINTED)
    through(register, run, "21-26", CopyState.PRINTED)
    assert run_state(register) == "printed"
    through(register, run, "1-24", CopyState.ISSUED)
    assert run_state(register) == "dispatched"  # spares stay
    through(register, run, "3", CopyState.DELIVERED, CopyState.RETURNED, CopyState.DESTROYED)
    through(register, run, "4", CopyState.LOST, CopyState.RETURNED)
    found = states(register)
    assert (found[3], found[4], found[5], found[25]) == ("destroyed", "returned", "issued", "printed")
    assert audit(register) == ()


def test_what_cannot_be_is_refused_all_at_once_and_nothing_is_recorded(register: Register, run: RecordedRun) -> None:
    through(register, run, "1-3", CopyState.PRINTED)
    with pytest.raises(Refused) as error:
        through(register, run, "1-5", CopyState.ISSUED)
    assert [finding.message for finding in error.value.findings] == [
        f"copy 4 of run {run.letters} is planned, and cannot become issued",
        f"copy 5 of run {run.letters} is planned, and cannot become issued",
    ]
    assert states(register)[1] == "printed"


def test_a_copy_that_is_so_already_stays_as_it_is_and_makes_no_event(register: Register, run: RecordedRun) -> None:
    through(register, run, "1-3", CopyState.PRINTED)
    found = record_copies(register, CopyState.PRINTED, numbers(run, "1-4"), None)
    assert (found.changed, found.same, dict(found.numbers)) == (1, 3, {run.letters: "4"})
    assert record_copies(register, CopyState.PRINTED, numbers(run, "1-4"), None).changed == 0
    with register.reading() as connection:
        assert report(connection).events == 3


def test_codes_are_read_and_every_wrong_one_is_told_at_its_place(
    office: Office, register: Register, run: RecordedRun
) -> None:
    key = office.key
    right = [codes.encode(run.tag, number, key) for number in (1, 2)]
    wrong = right[0][:-1] + ("0" if right[0][-1] != "0" else "1")
    guess = codes.encode(run.tag, 1, b"another")
    strangers = codes.encode(run.tag ^ 1, 1, key), codes.encode(run.tag, 27, key)
    asked = [TypedCode(text) for text in (*right, wrong, guess, *strangers)]
    with pytest.raises(Refused) as error:
        record_copies(register, CopyState.PRINTED, Selection(codes=asked), key)
    assert sorted(finding.code for finding in error.value.findings) == ["code-unknown"] * 2 + ["code-wrong"] * 2
    found = record_copies(
        register, CopyState.PRINTED, Selection(codes=[TypedCode(text) for text in (*right, right[0].lower())]), key
    )
    assert (found.changed, found.same) == (2, 0)


def test_numbers_that_are_none_are_refused(register: Register, run: RecordedRun) -> None:
    asked = [numbers(run, text) for text in ("0", "27", "5-3", "1-27", "one", "1,,2", "1-", "99999999")]
    for selection in (*asked, Selection(run=run.letters, parcel=99), Selection(numbers="1")):
        with pytest.raises(Refused) as error:
            record_copies(register, CopyState.PRINTED, selection, None)
        assert refused(error) == {"copies-unclear"}


def test_a_parcel_is_sent_with_carrier_and_tracking(register: Register, run: RecordedRun) -> None:
    through(register, run, "1-26", CopyState.PRINTED)
    sending = Sending("DHL", "JD014600003828")
    found = record_copies(register, CopyState.ISSUED, Selection(run=run.letters, parcel=2), None, sending=sending)
    assert dict(found.numbers) == {run.letters: "4-6"}
    with register.reading() as connection:
        rows = connection.execute(sa.select(PARCELS.c.number, PARCELS.c.carrier, PARCELS.c.tracking)).all()
        bodies = "".join(connection.scalars(sa.select(EVENTS.c.body)))
    assert [tuple(row) for row in rows if row.carrier] == [(2, "DHL", "JD014600003828")]
    assert "JD0146" not in bodies
    assert audit(register) == ()


def test_a_spare_is_issued_to_a_recipient_and_no_other_copy_is(register: Register, run: RecordedRun) -> None:
    through(register, run, "1-26", CopyState.PRINTED)
    with pytest.raises(Refused) as error:
        record_copies(register, CopyState.ISSUED, numbers(run, "1"), None, to="r2")
    assert refused(error) == {"copies-unclear"}
    record_copies(register, CopyState.ISSUED, numbers(run, "26"), None, to="r2")
    with register.reading() as connection:
        assert [(one.ref, one.numbers) for one in holdings(connection)] == [("r2", "26")]
    assert audit(register) == ()


def test_spares_that_went_with_a_parcel_are_with_its_recipient(office: Office, register: Register) -> None:
    made = plan(people=2, each=3, spares=0).runs[0]
    parts = (*made.allotments[:1], Allotment(None, 4, 5, 1), Allotment("r2", 6, 8, 2))
    parcels = (replace(made.parcels[0], last=5, spares=2), replace(made.parcels[1], first=6, last=8))
    made = replace(made, allotments=parts, parcels=parcels, total=8, spares=2)
    run = recorded(register, DistributionPlan((made,), "list", "spares"), people=2)
    through(register, run, "1-8", CopyState.PRINTED, CopyState.ISSUED)
    with register.reading() as connection:
        held = [(one.ref, one.numbers, one.count, one.spares) for one in holdings(connection)]
        spare = verify_code(connection, TypedCode(codes.encode(run.tag, 5, office.key)), None)
    assert held == [("r1", "1-5", 5, 2), ("r2", "6-8", 3, 0)]
    assert isinstance(spare, Verdict)
    assert (spare.spare, spare.ref) == (True, "r1")


def test_a_code_tells_holder_edition_and_state(office: Office, register: Register, run: RecordedRun) -> None:
    through(register, run, "1-26", CopyState.PRINTED)
    office.clock.add(hours=2)
    through(register, run, "1-24", CopyState.ISSUED)
    code = TypedCode(codes.shown(codes.encode(run.tag, 5, office.key)))
    with register.reading() as connection:
        found = verify_code(connection, code, office.key)
        unproven = verify_code(connection, code, None)
    assert isinstance(found, Verdict)
    assert (found.number, found.total, found.edition, found.edition_state) == (5, 26, "darien-crossing-1", "current")
    assert (found.state, found.since, found.holder) == (
        "issued",
        "2026-11-26T18:00:00Z",
        "Unique2Token, Office of Tests",
    )
    assert isinstance(unproven, Verdict)
    assert (found.proven, unproven.proven) == (True, False)


def test_a_recall_names_exactly_who_holds_copies_and_closes_when_none_is_out(
    register: Register, run: RecordedRun
) -> None:
    through(register, run, "1-26", CopyState.PRINTED)
    through(register, run, "1-9", CopyState.ISSUED)
    through(register, run, "7-9", CopyState.RETURNED)
    mark_edition(register, "1", "withdrawn", "a figure is wrong")
    found = open_recall(register, "darien-crossing-1", RecallAction.RETURN, "a figure is wrong")
    assert [(one.ref, one.numbers) for one in found.holders] == [("r1", "1-3"), ("r2", "4-6")]
    assert open_recall(register, "1", RecallAction.RETURN, "a figure is wrong").id == found.id
    with pytest.raises(Refused) as error:
        through(register, run, "10", CopyState.ISSUED)
    assert refused(error) == {"edition-withdrawn"}
    with pytest.raises(Refused) as error:
        close_recall(register, found.id)
    assert refused(error) == {"recall-open"}
    through(register, run, "1-6", CopyState.RETURNED)
    close_recall(register, found.id)
    with register.reading() as connection:
        assert (report(connection).recalls, holdings(connection)) == (0, ())
    assert audit(register) == ()


def test_nothing_more_is_planned_of_a_withdrawn_edition(register: Register, run: RecordedRun) -> None:
    mark_edition(register, "1", "superseded", "newer figures", by="darien-crossing-2")
    mark_edition(register, "1", "withdrawn", "a figure is wrong")
    with pytest.raises(Refused) as error:
        record_plan(register, EDITION, plan(name="second"), [DOCUMENT], [recipient(n) for n in range(1, 9)])
    assert refused(error) == {"edition-withdrawn"}
    with pytest.raises(Refused) as error:
        mark_edition(register, "7", "withdrawn", "what")
    assert refused(error) == {"edition-unknown"}


def test_a_clock_behind_the_last_event_is_refused_and_two_clocks_may_differ_a_little(
    office: Office, register: Register, run: RecordedRun
) -> None:
    office.clock.add(seconds=-4)
    through(register, run, "1", CopyState.PRINTED)
    office.clock.add(seconds=-2)
    with pytest.raises(Refused) as error:
        through(register, run, "2", CopyState.PRINTED)
    assert refused(error) == {"clock-behind"}
    with register.reading() as connection:
        moments = list(connection.scalars(sa.select(EVENTS.c.at).order_by(EVENTS.c.seq)))
    assert moments == ["2026-11-26T16:00:00Z"] * 2


def test_before_an_embargo_ends_only_groups_in_advance_have_their_copies(office: Office, register: Register) -> None:
    zone = datetime.timezone(datetime.timedelta(hours=2))
    held = replace(EDITION, embargo=datetime.datetime(2026, 11, 27, 6, 0, tzinfo=zone))
    people = [recipient(1, group="press"), recipient(2)]
    run = record_plan(register, held, plan(people=2), [DOCUMENT], people)[0]
    through(register, run, "1-8", CopyState.PRINTED)
    press = frozenset({"press"})
    record_copies(register, CopyState.ISSUED, numbers(run, "1-3"), None, advance=press)
    with pytest.raises(Refused) as error:
        record_copies(register, CopyState.ISSUED, numbers(run, "1-5"), None, advance=press)
    told = error.value.findings[0]
    assert told.code == "embargoed"
    assert told.message == (
        f"2 copies are under embargo until 2026-11-27 06:00 UTC+02:00 (2026-11-27 04:00 UTC), run {run.letters}"
    )
    assert told.hint.startswith("That is in 12 h 0 min.")
    release_edition(register, "1", "the minister has spoken")
    through(register, run, "4-5", CopyState.ISSUED)
    assert audit(register) == ()


def test_after_an_embargo_all_have_their_copies(office: Office, register: Register) -> None:
    held = replace(EDITION, embargo=office.clock.at + datetime.timedelta(hours=1))
    run = record_plan(register, held, plan(people=2), [DOCUMENT], [recipient(1), recipient(2)])[0]
    office.clock.add(hours=1)
    through(register, run, "1-8", CopyState.PRINTED, CopyState.ISSUED)
    assert audit(register) == ()


def test_a_register_has_one_key_and_another_ones_is_refused(office: Office, register: Register) -> None:
    assert register_key(register) is None
    key = register_key(register, make=True)
    assert (register_key(register), register_key(register, make=True)) == (key, key)
    file = register.where.folder / KEY
    file.write_text("0" * 64)
    with pytest.raises(Refused) as error:
        register_key(register)
    assert refused(error) == {"register-key"}
    file.unlink()
    assert register_key(register) is None
    with pytest.raises(Refused) as error:
        register_key(register, make=True)
    assert refused(error) == {"register-key"}


_NUMBERS = st.tuples(st.integers(1, 26), st.integers(0, 8))
_ACTS = st.lists(st.tuples(st.sampled_from([*CopyState][1:]), _NUMBERS, st.sampled_from(["", "r1", "r2"])), max_size=12)


@examples(12)
@given(_ACTS)
def test_after_any_acts_the_tables_are_what_the_events_give(acts: list[tuple[CopyState, tuple[int, int], str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        register = Office(None, Path(folder)).open()
        run = recorded(register)
        for state, (first, more), to in acts:
            asked = numbers(run, f"{first}-{min(26, first + more)}")
            with contextlib.suppress(Refused):
                record_copies(register, state, asked, None, to=to)
        assert audit(register) == ()
        register.close()


def test_events_are_neither_changed_nor_taken_away(register: Register, run: RecordedRun) -> None:
    changes: list[sa.Executable] = [sa.update(EVENTS).values(who="eve"), sa.delete(EVENTS)]
    if register.engine.dialect.name == "postgresql":
        changes.append(sa.text("TRUNCATE events"))
    for change in changes:
        with pytest.raises(sa.exc.DBAPIError, match="never changed"), register.engine.begin() as connection:
            connection.execute(change)


def unguarded(register: Register, *statements: str) -> None:
    """Do what only somebody does who goes around the program."""
    with register.engine.begin() as connection:
        if register.engine.dialect.name == "sqlite":
            for trigger in ("events_unchanged", "events_kept"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {trigger}")
        else:
            connection.exec_driver_sql("ALTER TABLE events DISABLE TRIGGER USER")
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET who = 'eve' WHERE seq = 3",
        "UPDATE events SET at = '2026-11-26T16:00:01Z' WHERE seq = 3",
        "UPDATE events SET body = replace(body, '3', '4') WHERE seq = 3",
        "UPDATE events SET digest = 'x' || substr(digest, 2) WHERE seq = 3",
    ],
)
def test_a_changed_event_is_named(register: Register, run: RecordedRun, change: str) -> None:
    through(register, run, "1-5", CopyState.PRINTED)
    through(register, run, "3", CopyState.ISSUED)
    through(register, run, "4", CopyState.ISSUED)
    unguarded(register, change)
    found = audit(register)
    assert [(one.code, one.message.split(" does")[0]) for one in found] == [("event-broken", "event 3")]


def test_an_event_that_was_taken_out_is_noticed(register: Register, run: RecordedRun) -> None:
    through(register, run, "1-5", CopyState.PRINTED)
    through(register, run, "3", CopyState.ISSUED)
    unguarded(register, "DELETE FROM events WHERE seq = 2")
    assert [one.message.split(" does")[0] for one in audit(register)] == ["event 3"]


def test_the_last_event_that_was_taken_out_is_noticed_in_what_it_did(register: Register, run: RecordedRun) -> None:
    through(register, run, "1", CopyState.PRINTED)
    with register.reading() as connection:
        digest = report(connection).digest
    assert audit(register, digest) == ()
    unguarded(register, "DELETE FROM events WHERE seq = 2")
    found = {one.code: one.message for one in audit(register, digest)}
    assert found.keys() == {"state-differs", "digest-unknown"}


def test_after_a_changed_last_event_nothing_more_is_written(register: Register, run: RecordedRun) -> None:
    unguarded(register, "UPDATE events SET who = 'eve' WHERE seq = 1")
    with pytest.raises(Refused) as error:
        through(register, run, "1", CopyState.PRINTED)
    assert refused(error) == {"register-broken"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "UPDATE copies SET state = 'issued' WHERE number = 7",
            "copies 1 / 7: state is issued, and by the events it is planned",
        ),
        ("DELETE FROM copies WHERE number = 26", "copies 1 / 26: it was recorded, and is gone"),
        ("UPDATE recipients SET name = 'Eve' WHERE id = 2", "recipients 2: name or address is not what was recorded"),
        ("UPDATE runs SET total = 25", "runs 1: total is 25, and by the events it is 26"),
    ],
)
def test_a_table_that_was_changed_without_an_act_is_told(
    register: Register, run: RecordedRun, change: str, said: str
) -> None:
    unguarded(register, change)
    assert [(one.code, one.message) for one in audit(register)] == [("state-differs", said)]


def test_a_person_is_forgotten_and_the_chain_stays_whole(office: Office, register: Register, run: RecordedRun) -> None:
    through(register, run, "1-26", CopyState.PRINTED, CopyState.ISSUED)
    found = forget(register, "r3")
    assert (found.recipients, "forgotten-holder" in {one.code for one in found.findings}) == (1, True)
    assert audit(register) == ()
    with register.reading() as connection:
        held = {one.numbers: (one.ref, one.name) for one in holdings(connection)}
    assert (held["7-9"], held["1-3"][0]) == (("", ""), "r1")
    with pytest.raises(Refused) as error:
        forget(register, "r3")
    assert refused(error) == {"recipient-unknown"}


def test_a_line_of_two_lists_is_not_forgotten_by_mistake(register: Register) -> None:
    for name, who in (("first", "Ann"), ("second", "Bob")):
        people = [recipient(1, ref="row-2", name=who)]
        made = plan(people=1, name=name)
        renamed = tuple(
            replace(part, recipient="row-2") if part.recipient else part for part in made.runs[0].allotments
        )
        made = replace(made, runs=(replace(made.runs[0], allotments=renamed),))
        record_plan(register, EDITION, made, [DOCUMENT], people)
    with pytest.raises(Refused) as error:
        forget(register, "row-2")
    assert [one.hint for one in error.value.findings] == ["Name the one that is meant: @1, @2"]
    assert forget(register, "@2").recipients == 1
    assert forget(register, "row-2").recipients == 1


def test_purge_takes_old_runs_their_files_and_who_has_no_open_copy(
    office: Office, register: Register, run: RecordedRun
) -> None:
    folder = run_folder(office.where, run.letters)
    folder.mkdir(parents=True)
    (folder / "run-1.pdf").write_text("Unique1Token")
    through(register, run, "1-26", CopyState.PRINTED)
    through(register, run, "1-6", CopyState.ISSUED)
    through(register, run, "4-6", CopyState.RETURNED)
    assert purge(register, 365).runs == ()
    office.clock.add(days=366)
    newer = recorded(register, plan(people=1, name="newer"), people=1)
    found = purge(register, 365)
    assert (found.recipients, found.runs, folder.exists()) == (7, (run.letters,), False)
    with register.reading() as connection:
        assert [(one.ref, one.numbers) for one in holdings(connection)] == [("r1", "1-3")]
    assert newer.letters != run.letters
    assert audit(register) == ()
    assert purge(register, 365).recipients == 0


def test_purge_takes_the_files_of_a_run_with_somebody_who_was_forgotten(
    office: Office, register: Register, run: RecordedRun
) -> None:
    folder = run_folder(office.where, run.letters)
    folder.mkdir(parents=True)
    forget(register, "r1")
    assert purge(register, 365).runs == (run.letters,)
    assert not folder.exists()


def test_a_report_counts_and_names_nobody(register: Register, run: RecordedRun) -> None:
    through(register, run, "1-20", CopyState.PRINTED)
    with register.reading() as connection:
        found = report(connection)
        last = chain.last_event(connection)
    assert dict(found.runs[0].copies) == {"planned": 6, "printed": 20}
    assert last is not None
    assert (found.events, found.digest) == (2, last.digest)
    assert "Unique" not in repr(found)


def test_a_register_of_a_newer_program_is_refused(office: Office, register: Register) -> None:
    with register.engine.begin() as connection:
        connection.execute(sa.update(META).values(value="2"))
    with pytest.raises(Refused) as error:
        office.open()
    assert refused(error) == {"register-newer"}


def test_a_register_that_is_not_there_is_made_only_where_that_is_asked_for(office: Office) -> None:
    with pytest.raises(Refused) as error:
        office.open(make=False)
    assert refused(error) == {"register-missing"}
    office.open().close()
    office.open(make=False).close()


def test_findings_hold_no_persons(register: Register, run: RecordedRun) -> None:
    unguarded(register, "UPDATE recipients SET street = 'elsewhere' WHERE id = 2")
    told: tuple[Finding, ...] = audit(register)
    assert told
    assert not any("Unique" in str(one) or one.severity is Severity.NOT_RUN for one in told)


def test_moments_are_kept_in_utc(office: Office) -> None:
    office.clock.at = datetime.datetime(2026, 7, 1, 1, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    register = office.open()
    recorded(register)
    with register.reading() as connection:
        assert report(connection).last == "2026-06-30T23:30:00Z"
    register.close()
