"""Printable briefings: one content.yaml becomes a policy brief and a one-page fact sheet.

    import briefing
    result = briefing.build("content.yaml", out="build", use="office")

What is listed in `__all__` is public, and told in docs/api.md. It is loaded when it is first asked for (PEP 562).
"""

import sys
from types import ModuleType

from briefing import program

__version__ = program.VERSION

TYPE_CHECKING = False  # `typing` costs more than all that an unchanged run imports
if TYPE_CHECKING:
    from briefing.api import (
        BuildResult,
        BuiltDocument,
        Finding,
        Missing,
        Place,
        PreflightResult,
        Refused,
        Severity,
        Verified,
        build,
        check,
        preflight,
        verify,
    )

__all__ = [
    "BuildResult",
    "BuiltDocument",
    "Finding",
    "Missing",
    "Place",
    "PreflightResult",
    "Refused",
    "Severity",
    "Verified",
    "__version__",
    "build",
    "check",
    "preflight",
    "verify",
]


class _Door(ModuleType):
    """This package as a module whose `preflight` stays the function after the package of that name was imported."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from briefing import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


sys.modules[__name__].__class__ = _Door
