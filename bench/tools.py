"""Who takes part: the commands of the program, of a plain script, of a browser and of Typst."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
FONTS = ROOT / "templates" / "fonts"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

Command = tuple[str, ...]


def ours(*arguments: str, house: Path = ROOT) -> Command:
    """`generate.py` of a house: a folder with the program and its templates."""
    return (sys.executable, str(house / "generate.py"), *arguments)


def plain(html: Iterable[Path]) -> Command:
    """What anyone would write first, one process for all."""
    return (sys.executable, str(BENCH / "plain.py"), *map(str, html))


def typst(sources: Iterable[Path]) -> Command:
    """Typst from Python, one process for all."""
    return (sys.executable, str(BENCH / "typst_pages.py"), str(FONTS), *map(str, sources))


def chromium(pages: Sequence[tuple[Path, Path]], profile: Path) -> tuple[Command, ...]:
    """A browser that prints pages, one process for each: what the page is, and where its PDF goes."""
    browser = found_browser()
    assert browser
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={profile}")
    return tuple((browser, *flags, f"--print-to-pdf={pdf}", html.as_uri()) for html, pdf in pages)


@cache
def found_browser() -> str | None:
    """Where Chromium is, if it is here."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@cache
def has_typst() -> bool:
    """Whether Typst is here."""
    return find_spec("typst") is not None


@cache
def told(command: str) -> str:
    """What the program's help says of a command; nothing where there is no such command."""
    asked = subprocess.run(ours(command, "--help"), capture_output=True, text=True, check=False, cwd=ROOT)
    return "" if asked.returncode else asked.stdout


def versions() -> list[str]:
    """What all were made with."""
    made_by = [f"WeasyPrint {version('weasyprint')}", f"vl-convert {version('vl-convert-python')}"]
    if browser := found_browser():
        said = subprocess.run([browser, "--version"], capture_output=True, text=True, check=False).stdout
        made_by.append(" ".join(said.split()[:2]))
    with contextlib.suppress(PackageNotFoundError):
        made_by.append(f"Typst {version('typst')}")
    return made_by
