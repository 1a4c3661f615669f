"""A client of the Internet Printing Protocol (RFC 8010, 8011) over the standard library: what printing asks, no more.

A printer may be anything that listens. Its answers are read within limits of bytes and of time; what it does is told
as one of three faults: it refused, it is silent, or it said what is no answer.
"""

from __future__ import annotations

import http.client
import itertools
import re
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import urlsplit

from briefing.distribution.printing.ipp_codec import (
    Garbled,
    IppAttribute,
    IppAttributes,
    IppMessage,
    IppTag,
    attribute,
    decode,
    encode,
)
from briefing.distribution.printing.ipp_tls import TlsConnection, Untrusted

_MOST = 4 << 20  # bytes of an answer
_CHUNK = 1 << 16
_PORT = 631
_REFUSED = 0x0400  # statuses from here on are refusals
_ITS_OWN = 0x0500  # and from here on they tell of what failed within it
_SUBSTITUTED = (0x0001, 0x0002)  # done, but not as it was asked for
NOT_FOUND, BUSY = 0x0406, 0x0507
_QUEUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,126}")
_JOB_FACTS = (
    *("job-id", "job-name", "job-state", "job-state-reasons", "job-impressions-completed"),
    *("job-media-sheets-completed", "number-of-documents", "time-at-processing"),
)


class Operation(IntEnum):
    """What a printer can be asked for."""

    VALIDATE_JOB = 0x04
    CREATE_JOB = 0x05
    SEND_DOCUMENT = 0x06
    CANCEL_JOB = 0x08
    GET_JOB_ATTRIBUTES = 0x09
    GET_JOBS = 0x0A
    GET_PRINTER_ATTRIBUTES = 0x0B


class PrinterFault(Exception):
    """Why a printer did not do what it was asked for, in words that follow on its name."""


class PrinterRefuses(PrinterFault):
    """It said no."""

    def __init__(self, why: str, status: int = 0) -> None:
        super().__init__(why)
        self.status = status

    @property
    def is_certain(self) -> bool:
        """Whether it did nothing of what it was asked for: the fault is ours, and not in its works."""
        return self.status < _ITS_OWN


class PrinterUntrusted(PrinterRefuses):
    """Its certificate is not trusted, and nothing was said to it; `fingerprint` is the SHA-256 of what it shows."""

    def __init__(self, why: str, fingerprint: str) -> None:
        super().__init__(why + (f"; the SHA-256 of what it shows is {fingerprint}" if fingerprint else ""))
        self.fingerprint = fingerprint


class PrinterSilent(PrinterFault):
    """It cannot be reached, or the connection broke off; what was sent may have come or not."""


class PrinterGarbled(PrinterFault):
    """It said what is no answer."""


@dataclass(frozen=True, slots=True)
class PrinterAddress:
    """Where a printer, or a queue of CUPS, listens."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def uri(self) -> str:
        """The address as it is written."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORT else f":{self.port}"
        return f"{'ipps' if self.secure else 'ipp'}://{host}{port}{self.path}"

    @property
    def is_local(self) -> bool:
        """Whether it is this machine, as of a queue before a printer elsewhere."""
        return self.host in ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a printer is waited for, in seconds."""

    answer: float = 20.0  # for a whole answer
    document: float = 600.0  # until it takes the next piece of a document: it may print while it takes them
    silence: float = 60.0  # while it prints and does not answer
    poll: float = 1.0  # between two questions


def read_address(named: str) -> PrinterAddress | None:
    """The address that somebody has typed, or the queue of this machine's CUPS; nothing where it is neither."""
    if _QUEUE.fullmatch(named):
        return PrinterAddress(False, "localhost", _PORT, f"/printers/{named}")
    if not named.isascii() or not named.isprintable() or " " in named or len(named) > 1000:
        return None
    try:
        parts = urlsplit(named)
        port = parts.port or _PORT
        (parts.hostname or "").encode("idna")
    except ValueError:  # UnicodeError is one
        return None
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    if parts.scheme not in ("ipp", "ipps") or not parts.hostname or not plain:
        return None
    return PrinterAddress(parts.scheme == "ipps", parts.hostname, port, parts.path or "/")


class IppClient:
    """Asks one printer; `trusted` are the SHA-256 of certificates of which it has to show one."""

    def __init__(
        self,
        address: PrinterAddress,
        patience: Patience = Patience(),
        trusted: Set[str] = frozenset(),
        user: str = "briefing",
    ) -> None:
        self.address, self.patience, self.trusted = address, patience, trusted
        self._user, self._numbers = user, itertools.count(1)

    def at(self, address: PrinterAddress) -> IppClient:
        """The same for another printer."""
        return IppClient(address, self.patience, self.trusted, self._user)

    def printer(self, names: Sequence[str]) -> IppAttributes:
        """What it says of itself."""
        asked = attribute(IppTag.KEYWORD, "requested-attributes", *names)
        return self._ask(Operation.GET_PRINTER_ATTRIBUTES, [asked]).group(IppTag.PRINTER)

    def validate_job(self, name: str, template: Sequence[IppAttribute]) -> None:
        """Ask whether it would take such a job. Raises `PrinterRefuses` also where it would do it otherwise."""
        answer = self._ask(Operation.VALIDATE_JOB, [*_named(name), _PDF], template)
        if answer.status in _SUBSTITUTED and (unlike := answer.group(IppTag.UNSUPPORTED)):
            raise PrinterRefuses(f"it would not heed {', '.join(sorted(unlike))}", answer.status)

    def create_job(self, name: str, template: Sequence[IppAttribute]) -> int:
        """Make a job without a document; its number."""
        made = self._ask(Operation.CREATE_JOB, _named(name), template).group(IppTag.JOB)
        match made.get("job-id", ()):
            case (int(number), *_):
                return number
        raise PrinterGarbled("it gave its job no number")

    def send_document(self, job: int, document: bytes) -> None:
        """Send the one document of a job."""
        last = attribute(IppTag.BOOLEAN, "last-document", True)
        self._ask(Operation.SEND_DOCUMENT, [_PDF, last], (), job, document)

    def cancel_job(self, job: int) -> None:
        """Ask it to print no more of a job."""
        self._ask(Operation.CANCEL_JOB, [], (), job)

    def job(self, number: int) -> IppAttributes:
        """What it says of a job."""
        asked = attribute(IppTag.KEYWORD, "requested-attributes", *_JOB_FACTS)
        return self._ask(Operation.GET_JOB_ATTRIBUTES, [asked], (), number).group(IppTag.JOB)

    def jobs(self) -> list[IppAttributes]:
        """All jobs that it knows, those that are over among them."""
        asked = attribute(IppTag.KEYWORD, "requested-attributes", *_JOB_FACTS)
        found = list[IppAttributes]()
        for which in ("not-completed", "completed"):
            wanted = [attribute(IppTag.KEYWORD, "which-jobs", which), asked]
            found += self._ask(Operation.GET_JOBS, wanted).all(IppTag.JOB)
        return found

    def _ask(
        self,
        operation: Operation,
        asked: Sequence[IppAttribute],
        template: Sequence[IppAttribute] = (),
        job: int | None = None,
        document: bytes | None = None,
    ) -> IppMessage:
        head = [
            attribute(IppTag.CHARSET, "attributes-charset", "utf-8"),
            attribute(IppTag.LANGUAGE, "attributes-natural-language", "en"),
            attribute(IppTag.URI, "printer-uri", self.address.uri),
            *([] if job is None else [attribute(IppTag.INTEGER, "job-id", job)]),
            attribute(IppTag.NAME, "requesting-user-name", self._user),
        ]
        groups = [(IppTag.OPERATION, [*head, *asked]), *([(IppTag.JOB, template)] if template else [])]
        data = self._post(encode(operation, next(self._numbers) & 0x7FFFFFFF, groups), document)
        try:
            answer = decode(data)
        except Garbled as fault:
            raise PrinterGarbled(str(fault)) from None
        if answer.status >= _REFUSED:
            raise PrinterRefuses(_why(answer), answer.status)
        return answer

    def _post(self, request: bytes, document: bytes | None) -> bytes:
        connection = self._connection()
        try:
            with _no_later_than(connection, self.patience.answer if document is None else None) as late:
                try:
                    return self._exchange(connection, request, document)
                except TimeoutError:
                    raise PrinterSilent("it does not answer") from None
                except Untrusted as fault:
                    raise PrinterUntrusted(str(fault), fault.fingerprint) from None
                except (OSError, http.client.HTTPException) as fault:
                    raise _as_fault(fault, late.is_set()) from None
        finally:
            connection.close()

    def _exchange(self, connection: http.client.HTTPConnection, request: bytes, document: bytes | None) -> bytes:
        connection.connect()
        headers = {"Content-Type": "application/ipp"}
        if document is None:
            connection.request("POST", self.address.path, request, headers)
        else:
            connection.sock.settimeout(self.patience.document)
            pieces = itertools.chain([request], _pieces(document))
            connection.request("POST", self.address.path, pieces, headers, encode_chunked=True)
        response = connection.getresponse()
        data = response.read(_MOST + 1)
        if response.status != http.client.OK:
            raise _http_fault(response.status)
        if len(data) > _MOST:
            raise PrinterGarbled(f"its answer is larger than {_MOST:,} bytes")
        return data

    def _connection(self) -> http.client.HTTPConnection:
        host, port, patience = self.address.host, self.address.port, self.patience.answer
        if self.address.secure:
            return TlsConnection(host, port, patience, self.trusted)
        return http.client.HTTPConnection(host, port, timeout=patience)


_PDF = attribute(IppTag.MIME, "document-format", "application/pdf")


def _named(name: str) -> list[IppAttribute]:
    return [attribute(IppTag.NAME, "job-name", name), attribute(IppTag.BOOLEAN, "ipp-attribute-fidelity", True)]


def _pieces(document: bytes) -> Iterator[bytes]:
    for at in range(0, len(document), _CHUNK):
        yield document[at : at + _CHUNK]


@contextmanager
def _no_later_than(connection: http.client.HTTPConnection, seconds: float | None) -> Iterator[threading.Event]:
    """Break the connection off after so many seconds, though a byte may come now and then."""
    late = threading.Event()

    def cut() -> None:
        late.set()
        if connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds or 0, cut)
    timer.daemon = True
    if seconds is not None:
        timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _as_fault(fault: OSError | http.client.HTTPException, late: bool) -> PrinterFault:
    if late:
        return PrinterSilent("it does not answer")
    if isinstance(fault, ssl.SSLError):
        return PrinterSilent("it speaks no TLS that this machine knows")
    if isinstance(fault, http.client.HTTPException) and not isinstance(fault, ConnectionError):
        if isinstance(fault, http.client.IncompleteRead):
            return PrinterSilent("the connection broke off")
        return PrinterGarbled("what it says is no HTTP")
    if isinstance(fault, ConnectionRefusedError):
        return PrinterSilent("nothing listens there")
    if isinstance(fault, (ConnectionError, BrokenPipeError)):
        return PrinterSilent("the connection broke off")
    return PrinterSilent(f"it cannot be reached: {fault.strerror or 'no such address'}")


def _http_fault(status: int) -> PrinterFault:
    match status:
        case 401 | 403 | 407:
            return PrinterRefuses("it wants a user and a password, or is not open to this machine")
        case 426:
            return PrinterRefuses("it wants an encrypted connection: write ipps:// instead of ipp://")
        case 404 | 405:
            return PrinterRefuses("there is no printer at that address", NOT_FOUND)
    return PrinterRefuses(f"it answered with status {status} of HTTP", 0 if status < 500 else _ITS_OWN)


def _why(answer: IppMessage) -> str:
    unlike = sorted(answer.group(IppTag.UNSUPPORTED))
    said = next((one for one in answer.group(IppTag.OPERATION).get("status-message", ()) if isinstance(one, str)), "")
    said = " ".join(said.split())[:200] or f"status 0x{answer.status:04x}"
    return f"it says: {said}" + (f" ({', '.join(unlike)[:200]})" if unlike else "")
