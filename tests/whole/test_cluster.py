"""Work handed to a cluster of two workers: the same bytes as here, also where a worker is killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from briefing.findings import Refused, error
from briefing.pipeline.cluster import content_files
from briefing.pipeline.job import Job
from briefing.runtime import cluster as cluster_of
from briefing.runtime.fingerprint import hash_bytes
from tests.distribution.test_production import begun, files_of, made_once, write
from tests.support.builds import GOOD, LATER, ROOT, TEMPLATES, command
from tests.support.typed import typed
from tests.support.waiting import PATIENCE_S, until

ONLY = ("--only", "fact-sheet", "--today", str(LATER), "--json")


@dataclass(frozen=True)
class Cluster:
    """Where it is, and its workers by their process numbers."""

    address: str
    workers: tuple[int, ...]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "support" / "two_workers.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as started:
        assert started.stdout
        address, *workers = started.stdout.readline().split()
        yield Cluster(address, tuple(map(int, workers)))
        started.communicate("end\n", timeout=PATIENCE_S)


def test_a_cluster_makes_the_same_bytes_though_a_worker_is_killed(
    cluster: Cluster, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """First the copies of a run, then content files; one test, so that there is one cluster."""
    copies = tmp_path / "copies"
    shutil.copytree(made_once(tmp_path_factory), copies)
    before = files_of(copies)
    for file in copies.glob("distribution/runs/*/*.pdf"):
        file.unlink()
    done = begun(copies, "make", "--json", "--cluster", cluster.address)
    assert (done.returncode, json.loads(done.stdout.splitlines()[-1])["kept"]) == (0, 0), done.stderr
    assert files_of(copies) == before
    assert not list(copies.glob("distribution/runs/*/.*"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = begun(copies, "make", "--register", "../elsewhere/copies.sqlite", "--cluster", cluster.address)
    assert done.returncode == 0, done.stderr
    assert len(list(elsewhere.glob("runs/*/part-*.pdf"))) == len([name for name in before if name.startswith("part-")])
    assert {file.name for file in elsewhere.glob("runs/.*")} == {".gitignore"}
    content_files_though_a_worker_is_killed(cluster, tmp_path)


def test_a_cluster_that_does_not_see_where_files_are_written_is_told_before_a_run_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, elsewhere = tmp_path / "content", tmp_path / "elsewhere"
    for folder in (content, elsewhere):
        folder.mkdir()
    write(content)
    assert typed(content, "distribute", "plan", "--quiet").returncode == 0
    seen: list[Path] = []

    def connected(address: str, load: object, shared: Path) -> NoReturn:
        assert (address, stat.S_IMODE(shared.stat().st_mode)) == ("10.0.0.5:8786", 0o600)
        seen.append(shared)
        raise Refused([error("cluster-differs", "the worker does not see it")])

    monkeypatch.setattr(cluster_of, "connected", connected)
    asked = "--register", "../elsewhere/copies.sqlite"
    done = typed(content, "distribute", "make", *asked, "--cluster", "10.0.0.5:8786")
    assert (done.returncode, done.stderr.count("[cluster-differs]")) == (1, 1), done.stderr
    assert [(file.parent, file.exists()) for file in seen] == [(elsewhere / "runs", False)]
    done = typed(content, "distribute", "report", *asked, "--json")
    assert (done.returncode, json.loads(done.stdout)["runs"]) == (0, []), done.stderr


def content_files_though_a_worker_is_killed(cluster: Cluster, tmp_path: Path) -> None:
    names = ("a", "b", "c")
    for name in names:
        (tmp_path / f"{name}.yaml").write_text(GOOD)
    assert typed(tmp_path, "build", "--content", "a.yaml", "--out", "here", *ONLY).returncode == 0
    with subprocess.Popen(
        command("build", "a.yaml", "b.yaml", "c.yaml", "--out", "there", "--cluster", cluster.address, *ONLY),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        until(lambda: run.poll() is not None or list(tmp_path.glob("there/*/fact-sheet.pdf")))
        os.kill(cluster.workers[0], signal.SIGKILL)
        told, noise = run.communicate(timeout=PATIENCE_S)
    assert (run.returncode, noise) == (0, ""), told
    made = {file.parent.name: file.read_bytes() for file in tmp_path.glob("there/*/fact-sheet.pdf")}
    assert made == dict.fromkeys(names, (tmp_path / "here" / "fact-sheet.pdf").read_bytes())
    assert not list(tmp_path.glob("there/.*"))


def test_a_cluster_that_cannot_be_used_is_told_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(GOOD)
    asked = "build", "a.yaml", "b.yaml", "--cluster"
    done = typed(tmp_path, *asked, "somewhere")
    assert (done.returncode, done.stderr.count("[cluster-unreachable]")) == (1, 1)
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = typed(tmp_path, *asked, "tcp://127.0.0.1:1")
    assert (done.returncode, done.stderr.count("[cluster-driver]")) == (3, 1)
    assert "pip install distributed" in done.stderr
    done = typed(tmp_path, "build", "a.yaml", "--cluster", "tcp://127.0.0.1:1")
    assert done.returncode == 2
    assert "a folder" in done.stderr


def test_a_worker_that_would_make_other_bytes_says_why(tmp_path: Path) -> None:
    content = tmp_path / "a.yaml"
    content.write_text(GOOD)
    ours, digest = cluster_of.versions(), hash_bytes(content.read_bytes())
    cluster_of.check(cluster_of.Expected(ours, str(content), digest))
    for versions, file, why in (
        ({**ours, "weasyprint": "1.0"}, content, f"has weasyprint {ours['weasyprint']}, and this machine has 1.0"),
        ({**ours, "program": "0" * 64}, content, "has another program than this machine"),
        (ours, tmp_path / "nowhere" / "b.yaml", "does not see what lies in"),
    ):
        with pytest.raises(cluster_of.WorkerDiffersError, match=why):
            cluster_of.check(cluster_of.Expected(versions, str(file), digest))
    job = Job(content, "a.yaml", tmp_path / "out", TEMPLATES, LATER)
    assert [found.code for found in content_files.make(job, "0" * 64, False).findings] == ["cluster-unshared"]
