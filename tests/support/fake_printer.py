"""A printer in this process that does what a test tells it, and may lie, be silent, or say anything at all."""

from __future__ import annotations

import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from briefing.distribution.printing.ipp import IppClient, Operation, Patience, read_address
from briefing.distribution.printing.ipp_codec import IppAttribute, IppAttributes, IppTag, attribute, decode

SOON = Patience(answer=0.5, document=0.5, silence=0.1, poll=0.005)
ABLE = (
    attribute(IppTag.MIME, "document-format-supported", "application/pdf"),
    attribute(IppTag.KEYWORD, "media-supported", "na_letter_8.5x11in", "iso_a4_210x297mm"),
    attribute(IppTag.KEYWORD, "sides-supported", "one-sided", "two-sided-long-edge"),
)
Body = bytes | None  # nothing: the connection is cut


@dataclass
class FakeJob:
    """A job, and how it is told."""

    name: str
    state: int = 4
    impressions: int | None = 0
    document: bytes = b""
    more: tuple[IppAttribute, ...] = ()
    tells_documents: bool = True

    def told(self, number: int) -> list[IppAttribute]:
        found = [
            attribute(IppTag.INTEGER, "job-id", number),
            attribute(IppTag.NAME, "job-name", self.name),
            attribute(IppTag.ENUM, "job-state", self.state),
        ]
        if self.impressions is not None:
            found.append(attribute(IppTag.INTEGER, "job-impressions-completed", self.impressions))
        if self.tells_documents:
            found.append(attribute(IppTag.INTEGER, "number-of-documents", 1 if self.document else 0))
        return [*found, *self.more]


Hook = Callable[["FakePrinter", IppAttributes, bytes], Body]


@dataclass
class FakePrinter:
    """Takes jobs and completes them at once; what an operation answers can be replaced."""

    able: tuple[IppAttribute, ...] = ABLE
    jobs: dict[int, FakeJob] = field(default_factory=dict)
    instead: dict[Operation, Hook] = field(default_factory=dict)
    http_status: int = 200
    sides: int | None = 20  # that it counts for a job
    cuts_documents: bool = False
    asked: list[Operation] = field(default_factory=list)
    port: int = 0

    @property
    def address(self) -> str:
        return f"ipp://127.0.0.1:{self.port}/ipp/print"

    def client(self, patience: Patience = SOON) -> IppClient:
        read = read_address(self.address)
        assert read is not None
        return IppClient(read, patience)

    def answer(self, operation: Operation, asked: IppAttributes, document: bytes) -> Body:
        self.asked.append(operation)
        if operation in self.instead:
            return self.instead[operation](self, asked, document)
        match operation:
            case Operation.GET_PRINTER_ATTRIBUTES:
                return message(0, (IppTag.PRINTER, list(self.able)))
            case Operation.CREATE_JOB:
                number, name = len(self.jobs) + 1, asked["job-name"][0]
                assert isinstance(name, str)
                self.jobs[number] = FakeJob(name)
                return message(0, (IppTag.JOB, self.jobs[number].told(number)))
            case Operation.SEND_DOCUMENT | Operation.GET_JOB_ATTRIBUTES | Operation.CANCEL_JOB:
                return self._of_job(operation, asked, document)
            case Operation.GET_JOBS:
                over = asked["which-jobs"] == ("completed",)
                found = [(IppTag.JOB, job.told(n)) for n, job in self.jobs.items() if (job.state >= 7) is over]
                return message(0, *found)
        return message(0)

    def _of_job(self, operation: Operation, asked: IppAttributes, document: bytes) -> Body:
        number = asked["job-id"][0]
        job = self.jobs.get(number) if isinstance(number, int) else None
        if job is None or not isinstance(number, int):
            return message(0x0406)
        if operation is Operation.SEND_DOCUMENT:
            job.document, job.state, job.impressions = document, 9, self.sides
        elif operation is Operation.CANCEL_JOB:
            job.state = 7
        return message(0, (IppTag.JOB, job.told(number)))


def message(status: int, *groups: tuple[IppTag, list[IppAttribute]]) -> bytes:
    """An answer, as bytes."""
    from briefing.distribution.printing.ipp_codec import encode

    head = [
        attribute(IppTag.CHARSET, "attributes-charset", "utf-8"),
        attribute(IppTag.LANGUAGE, "attributes-natural-language", "en"),
    ]
    return encode(status, 1, [(IppTag.OPERATION, head), *groups])


@contextmanager
def serving(printer: FakePrinter) -> Iterator[FakePrinter]:
    """The printer listens while this lasts."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            data = self._read()
            if data is None:
                return
            end = _end_of(data)
            asked = decode(data[:end]).group(IppTag.OPERATION)
            body = printer.answer(Operation(struct.unpack(">H", data[2:4])[0]), asked, data[end:])
            if body is None:
                self.close_connection = True
                return
            self.send_response(printer.http_status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _read(self) -> bytes | None:
            if "Content-Length" in self.headers:
                return self.rfile.read(int(self.headers["Content-Length"]))
            data = b""
            while size := int(self.rfile.readline(), 16):
                data += self.rfile.read(size)
                self.rfile.readline()
                if printer.cuts_documents:
                    self.close_connection = True
                    return None
            self.rfile.readline()
            return data

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Whoever has asked is gone, as tests want it."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    printer.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield printer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def slow(seconds: float) -> Hook:
    """An answer that does not come in time."""

    def hook(printer: FakePrinter, asked: IppAttributes, document: bytes) -> Body:
        time.sleep(seconds)
        return None

    return hook


def _end_of(data: bytes) -> int:
    """Where the attributes of a request end, and its document begins."""
    at = 8
    while data[at] != IppTag.END:
        if data[at] < 0x10:
            at += 1
            continue
        name = int.from_bytes(data[at + 1 : at + 3])
        value = int.from_bytes(data[at + 3 + name : at + 5 + name])
        at += 5 + name + value
    return at + 1
