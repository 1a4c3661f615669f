"""A process that stays alive and is asked again and again."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from bench.measuring import Failed, Usage


class Worker:
    """A process that answers each line with one line, when it has done what it is to do."""

    def __init__(self, command: tuple[str, ...], line: str) -> None:
        self._command, self._line = command, line
        self._process: subprocess.Popen[str] | None = None

    def settle(self) -> None:
        """Have it done once, so that all is warm."""
        if self._process is None:
            ends = subprocess.PIPE
            self._process = subprocess.Popen(
                self._command, stdin=ends, stdout=ends, stderr=subprocess.DEVNULL, text=True
            )
            self.ask()

    def ask(self) -> Usage:
        """Have it done; raises `Failed` where the process ends."""
        assert self._process
        assert self._process.stdin
        assert self._process.stdout
        began = time.perf_counter()
        self._process.stdin.write(self._line)
        self._process.stdin.flush()
        if not self._process.stdout.readline():
            script = next((Path(word).name for word in self._command if "bench" in word), self._command[0])
            raise Failed(f"{script} ended with exit code {self._process.wait()}")
        return Usage(wall=time.perf_counter() - began)

    def end(self) -> None:
        """End the process."""
        if self._process and self._process.stdin and self._process.stdout:
            self._process.stdin.close()
            self._process.stdout.close()
            self._process.wait()
