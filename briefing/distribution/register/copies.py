"""What became of copies, recorded by their codes, or by run and number: printed, issued, returned and so on."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import sqlalchemy as sa

from briefing.distribution import codes
from briefing.distribution.register.changes import Change, SetCopies, SetRow, in_ranges
from briefing.distribution.register.gate import embargo_faults, order_faults
from briefing.distribution.register.people import recipient_called
from briefing.distribution.register.register import Register, Writing
from briefing.distribution.register.run_states import KIND, CopyKind, assert_not_cancelled, kind_of, run_state
from briefing.distribution.register.schema import (
    COPIES,
    DOCUMENTS,
    EDITIONS,
    IN_PARCELS,
    OUT,
    PARCELS,
    RECIPIENTS,
    RUNS,
    TO_PRINT,
    CopyState,
)
from briefing.findings import NOWHERE, Finding, Place, Refused, error

_S = CopyState
BEFORE: Mapping[CopyState, frozenset[CopyState]] = {  # what a copy must be before it becomes this
    _S.PRINTED: frozenset({_S.PLANNED, _S.SPOILED}),
    _S.SPOILED: frozenset({_S.PLANNED, _S.PRINTED}),
    _S.ISSUED: frozenset({_S.PRINTED, _S.RETURNED}),
    _S.DELIVERED: frozenset({_S.PRINTED, _S.ISSUED, _S.LOST}),
    _S.RETURNED: frozenset({_S.ISSUED, _S.DELIVERED, _S.LOST}),
    _S.DESTROYED: frozenset({_S.PRINTED, _S.SPOILED, _S.ISSUED, _S.DELIVERED, _S.RETURNED, _S.LOST}),
    _S.LOST: frozenset({_S.PRINTED, _S.ISSUED, _S.DELIVERED, _S.RETURNED}),
}
_MAILED = (_S.ISSUED, _S.DELIVERED)  # what a copy by e-mail becomes without a printer
_RANGE = re.compile(r"(\d{1,7})(?:\s*[-–]\s*(\d{1,7}))?")
_RUN = sa.select(RUNS.c.id, RUNS.c.tag, RUNS.c.total, RUNS.c.state)
_MOST_FAULTS = 50  # of one kind; a whole run that is named by mistake has thousands


@dataclass(frozen=True, slots=True)
class TypedCode:
    """A code as it was typed or scanned, and where."""

    text: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Selection:
    """Which copies are meant: those of the codes, and those of a run that are named by number, parcel or holder."""

    codes: Sequence[TypedCode] = ()
    run: str = ""  # its four letters
    numbers: str = ""  # 1-50,53
    parcel: int | None = None
    holder: str = ""  # the ref of a recipient


@dataclass(frozen=True, slots=True)
class Sending:
    """With whom a parcel went."""

    carrier: str = ""
    tracking: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an act has changed: numbers by the letters of their run; and how many were so before."""

    numbers: Mapping[str, str]
    changed: int
    same: int


class RunRow(NamedTuple):
    """A run of the register."""

    id: int
    tag: int
    total: int
    state: str


@dataclass(frozen=True, slots=True)
class _Copy:
    run: int
    letters: str
    number: int
    kind: CopyKind
    recipient: int | None
    place: Place

    @property
    def state(self) -> CopyState:
        return self.kind.state


def record_copies(
    register: Register,
    state: CopyState,
    selection: Selection,
    key: bytes | None,
    *,
    sending: Sending | None = None,
    to: str = "",
    advance: frozenset[str] = frozenset(),
    after: Mapping[str, str] = MappingProxyType({}),
) -> Recorded:
    """Record that copies are now in a state; a copy that is in it already stays as it is.

    Spares that are issued go `to` a recipient. Groups of `advance` may have theirs before an embargo ends; a group
    that comes `after` another waits until that one has its own. Raises `Refused` with all that forbids it, and nothing
    is recorded then.
    """
    with register.writing() as writing:
        copies = list(dict.fromkeys(_selected(writing, selection, key)))
        moved = [copy for copy in copies if copy.state != state]
        _assert_possible(writing, moved, state)
        receiver = _receiver(writing, moved, to) if to else None
        by_run: dict[int, list[_Copy]] = defaultdict(list)
        for copy in moved:
            by_run[copy.run].append(copy)
        if state in (CopyState.ISSUED, CopyState.DELIVERED):
            numbers = {run: {one.number for one in ones} for run, ones in by_run.items()}
            leaving = {run: {one.number for one in ones if one.state not in OUT} for run, ones in by_run.items()}
            faults = [*embargo_faults(writing, numbers, advance), *order_faults(writing, leaving, receiver, after)]
            if faults:
                raise Refused(faults)
        at = writing.moment()
        for run, ones in sorted(by_run.items()):
            values = {"state": state.value, "since": at} | ({"recipient": receiver} if receiver else {})
            changes: list[Change] = [SetCopies(run, [one.number for one in ones], values)]
            changes += run_state(writing, run, Counter(one.kind for one in ones), state)
            if sending is not None:
                changes += _sent(writing, run, ones, sending, at)
            writing.record(state.value, changes)
        told = {ones[0].letters: in_ranges(one.number for one in ones) for ones in by_run.values()}
        return Recorded(told, len(moved), len(copies) - len(moved))


def copy_of(connection: sa.Connection, typed: TypedCode, key: bytes | None) -> tuple[codes.Code, RunRow] | Finding:
    """The code that was typed, with its run, or why there is no such copy."""
    code = codes.decode(typed.text)
    if isinstance(code, codes.NoCode):
        return error("code-wrong", code.why, typed.place, "Read it again from the paper; it looks like 7K3M-000H-ZST.")
    run = connection.execute(_RUN.where(RUNS.c.tag == code.run)).first()
    if run is None or code.number > run.total:
        return error("code-unknown", f"this register knows no copy {code.shown}", typed.place)
    if key is not None and not codes.is_ours(code, key):
        message = f"{code.shown} is not the code of that copy: it was typed wrong, or made up"
        return error("code-wrong", message, typed.place)
    return code, RunRow(*run)


def find_run(connection: sa.Connection, letters: str, place: Place) -> RunRow:
    """Number, tag and total of the run that is called so; raises `Refused`."""
    plain = letters.strip().upper().translate(str.maketrans("OIL", "011"))
    for row in connection.execute(_RUN):
        if codes.run_letters(row.tag) == plain:
            return RunRow(*row)
    raise Refused([error("run-unknown", "this register knows no such run", place, "distribute status lists them.")])


def read_numbers(text: str, total: int, place: Place) -> list[int]:
    """Numbers of copies as they are typed: 1-50,53. Raises `Refused` where they are none, or not of the run."""
    found: list[int] = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last <= total:
            message = f"these are no numbers of copies from 1 to {total}"
            raise Refused([error("copies-unclear", message, place, "Write them as 1-50,53.")])
        found.extend(range(first, last + 1))
    return found


def _selected(writing: Writing, selection: Selection, key: bytes | None) -> Iterator[_Copy]:
    yield from _by_codes(writing, selection.codes, key)
    wanted = [bool(selection.numbers), selection.parcel is not None, bool(selection.holder)]
    if not selection.run and not any(wanted):
        return
    place, connection = writing.where.place, writing.connection
    if not selection.run or sum(wanted) > 1:
        message = "say a run, and of it numbers, a parcel or a holder"
        raise Refused([error("copies-unclear", message, place, "--run 7K3M --copies 1-50")])
    run = find_run(connection, selection.run, place)
    query = _copies().where(COPIES.c.run == run.id)
    if selection.parcel is not None:
        query = query.where(COPIES.c.parcel == selection.parcel)
    if selection.holder:
        refs = sa.select(RECIPIENTS.c.id).where(RECIPIENTS.c.ref == selection.holder)
        query = query.where(COPIES.c.recipient.in_(refs))
    numbers = set(read_numbers(selection.numbers, run.total, place)) if selection.numbers else None
    if numbers:
        query = query.where(COPIES.c.number.between(min(numbers), max(numbers)))
    found = [row for row in connection.execute(query) if numbers is None or row.number in numbers]
    if not found:
        message = f"no copy of run {codes.run_letters(run.tag)} is meant by that"
        raise Refused([error("copies-unclear", message, place, "distribute status says who holds which.")])
    yield from (_copy(row, place) for row in found)


def _by_codes(writing: Writing, typed: Sequence[TypedCode], key: bytes | None) -> Iterator[_Copy]:
    faults, found = [], []
    for one in typed:
        read = copy_of(writing.connection, one, key)
        if isinstance(read, Finding):
            faults.append(read)
            continue
        code, run = read
        same = (COPIES.c.run == run.id, COPIES.c.number == code.number)
        found.append(_copy(writing.connection.execute(_copies().where(*same)).one(), one.place))
    if faults:
        raise Refused(faults)
    seen = {(copy.run, copy.number): copy for copy in reversed(found)}  # scanned twice
    yield from reversed(seen.values())


def _copies() -> sa.Select[Any]:
    columns = (COPIES.c.run, COPIES.c.number, COPIES.c.recipient, RUNS.c.tag, *KIND)
    joined = IN_PARCELS.join(RUNS, RUNS.c.id == COPIES.c.run)
    return sa.select(*columns).select_from(joined).order_by(COPIES.c.run, COPIES.c.number)


def _copy(row: sa.Row[Any], place: Place) -> _Copy:
    kind = kind_of(row.state, row.spare, row.delivery)
    return _Copy(row.run, codes.run_letters(row.tag), row.number, kind, row.recipient, place)


def _assert_possible(writing: Writing, copies: Sequence[_Copy], state: CopyState) -> None:
    runs = {copy.run for copy in copies}
    assert_not_cancelled(writing.connection, runs, writing.where.place)
    faults = []
    for copy in copies:
        is_ready = copy.kind.is_mailed and state in _MAILED and copy.state in TO_PRINT
        if copy.state not in BEFORE[state] and not is_ready:
            message = f"copy {copy.number} of run {copy.letters} is {copy.state}, and cannot become {state}"
            hint = f"Only what is {' or '.join(one for one in CopyState if one in BEFORE[state])} can."
            faults.append(error("copy-state", message, copy.place, hint))
    if state is CopyState.ISSUED:
        faults += withdrawn_faults(writing, runs)
    if faults:
        raise Refused(faults[:_MOST_FAULTS])


def withdrawn_faults(writing: Writing, runs: set[int]) -> Iterator[Finding]:
    """Why copies of these runs may not be printed or handed out at all."""
    query = (
        sa.select(EDITIONS.c.slug, EDITIONS.c.number)
        .join(DOCUMENTS, DOCUMENTS.c.edition == EDITIONS.c.id)
        .join(RUNS, RUNS.c.document == DOCUMENTS.c.id)
        .where(RUNS.c.id.in_(sorted(runs)), EDITIONS.c.state == "withdrawn")
        .distinct()
    )
    for slug, number in writing.connection.execute(query):
        message = f"edition {slug}-{number} is withdrawn: no copy of it is printed or handed out"
        yield error("edition-withdrawn", message, writing.where.place)


def _receiver(writing: Writing, copies: Sequence[_Copy], ref: str) -> int:
    taken = [copy for copy in copies if copy.recipient is not None]
    if taken:
        message = f"copy {taken[0].number} of run {taken[0].letters} is no spare: it is for somebody already"
        raise Refused([error("copies-unclear", message, taken[0].place)])
    return recipient_called(writing, ref)


def _sent(writing: Writing, run: int, copies: Sequence[_Copy], sending: Sending, at: str) -> Iterator[Change]:
    numbers = [copy.number for copy in copies]
    inside = (
        sa.select(PARCELS.c.number, PARCELS.c.first, PARCELS.c.last)
        .where(PARCELS.c.run == run, PARCELS.c.first <= max(numbers), PARCELS.c.last >= min(numbers))
        .order_by(PARCELS.c.number)
    )
    for number, first, last in writing.connection.execute(inside):
        if any(first <= one <= last for one in numbers):
            values = {"carrier": sending.carrier or None, "tracking": sending.tracking or None, "sent": at}
            yield SetRow("parcels", {"run": run, "number": number}, values)
