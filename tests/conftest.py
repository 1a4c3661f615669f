"""Builds that many tests look at; each is made once for all test processes."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from briefing.documents.document import DocumentView
from briefing.layout.speedups import install
from briefing.runtime import cache_store, speed
from tests.support import (
    examples,  # noqa: F401 (sets how many random examples are tried)
    footing,
    system,
)
from tests.support.builds import FLAGSHIP, OTHER, PAPER_NAMES, Built, Plain, common_folder, document_views, whole_run
from tests.support.examples import usually

# What a shell starts in the background ignores Ctrl-C; runs that the tests start must not.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A fork in a process with threads is told as a warning by Python 3.12 and later: here and in every run, an error.
os.environ["PYTHONWARNINGS"] = "error:This process:DeprecationWarning"
os.environ[cache_store.NO_CACHE] = (
    "1"  # tests see work and not what is left of it; those of the cache have one of their own
)
# Neither tests nor the runs that they start are compiled anew each time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

footing.look_once(pytest.MonkeyPatch())


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: tests wait for other programs, too."""
    return (os.cpu_count() or 1) + 1


REAL_PAGES = {"drawings", "pressed"}  # fixtures of tests that lay real documents
WHOLE_RUNS = {"copies", "flagship", "flagship_letter", "other", "outcome"}  # fixtures that take a whole run each


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Mark what lays real documents, and what runs the whole program or looks at what such a run has made.

    Files of tests are dealt out to the processes: those of whole runs first, so that what is left in the end is short.
    """
    items[:] = [item for item in items if not waits(item)]
    shares = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    files: dict[Path, list[pytest.Function]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    items[:] = [item for path in dealt(files, shares) for item in files[path]]
    for item in items:
        if item.path.parent.name == "whole" or WHOLE_RUNS.intersection(item.fixturenames):
            item.add_marker("whole")
        if REAL_PAGES.intersection(item.fixturenames):
            item.add_marker("slow")


def waits(item: pytest.Item) -> bool:
    """Whether a test waits for the night: a sample on A4, on which an example is built in every run."""
    given = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    return "a4" in (given.get("flagship"), given.get("other")) and not usually([], [True])


def dealt(files: Mapping[Path, list[pytest.Function]], shares: int) -> list[Path]:
    """The files of one process after the other, each with about as many tests.

    The first process has all that ask veraPDF, since Java takes long to start. Files of a folder stay together, for
    they have much in common that a process makes once.
    """
    judged = [path for path, (first, *_) in files.items() if {"verapdf", "validators"} & vars(first.module).keys()]
    whole = [path for path in files if path.parent.name == "whole" and path not in judged]
    others = [path for path in files if path not in judged and path not in whole]
    found: list[Path] = []
    for share in range(shares):
        found += [*(judged if share == 0 else []), *whole[share::shares]]
        enough = sum(map(len, files.values())) * (share + 1) / shares
        while others and (share + 1 == shares or sum(len(files[path]) for path in found) < enough):
            found.append(others.pop(0))
    return found


def pytest_collection_finish() -> None:
    """Look for garbage as seldom as the program's own processes do: of what is here now, nothing ever is any."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which tests this machine could not run, and why."""
    for line in system.told_at_the_end(terminalreporter.getreports("skipped")):
        terminalreporter.write_line(line, yellow=True)


@pytest.fixture(scope="session", params=PAPER_NAMES)
def flagship(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The repository's own documents, on Letter, and at night on A4 too."""
    return whole_run(tmp_path_factory, FLAGSHIP, request.param)


@pytest.fixture(scope="session")
def flagship_letter(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The same on Letter alone, where one paper tells as much as two."""
    return whole_run(tmp_path_factory, FLAGSHIP, "letter")


@pytest.fixture(scope="session", params=PAPER_NAMES)
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A briefing on another subject, which uses every kind of block, on Letter, and at night on A4 too."""
    return whole_run(tmp_path_factory, OTHER, request.param)


@pytest.fixture(scope="session")
def plain() -> Plain:
    """A context in which this process, and those that it starts, do without tricks for speed."""

    @contextmanager
    def off() -> Iterator[None]:
        speed.set_plain(True)
        install.install(plain=True)
        try:
            yield
        finally:
            speed.set_plain(False)
            install.install(plain=False)

    return off


@pytest.fixture(scope="session")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where charts that are drawn in test processes are kept."""
    return common_folder(tmp_path_factory, "drawings")


@pytest.fixture(scope="session")
def flagship_views(drawings: Path) -> Mapping[str, DocumentView]:
    """The flagship's documents on Letter, before they are composed."""
    return document_views(FLAGSHIP, "letter", drawings)
