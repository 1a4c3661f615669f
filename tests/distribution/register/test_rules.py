"""What is refused of editions, runs, groups and recipients, and what goes by e-mail; on SQLite and PostgreSQL alike."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

from briefing.distribution import codes
from briefing.distribution.records import Delivery, DistributionPlan
from briefing.distribution.register.audit import audit
from briefing.distribution.register.copies import Selection, TypedCode, record_copies
from briefing.distribution.register.editions import RecallAction, open_recall
from briefing.distribution.register.holdings import Verdict, holdings, report, verify_code
from briefing.distribution.register.jobs import intend, read_print_run, runs_to_print, spoil
from briefing.distribution.register.plans import MadePart, RecordedRun, letters_of, record_parts, record_plan
from briefing.distribution.register.privacy import forget
from briefing.distribution.register.register import Register
from briefing.distribution.register.schema import EDITIONS, RECALLS, CopyState
from briefing.findings import Refused
from tests.support.registers import DOCUMENT, EDITION, Office, plan, recipient, recorded

CHANGED = replace(EDITION, content_sha256="e" * 64, title="Another")
PEOPLE = [recipient(number) for number in range(1, 9)]


def made(register: Register, run: RecordedRun, last: int = 0) -> RecordedRun:
    record_parts(register, run, [MadePart(1, 1, last or run.total, "part-0001.pdf", "a" * 64)])
    return run


def become(register: Register, run: RecordedRun, text: str, *states: CopyState, **more: object) -> None:
    for state in states:
        record_copies(register, state, Selection(run=run.letters, numbers=text), None, **more)  # type: ignore[arg-type]


def states_of_runs(register: Register) -> dict[str, str]:
    with register.reading() as connection:
        return {one.run: one.state for one in report(connection).runs}


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    (code,) = {finding.code for finding in refused.value.findings}
    return code


# ------------------------------------------------------------------ content that is replaced


def test_runs_of_content_that_was_replaced_are_cancelled_and_not_printed(office: Office, register: Register) -> None:
    first, planned = made(register, recorded(register)), recorded(register, plan(name="planned only"))
    (second,) = record_plan(register, CHANGED, plan(), [DOCUMENT], PEOPLE)
    assert states_of_runs(register) == {
        first.letters: "cancelled", planned.letters: "cancelled", second.letters: "planned"
    }  # fmt: skip
    made(register, second)
    assert runs_to_print(register) == [second.letters]
    with register.reading() as connection:
        assert list(letters_of(connection, plan()).values()) == [second.letters]
        verdict = verify_code(connection, TypedCode(codes.encode(first.tag, 1, office.key)), None)
    assert isinstance(verdict, Verdict)
    assert verdict.run_state == "cancelled"
    for act in (
        lambda: read_print_run(register, first.letters),
        lambda: spoil(register, first.letters, "1"),
        lambda: become(register, first, "1", CopyState.PRINTED),
        lambda: made(register, first),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert code_of(refused) == "run-cancelled"
        assert "distribute make" in refused.value.findings[0].hint
    assert audit(register) == ()


def test_a_run_that_is_cancelled_while_it_is_about_to_be_printed_is_not_sent(register: Register) -> None:
    run = read_print_run(register, made(register, recorded(register)).letters)
    record_plan(register, CHANGED, plan(), [DOCUMENT], PEOPLE)
    with pytest.raises(Refused) as refused:
        intend(register, run, run.parts[0], (1, 3), "ipp://printer.example.org/")
    assert code_of(refused) == "run-cancelled"


def test_content_of_which_copies_are_at_a_printer_is_not_replaced(register: Register) -> None:
    run = read_print_run(register, made(register, recorded(register)).letters)
    intend(register, run, run.parts[0], (1, 3), "ipp://printer.example.org/")
    with pytest.raises(Refused) as refused:
        record_plan(register, CHANGED, plan(), [DOCUMENT], PEOPLE)
    assert code_of(refused) == "edition-changed"
    assert states_of_runs(register) == {run.letters: "made"}


def test_content_that_comes_back_is_made_anew(register: Register) -> None:
    first = recorded(register)
    record_plan(register, CHANGED, plan(), [DOCUMENT], PEOPLE)
    again = recorded(register)
    assert again.letters != first.letters
    assert list(states_of_runs(register).values()) == ["cancelled", "cancelled", "planned"]
    assert audit(register) == ()


def test_an_edition_of_another_language_needs_a_name_of_its_own(register: Register) -> None:
    recorded(register)
    other = replace(EDITION, language="es")
    with pytest.raises(Refused) as refused:
        record_plan(register, other, plan(name="es"), [DOCUMENT], PEOPLE)
    assert code_of(refused) == "edition-taken"
    (finding,) = refused.value.findings
    assert ("en-GB" in finding.message, "short_title" in finding.hint) == (True, True)
    record_plan(register, replace(other, number=2), plan(name="es"), [DOCUMENT], PEOPLE)
    with register.reading() as connection:
        assert list(connection.scalars(sa.select(EDITIONS.c.language).order_by(EDITIONS.c.id))) == ["en-GB", "es"]


# ------------------------------------------------------------------ copies by e-mail


def mailed(*parcels: int, people: int = 8) -> DistributionPlan:
    """A plan of which some parcels go by e-mail."""
    (run,) = plan(people, spares=0).runs
    sent = tuple(replace(one, delivery=Delivery.EMAIL) if one.number in parcels else one for one in run.parcels)
    return DistributionPlan((replace(run, parcels=sent),), "list", f"mailed {parcels}")


def test_a_copy_by_e_mail_is_issued_unprinted_and_its_run_does_not_wait_for_it(register: Register) -> None:
    run = made(register, recorded(register, mailed(8)))  # copies 22 to 24
    become(register, run, "22", CopyState.ISSUED, CopyState.DELIVERED)
    assert states_of_runs(register) == {run.letters: "made"}
    become(register, run, "1-21", CopyState.PRINTED)
    assert states_of_runs(register) == {run.letters: "printed"}
    assert runs_to_print(register) == []
    become(register, run, "1-21", CopyState.ISSUED)
    assert states_of_runs(register) == {run.letters: "printed"}  # two files are still to be sent
    become(register, run, "23-24", CopyState.DELIVERED)
    assert states_of_runs(register) == {run.letters: "dispatched"}
    with register.reading() as connection:
        assert [one.count for one in holdings(connection)] == [3] * 8
    assert audit(register) == ()


def test_what_is_on_paper_is_still_printed_first(register: Register) -> None:
    run = made(register, recorded(register, mailed(8)))
    with pytest.raises(Refused) as refused:
        become(register, run, "21-22", CopyState.ISSUED)
    assert [one.message for one in refused.value.findings] == [
        f"copy 21 of run {run.letters} is planned, and cannot become issued"
    ]
    with pytest.raises(Refused) as refused:
        spoil(register, run.letters, "22")
    assert refused.value.findings[0].hint == "It goes by e-mail, and is not printed."


def test_a_run_of_e_mail_alone_is_never_offered_to_a_printer(register: Register) -> None:
    run = made(register, recorded(register, mailed(1, 2, people=2), people=2))
    assert runs_to_print(register) == []
    become(register, run, "1-3", CopyState.ISSUED)
    assert runs_to_print(register) == []
    become(register, run, "4-6", CopyState.ISSUED)
    assert states_of_runs(register) == {run.letters: "dispatched"}
    assert audit(register) == ()


# ------------------------------------------------------------------ recipients


def with_ref(name: str, ref: str) -> DistributionPlan:
    """A plan for one recipient of that ref, and two spares."""
    (run,) = plan(1, name=name).runs
    parts = tuple(replace(part, recipient=ref) if part.recipient else part for part in run.allotments)
    return DistributionPlan((replace(run, allotments=parts),), f"{name}-list", name)


@pytest.mark.parametrize("ref", ["row-2", "1042"])
def test_a_spare_goes_to_nobody_by_mistake(register: Register, ref: str) -> None:
    for name in ("Ann", "Bob"):
        (run,) = record_plan(register, EDITION, with_ref(name, ref), [DOCUMENT], [recipient(1, ref=ref, name=name)])
    become(register, run, "4-5", CopyState.PRINTED)
    with pytest.raises(Refused) as refused:
        become(register, run, "4", CopyState.ISSUED, to=ref)
    assert code_of(refused) == "recipient-unclear"
    assert refused.value.findings[0].hint == "Name the one that is meant: @1, @2"
    become(register, run, "4", CopyState.ISSUED, to="@1")
    with register.reading() as connection:
        assert [(one.recipient, one.name, one.numbers) for one in holdings(connection)] == [
            (1, "Ann, Office of Tests", "4")
        ]
    forget(register, "@1")
    with pytest.raises(Refused) as refused:
        become(register, run, "5", CopyState.ISSUED, to="@1")
    assert code_of(refused) == "recipient-unknown"
    become(register, run, "5", CopyState.ISSUED, to=ref)


def test_a_spare_goes_to_where_somebody_has_moved(register: Register) -> None:
    for street in ("1 Main Street", "9 Elm Street"):
        moved = recipient(1, ref="1042", street=street)
        (run,) = record_plan(register, EDITION, with_ref(street, "1042"), [DOCUMENT], [moved])
    become(register, run, "4", CopyState.PRINTED)
    become(register, run, "4", CopyState.ISSUED, to="1042")
    with register.reading() as connection:
        assert [one.recipient for one in holdings(connection)] == [2]


# ------------------------------------------------------------------ recalls and groups


def test_a_recall_keeps_its_reason_until_it_is_closed(register: Register) -> None:
    recorded(register)
    found = open_recall(register, "1", RecallAction.RETURN, "the map is wrong")
    assert open_recall(register, "1", RecallAction.RETURN, "the map is wrong").id == found.id
    for action, reason in ((RecallAction.RETURN, "a name is wrong"), (RecallAction.DESTROY, "the map is wrong")):
        with pytest.raises(Refused) as refused:
            open_recall(register, "1", action, reason)
        assert code_of(refused) == "recall-open"
    with register.reading() as connection:
        assert list(connection.scalars(sa.select(RECALLS.c.reason))) == ["the map is wrong"]


ORDER = {"press": "member", "public": "press"}


@pytest.fixture
def groups(register: Register) -> RecordedRun:
    """Copies 1-3 for a member, 4-6 for the press, 7-9 for the public; 10 and 11 are spares."""
    people = [recipient(1), recipient(2, group="press"), recipient(3, group="public")]
    (run,) = record_plan(register, EDITION, plan(3), [DOCUMENT], people)
    become(register, run, "2-11", CopyState.PRINTED)
    return run


def test_a_group_waits_for_the_one_that_comes_before_it(register: Register, groups: RecordedRun) -> None:
    for text, to, said in (
        ("4", "", ["press comes after member, of whose 3 copies are still here"]),
        (
            "10",
            "r2",
            ["press comes after member, of whose 3 copies are still here"],
        ),
        ("2-6", "", ["press comes after member, of whose 1 copy is still here"]),
        (
            "7",
            "",
            [
                "public comes after press, of whose 3 copies are still here",
                "public comes after member, of whose 3 copies are still here",
            ],
        ),
    ):
        for state in (CopyState.ISSUED, CopyState.DELIVERED) if not to else (CopyState.ISSUED,):
            with pytest.raises(Refused) as refused:
                become(register, groups, text, state, after=ORDER, to=to)
            assert code_of(refused) == "group-order"
            told = [one.message.replace("copies of edition darien-crossing-1 ", "") for one in refused.value.findings]
            assert sorted(told) == sorted(said)
            assert "Unique" not in json.dumps([str(one) for one in refused.value.findings])
    become(register, groups, "1", CopyState.PRINTED)
    become(register, groups, "1-6", CopyState.ISSUED, after=ORDER)  # together
    become(register, groups, "7-9", CopyState.ISSUED, after=ORDER)
    assert audit(register) == ()


def test_what_is_out_already_may_arrive_and_other_runs_are_waited_for(register: Register, groups: RecordedRun) -> None:
    become(register, groups, "1", CopyState.PRINTED)
    become(register, groups, "1-5", CopyState.ISSUED, after=ORDER)
    other = recorded(register, plan(1, name="more"), people=1)
    become(register, groups, "4", CopyState.DELIVERED, after=ORDER)
    with pytest.raises(Refused) as refused:
        become(register, groups, "6", CopyState.ISSUED, after=ORDER)
    assert code_of(refused) == "group-order"
    become(register, other, "1-3", CopyState.SPOILED, CopyState.DESTROYED)
    become(register, groups, "6", CopyState.ISSUED, after=ORDER)


def test_runs_that_are_cancelled_are_not_waited_for(register: Register) -> None:
    recorded(register, plan(1), people=1)
    press = [recipient(1, group="press")]
    (run,) = record_plan(register, CHANGED, plan(1, name="press"), [DOCUMENT], press)
    become(register, run, "1", CopyState.PRINTED)
    become(register, run, "1", CopyState.ISSUED, after=ORDER)
    with register.reading() as connection:
        assert [(one.run, one.numbers) for one in holdings(connection)] == [(run.letters, "1")]
