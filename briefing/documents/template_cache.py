"""Templates compiled once: their bytecode is kept beside them, as Python keeps that of its modules.

Compiling the templates of a document takes four times as long as filling them in. What is kept counts for the very
source, Jinja, Python and options that it was made from and for no other, and only for the program's own templates:
bytecode is a program, so none is ever taken from a folder that is given.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Mapping
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

from briefing.design.template_folders import own_templates

OWN = own_templates()
FOLDER = "__pycache__"  # which no digest of the templates takes in


def beside(templates: Path, options: Mapping[str, object]) -> BytecodeCache | None:
    """Where the bytecode of templates is kept, made with such options; nowhere for a folder that is given."""
    return _Beside(OWN / FOLDER, options) if templates.resolve() == OWN else None


class _Beside(BytecodeCache):
    def __init__(self, folder: Path, options: Mapping[str, object]) -> None:
        self._folder = folder
        self._made_for = f"{jinja2.__version__} {MAGIC_NUMBER!r} {sorted(options.items())!r}"

    def get_source_checksum(self, source: str) -> str:
        return hashlib.sha256(f"{self._made_for}\n{source}".encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept; what is no bytecode, or of another source, counts as missing."""
        with contextlib.suppress(Exception), open(self._file(bucket), "rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for later runs, put in place whole; where that cannot be, they compile the template anew."""
        if sys.dont_write_bytecode:
            return
        file = self._file(bucket)
        new = f"{file}.{os.getpid()}"
        try:
            self._folder.mkdir(exist_ok=True)
            with open(new, "wb") as out:
                bucket.write_bytecode(out)
            os.replace(new, file)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(new)

    def _file(self, bucket: Bucket) -> str:
        return str(self._folder / f"{bucket.key}.{sys.implementation.cache_tag}.jinja")
