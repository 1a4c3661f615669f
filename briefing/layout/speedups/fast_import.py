"""WeasyPrint imported without the half of its loading that it can do without.

The C declarations that it opens its libraries with are read once and kept beside the installed packages: reading them
anew takes a quarter of a second of every start, half of what loading the typesetter takes. Setting up
writes them as a Python module (cffi's "ABI, out-of-line" mode); where that is not there, or WeasyPrint's declarations
are others, they are read as before. The parts of fontTools that subset where HarfBuzz cannot, unpack and vary fonts are
a quarter more of it: they are loaded when they are used, which with the faces that pages are set in is never.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

# macOS finds its libraries only through a search that these modules do not make.
USABLE = sys.platform.startswith("linux")


# Modules that WeasyPrint imports and seldom uses, with the functions that it takes from them by name.
SELDOM: dict[str, tuple[str, ...]] = {
    "fontTools.subset": (),
    "fontTools.ttLib.woff2": (),
    "fontTools.varLib.instancer": ("instantiateVariableFont",),
}


@contextmanager
def ready() -> Iterator[None]:
    """Let WeasyPrint, imported in here, find its declarations ready-made, and what it seldom uses not yet loaded."""
    stand_ins: dict[str, ModuleType] = {name: _Late(name, names) for name, names in SELDOM.items()}
    if USABLE:
        stand_ins["cffi"] = ModuleType("cffi")
        stand_ins["cffi"].FFI = _Declared  # type: ignore[attr-defined]
    stand_ins = {name: module for name, module in stand_ins.items() if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, module in stand_ins.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


class _Late(ModuleType):
    """What takes the place of a module that is loaded at its first use, and not where it is imported."""

    def __init__(self, name: str, functions: tuple[str, ...]) -> None:
        super().__init__(name)
        for function in functions:  # which are taken from it before they are called
            setattr(self, function, partial(self._called, function))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked for where it is imported
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)

    def _called(self, function: str, *args: Any, **named: Any) -> Any:
        return getattr(importlib.import_module(self.__name__), function)(*args, **named)


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
