"""Bytes of what a file holds: a tenth of writing it.

Each number, name and piece of a drawing is asked what it is. Most are text or bytes, of which pydyf learns last.

Stands on `pydyf._to_bytes`.
"""

from __future__ import annotations

from typing import Any

import pydyf  # type: ignore[import-untyped]

_anew = pydyf._to_bytes


def install(plain: bool) -> None:
    """Have bytes made pydyf's own way, or the shorter one."""
    pydyf._to_bytes = _anew if plain else _to_bytes


def _to_bytes(item: Any) -> bytes:
    kind = type(item)
    if kind is bytes:
        return item  # type: ignore[no-any-return]
    if kind is str:
        return item.encode("ascii")  # type: ignore[no-any-return]
    if kind is float and not item.is_integer():
        return f"{item:f}".rstrip("0").encode("ascii")
    return _anew(item)  # type: ignore[no-any-return]
