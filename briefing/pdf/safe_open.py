"""The bytes of a PDF become an open file whose parts can be looked at without harm.

Files come from anyone: what swells is stopped, and an entry that is broken is as good as missing.
"""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pikepdf
import pikepdf.settings
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

MAX_FILE = 200_000_000  # bytes
MAX_STREAM = 32_000_000  # bytes of one stream, unpacked
MAX_LZW = 100_000  # bytes of a stream before unpacking, where the library knows no limit
logging.getLogger("pikepdf").setLevel(logging.CRITICAL + 1)  # it logs what it raises or mends, with tracebacks
BROKEN = (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError, OverflowError)
# all that pikepdf raises on entries that are not what they should be
_PER_STREAM = ("flate_max_memory", "run_length_max_memory", "png_max_memory", "tiff_max_memory", "dct_max_memory")


class TooMuch(Exception):
    """A stream is larger than what is examined."""


@contextlib.contextmanager
def open_pdf(data: bytes) -> Iterator[Pdf]:
    """The file, open; raises pikepdf's own faults where it cannot be."""
    with _limits(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what had to be mended is asked for afterwards
        with Pdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            yield pdf


@contextlib.contextmanager
def _limits() -> Iterator[None]:
    """Limits of the library for the time of reading; older ones have none."""
    change = getattr(pikepdf.settings, "set_qpdf_limits", None)
    if change is None:
        yield
        return
    before = change(doc_max_warnings=2_000, **dict.fromkeys(_PER_STREAM, MAX_STREAM))
    try:
        yield
    finally:
        change(**before)


def entry(holder: Any, key: str) -> Any:
    """An entry of a dictionary or stream; none where there is none, or it is broken."""
    try:
        return holder.get(key) if isinstance(holder, (Dictionary, Stream)) else None
    except BROKEN:
        return None


def items(holder: Any) -> list[tuple[str, Any]]:
    """The entries of a dictionary that can be read."""
    try:
        keys = list(holder.keys()) if isinstance(holder, (Dictionary, Stream)) else []
    except BROKEN:
        return []
    return [(key, value) for key in keys if (value := entry(holder, key)) is not None]


def elements(holder: Any, most: int = 100_000) -> list[Any]:
    """The elements of an array; none where it is no array."""
    try:
        return [holder[index] for index in range(min(len(holder), most))] if isinstance(holder, Array) else []
    except BROKEN:
        return []


def words(value: Any) -> str:
    """A name without its slash, or a text; empty where it is neither."""
    try:
        if isinstance(value, Name):
            return str(value)[1:]
        return str(value).strip("\0") if isinstance(value, (String, str)) else ""
    except BROKEN:
        return ""


def number(value: Any, otherwise: float = 0.0) -> float:
    """A number; the other one where it is none."""
    try:
        return otherwise if isinstance(value, (Object, bool, str)) or value is None else float(value)
    except BROKEN:
        return otherwise


def whole(value: Any, otherwise: int = 0) -> int:
    """A whole number, within what a PDF can mean by it."""
    return int(max(-2e9, min(2e9, found))) if (found := number(value, otherwise)) == found else otherwise


def numbers(value: Any, most: int = 64) -> tuple[float, ...]:
    """The numbers of an array."""
    return tuple(number(element) for element in elements(value, most))


def read_stream(stream: Any) -> bytes:
    """What a stream holds; raises `TooMuch` where it swells beyond the limit."""
    filters = entry(stream, "/Filter")
    names = [words(one) for one in elements(filters)] or [words(filters)]
    try:
        if any(name in ("LZWDecode", "LZW") for name in names) and len(stream.read_raw_bytes()) > MAX_LZW:
            raise TooMuch
        data: bytes = stream.read_bytes()
    except pikepdf.DataDecodingError:
        raise TooMuch from None
    except BROKEN:
        return b""
    if len(data) > MAX_STREAM:
        raise TooMuch
    return data


def identity(thing: Any) -> tuple[int, int]:
    """The number of an object, or noughts where it has none of its own."""
    try:
        number, generation = thing.objgen if isinstance(thing, Object) else (0, 0)
        return number, generation
    except BROKEN:
        return 0, 0
