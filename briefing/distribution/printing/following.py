"""What a printer says of a job until it is over, and how much of that is believed.

A queue calls a job completed of which half came out. So what counts are the sides that the printer has counted; where
they are too few, or nobody says, what came out is unknown until somebody looks at the tray. A queue of CUPS counts what
has passed its filters, long before a sheet comes out: there the printer behind it is asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from briefing.distribution.printing.ipp import (
    NOT_FOUND,
    IppClient,
    PrinterFault,
    PrinterRefuses,
    PrinterUntrusted,
    read_address,
)
from briefing.distribution.printing.ipp_codec import IppAttributes
from briefing.distribution.printing.printer import is_queue, reasons
from briefing.distribution.register.jobs import PrintJob
from briefing.distribution.register.schema import JobState

_WAITING = (3, 4)  # states of a job at the printer: pending, held
_CANCELED, _ABORTED, _COMPLETED = 7, 8, 9
_INCOMING = ("job-incoming", "job-data-insufficient")
_LATE = 3  # more questions after a job is over, since its count may come late


@dataclass(frozen=True, slots=True)
class JobSeen:
    """What a printer says of a job."""

    number: int | None
    name: str
    state: int
    impressions: int | None  # sides that it has counted
    sheets: int | None
    is_begun: bool
    has_document: bool
    trouble: str

    @property
    def is_over(self) -> bool:
        """Whether the printer does no more of it."""
        return self.state in (_CANCELED, _ABORTED, _COMPLETED)


@dataclass(frozen=True, slots=True)
class JobEnd:
    """What became of a job, as far as that can be told."""

    state: JobState
    impressions: int | None
    why: str = ""


def job_seen(said: IppAttributes) -> JobSeen:
    """What is said of a job, without what is of no kind that it should be."""
    documents, incoming = _number(said, "number-of-documents"), said.get("job-state-reasons", ())
    impressions, name = _number(said, "job-impressions-completed"), said.get("job-name", ("",))[0]
    state = _number(said, "job-state") or 0
    waits = state in _WAITING and any(one in _INCOMING for one in incoming)
    begun = "time-at-processing" not in said or _number(said, "time-at-processing") is not None
    return JobSeen(
        number=_number(said, "job-id"),
        name=name if isinstance(name, str) else "",
        state=state,
        impressions=impressions,
        sheets=_number(said, "job-media-sheets-completed"),
        is_begun=begun or bool(impressions),
        has_document=documents != 0 and not waits,
        trouble=reasons(said, "job-state-reasons"),
    )


def find_jobs(client: IppClient, name: str) -> list[JobSeen]:
    """The jobs of that name which the printer knows. Raises `PrinterFault`."""
    return [seen for seen in map(job_seen, client.jobs()) if seen.name == name and seen.number is not None]


def follow(client: IppClient, job: PrintJob, sides: int, two_sided: bool, tell: Callable[[int, str], None]) -> JobEnd:
    """Wait until a job is over, and say what is known of it; `tell` gets the sides so far and what hinders it.

    Raises `PrinterUntrusted`, since who answers then may be another printer.
    """
    assert job.job_id is not None, job
    most, late, heard = 0, 0, time.monotonic()
    while True:
        try:
            seen = job_seen(client.job(job.job_id))
        except PrinterUntrusted:
            raise
        except PrinterRefuses as fault:
            if fault.status == NOT_FOUND:
                why = "the printer no longer knows the job: it was switched off, or has forgotten it"
                return JobEnd(JobState.UNKNOWN, most or None, why)
            seen = None
        except PrinterFault:
            seen = None
        if seen is None or not seen.state:
            if time.monotonic() - heard > client.patience.silence:
                return JobEnd(JobState.UNKNOWN, most or None, "the printer no longer answers")
            time.sleep(client.patience.poll)
            continue
        heard = time.monotonic()
        if seen.name and seen.name != job.name:
            why = "the printer has given the job's number to another one: it was switched off"
            return JobEnd(JobState.UNKNOWN, most or None, why)
        if (seen.impressions or 0) < most and not seen.is_over:
            _stop(client, job)
            return JobEnd(JobState.UNKNOWN, most, "the printer has begun the job anew, and was told to stop")
        most = max(most, seen.impressions or 0)
        tell(most, seen.trouble)
        if seen.is_over and (end := _end(seen, most, sides, two_sided, late >= _LATE)):
            return _behind(client, job, end, sides, two_sided) if end.state is JobState.COMPLETED else end
        late += seen.is_over
        time.sleep(client.patience.poll)


def _end(seen: JobSeen, most: int, sides: int, two_sided: bool, is_last: bool) -> JobEnd | None:
    """What a job that is over came to; nothing where its count may still come."""
    counted = most if seen.impressions is not None else None
    if seen.state == _COMPLETED:
        sheets = -(-sides // 2) if two_sided else sides
        enough = counted >= sides if counted is not None else (seen.sheets or 0) >= sheets
        if enough:
            return JobEnd(JobState.COMPLETED, counted)
        if not is_last:
            return None
        why = "the printer calls the job completed and has counted no sides"
        if counted is not None:
            why = f"the printer calls the job completed and has counted {counted} of {sides} sides"
        return JobEnd(JobState.UNKNOWN, counted, why)
    what = "aborted" if seen.state == _ABORTED else "was told to cancel"
    if not seen.is_begun and not most:
        return JobEnd(JobState.ABORTED, counted, f"the printer {what} the job before it began")
    return JobEnd(JobState.UNKNOWN, counted, f"the printer {what} the job")


def printer_behind(client: IppClient, said: IppAttributes) -> IppClient | None:
    """The printer behind a queue of CUPS that has said so much of itself; nothing where that speaks no IPP."""
    device = said.get("device-uri", ("",))[0]
    ipp = is_queue(said) and isinstance(device, str) and device.startswith(("ipp:", "ipps:"))
    address = read_address(device) if ipp and isinstance(device, str) else None
    return client.at(address) if address else None


def _behind(client: IppClient, job: PrintJob, end: JobEnd, sides: int, two_sided: bool) -> JobEnd:
    """The end of a job that is completed, as the printer itself tells it where it stands behind a queue."""
    completed = "the queue calls the job completed, and the printer behind it"
    unknown = JobEnd(JobState.UNKNOWN, None, f"{completed} does not")
    try:
        said = client.printer(("printer-error-policy", "device-uri"))
        if not is_queue(said):
            return end
        behind = printer_behind(client, said)
        found = find_jobs(behind, job.name) if behind else []
    except PrinterUntrusted as fault:
        return replace(unknown, why=f"{completed} is not asked: {fault}")
    except PrinterFault:
        return unknown
    if len(found) > 1:
        return replace(unknown, why="the queue has sent the job to the printer more than once")
    if not found or found[0].state != _COMPLETED:
        return unknown
    return _end(found[0], found[0].impressions or 0, sides, two_sided, is_last=True) or unknown


def _stop(client: IppClient, job: PrintJob) -> None:
    assert job.job_id is not None
    with suppress(PrinterFault):  # it is told as unknown in any case
        client.cancel_job(job.job_id)


def _number(said: IppAttributes, name: str) -> int | None:
    value = said.get(name, (None,))[0]
    return value if type(value) is int else None
