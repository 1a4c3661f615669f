"""A run is printed: what is still wanted of it, part by part, each intent recorded before the printer hears of it.

Whenever it is stopped, by Ctrl-C, a kill or a printer that fails, it goes on where it was when it is started again:
first comes what became of the job that was open, and nothing is sent twice.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from briefing.distribution.printing.following import JobEnd, find_jobs, follow, job_seen, printer_behind
from briefing.distribution.printing.ipp import (
    BUSY,
    NOT_FOUND,
    IppClient,
    PrinterFault,
    PrinterGarbled,
    PrinterRefuses,
    PrinterSilent,
    PrinterUntrusted,
    read_address,
)
from briefing.distribution.printing.ipp_codec import IppAttribute, IppAttributes
from briefing.distribution.printing.part_file import PrintedPart, read_part
from briefing.distribution.printing.printer import ASKED, MEDIA, PrintWish, doubts, refusals
from briefing.distribution.register.changes import ranges
from briefing.distribution.register.jobs import (
    PrintJob,
    PrintRun,
    assert_printable,
    intend,
    printing_alone,
    read_print_run,
    record_end,
    record_number,
    record_sent,
)
from briefing.distribution.register.plans import MadePart
from briefing.distribution.register.register import Register
from briefing.distribution.register.schema import JobState
from briefing.findings import Finding, Place, Refused, error, warning

if TYPE_CHECKING:
    from briefing.pipeline.job import Tell

_Piece = tuple[MadePart, int, int]  # a part, and the first and last of its copies that are meant


@dataclass(frozen=True, slots=True)
class PrintTask:
    """What is to be printed, and where."""

    letters: str  # of the run
    client: IppClient
    sides: str = ""  # of copies with more than one page, as printers call them
    output_bin: str = ""
    only: frozenset[int] | None = None  # numbers of copies
    advance: frozenset[str] = frozenset()  # groups that may have their copies before an embargo ends


def only(task: PrintTask, numbers: Iterable[int]) -> PrintTask:
    """The same, of these copies alone."""
    return replace(task, only=frozenset(numbers))


@dataclass(frozen=True, slots=True)
class PrintOutcome:
    """What was printed."""

    run: str
    jobs: int
    copies: int
    left: int  # copies that are still wanted
    findings: tuple[Finding, ...]


def ask(register: Register, task: PrintTask) -> PrintOutcome:
    """Ask the printer whether it could print what is still wanted of a run; nothing is printed and nothing recorded.

    Raises `Refused` with all that it could not.
    """
    run = read_print_run(register, task.letters)
    pieces = list(_pieces(run, task.only))
    _assert_printable(register, task, run, pieces)
    parts = _Parts(register, run)
    findings, _ = _assert_able(task, run, [parts.read(part) for part, _, _ in pieces])
    copies = sum(last - first + 1 for _, first, last in pieces)
    return PrintOutcome(run.letters, 0, 0, copies, findings)


def print_run(register: Register, task: PrintTask, tell: Tell = lambda _: None) -> PrintOutcome:
    """Print what is still wanted of a run. Raises `Refused` where that cannot be, or is not known to have been."""
    run = read_print_run(register, task.letters)
    with printing_alone(register, run):
        return _Printing(register, task, tell).run()


class _Parts:
    """The files of a run, each read once and held one at a time."""

    def __init__(self, register: Register, run: PrintRun) -> None:
        self._register, self._run, self._held = register, run, dict[int, PrintedPart]()

    def read(self, part: MadePart) -> PrintedPart:
        """The part, which is what was recorded. Raises `Refused`."""
        if part.number not in self._held:
            self._held = {part.number: read_part(self._register.where, self._run, part)}
        return self._held[part.number]


class _Printing:
    def __init__(self, register: Register, task: PrintTask, tell: Tell) -> None:
        self._register, self._task, self._tell = register, task, tell
        self._place = Place(task.client.address.uri)
        self._run = read_print_run(register, task.letters)
        self._parts = _Parts(register, self._run)
        self._jobs = self._copies = 0

    def run(self) -> PrintOutcome:
        if self._run.open_job is not None:
            self._recover(self._run.open_job)
            self._run = read_print_run(self._register, self._task.letters)
        findings = tuple[Finding, ...]()
        pieces = list(_pieces(self._run, self._task.only))
        if pieces or not self._run.parts:
            _assert_printable(self._register, self._task, self._run, pieces)
            parts = (self._parts.read(part) for part, _, _ in pieces)
            findings, template = _assert_able(self._task, self._run, parts)
            for part, first, last in pieces:
                self._print(part, first, last, template)
        left = sum(last - first + 1 for first, last in self._now().unprinted)
        return PrintOutcome(self._run.letters, self._jobs, self._copies, left, findings)

    def _now(self) -> PrintRun:
        return read_print_run(self._register, self._task.letters)

    def _print(self, part: MadePart, first: int, last: int, template: Sequence[IppAttribute]) -> None:
        read = self._parts.read(part)
        uri = self._task.client.address.uri
        job = intend(self._register, self._run, part, (first, last), uri, self._task.advance)
        try:
            job = self._send(self._task.client, job, read, template)
        except PrinterFault as fault:
            self._failed(job, fault)
        self._follow(self._task.client, job, read)

    def _send(self, client: IppClient, job: PrintJob, read: PrintedPart, template: Sequence[IppAttribute]) -> PrintJob:
        """Make the job at the printer, record its number, send its pages, and record that; in this order."""
        if job.job_id is None:
            job = record_number(self._register, job, _created(client, job.name, template))
        assert job.job_id is not None
        try:
            client.send_document(job.job_id, read.document(job.first, job.last))
        except PrinterFault as fault:
            raise _Partly(job, fault) from None
        return record_sent(self._register, job)

    def _failed(self, job: PrintJob, fault: PrinterFault) -> None:
        """Tell what hindered a job from being sent; raises `Refused`."""
        if isinstance(fault, _Partly):
            job, fault = fault.job, fault.fault
            if not (isinstance(fault, PrinterRefuses) and fault.is_certain):
                self._ended(job, JobEnd(JobState.UNKNOWN, None, f"while it was sent, {fault}"))
        record_end(self._register, job, JobState.ABORTED, None, str(fault))
        self._forget(self._task.client, job)
        raise Refused([_finding(fault, self._place)])

    def _follow(self, client: IppClient, job: PrintJob, read: PrintedPart, again: bool = False) -> None:
        sides = read.pages_of(job.first, job.last)

        def tell(count: int, trouble: str) -> None:
            said = f"copies {job.first} to {job.last}: {count} of {sides} sides"
            self._tell(f"{said}, {trouble}" if trouble else said)

        tell(0, "")
        try:
            end = follow(client, job, sides, self._is_two_sided(read), tell)
        except PrinterUntrusted as fault:  # the job stays open until somebody trusts the printer
            raise Refused([_finding(fault, Place(job.printer))]) from None
        self._ended(job, end, again)

    def _is_two_sided(self, read: PrintedPart) -> bool:
        return _sides(self._task, [read]) != "one-sided"

    def _ended(self, job: PrintJob, end: JobEnd, again: bool = False) -> None:
        record_end(self._register, job, end.state, end.impressions, end.why)
        self._jobs += 1
        if end.state is JobState.COMPLETED:
            self._copies += job.last - job.first + 1
        elif end.state is JobState.ABORTED:
            if again:  # it is sent anew
                return
            raise Refused([error("job-aborted", end.why, self._place, "distribute print sends it again.")])
        else:
            raise Refused([_unknown(self._run.letters, job, end.why, self._place)])

    # ------------------------------------------------------------------ what an earlier run has left open

    def _recover(self, job: PrintJob) -> None:
        """Bring a job that was open to its end. Raises `Refused` where nobody but a person can say what came of it."""
        if job.state is JobState.UNKNOWN:
            raise Refused([_unknown(self._run.letters, job, "what came out of it is unknown", self._place)])
        client = self._client_of(job)
        part = next(one for one in self._run.parts if one.number == job.part)
        read = self._parts.read(part)
        try:
            job = self._as_sent(client, job, read)
        except _Partly as fault:
            self._failed(job, fault)
        except PrinterUntrusted as fault:  # the job stays open until somebody trusts the printer
            raise Refused([_finding(fault, Place(job.printer))]) from None
        except PrinterFault as fault:
            gone = isinstance(fault, PrinterRefuses) and fault.status == NOT_FOUND
            why = "no longer knows it" if gone else f"does not tell of it: {fault}"
            self._ended(job, JobEnd(JobState.UNKNOWN, None, f"it was stopped, and the printer {why}"))
        if job.state is JobState.SENT:
            self._follow(client, job, read, again=True)

    def _as_sent(self, client: IppClient, job: PrintJob, read: PrintedPart) -> PrintJob:
        """The job, sent if it is not; or aborted, where it was at a printer that shall not print it any more."""
        if job.state is JobState.SENT:
            return job
        if job.job_id is None:  # no page of it was sent
            record_end(self._register, job, JobState.ABORTED, None, "it was stopped before it was sent")
            self._forget(client, job)
            return job
        seen = job_seen(_told(client, job.job_id))
        if seen.name == job.name and not seen.has_document and not seen.is_over:
            return self._send(client, job, read, [])
        return record_sent(self._register, job)  # whether it came whole is told by its count

    def _forget(self, client: IppClient, job: PrintJob) -> None:
        """Take an empty job from a printer, which would wait for its pages."""
        with suppress(PrinterFault):  # without pages it ends by itself
            for seen in find_jobs(client, job.name):
                if seen.number is not None and not seen.is_over:
                    client.cancel_job(seen.number)

    def _client_of(self, job: PrintJob) -> IppClient:
        current = self._task.client
        if job.printer == current.address.uri:
            return current
        address = read_address(job.printer)
        assert address is not None, job.printer
        return current.at(address)


class _Partly(PrinterFault):
    """A fault while the pages of a job were sent: some may have come."""

    def __init__(self, job: PrintJob, fault: PrinterFault) -> None:
        super().__init__(str(fault))
        self.job, self.fault = job, fault


def _created(client: IppClient, name: str, template: Sequence[IppAttribute]) -> int:
    """Make a job; a printer that is busy with another one is waited for."""
    since = time.monotonic()
    while True:
        try:
            return client.create_job(name, template)
        except PrinterRefuses as fault:
            if fault.status != BUSY or time.monotonic() - since > client.patience.silence:
                raise
        time.sleep(client.patience.poll)


def _told(client: IppClient, number: int) -> IppAttributes:
    """What a printer says of a job; one that is silent is waited for."""
    since = time.monotonic()
    while True:
        try:
            return client.job(number)
        except PrinterSilent:
            if time.monotonic() - since > client.patience.silence:
                raise
        time.sleep(client.patience.poll)


def _pieces(run: PrintRun, only: frozenset[int] | None) -> Iterator[_Piece]:
    """What is still wanted, as pieces of parts: copies in a row that lie in one file."""
    for part in run.parts:
        for first, last in run.unprinted:
            inside = range(max(first, part.first), min(last, part.last) + 1)
            for begin, end in ranges(number for number in inside if only is None or number in only):
                yield part, begin, end


def _assert_printable(register: Register, task: PrintTask, run: PrintRun, pieces: Sequence[_Piece]) -> None:
    if not run.parts:
        hint = "distribute make makes them."
        raise Refused([error("part-missing", f"run {run.letters} has no files yet", register.where.place, hint)])
    with register.writing() as writing:
        numbers = {number for _, first, last in pieces for number in range(first, last + 1)}
        assert_printable(writing, run, numbers, task.advance)


def _assert_able(
    task: PrintTask, run: PrintRun, parts: Iterable[PrintedPart]
) -> tuple[tuple[Finding, ...], list[IppAttribute]]:
    """Doubts about the printer, and what each job asks of it. Raises `Refused` where it cannot do it."""
    place, client = Place(task.client.address.uri), task.client
    media = MEDIA.get(run.paper)
    if media is None:
        raise Refused([error("printer-unfit", f"no printer is known to have {run.paper} paper", place)])
    wish = PrintWish(media, _sides(task, parts), task.output_bin)
    try:
        able = client.printer(ASKED)
        lacks = refusals(able, wish)
        if lacks:
            raise Refused([error("printer-unfit", f"the printer cannot print this run: {why}", place) for why in lacks])
        client.validate_job(f"briefing {run.letters}", wish.template(able))
    except PrinterFault as fault:
        raise Refused([_finding(fault, place)]) from None
    found = [warning("printer-doubt", why, place) for why in doubts(able, wish)]
    return (*found, *_doubt_behind(client, able, place)), wish.template(able)


def _doubt_behind(client: IppClient, able: IppAttributes, place: Place) -> Iterator[Finding]:
    """A warning where the printer behind a queue will not be asked what it has counted, since it is not trusted."""
    behind = printer_behind(client, able)
    if behind and behind.address.secure:
        try:
            behind.printer(("printer-name",))
        except PrinterUntrusted as fault:
            why = f"the printer behind it is not asked what came out, so that each part must be settled: {fault}"
            yield warning("printer-doubt", why, place, _trust(fault))
        except PrinterFault:
            pass  # it is asked again when something has come out


def _sides(task: PrintTask, parts: Iterable[PrintedPart]) -> str:
    two_sided = [read.is_two_sided for read in parts]  # all are read, and found to be whole
    return (task.sides or "two-sided-long-edge") if any(two_sided) else "one-sided"


def _trust(fault: PrinterUntrusted) -> str:
    """How somebody makes the program trust a printer."""
    shown = fault.fingerprint
    return shown and f"If the printer's own settings show the same fingerprint, add --certificate {shown}."


def _finding(fault: PrinterFault, place: Place) -> Finding:
    if isinstance(fault, PrinterUntrusted):
        return error("printer-untrusted", f"nothing was sent to the printer: {fault}", place, _trust(fault))
    if isinstance(fault, PrinterRefuses):
        return error("printer-refused", f"the printer refused: {fault}", place)
    if isinstance(fault, PrinterGarbled):
        return error("printer-garbled", f"what listens there is no printer: {fault}", place)
    hint = "Is it switched on, and is this its address?"
    return error("printer-silent", f"the printer cannot be asked: {fault}", place, hint)


def _unknown(letters: str, job: PrintJob, why: str, place: Place) -> Finding:
    counted = f"; it has counted {job.impressions} sides" if job.impressions else ""
    message = f"what came out of copies {job.first} to {job.last} is unknown: {why}{counted}"
    hint = "Look at the last sheet that came out whole, then say its number: distribute settle {run} --last NUMBER"
    return error("job-unknown", message, place, f"{hint.format(run=letters)} (or --none, --all).")
