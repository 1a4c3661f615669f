"""The running preview as a window sees it: it listens to states, and fetches the pictures of pages that are new."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench import tools
from bench.measuring import Failed, Usage, surroundings

NAMES = {"brief": "brief", "fact-sheet": "fact_sheet"}
WIDTH = 1360  # pixels across a page: two beside each other in a window on a sharp screen
EVENTS, PICTURE = f"events?width={WIDTH}", f"page/{{}}-{WIDTH}"  # below the address that the preview tells
PATIENCE_SECONDS = 60.0
_ADDRESS = re.compile(r"http://(?:127\.0\.0\.1|localhost):\d+/\S*")

State = Mapping[str, Any]


class Preview:
    """A preview of the content in a folder, started when it is first asked to settle."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._state: State = {}
        self._seen: set[str] = set()  # digests of pages whose pictures were fetched

    def settle(self) -> None:
        """Wait until all that was saved is shown and proved, and fetch its pictures."""
        if self._process is None:
            self._start()
        while not self._is_settled():
            self._next()
        for shown in self._state["documents"]:
            self._fetch(shown)

    def saved(self, document: str, whole: bool) -> Usage:
        """Wait for the new pictures of what was just saved: of the first page that is new, or of the whole document."""
        began = time.perf_counter()
        before, wall = self._state["revision"], None
        while True:
            self._next()
            shown = self._shown(NAMES[document])
            if self._fetch(shown) and not whole:
                wall = wall or time.perf_counter() - began
            if shown["revision"] > before:  # until then the trail is that of the edit before
                return Usage(wall or time.perf_counter() - began, trail=dict(shown["trail"]))

    def end(self) -> None:
        """End it."""
        if self._process:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def _start(self) -> None:
        command = tools.ours("preview", "--no-open", "--content", "content.yaml")
        around = surroundings(self._folder / "home")
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self._folder, env=around, text=True
        )
        assert self._process.stdout
        said = next((line for line in self._process.stdout if _ADDRESS.search(line)), None)
        if said is None:
            raise Failed(f"the preview ended with exit code {self._process.wait()}")
        found = _ADDRESS.search(said)
        assert found
        self._address = urlsplit(found[0])
        self._events = self._get(EVENTS)

    def _is_settled(self) -> bool:
        if not self._state or self._state["phase"] not in ("ready", "broken"):
            return False
        if self._state["phase"] == "broken":
            raise Failed(f"the preview shows no pages: {self._state['findings']}"[:200])
        documents = self._state["documents"]
        return all(one["sheets"] and not one["working"] and len(one["sheets"]) == one["count"] for one in documents)

    def _shown(self, name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = next(one for one in self._state["documents"] if one["name"] == name)
        return found

    def _next(self) -> None:
        """Take the next state that is sent; raises `Failed`."""
        try:
            while line := self._events.readline():
                if line.startswith(b"data:"):
                    self._state = json.loads(line.removeprefix(b"data:"))
                    return
        except OSError as problem:
            raise Failed(f"the preview sends nothing: {problem}") from None
        raise Failed("the preview sends no more states")

    def _fetch(self, shown: Mapping[str, Any]) -> int:
        """Get the pictures that a window does not have yet; how many there were."""
        new = [sheet["digest"] for sheet in shown["sheets"] if sheet["digest"] not in self._seen]
        for digest in new:
            self._get(PICTURE.format(digest)).read()
        self._seen.update(new)
        return len(new)

    def _get(self, path: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(
            self._address.hostname or "", self._address.port, timeout=PATIENCE_SECONDS
        )
        connection.request("GET", f"{self._address.path}{path}")
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise Failed(f"the preview answers {answer.status} for {path}")
        return answer
