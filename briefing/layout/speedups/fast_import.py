"""WeasyPrint imported without the half of its loading that it can do without.

The C declarations that it opens its libraries with are read once and kept as a Python module (cffi's "ABI,
out-of-line" mode): reading them anew takes a quarter of a second of every start, half of what loading the typesetter
takes. Where none is kept, or WeasyPrint's declarations are others, they are read. The parts of fontTools that subset
where HarfBuzz cannot, unpack and vary fonts are a quarter more of it: they are loaded when they are used, which is
never with the faces that pages are set in.

Stands on all declarations being in one `cdef` of one `cffi.FFI`, and on how the modules in `SELDOM` are used.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import ModuleType
from typing import Any

from briefing.runtime import cache_store

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
        real = _kept(source) if len(self._sources) == 1 else _read(self._sources)
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


def _kept(source: str) -> Any:
    """What was read of these declarations; kept as Python keeps its bytecode, also where nothing is kept of runs."""
    import _cffi_backend

    made_for = f"{_cffi_backend.__version__}\n{source}"
    name = f"declared-{hashlib.sha256(made_for.encode()).hexdigest()[:16]}.py"
    home = cache_store.folder({**os.environ, cache_store.NO_CACHE: ""})
    module = cache_store.read(home, name) if home else None
    if module is None:
        module = _as_module(source)
        if home and not sys.dont_write_bytecode and cache_store.make_folder(home):
            cache_store.write(home, name, module)
    made: dict[str, Any] = {}
    exec(module, made)
    return made["ffi"]


def _as_module(source: str) -> bytes:
    """The declarations as a Python module."""
    declared = _read([source])
    from cffi import recompiler

    module = io.StringIO()
    recompiler.make_py_source(declared, "declared", module)
    return module.getvalue().encode()
