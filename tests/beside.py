"""Runs pytest with the arguments given, and mypy beside it, which keeps one core busy where tests would share two.

What mypy says comes when pytest has ended, and which of the two has failed in the last line.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from types import FrameType


def main(types: list[str], tests: list[str]) -> int:
    """Run both to their end; 0 only if both are content. Whoever is stopped leaves none of them behind."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    running: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryFile() as told:
        try:
            running.append(subprocess.Popen(types, stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.STDOUT))
            running.append(subprocess.Popen(tests))
            codes = {"mypy": 0, "pytest": running[1].wait()}
            codes["mypy"] = running[0].wait()
        except KeyboardInterrupt:  # the terminal has told both; pytest now says how far it came
            return running[-1].wait() or 128 + signal.SIGINT
        finally:
            for process in running:
                if process.poll() is None:
                    process.terminate()
        told.seek(0)
        print(f"\nmypy says: {told.read().decode(errors='replace').strip()}", flush=True)
    if failed := [name for name, code in codes.items() if code]:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return max(abs(code) for code in codes.values())


def _stop(number: int, _: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main([sys.executable, "-m", "mypy"], [sys.executable, "-m", "pytest", *sys.argv[1:]]))
