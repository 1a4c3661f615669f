"""Printers that refuse, lie, fall silent, or say what is no answer: what came out is never guessed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.distribution.printing import ipp, ipp_codec
from briefing.distribution.printing.ipp import (
    IppClient,
    Operation,
    PrinterFault,
    PrinterGarbled,
    PrinterRefuses,
    PrinterSilent,
    read_address,
)
from briefing.distribution.printing.ipp_codec import IppTag, attribute
from briefing.distribution.printing.print_run import PrintTask, print_run
from briefing.distribution.printing.printer import PrintWish, doubts, refusals
from briefing.distribution.register import whereabouts
from briefing.distribution.register.audit import audit
from briefing.distribution.register.jobs import (
    intend,
    printing_alone,
    read_print_run,
    record_number,
    settle,
)
from briefing.distribution.register.register import Register
from briefing.findings import Refused
from tests.support.fake_printer import ABLE, SOON, FakeJob, FakePrinter, message, serving, slow
from tests.support.print_runs import made


@pytest.fixture
def printer() -> Iterator[FakePrinter]:
    with serving(FakePrinter()) as found:
        yield found


def refused(register: Register, task: PrintTask) -> tuple[str, str]:
    with pytest.raises(Refused) as why:
        print_run(register, task)
    (finding,) = why.value.findings
    return finding.code, finding.message


def unprinted(register: Register, letters: str) -> int:
    return sum(last - first + 1 for first, last in read_print_run(register, letters).unprinted)


# ------------------------------------------------------------------ what it says of a job


@pytest.mark.parametrize(
    ("job", "sides", "code", "why"),
    [
        ({"state": 9}, 19, "job-unknown", "has counted 19 of 20 sides"),
        ({"state": 9}, None, "job-unknown", "has counted no sides"),
        ({"state": 8}, 6, "job-unknown", "aborted the job"),
        ({"state": 7}, 6, "job-unknown", "was told to cancel the job"),
        ({"state": 8}, None, "job-unknown", "aborted the job"),
        ({"state": 5, "name": "of somebody else"}, 6, "job-unknown", "another one"),
    ],
)
def test_what_is_not_known_to_have_come_out_is_unknown_and_settled_by_a_person(
    register: Register, printer: FakePrinter, job: dict[str, object], sides: int | None, code: str, why: str
) -> None:
    run = made(register, people=6)  # 20 copies, in two jobs of 20 sides
    task = PrintTask(run.letters, printer.client())

    def send(printer: FakePrinter, asked: ipp_codec.IppAttributes, document: bytes) -> bytes:
        number = asked["job-id"][0]
        assert isinstance(number, int)
        printer.jobs[number] = replace(printer.jobs[number], document=document, impressions=sides, **job)  # type: ignore[arg-type]
        return message(0)

    printer.instead[Operation.SEND_DOCUMENT] = send
    assert refused(register, task)[0] == code
    job_left = read_print_run(register, run.letters).open_job
    assert job_left is not None
    printer.instead.clear()
    said = refused(register, task)
    assert said[0] == "job-unknown"
    assert unprinted(register, run.letters) == 20
    with pytest.raises(Refused) as wrong:
        settle(register, run.letters, 11)
    assert wrong.value.findings[0].code == "settle-number"
    settle(register, run.letters, 4)
    assert unprinted(register, run.letters) == 16
    with register.reading() as connection:
        from briefing.distribution.register import chain

        assert any(why in event.body for event in chain.read_events(connection))
    printer.sides = 12
    done = refused(register, task)  # copies 5 to 10 have 12 sides, 11 to 20 have 20
    assert done[0] == "job-unknown"
    settle(register, run.letters, None)
    assert unprinted(register, run.letters) == 0
    assert audit(register) == ()


def test_a_printer_that_counts_sheets_alone_is_believed_where_they_are_enough(
    register: Register, printer: FakePrinter
) -> None:
    run = made(register, people=6)
    printer.sides = None
    told = printer.answer

    def answer(operation: Operation, asked: ipp_codec.IppAttributes, document: bytes) -> bytes | None:
        said = told(operation, asked, document)
        for job in printer.jobs.values():
            job.more = (attribute(IppTag.INTEGER, "job-media-sheets-completed", 10),)
        return said

    printer.answer = answer  # type: ignore[method-assign]
    assert print_run(register, PrintTask(run.letters, printer.client())).left == 0


def test_a_job_that_begins_anew_is_stopped(register: Register, printer: FakePrinter) -> None:
    run = made(register, people=6)
    counts = iter([4, 12, 2, 20])

    def send(printer: FakePrinter, asked: ipp_codec.IppAttributes, document: bytes) -> bytes:
        printer.jobs[1] = replace(printer.jobs[1], document=document, state=5)
        return message(0)

    def tell(printer: FakePrinter, asked: ipp_codec.IppAttributes, document: bytes) -> bytes:
        printer.jobs[1].impressions = next(counts)
        return message(0, (IppTag.JOB, printer.jobs[1].told(1)))

    printer.instead = {Operation.SEND_DOCUMENT: send, Operation.GET_JOB_ATTRIBUTES: tell}
    assert refused(register, PrintTask(run.letters, printer.client()))[0] == "job-unknown"
    assert printer.jobs[1].state == 7


def test_a_document_that_is_cut_off_is_unknown_and_one_that_is_refused_is_not(
    register: Register, printer: FakePrinter
) -> None:
    run = made(register, people=6)
    task = PrintTask(run.letters, printer.client())
    printer.instead[Operation.SEND_DOCUMENT] = lambda *_: message(0x040A)
    assert refused(register, task)[0] == "printer-refused"
    assert printer.jobs[1].state == 7
    printer.instead[Operation.SEND_DOCUMENT] = lambda *_: message(0x0500)
    assert refused(register, task)[0] == "job-unknown"
    settle(register, run.letters, 0)
    printer.instead.clear()
    printer.cuts_documents = True
    assert refused(register, task)[0] == "job-unknown"
    settle(register, run.letters, 0)
    printer.cuts_documents = False
    assert print_run(register, task).left == 0


def test_a_job_that_was_meant_is_looked_up_before_it_is_sent_again(register: Register, printer: FakePrinter) -> None:
    """Killed before the printer gave a number, before it got the pages, and after."""
    letters = made(register, people=6).letters
    task = PrintTask(letters, printer.client())
    run = read_print_run(register, letters)
    job = intend(register, run, run.parts[0], (1, 10), printer.address)
    printer.jobs[1] = FakeJob(job.name)  # made, and its number not recorded: nothing was sent
    assert print_run(register, task).copies == 20
    assert printer.jobs[1].state == 7
    assert len(printer.jobs) == 3

    letters = made(register, people=6, number=2).letters
    task, run = PrintTask(letters, printer.client()), read_print_run(register, letters)
    job = record_number(register, intend(register, run, run.parts[0], (1, 10), printer.address), 4)
    printer.jobs[4] = FakeJob(job.name)
    assert print_run(register, task).left == 0
    assert printer.jobs[4].document
    assert len(printer.jobs) == 5

    letters = made(register, people=6, number=3).letters
    task, run = PrintTask(letters, printer.client()), read_print_run(register, letters)
    job = record_number(register, intend(register, run, run.parts[0], (1, 10), printer.address), 6)
    printer.jobs[6] = FakeJob(job.name, 9, 20, b"all")
    assert print_run(register, task).left == 0
    assert len(printer.jobs) == 7

    letters = made(register, people=6, number=4).letters
    task, run = PrintTask(letters, printer.client()), read_print_run(register, letters)
    record_number(register, intend(register, run, run.parts[0], (1, 10), printer.address), 99)  # it knows no such job
    assert refused(register, task)[0] == "job-unknown"


@pytest.mark.parametrize("how", ["refuses", "is not there", "says no IPP"])
def test_a_job_of_which_nothing_can_be_learned_any_more_is_settled_and_never_sent_again_unseen(
    register: Register, printer: FakePrinter, how: str
) -> None:
    letters = made(register, people=6).letters
    task, run = PrintTask(letters, printer.client()), read_print_run(register, letters)
    printer.jobs[6] = FakeJob("another", 9, 20, b"all")
    address = printer.address if how != "is not there" else "ipp://127.0.0.1:9/ipp/print"
    record_number(register, intend(register, run, run.parts[0], (1, 10), address), 6)
    says = message(0x0403) if how == "refuses" else b"no IPP"
    printer.instead[Operation.GET_JOB_ATTRIBUTES] = lambda *_: says
    code, why = refused(register, task)
    assert code == "job-unknown"
    assert "does not tell of it" in why
    settle(register, letters, 4)
    del printer.instead[Operation.GET_JOB_ATTRIBUTES]
    printer.sides = 20
    assert print_run(register, task).copies == 16


def test_what_goes_by_e_mail_is_not_printed(register: Register, printer: FakePrinter) -> None:
    run = made(register, people=6, size=20, mailed=2)  # copies 4 to 6
    printer.sides = 28
    done = print_run(register, PrintTask(run.letters, printer.client()))
    assert (done.copies, done.left, done.jobs) == (17, 0, 2)
    assert [job.name.split("/")[1] for job in printer.jobs.values()] == ["1-3", "7-20"]


def test_two_do_not_print_the_same_run(register: Register, printer: FakePrinter) -> None:
    run = made(register, people=6)
    with printing_alone(register, read_print_run(register, run.letters)):
        assert refused(register, PrintTask(run.letters, printer.client()))[0] == "print-busy"
    assert print_run(register, PrintTask(run.letters, printer.client())).left == 0


def test_a_file_that_is_gone_or_is_another_one_is_not_printed(register: Register, printer: FakePrinter) -> None:
    run = made(register, people=6)
    file = whereabouts.run_folder(register.where, run.letters) / "part-0002.pdf"
    data = file.read_bytes()
    task = PrintTask(run.letters, printer.client())
    file.write_bytes(data + b" ")
    assert refused(register, task)[0] == "part-changed"
    file.unlink()
    assert refused(register, task)[0] == "part-missing"
    file.symlink_to("/dev/zero")
    assert refused(register, task)[0] == "part-missing"
    assert printer.asked == []


# ------------------------------------------------------------------ what it says of itself


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ((IppTag.MIME, "document-format-supported", "image/pwg-raster"), "it takes no PDF"),
        ((IppTag.KEYWORD, "pdf-versions-supported", "adobe-1.3"), "its PDF is older than 1.5"),
        ((IppTag.ENUM, "operations-supported", 2, 4, 11), "it takes no jobs whose number is known"),
        ((IppTag.BOOLEAN, "printer-is-accepting-jobs", False), "it accepts no jobs now"),
        ((IppTag.ENUM, "printer-state", 5), "it has stopped"),
        ((IppTag.INTEGER, "media-bottom-margin-supported", 1270), "it leaves 12.7 mm white at the bottom"),
        ((IppTag.KEYWORD, "media-supported", "iso_a4_210x297mm"), "it has no Letter"),
    ],
)
def test_what_it_cannot_do_is_told_in_words(
    register: Register, printer: FakePrinter, more: tuple[IppTag, str, object], why: str
) -> None:
    run = made(register, people=6)
    printer.able = (*(one for one in ABLE if one.name != more[1]), attribute(*more))  # type: ignore[arg-type]
    code, message = refused(register, PrintTask(run.letters, printer.client()))
    assert code == "printer-unfit"
    assert why in message
    assert Operation.CREATE_JOB not in printer.asked


def test_a_queue_that_begins_jobs_anew_is_doubted(register: Register, printer: FakePrinter) -> None:
    run = made(register, people=6)
    printer.able = (*ABLE, attribute(IppTag.NAME, "printer-error-policy", "retry-job"))
    printer.able += (attribute(IppTag.URI, "device-uri", printer.address),)
    done = print_run(register, PrintTask(run.letters, printer.client()))
    assert [finding.code for finding in done.findings] == ["printer-doubt"] * 2


def test_what_it_would_do_otherwise_is_a_refusal(register: Register, printer: FakePrinter) -> None:
    run = made(register, people=6)
    unlike = (IppTag.UNSUPPORTED, [attribute(IppTag.KEYWORD, "sides", "two-sided-long-edge")])
    printer.instead[Operation.VALIDATE_JOB] = lambda *_: message(1, unlike)
    code, said = refused(register, PrintTask(run.letters, printer.client()))
    assert (code, "it would not heed sides" in said) == ("printer-refused", True)


# ------------------------------------------------------------------ what is no answer


@pytest.mark.parametrize(
    ("status", "body", "fault", "why"),
    [
        (401, b"", PrinterRefuses, "a user and a password"),
        (404, b"", PrinterRefuses, "no printer at that address"),
        (426, b"", PrinterRefuses, "ipps://"),
        (500, b"", PrinterRefuses, "status 500"),
        (200, b"", PrinterGarbled, "cut short"),
        (200, b"<html>printer</html>", PrinterGarbled, "another protocol"),
        (200, b"\x02\0\0\0\0\0\0\1", PrinterGarbled, "cut short"),
        (200, b"\x02\0\0\0\0\0\0\1\x44\0\0\0\0\3", PrinterGarbled, "no group"),
        (200, b"\x02\0\0\0\0\0\0\1\x04" + b"\x34\0\1a\0\0" * 30 + b"\3", PrinterGarbled, "do not close"),
        (200, b"\x02\0\0\0\0\0\0\1\x04" + b"\x44\0\1a\0\1b" * 800_000 + b"\3", PrinterGarbled, "larger than"),
        (200, None, PrinterSilent, "broke off"),
    ],
)
def test_what_is_no_answer_is_told(
    printer: FakePrinter, status: int, body: bytes | None, fault: type[PrinterFault], why: str
) -> None:
    printer.http_status = status
    printer.instead[Operation.GET_PRINTER_ATTRIBUTES] = lambda *_: body
    with pytest.raises(fault, match=why):
        printer.client().printer(["all"])


def test_a_printer_that_does_not_answer_is_given_up(printer: FakePrinter) -> None:
    printer.instead[Operation.GET_PRINTER_ATTRIBUTES] = slow(1)
    with pytest.raises(PrinterSilent, match="does not answer"):
        printer.client().printer(["all"])


@pytest.mark.parametrize(
    ("scheme", "says"),
    [
        ("ipp", b""),
        ("ipp", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200),
        ("ipp", b"HTTP/1.1 200 OK\r\nX: "),
        ("ipps", b"\x16\x03\x03\x40\x00"),  # a record of TLS that never ends
        ("ipps", b"HTTP/1.1 400 Bad Request\r\n"),
    ],
)
def test_one_that_dribbles_for_ever_is_given_up_too(scheme: str, says: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                try:
                    connection.sendall(says)
                    while True:
                        connection.sendall(b"x")
                        threading.Event().wait(0.02)
                except OSError:
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        address = read_address(f"{scheme}://127.0.0.1:{server.getsockname()[1]}/ipp/print")
        assert address is not None
        with pytest.raises(PrinterFault):
            IppClient(address, SOON).printer(["all"])
        thread.join(10)
        assert not thread.is_alive()


def test_an_address_where_nothing_is_says_so() -> None:
    for address in ("ipp://127.0.0.1:9/", "ipp://printer.invalid/ipp/print", "ipps://127.0.0.1:9/"):
        read = read_address(address)
        assert read is not None
        with pytest.raises(PrinterSilent):
            IppClient(read, SOON).printer(["all"])


@pytest.mark.parametrize(
    ("named", "uri"),
    [
        ("office", "ipp://localhost/printers/office"),
        ("ipp://printer.example.org/ipp/print", "ipp://printer.example.org/ipp/print"),
        ("ipps://[::1]:8631/ipp/print", "ipps://[::1]:8631/ipp/print"),
        ("IPP://h", "ipp://h/"),
        ("http://printer.example.org/", ""),
        ("ipp://", ""),
        ("ipp://user:word@host/", ""),
        ("ipp://host:99999/", ""),
        ("ipp://host/a b", ""),
        ("ipp://host/\n", ""),
        ("ipp://" + "a" * 70 + ".org/", ""),
        ("ipp://[::1/", ""),
        ("-rf", ""),
        ("../x", ""),
        ("", ""),
    ],
)
def test_addresses_are_read(named: str, uri: str) -> None:
    read = read_address(named)
    assert (read.uri if read else "") == uri


@given(st.binary(max_size=400))
def test_no_bytes_end_in_a_traceback(data: bytes) -> None:
    for body in (data, b"\x02\0\0\0\0\0\0\1" + data, b"\x02\0\0\0\0\0\0\1\x04" + data + b"\x03"):
        try:
            answer = ipp_codec.decode(body)
        except ipp_codec.Garbled:
            continue
        able = answer.group(IppTag.PRINTER)
        wish = PrintWish("na_letter_8.5x11in", "one-sided")
        assert isinstance(refusals(able, wish), tuple)
        list(doubts(able, wish))


@given(st.text(max_size=40))
def test_no_name_ends_in_a_traceback(text: str) -> None:
    for named in (text, f"ipp://{text}", f"ipp://host/{text}", f"ipps://host:{text}/"):
        read = read_address(named)
        assert read is None or read_address(read.uri) == read
    assert ipp.read_address("office") is not None
