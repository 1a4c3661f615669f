"""Commands as a person types them, obeyed in this process: for tests of what they do, and not of how a process ends."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path
from subprocess import CompletedProcess
from unittest import mock

from briefing import program
from briefing.cli import app
from briefing.runtime import cache_store, run_record


def typed(folder: Path, *words: str, **environment: str) -> CompletedProcess[str]:
    """What `generate.py` does and says in a folder; it keeps proofs and drawings in `cache` there."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    told = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), **environment}
    told.pop(cache_store.NO_CACHE, None)
    with (
        contextlib.chdir(folder),
        mock.patch.dict(os.environ, told, clear=True),
        mock.patch.object(sys, "argv", [program.SCRIPT, *words]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            app.main(run_record.run_key(list(words), str(folder), os.environ))
        except SystemExit as end:
            code = int(end.code or 0)
    return CompletedProcess(words, code, _said(out), _said(err))


def _said(stream: io.TextIOWrapper) -> str:
    stream.flush()
    data = stream.buffer.getvalue()  # type: ignore[attr-defined]
    return str(data.decode())
