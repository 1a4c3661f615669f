"""Runs for tests of printing: recorded, and with files whose pages are blank and whose labels are right."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace

from pikepdf import Dictionary, Name, Pdf

from briefing.distribution.printing.ipp import IppClient, Patience, read_address
from briefing.distribution.printing.print_run import PrintTask, print_run
from briefing.distribution.records import Delivery, DistributionPlan
from briefing.distribution.register import whereabouts
from briefing.distribution.register.plans import MadePart, RecordedRun, record_parts, record_plan
from briefing.distribution.register.register import Register
from tests.support.registers import DOCUMENT, EDITION, Office, plan, recipient

SOON = Patience(answer=5, silence=0.5, poll=0.02)


def client(address: str) -> IppClient:
    """One that does not wait for long."""
    read = read_address(address)
    assert read is not None
    return IppClient(read, SOON)


def print_until_killed(office: Office, letters: str, address: str) -> None:
    """What a process of its own does, until it is killed."""
    opened = office.open()
    print_run(opened, PrintTask(letters, client(address)))
    opened.close()


def part(first: int, last: int, pages: int = 2) -> bytes:
    """A file of the printer for these copies."""
    with Pdf.new() as pdf:
        for _ in range(first, last + 1):
            for _ in range(pages):
                pdf.add_blank_page(page_size=(612, 792))
        labels = []
        for at in range(last - first + 1):
            labels += [at * pages, Dictionary(P=f"{first + at}.", S=Name.D)]
        pdf.Root.PageLabels = pdf.make_indirect(Dictionary(Nums=labels))
        pdf.Root.ViewerPreferences = Dictionary(PrintScaling=Name("/None"))
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def made(
    register: Register,
    people: int = 8,
    size: int = 10,
    pages: int = 2,
    paper: str = "letter",
    mailed: int = 0,
    **edition: object,
) -> RecordedRun:
    """A run for so many recipients of three copies each and two spares, made in parts of a size."""
    facts = replace(EDITION, **edition)  # type: ignore[arg-type]
    document = replace(DOCUMENT, pages=pages, paper=paper)
    people_of_it = [recipient(number) for number in range(1, people + 1)]
    (run,) = record_plan(register, facts, _with_mail(plan(people), mailed), [document], people_of_it)
    folder = whereabouts.run_folder(register.where, run.letters)
    folder.mkdir(parents=True)
    parts = []
    for number, first in enumerate(range(1, run.total + 1, size), 1):
        last = min(first + size - 1, run.total)
        data = part(first, last, pages)
        name = f"part-{number:04}.pdf"
        (folder / name).write_bytes(data)
        shown = f"{whereabouts.RUNS}/{run.letters}/{name}"
        parts.append(MadePart(number, first, last, shown, hashlib.sha256(data).hexdigest()))
    record_parts(register, run, parts)
    return run


def _with_mail(planned: DistributionPlan, parcel: int) -> DistributionPlan:
    """The same plan, where one parcel goes by e-mail."""
    (run,) = planned.runs
    parcels = [replace(one, delivery=Delivery.EMAIL) if one.number == parcel else one for one in run.parcels]
    return replace(planned, runs=(replace(run, parcels=tuple(parcels)),))
