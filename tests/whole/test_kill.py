"""A run that dies costs nothing: whole builds are killed at random moments, and two run at once."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.builds import command
from tests.support.examples import times

KILLS = times(2, at_night=20)

CONTENT = """\
briefing:
  title: WORD is the first word of this briefing
  short_title: A short briefing
  date: 2024-01-31
  status: final
  publisher: Example Desk
  licence: CC0
  cite: A short briefing, example.
sources:
  example: {publisher: Example Office, title: Example page, kind: official}
names: [CC0]
brief:
  pages: 1
  blocks:
    - prose:
        heading: WORD
        text: It says WORD [@example].
    - sources: {id: sources}
fact_sheet:
  pages: 1
  blocks:
    - prose:
        heading: WORD
        text: It says WORD on one page [@example].
    - sources: {id: sources}
"""

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two contents that differ in a word, and one that is refused."""
    folder = tmp_path_factory.mktemp("desk")
    for name in ("first", "second"):
        (folder / f"{name}.yaml").write_text(CONTENT.replace("WORD", name.capitalize()))
    (folder / "refused.yaml").write_text("briefing: no\n")
    return folder


@pytest.fixture(scope="module")
def whole_and_seconds(desk: Path) -> tuple[dict[str, Files], float]:
    """What each content makes when nothing goes wrong, and how long the quicker of the two runs took."""
    made, seconds = {}, []
    for name in ("first", "second"):
        began = time.monotonic()
        assert run(desk, name, desk / name).wait(120) == 0
        seconds.append(time.monotonic() - began)
        made[name] = documents(desk / name)
    assert made["first"] != made["second"]
    assert all(len(files) == 2 for files in made.values())
    return made, min(seconds)


@pytest.fixture
def whole(whole_and_seconds: tuple[dict[str, Files], float]) -> dict[str, Files]:
    return whole_and_seconds[0]


@pytest.fixture
def lasts(whole_and_seconds: tuple[dict[str, Files], float]) -> float:
    return whole_and_seconds[1]


def run(desk: Path, name: str, out: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command("build", "--content", desk / f"{name}.yaml", "--out", out, "--quiet"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def documents(out: Path) -> Files:
    return {file.name: file.read_bytes() for file in sorted(out.glob("*.pdf"))}


def left_over(out: Path) -> list[str]:
    """Files that no build is meant to leave; drawings are kept under the names of their contents."""
    kept = {"manifest.json", "policy-brief.pdf", "fact-sheet.pdf"}
    found = [file for file in out.rglob("*") if file.is_file() and file.name not in kept]
    return [file.name for file in found if file.parent == out or file.name.startswith(".") or file.suffix == ".tmp"]


def is_sound(out: Path) -> bool:
    told = json.loads((out / "manifest.json").read_text())["files"]
    return {name: hashlib.sha256(data).hexdigest() for name, data in documents(out).items()} == {
        name: facts["sha256"] for name, facts in told.items()
    }


def test_a_build_that_is_killed_leaves_whole_documents_and_the_next_run_clears_up(
    desk: Path, whole: dict[str, Files], lasts: float
) -> None:
    out = desk / "killed"
    shutil.copytree(desk / "first", out)
    dice = random.Random()
    killed = 0
    for number in range(KILLS):
        process = run(desk, ("second", "first")[number % 2], out)
        moment = (number + dice.random()) / KILLS * lasts  # at random, and over the whole of a run
        began = time.monotonic()
        try:
            process.wait(moment)
            lasts = min(lasts, time.monotonic() - began)  # the machine has become quicker
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
        for name, data in documents(out).items():
            assert data in (whole["first"][name], whole["second"][name]), f"{name} after {moment:.2f} s of {lasts:.2f}"
        assert run(desk, "refused", out).wait(120) == 1
        assert documents(out) in whole.values(), f"killed after {moment:.2f} s of {lasts:.2f}"
        assert is_sound(out)
        assert left_over(out) == [], f"killed after {moment:.2f} s of {lasts:.2f}"
    assert killed >= KILLS // 2
    assert run(desk, "first", out).wait(120) == 0
    assert documents(out) == whole["first"]


def test_two_runs_at_once_leave_the_documents_of_one_of_them(desk: Path, whole: dict[str, Files]) -> None:
    out = desk / "shared"
    for _ in range(times(1, at_night=4)):
        runs = [run(desk, name, out) for name in ("first", "second")]
        assert [process.wait(120) for process in runs] == [0, 0]
        assert documents(out) in whole.values()
        assert is_sound(out)
        assert left_over(out) == []
