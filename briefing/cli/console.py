"""What commands say on the terminal besides their product: findings, progress, and why something was refused."""

from __future__ import annotations

import json
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefing.findings import Finding


# What moves the cursor, turns the line around or is not seen: controls, marks of direction, halves of letters, bytes
# that are no text. What joins letters of Persian and Hindi stays.
_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
_MARKS = r"\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_HIDDEN = re.compile(rf"[{_CONTROLS}{_MARKS}\ud800-\udfff]")
_BYTES = range(0xDC80, 0xDD00)  # what Python makes of bytes that are no UTF-8 (PEP 383)


def visible(text: str) -> str:
    """A text that may be anybody's, as it can be shown: what a terminal would obey is named by its number."""
    return _HIDDEN.sub(_named, text)


def in_line(text: str) -> str:
    """The same for what must stay within its line: a name, or a sentence with names in it."""
    return visible(text).replace("\n", "<U+000A>").replace("\t", "<U+0009>")


def _named(found: re.Match[str]) -> str:
    number = ord(found[0])
    return f"<byte {number - 0xDC00:02X}>" if number in _BYTES else f"<U+{number:04X}>"


def visible_json(text: str) -> str:
    """JSON whose texts hold nothing that a terminal would obey; it means the same."""
    return _HIDDEN.sub(lambda found: json.dumps(found[0])[1:-1], text)


def out(text: str) -> None:
    """Write what was asked for to standard output."""
    sys.stdout.write(visible(text))
    sys.stdout.flush()


def err(text: str) -> None:
    """Write to standard error."""
    sys.stderr.write(visible(text))
    sys.stderr.flush()


def say(findings: tuple[Finding, ...], as_json: bool = False) -> None:
    """Write findings: as text to standard error, or as JSON lines to standard output."""
    from briefing.cli import report

    for finding in findings:
        if as_json:
            out(report.as_json(finding) + "\n")
        else:
            err(report.as_text(finding) + "\n")


@contextmanager
def refusals(as_json: bool = False) -> Iterator[None]:
    """Say why something was refused, or what this machine lacks, and end the program with the exit code of that."""
    from briefing.cli import report
    from briefing.findings import Missing, Refused

    try:
        yield
    except (Missing, Refused) as why:
        say(why.findings, as_json)
        sys.exit(report.LACKING if isinstance(why, Missing) else report.REFUSED)


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """A spinner with the step at hand on a terminal, nothing in a pipe; from here a Ctrl-C is an exception."""
    if callable(signal.getsignal(signal.SIGINT)):
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status("starting") as status:
        yield lambda step: status.update(Text(in_line(step)))
