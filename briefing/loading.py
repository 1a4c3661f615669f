"""WeasyPrint imported without the half of its loading that it can do without.

The C declarations that it opens its libraries with are read once and kept beside the installed packages: reading them
anew takes a quarter of a second of every start, half of what loading the typesetter takes. Setting up
writes them as a Python module (cffi's "ABI, out-of-line" mode); where that is not there, or WeasyPrint's declarations
are others, they are read as before. What subsets fonts where HarfBuzz cannot is loaded when it is used.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

# macOS finds its libraries only through a search that these modules do not make.
USABLE = sys.platform.startswith("linux")


@contextmanager
def ready() -> Iterator[None]:
    """Let WeasyPrint, imported in here, find its declarations ready-made."""
    _late("fontTools.subset")
    if not USABLE or "cffi" in sys.modules:
        yield
        return
    stand_in = ModuleType("cffi")
    stand_in.FFI = _Declared  # type: ignore[attr-defined]
    sys.modules["cffi"] = stand_in
    try:
        yield
    finally:
        if sys.modules.get("cffi") is stand_in:
            del sys.modules["cffi"]


def _late(name: str) -> None:
    """Have a module loaded at its first use, and not where it is imported."""
    spec = importlib.util.find_spec(name)
    if name in sys.modules or spec is None or spec.loader is None:
        return
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


class _Declared:
    """What takes the place of `cffi.FFI`: once told the declarations, it has all that the real one has."""

    def __init__(self) -> None:
        self._sources: list[str] = []

    def cdef(self, source: str) -> None:
        self._sources.append(source)
        try:
            if len(self._sources) > 1:
                raise ModuleNotFoundError
            real = importlib.import_module(_name(source)).ffi
        except ModuleNotFoundError:
            real = _read(self._sources)
        for name in dir(real):
            if not name.startswith("_") and name != "cdef":
                setattr(self, name, getattr(real, name))  # its own: looked up ten thousand times a page


def _read(sources: list[str]) -> Any:
    sys.modules.pop("cffi", None)
    import cffi

    found = cffi.FFI()
    for source in sources:
        found.cdef(source)
    return found


def _name(source: str) -> str:
    """The module of these declarations, for the installed cffi."""
    import _cffi_backend

    made_for = f"{_cffi_backend.__version__}\n{source}"
    return f"_declared_{hashlib.sha256(made_for.encode()).hexdigest()[:16]}"


def write(folder: Path) -> Path:
    """Write the module for the installed WeasyPrint into a folder of packages."""
    told: list[str] = []

    class Listening(_Declared):
        def cdef(self, source: str) -> None:
            told.append(source)
            super().cdef(source)

    stand_in = ModuleType("cffi")
    stand_in.FFI = Listening  # type: ignore[attr-defined]
    sys.modules["cffi"] = stand_in
    importlib.import_module("weasyprint.text.ffi")
    sys.modules.pop("cffi", None)
    import cffi

    (source,) = told
    found = cffi.FFI()
    found.cdef(source)
    found.set_source(_name(source), None)
    file = folder / f"{_name(source)}.py"
    found.emit_python_code(str(file))
    return file


if __name__ == "__main__":
    write(Path(sysconfig.get_path("purelib")))
