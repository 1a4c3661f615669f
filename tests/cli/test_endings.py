"""However a run ends, it ends with the right exit code, with a line in place of a traceback, and leaves nothing."""

from __future__ import annotations

import json
import os
import resource
import shlex
import signal
import subprocess
from pathlib import Path

import pytest

from briefing.cli import console, report
from briefing.findings import Finding, Place, Severity, error
from briefing.pipeline import publish
from briefing.runtime import limits
from briefing.runtime.sandbox import Task, TaskRun
from briefing.runtime.task_child import ParentLine
from tests.support.builds import GOOD, command

pytestmark = pytest.mark.slow


def shell(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A script of bash, where `G` is the program."""
    whole = f'G() {{ {shlex.join(command())} "$@"; }}\n{script}'
    return subprocess.run(["bash", "-c", whole], cwd=folder, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ("G schema >&-", 0, ""),
        ("G schema >&- 2>&- <&-", 0, ""),
        ("G schema >/dev/full", 1, "output-unwritable"),
        ("G --help >/dev/full", 1, "output-unwritable"),
        ("G check --content no.yaml 2>/dev/full", 1, ""),
        ("G check --content no.yaml 2>&-", 1, ""),
        ("G schema | head -1", 0, ""),
        ("mkdir d; cd d; rmdir ../d; G check --content no.yaml", 1, "file-missing"),
        ("mkdir d; cd d; rmdir ../d; G new here", 1, "out-unwritable"),
        (f"G new {'x' * 300}", 1, "out-unwritable"),
        ("ulimit -n 10; G build --content no.yaml", 3, "machine-limit"),
        ("ulimit -f 8; G build --content no.yaml", 3, "machine-limit"),
        ("ulimit -v 700000; G build --content no.yaml", 3, "machine-limit"),
        ("G check --content no.yaml --no-such-option", 2, "No such option"),
    ],
)
def test_a_run_ends_with_the_right_code_and_without_a_traceback(script: str, code: int, said: str, tmp_path) -> None:
    done = shell(script, tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert said in done.stderr
    assert len(done.stderr.splitlines()) <= 4


def test_limits_of_the_shell_are_kept_where_they_are_lower(tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(GOOD)
    done = shell("ulimit -t 60; ulimit -v 1900000; G build --no-cache --quiet", tmp_path)
    assert done.returncode == 0, done.stderr
    before = resource.getrlimit(resource.RLIMIT_CORE)
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, before[1]))
        assert limits.lower(resource.RLIMIT_CORE, 5, before[1]) == 0
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)


@pytest.mark.parametrize("seconds", [0.1, 0.5])
def test_ctrl_c_is_130_without_a_traceback_and_leaves_nothing(seconds: float, tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(GOOD)
    (tmp_path / "tmp").mkdir()
    run = subprocess.Popen(
        command("build", "--no-cache", "--out", "out"),
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with pytest.raises(subprocess.TimeoutExpired):
        run.wait(seconds)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=20)
    assert (run.returncode, said.strip()) == (130, "")
    assert not list((tmp_path / "tmp").iterdir())


def test_a_full_disk_in_a_child_is_told_with_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Exception, match="the disk is full: /scratch"):
        TaskRun([Task(fill, (), "Brief", Place())]).ended()


def fill(_: ParentLine) -> None:
    raise OSError(28, "No space left on device", "/scratch/file")


def test_what_a_child_leaves_goes_with_it_however_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    for end in (leave, leave_and_die):
        run = TaskRun([Task(end, (), "Brief", Place())])
        names, _ = run.ended()
        assert names in (["briefing-"], [])
    assert not list(tmp_path.iterdir())


def leave(_: ParentLine) -> str:
    import tempfile

    return Path(tempfile.mkdtemp(prefix="left-")).parent.name[:9]


def leave_and_die(parent: ParentLine) -> None:
    leave(parent)
    os._exit(5)


# ------------------------------------------------------------------ words of files and names

EVIL = "a\x1b]0;pwned\x07b\nc\u202ed\u200be\x9bf\udcffg\u2028h"


def test_what_a_terminal_would_obey_is_shown_by_its_number(capsys: pytest.CaptureFixture[str]) -> None:
    console.say((error("code", f"message {EVIL}", Place(EVIL, 1, 2), f"hint {EVIL}"),))
    said = capsys.readouterr().err
    assert said.count("\n") == 2
    for shown in ("<U+001B>", "<U+0007>", "<U+000A>", "<U+202E>", "<U+200B>", "<U+009B>", "<byte FF>", "<U+2028>"):
        assert said.count(shown) == 3
    assert not set(EVIL) & set(said) - set("a]0;pwned" + "bcdefgh\n")


def test_json_means_the_same_and_holds_nothing_that_a_terminal_would_obey() -> None:
    told = report.as_json(Finding(Severity.ERROR, "code", EVIL, Place(EVIL)))
    assert json.loads(told)["message"] == EVIL
    assert not {"\x1b", "\u202e", "\x9b", "\udcff", "\n"} & set(told)


def test_letters_of_all_languages_are_shown_as_they_are() -> None:
    text = "Zażółć می‌خواهم हिन्दी 中文 – “quoted”\tand\nlines"
    assert console.visible(text) == text


def test_a_name_that_is_no_text_stands_in_the_manifest() -> None:
    told = publish.format_manifest({}, {"inputs": {"b\udcffd.yaml": "x"}})
    assert json.loads(told)["inputs"] == {"b\udcffd.yaml": "x"}
