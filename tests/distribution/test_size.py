"""A list of 25,000 rows, and at night of 100,000, is checked at once, in little memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench import lists
from tests.support.builds import GOOD, ROOT
from tests.support.examples import times

ROWS, MEGABYTES = times(25_000, 100_000), times(85, 150)  # about a megabyte for a thousand rows, and the program
SECONDS = times(3, 8)
SLOW = 4  # times as long, where tests run side by side on a busy machine


@pytest.mark.slow
def test_a_long_list_is_checked_at_once_in_little_memory(tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(GOOD)
    (tmp_path / "distribution.yaml").write_text(lists.SETTINGS)
    lists.write_list(tmp_path / "list.csv", ROWS)
    # From a small process: what a large one starts is charged with the memory that it had itself.
    program = "import pathlib, sys; from bench import lists; print(*lists.measure('check', pathlib.Path(sys.argv[1])))"
    asked = [sys.executable, "-c", program, str(tmp_path)]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    seconds, megabytes = map(float, said.split())
    assert megabytes <= MEGABYTES
    assert seconds <= SECONDS * SLOW
