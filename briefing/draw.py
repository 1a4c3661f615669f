"""Drawings become SVG: Vega-Lite specifications in, bytes of SVG and findings out.

All drawings that are not in the cache go to one child process, because vl-convert starts a JavaScript engine that hangs
when its process forks and that knows no limits. The child gets a cleaned environment, limits on memory and time, and no
address that it may load from. What a drawing shows is no business of this module.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from briefing.drawing import TRACKING, Drawing
from briefing.findings import Finding, Missing, error

MEMORY_BYTES = 1_500_000_000  # of data: V8 reserves 67 GB of addresses, so those cannot be limited
FORMAT = 1  # of a cache entry; to be raised when `tidy` changes

_SVG = "http://www.w3.org/2000/svg"
_NUMBER = re.compile(r"-?\d*\.\d{3,}(?:e-?\d+)?")
_NAMED = re.compile(r"url\(#([^)]+)\)")
_SPOKEN = ("role", "aria-label", "aria-roledescription", "aria-hidden", "pointer-events")  # the page gives the words


def draw(
    drawings: Mapping[str, Drawing], cache: Path | None, fonts: Path, limit_seconds: float = 60
) -> tuple[dict[str, bytes], dict[str, Finding]]:
    """Draw each under its name; a drawing that fails is left out and has a finding under its name.

    The limit is one of wall clock, for each process. Raises Missing where vl-convert is not installed.
    """
    if not drawings:
        return {}, {}
    surroundings = _surroundings(fonts)
    keys = {name: _key(drawing, surroundings) for name, drawing in drawings.items()}
    done = {name: svg for name, key in keys.items() if cache and (svg := _recall(cache / f"{key}.svg"))}
    wanted = {name: drawing for name, drawing in drawings.items() if name not in done}
    faults: dict[str, Finding] = {}
    for name, answer in _ask(wanted, fonts, limit_seconds).items():
        if "svg" not in answer:
            said = f"the drawing could not be made: {answer['error']}"
            faults[name] = error("chart-failed", said, hint="correct its specification")
            continue
        svg, marks = tidy(answer["svg"])
        if marks < drawings[name].marks:
            said = f"the drawing shows {marks} marks where its data ask for {drawings[name].marks}"
            hint = "look for a misspelt field, a filter that lets nothing through, or values out of range"
            faults[name] = error("chart-empty", said, hint=hint)
            continue
        done[name] = svg
        if cache:
            _remember(cache / f"{keys[name]}.svg", svg)
    return {name: done[name] for name in drawings if name in done}, faults


# ------------------------------------------------------------------ cache


def _surroundings(fonts: Path) -> str:
    """All but the drawing itself that the bytes depend on."""
    try:
        engine = version("vl-convert-python")
    except ModuleNotFoundError:
        raise Missing(
            error("vl-convert-missing", "vl-convert is not installed", hint="pip install vl-convert-python")
        ) from None
    files = [f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in sorted(fonts.glob("*.[ot]tf"))]
    return "\n".join([f"format {FORMAT}", f"vl-convert {engine}", *files])


def _key(drawing: Drawing, surroundings: str) -> str:
    canonical = json.dumps(drawing.spec, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{surroundings}\nmarks {drawing.marks}\n{canonical}".encode()).hexdigest()


def _recall(entry: Path) -> bytes | None:
    """An entry is its own digest, a line end and the SVG; one that is damaged counts as none."""
    try:
        digest, _, svg = entry.read_bytes().partition(b"\n")
    except OSError:
        return None
    return svg if digest.decode("ascii", "replace") == hashlib.sha256(svg).hexdigest() else None


def _remember(entry: Path, svg: bytes) -> None:
    """Write whole or not at all; a cache that cannot be written costs time, not the build."""
    with contextlib.suppress(OSError):
        entry.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=entry.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(svg).hexdigest().encode() + b"\n" + svg)
            os.replace(name, entry)
        except OSError:
            os.unlink(name)


# ------------------------------------------------------------------ the child


def _ask(wanted: Mapping[str, Drawing], fonts: Path, limit_seconds: float) -> dict[str, dict[str, str]]:
    """The answer for each name: its SVG or an error.

    Where a process ends early, the drawing that it was at is to blame, and another process draws those behind it.
    """
    answers: dict[str, dict[str, str]] = {}
    while left := {name: drawing.spec for name, drawing in wanted.items() if name not in answers}:
        lines, ending = _process({"fonts": str(fonts.resolve()), "specs": left}, limit_seconds)
        for name, line in zip(left, lines, strict=False):
            answers[name] = json.loads(line)
        if len(lines) < len(left):
            answers[list(left)[len(lines)]] = {"error": ending}
    return answers


def _process(order: dict[str, Any], limit_seconds: float) -> tuple[list[bytes], str]:
    """The whole lines that a child answered, and how it ended."""
    root = str(Path(__file__).parents[1])
    environment = {
        "PATH": os.defpath,
        "PYTHONPATH": root,
        "TZ": "UTC",  # Vega reads and writes dates in the local time zone
        "LC_ALL": "C.UTF-8",
    }
    try:
        run = subprocess.run(
            [sys.executable, "-P", "-m", __name__, str(math.ceil(limit_seconds))],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=limit_seconds,
            cwd=root,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return _whole_lines(late.stdout), f"it took more than {limit_seconds:g} seconds"
    if run.returncode < 0:  # V8 aborts when it has no more memory
        return _whole_lines(run.stdout), f"it took too much memory or time ({signal.Signals(-run.returncode).name})"
    said = run.stderr.decode("utf-8", "replace").strip().splitlines() or [f"status {run.returncode}"]
    return _whole_lines(run.stdout), said[-1]


def _whole_lines(output: bytes | None) -> list[bytes]:
    return [line for line in (output or b"").splitlines(keepends=True) if line.endswith(b"\n")]


def _main() -> None:
    """Draw what stands on the standard input, a line of output for each."""
    cpu_seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (2 * cpu_seconds, 2 * cpu_seconds))  # V8 has threads of its own
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import vl_convert  # only here: its engine must not live in a process that forks

    order = json.load(sys.stdin)
    vl_convert.register_font_directory(order["fonts"])
    for spec in order["specs"].values():
        try:
            answer = {"svg": vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])}
        except ValueError as fault:
            answer = {"error": _first_words(str(fault))}
        print(json.dumps(answer), flush=True)


def _first_words(message: str) -> str:
    """What Vega says, without the JavaScript stack below it."""
    lines = [line.strip() for line in message.splitlines() if line.strip() and not line.strip().startswith("at ")]
    return " ".join(lines)[:300]


# ------------------------------------------------------------------ SVG


def tidy(svg: str) -> tuple[bytes, int]:
    """Strip what a printed page has no use for, and count the marks that have a shape.

    Names of clip paths and gradients are numbered anew, because Vega's counter runs on from one drawing to the next.
    """
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(svg)
    marks = sum(1 for _ in _marks(root))
    names = {e.attrib["id"]: f"n{n}" for n, e in enumerate(e for e in root.iter() if "id" in e.attrib)}
    for parent in list(root.iter()):
        for child in list(parent):
            if _is_void(child):
                parent.remove(child)
    for element in root.iter():
        if "tracked" in element.get("class", ""):
            element.set("letter-spacing", f"{TRACKING}em")
        for name in _SPOKEN:
            element.attrib.pop(name, None)
        for name, value in element.attrib.items():
            if name == "id":
                element.attrib[name] = names[value]
            elif "url(#" in value:
                element.attrib[name] = _NAMED.sub(partial(_renamed, names), value)
            elif name in ("d", "transform", "points") or name in ("x", "y", "x1", "x2", "y1", "y2", "width", "height"):
                element.attrib[name] = _NUMBER.sub(_rounded, value)
    return ElementTree.tostring(root, encoding="utf-8"), marks


def _marks(root: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """The shapes of all data marks: Vega puts them in groups of the class `role-mark`, apart from axes and titles."""
    for group in root.iter(f"{{{_SVG}}}g"):
        classes = group.get("class", "").split()
        if "role-mark" in classes and not {"mark-text", "mark-group"} & set(classes):
            yield from (e for e in group if (e.tag != f"{{{_SVG}}}path" or e.get("d")) and "NaN" not in str(e.attrib))


def _is_void(element: ElementTree.Element) -> bool:
    """Whether it only serves a pointer or an empty background."""
    return (
        element.get("display") == "none"
        or (element.get("class") == "background" and element.get("fill") is None and element.get("stroke") is None)
        or (element.get("fill") == "transparent" and element.get("stroke") in (None, "transparent"))
    )


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".") or "0"


def _renamed(names: Mapping[str, str], reference: re.Match[str]) -> str:
    return f"url(#{names[reference[1]]})"


if __name__ == "__main__":
    _main()
