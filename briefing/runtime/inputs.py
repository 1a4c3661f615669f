"""What a build is made from: every input with its SHA-256, and every program with its version.

The same inputs give the same bytes, so this is what a manifest records and what `verify` compares.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from briefing.runtime.fingerprint import Fingerprint
from briefing.runtime.run_record import hash_files

# Libraries that a page's bytes depend on, by the name of the package.
LIBRARIES = ("babel", "fonttools", "jinja2", "markdown-it-py", "pikepdf", "pillow", "pydyf", "pyphen", "segno")
ENGINES = ("pypdfium2", "tinycss2", "tinyhtml5", "uharfbuzz", "vl-convert-python", "weasyprint", "zopfli")
# Libraries of the system, with the function that tells their version and what it is called on Linux and macOS.
SYSTEM = (
    ("pango", "pango_version_string", ("libpango-1.0.so.0", "libpango-1.0.0.dylib")),
    ("harfbuzz", "hb_version_string", ("libharfbuzz.so.0", "libharfbuzz.0.dylib")),
)


@dataclass(frozen=True)
class BuildInputs:
    """What a build is made from, as it was before any of it was read."""

    files: Mapping[str, tuple[str, str]]  # by path: the path that it really has, and its SHA-256
    stands: Fingerprint

    def more(self, files: Iterable[Path]) -> BuildInputs:
        """The same with further files."""
        return replace(self, files={**self.files, **_looked(files)})


TREES = ("templates", "program")
UNREADABLE = "?"  # instead of a digest; why it cannot be read is told by who reads it


def read_inputs(files: Iterable[Path], stands: Fingerprint) -> BuildInputs:
    """Files and program as they are now."""
    return BuildInputs(_looked(files), stands)


def _looked(files: Iterable[Path]) -> dict[str, tuple[str, str]]:
    found = {}
    for file in map(str, files):
        try:
            found.update(hash_files([file]))
        except (OSError, ValueError):
            found[file] = (os.path.realpath(file), UNREADABLE)
    return found


def find_changed_inputs(before: BuildInputs, now: Fingerprint) -> tuple[str, ...]:
    """What is no longer what it was when a build began: paths of files, and of `TREES` what stands otherwise `now`."""
    files = [path for path, then in _looked(map(Path, before.files)).items() if before.files[path] != then]
    return (*files, *(name for name in TREES if getattr(now, name) != getattr(before.stands, name)))


def format_inputs(before: BuildInputs, named: Mapping[str, Path]) -> dict[str, object]:
    """What a manifest says of a build's inputs; content and images by how they are named in it."""
    return {
        "content": {name: before.files[str(file)][1] for name, file in sorted(named.items())},
        "templates": before.stands.templates,
        "program": before.stands.program,
        "libraries": dict(versions()),
    }


def versions() -> Mapping[str, str]:
    """The versions of Python, of libraries and of system libraries."""
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in (*LIBRARIES, *ENGINES):
        try:
            found[name] = _version(name)
        except PackageNotFoundError:
            found[name] = "none"
    found["zlib"] = zlib.ZLIB_RUNTIME_VERSION  # pages are packed with it
    return {**found, **{name: _system(ask, files) for name, ask, files in SYSTEM}}


def _version(name: str) -> str:
    """What the head of a library's metadata says; the description below takes long to be parsed."""
    library = distribution(name)
    head = (library.read_text("METADATA") or "").partition("\n\n")[0]
    found = re.search(r"^Version: *(\S+)$", head, re.MULTILINE)
    return found[1] if found else library.version


def _system(ask: str, files: Iterable[str]) -> str:
    for file in files:
        try:
            tell = getattr(ctypes.CDLL(file), ask)
        except (OSError, AttributeError):
            continue
        tell.restype = ctypes.c_char_p
        said = tell()
        return said.decode("ascii", "replace") if said else "unknown"
    return "unknown"
