"""The page of the preview, served to this machine alone.

Every address begins with a token that nobody can guess, the name of the host is checked, and no page of another origin
can read or send anything. What is served is the page, its styles and fonts, pictures of pages, and states as they come.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import select
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from briefing.content.records import PaperName
from briefing.design.outputs import OutputName
from briefing.preview.page_images import WIDTHS
from briefing.preview.state import PreviewState, Variant

HOST = "127.0.0.1"
MAX_BODY = 4_096  # bytes of a question
MAX_WINDOWS = 5  # a browser opens no more than six connections to a host, and each window keeps one
MAX_REQUESTS = 32  # at the same time
MAX_DRAWINGS = 3  # pages that are drawn at the same time
IDLE_S = 30.0  # after which a silent connection is closed
GIVEN_WAY_S = 1.0  # within which a silent connection makes room
BEAT_S = 10.0  # how often a window is told that all is well
LOOK_S = 0.5  # how often it is looked whether a window is still there

_SAFE = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_LASTING = "private, max-age=31536000, immutable"  # a picture's address holds the digest of its look
_PAGE = re.compile(r"page/([0-9a-f]{32})-(\d{1,5})")

Answer = Mapping[str, Any] | None


@dataclass(frozen=True)
class Site:
    """What the server serves, and whom it asks."""

    files: Mapping[str, tuple[str, bytes]]  # by address: kind and bytes
    picture: Callable[[str, int], bytes | None]
    state: Callable[[Variant], PreviewState | None]
    looked_at: Callable[[tuple[Variant, ...], int | None], None]  # the newest window first
    answers: Mapping[str, Callable[[Variant, Mapping[str, Any]], Answer]]  # by the name of a question
    clock: Callable[[], float]


class Windows:
    """The windows that are open, and what each is yet to be sent."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._news = threading.Condition()
        self._open: dict[int, Variant] = {}
        self._states: dict[Variant, PreviewState] = {}
        self._closed = False

    def publish(self, variant: Variant, state: PreviewState) -> None:
        """A new state, for all windows that show its variant; one that was not sent yet is out of date."""
        with self._news:
            self._states[variant] = state
            self._news.notify_all()

    def enter(self, variant: Variant, width: int | None) -> int | None:
        """A window opens; nothing where too many are open."""
        with self._news:
            if len(self._open) >= MAX_WINDOWS:
                return None
            number = max(self._open, default=0) + 1
            self._open[number] = variant
        self._told(width)
        return number

    def leave(self, number: int) -> None:
        """A window closes."""
        with self._news:
            self._open.pop(number, None)
        self._told(None)

    def close(self) -> None:
        """All windows are to end."""
        with self._news:
            self._closed = True
            self._news.notify_all()

    def next(self, variant: Variant, version: int, seconds: float) -> PreviewState | None:
        """The state that is newer than a version, as soon as there is one; raises `StopIteration` at the end."""
        with self._news:
            self._news.wait_for(lambda: self._closed or self._newer(variant, version), seconds)
            if self._closed:
                raise _Closed
            return self._newer(variant, version)

    def _newer(self, variant: Variant, version: int) -> PreviewState | None:
        state = self._states.get(variant)
        return state if state and state.version > version else None

    def _told(self, width: int | None) -> None:
        with self._news:
            newest_first = [self._open[number] for number in sorted(self._open, reverse=True)]
        self._site.looked_at(tuple(dict.fromkeys(newest_first)), width)


class _Closed(Exception):
    """The preview ends."""


class Server(ThreadingHTTPServer):
    """Serves a site on a port of this machine."""

    daemon_threads = True
    request_queue_size = 16
    allow_reuse_address = True

    def __init__(self, site: Site, port: int) -> None:
        self.site, self.windows = site, Windows(site)
        self.token = secrets.token_urlsafe(24)
        self._requests = threading.BoundedSemaphore(MAX_REQUESTS)
        self._silent: dict[socket.socket, None] = {}  # the longest first
        self._knowing = threading.Lock()
        self.drawings = threading.BoundedSemaphore(MAX_DRAWINGS)
        super().__init__((HOST, port), _Handler)
        self.origins = tuple(f"http://{name}:{self.server_port}" for name in (HOST, "localhost"))

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self.server_port}/{self.token}/"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a connection; where too many are open, in the place of the one that has said nothing for longest."""
        if not self._requests.acquire(blocking=False):
            self._close_silent()
            if not self._requests.acquire(timeout=GIVEN_WAY_S):
                self.shutdown_request(request)
                return
        super().process_request(request, client_address)

    def silent(self, connection: socket.socket) -> None:
        """A connection on which nothing has been asked yet."""
        with self._knowing:
            self._silent[connection] = None

    def asked(self, connection: socket.socket) -> None:
        """Something was asked on it, or it has ended."""
        with self._knowing:
            self._silent.pop(connection, None)

    def _close_silent(self) -> None:
        with self._knowing:
            longest = next(iter(self._silent), None)
            if longest:
                del self._silent[longest]
                with contextlib.suppress(OSError):
                    longest.shutdown(socket.SHUT_RDWR)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection to its end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.asked(request)
            self._requests.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no fault; anything else is, and is shown."""
        import sys

        if not isinstance(sys.exception() if hasattr(sys, "exception") else sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "preview", ""
    timeout = IDLE_S

    def handle_one_request(self) -> None:
        """Wait for what is asked next."""
        self.server.silent(self.connection)
        super().handle_one_request()

    def do_GET(self) -> None:
        """Serve a file, a picture of a page, or states as they come."""
        asked = self._asked()
        if asked is None:
            return
        name, query = asked
        site = self.server.site
        if name in site.files:
            kind, data = site.files[name]
            self._send(HTTPStatus.OK, kind, data)
        elif name == "events":
            self._events(query)
        elif found := _PAGE.fullmatch(name):
            self._picture(found[1], int(found[2]))
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """Answer a question of the page's own."""
        asked = self._asked()
        if asked is None:
            return
        name, query = asked
        answer = self.server.site.answers.get(name)
        if answer is None:
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        if self.headers.get("Origin") not in self.server.origins or self.headers.get_content_type() != _JSON:
            self._refuse(HTTPStatus.FORBIDDEN)
            return
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch(r"\d{1,6}", length, re.ASCII) or int(length) > MAX_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        try:
            told, variant = json.loads(self.rfile.read(int(length))), _variant(query)
            if not isinstance(told, dict):
                raise ValueError("not a record")
        except (ValueError, RecursionError):
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        found = answer(variant, told)  # none about a state that is over, which is no fault of who asks
        self._send(HTTPStatus.OK, _JSON, json.dumps(found).encode())

    def _asked(self) -> tuple[str, dict[str, str]] | None:
        """What is asked for below the token; without the right host and token, nothing."""
        self.server.asked(self.connection)
        host = self.headers.get("Host", "")
        if f"http://{host}" not in self.server.origins:  # a name that somebody else lets point here
            self._refuse(HTTPStatus.FORBIDDEN)
            return None
        at_home = self.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none")
        if not at_home and self.headers.get("Sec-Fetch-Mode") != "navigate":  # a link to the page may stand anywhere
            self._refuse(HTTPStatus.FORBIDDEN)
            return None
        try:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query, max_num_fields=8).items()}
        except ValueError:
            self._refuse(HTTPStatus.BAD_REQUEST)
            return None
        token, _, name = parts.path.removeprefix("/").partition("/")
        if not secrets.compare_digest(token.encode(), self.server.token.encode()):
            self._refuse(HTTPStatus.NOT_FOUND)
            return None
        return name, query

    def _picture(self, digest: str, width: int) -> None:
        if not WIDTHS[0] <= width <= WIDTHS[1]:
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        with self.server.drawings:
            picture = self.server.site.picture(digest, width)
        if picture is None:
            self._refuse(HTTPStatus.NOT_FOUND)
        else:
            kind = "image/bmp" if picture.startswith(b"BM") else "image/png"
            self._send(HTTPStatus.OK, kind, picture, _LASTING)

    def _events(self, query: Mapping[str, str]) -> None:
        """Send each new state of a variant until the window is closed."""
        try:
            variant = _variant(query)
            width = int(query["width"]) if "width" in query else None
        except ValueError:
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        inside = width is not None and WIDTHS[0] <= width <= WIDTHS[1]
        number = self.server.windows.enter(variant, width if inside else None)
        if number is None:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        try:
            self.close_connection = True
            self.send_response(HTTPStatus.OK)
            self._head("text/event-stream; charset=utf-8", "no-store")
            self.send_header("Connection", "close")
            self.end_headers()
            with contextlib.suppress(_Closed, OSError):
                self._stream(variant)
        finally:
            self.server.windows.leave(number)

    def _stream(self, variant: Variant) -> None:
        site, windows = self.server.site, self.server.windows
        version, beat = 0, 0.0
        state = site.state(variant)
        while True:
            if state:
                version = state.version
                told = {**state.facts(), "sent": site.clock()}
                self.wfile.write(f"data: {json.dumps(told)}\n\n".encode())
                beat = time.monotonic()
            elif time.monotonic() - beat > BEAT_S:
                self.wfile.write(b": all is well\n\n")
                beat = time.monotonic()
            if _gone(self.connection):
                return
            state = windows.next(variant, version, LOOK_S)

    def _send(self, status: HTTPStatus, kind: str, data: bytes, keep: str = "no-store") -> None:
        self.send_response(status)
        self._head(kind, keep)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _head(self, kind: str, keep: str) -> None:
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", keep)
        for name, value in _SAFE.items():
            self.send_header(name, value)

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True
        self.send_response(status)
        self._head("text/plain; charset=utf-8", "no-store")
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (named by http.server)
        """Say nothing: the terminal is for what matters."""


_JSON = "application/json"


def _variant(query: Mapping[str, str]) -> Variant:
    """The variant that a window asks for; raises `ValueError` where there is none such."""
    paper, language = query.get("paper"), query.get("language")
    if language and not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        raise ValueError("no language")
    return Variant(
        OutputName(query.get("use", OutputName.READING.value)),
        PaperName(paper) if paper else None,
        language or None,
    )


def _gone(connection: socket.socket) -> bool:
    """Whether the other end has closed a connection on which it has nothing to say."""
    ready, _, _ = select.select([connection], [], [], 0)
    return bool(ready) and connection.recv(1, socket.MSG_PEEK) == b""
