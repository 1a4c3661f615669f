"""What a build is made from: every input with its SHA-256, and every program with its version.

The same inputs give the same bytes, so this is what a manifest records and what `verify` compares.
"""

from __future__ import annotations

import ctypes
import hashlib
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# Libraries that a page's bytes depend on, by the name of the package.
LIBRARIES = ("babel", "fonttools", "jinja2", "markdown-it-py", "pikepdf", "pillow", "pydyf", "pyphen", "segno")
ENGINES = ("pypdfium2", "tinycss2", "tinyhtml5", "vl-convert-python", "weasyprint", "zopfli")
# Libraries of the system, with the function that tells their version and what it is called on Linux and macOS.
SYSTEM = (
    ("pango", "pango_version_string", ("libpango-1.0.so.0", "libpango-1.0.0.dylib")),
    ("harfbuzz", "hb_version_string", ("libharfbuzz.so.0", "libharfbuzz.0.dylib")),
)


def of_files(files: Iterable[Path], root: Path) -> dict[str, str]:
    """The SHA-256 of each file by its name below a folder, in the order of names."""
    return {str(file.relative_to(root)): _digest(file.read_bytes()) for file in sorted(files)}


def of_folder(folder: Path, suffixes: tuple[str, ...] = ()) -> str:
    """One SHA-256 for all files of a folder: another byte, or another name, is another digest."""
    found = (file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    listed = of_files((file for file in found if not suffixes or file.suffix in suffixes), folder)
    return _digest("\n".join(f"{name} {digest}" for name, digest in listed.items()).encode())


def recorded(content: Path, images: Iterable[Path], templates: Path) -> dict[str, object]:
    """What a manifest says of a build's inputs; content and images are named as they lie beside each other."""
    folder = content.parent
    return {
        "content": of_files({content, *images}, folder),
        "templates": of_folder(templates),
        "program": of_folder(Path(__file__).parent, (".py",)),
        "libraries": dict(versions()),
    }


def versions() -> Mapping[str, str]:
    """The versions of Python, of libraries and of system libraries."""
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in (*LIBRARIES, *ENGINES):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return {**found, **{name: _system(ask, files) for name, ask, files in SYSTEM}}


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


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
