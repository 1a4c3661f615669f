"""Nothing that a run reads is ever written over, and a place that cannot be written is told before anything is made."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from briefing.cli import entry, out_guard
from briefing.findings import Refused
from briefing.pipeline import build, publish
from tests.support.builds import GOOD, TEMPLATES, TODAY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "content.yaml").write_text(GOOD)
    (tmp_path / "old.pdf").write_text(GOOD)
    (tmp_path / "notes.txt").write_text(f"# mine\n{GOOD}")
    (tmp_path / "picture.svg").write_text("<svg/>")
    (tmp_path / "link.txt").symlink_to("content.yaml")
    os.link(tmp_path / "content.yaml", tmp_path / "second.txt")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ("ledger", "--out", "content.yaml"),
        ("ledger", "--out", "link.txt"),
        ("ledger", "--out", "second.txt"),
        ("ledger", "--out", "notes.txt"),
        ("ledger", "--out", "picture.svg"),
        ("ledger", "--out", "."),
        ("ledger", "--out", ".hidden"),
        ("ledger", "--out", "manifest.json"),
        ("schema", "--out", "content.yaml"),
        ("schema", "--out", "picture.svg"),
        ("changes", "old.pdf", "content.yaml", "--slip", "old.pdf"),
        ("build", "--out", "content.yaml"),
        ("press", "--out", "content.yaml"),
        ("build", "--out", "/proc/build"),
        ("build", "--out", "x" * 300),
        ("build", "--out", "picture.svg/build", "--use", "all"),
        ("new", "content.yaml"),
    ],
    ids=" ".join,
)
def test_no_out_takes_what_is_read(
    arguments: tuple[str, ...], folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["generate.py", *arguments])
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert ended.value.code == 1
    said = capfd.readouterr().err
    assert "[out-is-input]" in said or "[out-unwritable]" in said
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_a_file_of_an_earlier_run_is_written_anew(folder: Path) -> None:
    for name, data in (
        ("ledger.csv", b"id,value"),
        ("slip.pdf", b"%PDF-1.7"),
        ("schema.json", b"{}"),
        ("new.txt", None),
    ):
        if data is not None:
            (folder / name).write_bytes(data)
        out_guard.refuse_file(folder / name, name, [folder / "content.yaml"], (data or b"")[:1])
    with pytest.raises(Refused):
        out_guard.refuse_file(folder / "ledger.csv", "ledger.csv", [], b"%PDF-")


def test_a_folder_that_cannot_be_written_is_refused_before_pages_are_made(folder: Path) -> None:
    began = time.monotonic()
    job = build.Job(folder / "content.yaml", "content.yaml", folder / "picture.svg", TEMPLATES, TODAY)
    assert [finding.code for finding in build.run(job).findings] == ["out-unwritable"]
    assert time.monotonic() - began < 0.5


def test_a_folder_is_looked_at_and_not_made(tmp_path: Path) -> None:
    publish.refuse_folder(tmp_path / "a" / "b")
    assert not list(tmp_path.iterdir())
