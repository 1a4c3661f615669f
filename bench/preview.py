"""The running preview as a window sees it: it listens to the events, and fetches the pictures of pages that are new."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from bench import tools
from bench.measuring import Failed

NAMES = {"brief": "brief", "fact-sheet": "fact_sheet"}
EVENTS, PICTURE = "events", "page/{digest}/{width}"  # below the address that the preview tells
WIDTH = 900  # pixels across a page, as in a window of two pages beside each other
PATIENCE_SECONDS = 60.0
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S*")

State = Mapping[str, Any]


class Preview:
    """A preview of the content in a folder, started when a page is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._state: State = {}
        self._seen: set[str] = set()  # digests of pages whose pictures were fetched

    def new(self, document: str) -> float:
        """Wait until a document's pages show what was just saved; seconds until the last new picture was here."""
        began = time.perf_counter()
        if self._process is None:
            self._start()
        before = self._state.get("revision", 0)
        while not self._shows(NAMES[document], before):
            self._state = self._next()
        for sheet in self._document(NAMES[document])["sheets"]:
            if sheet["digest"] not in self._seen:
                self._fetch(PICTURE.format(digest=sheet["digest"], width=WIDTH))
                self._seen.add(sheet["digest"])
        return time.perf_counter() - began

    def end(self) -> None:
        """End it as Ctrl-C does."""
        if self._process:
            self._process.terminate()
            self._process.wait()

    def _start(self) -> None:
        command = tools.ours("preview", "--content", "content.yaml")
        ends = subprocess.PIPE
        self._process = subprocess.Popen(command, stdout=ends, stderr=subprocess.STDOUT, cwd=self._folder, text=True)
        assert self._process.stdout
        for line in self._process.stdout:
            if found := _ADDRESS.search(line):
                self._address = urlsplit(found[0])
                break
        else:
            raise Failed(f"the preview ended with exit code {self._process.wait()}")
        self._events = self._get(EVENTS)

    def _shows(self, name: str, before: int) -> bool:
        if not self._state or self._state["revision"] <= before:
            return False
        shown = self._document(name)
        return bool(shown["sheets"]) and not shown["working"] and len(shown["sheets"]) == shown["count"]

    def _document(self, name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = next(one for one in self._state["documents"] if one["name"] == name)
        return found

    def _next(self) -> State:
        """The next state that is sent; raises `Failed`."""
        try:
            while line := self._events.readline():
                if line.startswith(b"data:"):
                    state: State = json.loads(line.removeprefix(b"data:"))
                    return state
        except OSError as problem:
            raise Failed(f"no event in {PATIENCE_SECONDS:.0f} s: {problem}") from None
        raise Failed("the preview sends no more events")

    def _fetch(self, path: str) -> bytes:
        return self._get(path).read()

    def _get(self, path: str) -> http.client.HTTPResponse:
        address: SplitResult = self._address
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=PATIENCE_SECONDS)
        connection.request("GET", f"{address.path}{path}")
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise Failed(f"the preview answers {answer.status} for {path}")
        return answer
