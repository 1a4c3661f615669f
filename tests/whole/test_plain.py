"""Without any trick for speed the same bytes are made, later."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from briefing.runtime import fork_server, speed
from tests.support.builds import FLAGSHIP, OTHER, Plain, elsewhere, short, short_run, whole_run
from tests.support.examples import usually

ROOT = Path(__file__).parents[2]


# Short documents with all kinds of things that are drawn; at night whole ones, the flagship also with all tricks.
RUNS_OF = (
    [(None, "a4", True)],
    [
        (OTHER, "letter", True),
        (FLAGSHIP, "letter", True),
        (FLAGSHIP, "letter", False),
        (FLAGSHIP, "a4", True),
        (OTHER, "a4", True),
    ],
)


@pytest.mark.slow
@pytest.mark.parametrize(("content", "paper", "plain"), usually(*RUNS_OF))
def test_documents_are_the_same_byte_for_byte_in_another_folder_time_zone_and_hash_seed_and_on_any_day(
    content: Path | None, paper: str, plain: bool, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    """All at once: without any trick for speed too, and on the day that it is. The brief alone, and both at night."""
    names = usually(["policy-brief.pdf"], ["fact-sheet.pdf"])
    asked = ("--paper", paper, *(("--only", "brief") if len(names) == 1 else ()))
    here = whole_run(tmp_path_factory, content, paper) if content else short_run(tmp_path_factory)
    text, off = None if content else short(), {speed.PLAIN: "1" if plain else ""}
    there = elsewhere(1, content or OTHER, tmp_path / "a longer name", *asked, text=text, **off)
    assert here.code == there.code == 0, there.noise
    assert {file.name for file in here.folder.glob("*.pdf")} == {"fact-sheet.pdf", "policy-brief.pdf"}
    assert [name for name in names if (there.folder / name).read_bytes() != (here.folder / name).read_bytes()] == []


def tell(pipe: Connection) -> None:
    os.environ.clear()
    speed.leave_garbage()
    pipe.send((speed.is_plain(), fork_server.is_forking(), gc.isenabled()))


def test_a_process_of_a_plain_run_is_a_fresh_interpreter_that_knows_of_it(plain: Plain) -> None:
    with plain():
        assert not fork_server.is_forking()
        child = fork_server.start(tell)
    assert not child.forked
    assert child.pipe.recv() == (True, False, True)


@pytest.mark.parametrize(("value", "plain"), [("1", True), ("0", False), ("", False)])
def test_one_variable_turns_all_of_them_off(value: str, plain: bool) -> None:
    code = (
        "import sys; sys.argv = ['generate.py', '--version']\n"
        "from briefing.cli import entry\n"
        "try: entry.main()\n"
        "except SystemExit: pass\n"
        "from briefing.layout import typesetter\n"
        "from briefing.runtime import speed\n"
        "from weasyprint.layout import block\n"
        "its_own = block.columns_layout.__module__.startswith('weasyprint')\n"
        "print(speed.is_plain(), its_own, 'pycparser' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, speed.PLAIN: value},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == f"{plain} {plain} {plain}"
