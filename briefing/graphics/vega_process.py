"""The process that draws: Vega-Lite specifications go in, SVG comes out, one after the other.

vl-convert starts a JavaScript engine that hangs when its process forks and that knows no limits. So it lives in a child
that nothing forks from (`briefing.graphics.vega_child`), with a cleaned environment, limits on memory and time, and no
address that it may load from. The engine takes longest to start, so the child stays.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import math
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from briefing.findings import Missing
from briefing.graphics import vega_child
from briefing.runtime import limits

ADDRESSES = 70_000_000_000  # bytes that V8 reserves and does not use
_MAIN = f"from {vega_child.__name__} import main; main()"  # without what -m loads
_EASELS: dict[tuple[Path, ...], VegaProcess] = {}
_ONE_AT_A_TIME = threading.Lock()


class VegaProcess:
    """A child that draws with the fonts of some folders; it ends with this process, or at its first fault."""

    def __init__(self, fonts: tuple[Path, ...]) -> None:
        ours, theirs = socket.socketpair()
        root = str(Path(__file__).parents[2])
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the child lives)
        environment = {
            "PATH": os.defpath,
            "PYTHONPATH": root,
            "TZ": "UTC",  # Vega reads and writes dates in the local time zone
            "LC_ALL": "C.UTF-8",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _MAIN, str(theirs.fileno()), *map(str, fonts)],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            cwd=root,
            env=environment,
        )
        theirs.close()
        self._socket, self._lines = ours, ours.makefile("rwb")
        self.drawn = 0  # how many answers there were

    def draw(self, spec: dict[str, Any], limit_seconds: float) -> dict[str, str]:
        """Give the answer: `svg`, or `error` with what the engine says of the specification.

        Raises `VegaProcessDied` where there is no answer within the limit of wall clock, or the child has ended.
        """
        try:
            self._socket.settimeout(limit_seconds)
            self._lines.write(json.dumps((math.ceil(limit_seconds), spec)).encode() + b"\n")
            self._lines.flush()
            line = self._lines.readline()
        except TimeoutError:
            raise VegaProcessDied(f"it took more than {limit_seconds:g} seconds", late=True) from None
        except OSError:
            line = b""
        if not line:
            raise VegaProcessDied(self._ending())
        self.drawn += 1
        answer: dict[str, str] = json.loads(line)
        return answer

    def _ending(self) -> str:
        """How the child has ended."""
        code = self._process.wait()
        if code < 0:  # V8 aborts when it has no more memory
            return f"it took too much memory or time ({signal.Signals(-code).name})"
        self._said.seek(0)
        said = self._said.read().decode("utf-8", "replace").strip().splitlines()
        return said[-1] if said else f"status {code}"

    def close(self) -> None:
        """End the child."""
        self._process.kill()
        with contextlib.suppress(OSError):  # what could not be sent
            self._lines.close()
        self._socket.close()
        self._process.wait()
        self._said.close()


class VegaProcessDied(Exception):
    """A drawing was not answered; another child is needed for the next."""

    def __init__(self, message: str, late: bool = False) -> None:
        super().__init__(message)
        self.late = late  # whether it took too long


def _close_all() -> None:
    while _EASELS:
        _EASELS.popitem()[1].close()


def draw(spec: dict[str, Any], fonts: tuple[Path, ...], limit_seconds: float) -> dict[str, str]:
    """Draw in the child for these fonts; one that fails to answer is ended, and what happened is the error."""
    fonts = tuple(folder.resolve() for folder in fonts)
    with _ONE_AT_A_TIME:
        while True:
            if not _EASELS:
                atexit.register(_close_all)
            easel = _EASELS[fonts] = _EASELS.get(fonts) or VegaProcess(fonts)
            try:
                return easel.draw(spec, limit_seconds)
            except VegaProcessDied as broken:
                _EASELS.pop(fonts).close()
                if not easel.drawn and (lacking := limits.too_narrow(ADDRESSES)):
                    raise Missing(lacking) from None
                # What was drawn before may be to blame for memory: a child of its own decides.
                if broken.late or not easel.drawn:
                    return {"error": str(broken)}
