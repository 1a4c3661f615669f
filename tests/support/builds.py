"""Builds for tests: whole runs of `generate.py`, and the same steps in this process where only fitting matters.

A whole run is made once for all test processes and kept in their common folder.
"""

from __future__ import annotations

import datetime
import fcntl
import functools
import hashlib
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pytest

from briefing.content import validation, yaml_reader
from briefing.content.briefing import Briefing
from briefing.content.records import PaperName
from briefing.content.tree import ContentTree
from briefing.design.outputs import FILES, USES, OutputName, Use
from briefing.documents import document
from briefing.documents.document import DocumentView
from briefing.documents.manuscript import account
from briefing.findings import has_errors
from briefing.pipeline import proof_cache
from briefing.pipeline.document import make
from briefing.pipeline.document_job import DocumentJob
from briefing.pipeline.job import Job
from briefing.pipeline.laying import fit
from briefing.pipeline.load import check_content
from briefing.pipeline.plan import plan_with_pictures
from briefing.proofing.proof import Proof
from briefing.runtime import cache_store, fork_server, process_facts, task_child

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
FLAGSHIP = ROOT / "content.yaml"
FIRST = ROOT / "tests" / "first" / "content.yaml"  # the flagship's first edition
OTHER = ROOT / "tests" / "other" / "content.yaml"
ELEMENTS = ROOT / "tests" / "elements" / "content.yaml"
CHARTS = ROOT / "tests" / "charts" / "content.yaml"
T = TypeVar("T")
TODAY = datetime.date(2024, 7, 1)  # any day after those of the content files
LATER = datetime.date(2026, 12, 1)  # than the dates of all content in the repository
PAPER_NAMES = ("letter", "a4")
SHORT = (  # blocks of the other content
    {"bottom-line", "picture", "map", "stacked", "sources", "imprint"},
    {"key-figures", "report", "dots", "sources"},
)
SURROUNDINGS = ("Pacific/Kiritimati", "1"), ("America/Los_Angeles", "4242")  # time zones and hash seeds
RUNS = {FLAGSHIP: ("flagship",), OTHER: ("other",), ELEMENTS: ("elements", "--use", "all")}  # made once, and how
GOOD = """\
briefing: {title: A title, short_title: Short, date: 2024-06-12, publisher: Desk, licence: Free, cite: Cite me}
sources:
  census: {publisher: Office, title: Census, kind: data}
figures:
  rides: {value: 300, as_of: 2024-05, sources: [census]}
brief:
  pages: 1
  blocks:
    - prose:
        text: We counted {{rides}} rides.
fact_sheet:
  pages: 1
  blocks:
    - takeaways:
        items: [A plain sentence.]
"""


Plain = Callable[[], AbstractContextManager[None]]  # inside, this process does without tricks for speed


@dataclass(frozen=True)
class Built:
    """What a whole run left in its folder, and what it said."""

    content: Path
    paper: str
    folder: Path
    code: int
    findings: tuple[Mapping[str, object], ...]
    noise: str  # anything on the error stream

    @property
    def brief(self) -> Path:
        return self.folder / FILES["brief"]

    @property
    def fact_sheet(self) -> Path:
        return self.folder / FILES["fact_sheet"]

    @property
    def files(self) -> dict[str, Path]:
        return {"brief": self.brief, "fact_sheet": self.fact_sheet}


def command(*arguments: str | Path, root: Path = ROOT) -> list[str]:
    """The command line of a run."""
    return [sys.executable, str(root / "generate.py"), *map(str, arguments)]


def built(content: Path, paper: str, folder: Path, *more: str, **environment: str) -> Built:
    """Run `generate.py` as a person would."""
    run = subprocess.run(
        command(
            "build", "--content", content, "--paper", paper, "--out", folder, "--today", str(LATER), "--json", *more
        ),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, **environment},
    )
    lines = tuple(json.loads(line) for line in run.stdout.splitlines())
    return Built(content, paper, folder, run.returncode, lines, run.stderr)


def common_folder(factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder that all test processes share."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Only one of the test processes at a time is within this for a place."""
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def kept(place: Path, make: Callable[[], T]) -> T:
    """What the first test process that asks for it makes, and keeps at a place for the others."""
    with alone(place):
        if not place.exists():
            place.write_bytes(pickle.dumps(make()))
    made: T = pickle.loads(place.read_bytes())
    return made


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Built]) -> Built:
    """Make a build in the first test process that asks for it; the others wait and read."""
    return _once(common_folder(factory, "builds"), name, make)


def _once(shared: Path, name: str, make: Callable[[Path], Built]) -> Built:
    folder, told = shared / name, shared / f"{name}.json"
    with alone(shared / name):
        if not told.exists():
            done = make(folder)
            told.write_text(json.dumps([str(done.content), done.paper, done.code, done.findings, done.noise]))
    content, paper, code, findings, noise = json.loads(told.read_text())
    return Built(Path(content), paper, folder, code, tuple(findings), noise)


def whole_run(factory: pytest.TempPathFactory, content: Path, paper: str) -> Built:
    """A whole run of one of the repository's own contents, made once."""
    return _whole_run(common_folder(factory, "builds"), content, paper)


def _whole_run(shared: Path, content: Path, paper: str) -> Built:
    name, *more = RUNS[content]

    def run(folder: Path) -> Built:
        return built(
            content, paper, folder, *more, **{"XDG_CACHE_HOME": str(_kept_by(folder)), cache_store.NO_CACHE: ""}
        )

    return _once(shared, f"{name}-{paper}", run)


def short_run(factory: pytest.TempPathFactory) -> Built:
    """Every use of documents of one page, in the first of two surroundings, made once."""
    return _short_run(common_folder(factory, "builds"))


def _short_run(shared: Path) -> Built:
    kept_here = {"XDG_CACHE_HOME": str(_kept_by(shared / "short" / "build")), cache_store.NO_CACHE: ""}

    def run(folder: Path) -> Built:
        return elsewhere(0, OTHER, folder, "--use", "all", "--today", str(LATER), text=short(), **kept_here)

    made = _once(shared, "short", run)
    return replace(made, folder=made.folder / "build")


def elsewhere(nth: int, content: Path, root: Path, *asked: str, text: str | None = None, **environment: str) -> Built:
    """Run a copy of the program in another folder, time zone and with another hash seed, the first or the second."""
    here = "." if content == FLAGSHIP else "here"
    clone(root)
    if content != FLAGSHIP:
        shutil.copytree(content.parent, root / here)
    if text:
        (root / here / "content.yaml").write_text(text, encoding="utf-8")
    zone, seed = SURROUNDINGS[nth]
    run = subprocess.run(
        command("--content", f"{here}/content.yaml", "--json", *asked, root=root),
        cwd=root,
        env={**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    findings = tuple(json.loads(line) for line in run.stdout.splitlines())
    return Built(Path(here, "content.yaml"), "", root / "build", run.returncode, findings, run.stderr)


def short() -> str:
    """The other content with short documents: of each kind of thing that is drawn, one."""
    pairs = ("  pages: 4\n", "  pages: 2\n"), ("        id: map\n        place: side\n", "        id: map\n")
    content = swapped(OTHER.read_text(encoding="utf-8"), *pairs)
    parts, head, *documents = [], *re.split(r"(?m)^(?=brief:|fact_sheet:)", content)
    for one, names in zip(documents, SHORT, strict=True):
        opening, *blocks = re.split(r"(?m)^(?=    - \w+:)", one)
        kept = [block for block in blocks if re.findall(r"(?m)^        id: (\S+)", block)[0] in names]
        assert len(kept) == len(names)
        parts += [opening, *kept]
    return "".join([head, *parts])


def _kept_by(folder: Path) -> Path:
    """Where a whole run keeps its proofs, and nobody else does."""
    return folder.with_name(f"{folder.name}-kept")


def _proofs_of(run: Built, use: OutputName = OutputName.READING) -> dict[str, Proof]:
    """The documents for a use that a whole run has made and kept, with all that was noticed on the way."""
    home = _kept_by(run.folder) / "briefing"
    found = (proof_cache._entry(cache_store.read(str(home), file.name))[0] for file in sorted(home.glob("*.proof")))
    return {proof.document: proof for proof in found if proof and proof.use is use}


def clone(folder: Path) -> Path:
    """A copy of what a run needs, with what Python has compiled of it already."""
    folder.mkdir(parents=True)
    for name, but in (("briefing", "*.pyc.*"), ("templates", "__pycache__")):  # such a file is just being written
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(but))
    for name in ("generate.py", "content.yaml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def swapped(text: str, *pairs: tuple[str, str]) -> str:
    """A text with words in place of others, each of which stands in it once."""
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


# ------------------------------------------------------------------ in this process


def briefing_of(text: str) -> Briefing:
    """The briefing that a content file's text says."""
    return validation.build(yaml_reader.parse(text.encode(), "content.yaml"))


def orders(
    briefing: Briefing,
    folder: Path,
    paper: str,
    cache: Path,
    documents: tuple[str, ...] = Briefing.DOCUMENTS,
    use: Use = USES[OutputName.READING],
) -> tuple[DocumentJob, ...]:
    """What is needed to make each document; a briefing with faults is a fault of the test."""
    source = ContentTree("content.yaml", {}, {}, {})
    manuscript = check_content(account(briefing, source, TEMPLATES), folder)
    content = folder / "content.yaml"
    job = Job(content, content.name, folder, TEMPLATES, TODAY, documents, PaperName(paper), (use.name,), dry=True)
    jobs, findings = plan_with_pictures(manuscript, job, cache)
    assert not has_errors(findings), findings
    return jobs


def view_of(order: DocumentJob, sources: Sequence[str] = ()) -> DocumentView:
    """The document with every word ready to print and no block left out; its sources numbered in an order, if given."""
    told = order.briefing, order.ledger, order.wording, order.document, order.paper, order.pictures
    return document.build(*told, order=sources)


@functools.cache
def proofs(content: Path, paper: str, cache: Path) -> Mapping[str, Proof]:
    """Both documents of a content file as they are published, made by the first test process that asks for them."""
    text = content.read_text(encoding="utf-8")
    if content in RUNS:
        shared = cache.parent / "builds"
        shared.mkdir(exist_ok=True)
        found = _proofs_of(_whole_run(shared, content, paper))
        if set(found) == set(Briefing.DOCUMENTS):  # nothing is kept where a file was touched meanwhile
            return found

    def all_made() -> Mapping[str, Proof]:
        return {job.document: make(job) for job in orders(briefing_of(text), content.parent, paper, cache)}

    made = kept(cache / f"{hashlib.sha256(text.encode()).hexdigest()}-{paper}.proofs", all_made)
    assert not any(proof.amiss for proof in made.values())
    return made


@functools.cache
def short_proofs(cache: Path, use: OutputName) -> Mapping[str, Proof]:
    """Documents of one page for a use, with all kinds of things that are drawn."""
    shared = cache.parent / "builds"
    shared.mkdir(exist_ok=True)
    made = _proofs_of(_short_run(shared), use)
    if set(made) == set(Briefing.DOCUMENTS):
        return made
    jobs = orders(briefing_of(short()), OTHER.parent, "a4", cache, use=USES[use])
    return kept(cache / f"short-{use}.proofs", lambda: {job.document: make(job) for job in jobs})


@functools.cache
def document_views(content: Path, paper: str, cache: Path) -> Mapping[str, DocumentView]:
    """Both documents of a content file."""
    briefing = briefing_of(content.read_text(encoding="utf-8"))
    return {order.document: view_of(order) for order in orders(briefing, content.parent, paper, cache)}


def fits(order: DocumentJob) -> bool:
    """Whether a document is within its budget; nothing is printed, and no remedy is sought."""
    from briefing.layout.typesetter import typesetter

    return fit(order, typesetter(order.templates / "fonts", order.tokens.faces))[0].fits


def forked_from_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let children do what a test has put in the place of something."""
    monkeypatch.setattr(fork_server, "_SERVERS", {})
    monkeypatch.setattr(fork_server, "_forkable", lambda: True)
    monkeypatch.setattr(fork_server, "assert_forkable", lambda: None)  # what is put there uses no fonts
    memory = task_child.MEMORY_BYTES + process_facts.memory_bytes()  # a child has all that this process has, too
    monkeypatch.setattr(task_child, "MEMORY_BYTES", memory)
