"""The loop of edit and look: from a saved word to the new page, in processes that have made it before."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bench import contents, tools
from bench.contents import Edit
from bench.growth import LARGE
from bench.life import BOTH, FILES
from bench.measuring import Plan, Record, Session, Usage, measure, say
from bench.preview import Preview
from bench.worker import Worker

CHAPTER = "loop"
OURS, WHOLE = "`generate.py preview`, the new page", "`generate.py preview`, all pages"
PLAIN, TYPST = "plain WeasyPrint, warm", "Typst, incremental"
TITLES = {"brief": "brief", "fact-sheet": "fact sheet"}


LENGTHS = (25, 100)  # pages of the briefs that are measured beside the flagship


def name(tool: str, document: str, pages: int = 0) -> str:
    """How a row is called; `pages` where the document is a longer one."""
    return f"{tool}{f', {pages} pages' if pages else ''}: {TITLES[document]}"


def run(session: Session) -> list[Record]:
    """Measure the loop."""
    scratch = shutil.copytree(session.pages, session.scratch)
    contenders: list[Warm] = []
    missing: list[Record] = []
    if tools.told("preview"):
        contenders += _ours(scratch)
    else:
        lacking = "`generate.py preview` does not exist yet"
        missing += [Record(CHAPTER, name(OURS, document), fault=lacking) for document in BOTH]
    contenders += _plain(scratch)
    if tools.has_typst():
        contenders += _typst(scratch)
    records = [*missing, *measure(CHAPTER, contenders, Plan(session.rounds, 0))]
    for pages in () if session.quick else LENGTHS:
        for one in _longer(
            session.scratch / str(pages), pages
        ):  # one after the other: all at once they fill the memory
            records += measure(CHAPTER, [one], Plan(session.rounds if pages < LARGE else 3, 0))
    return records


@dataclass
class Warm:
    """A contender that stays alive from round to round."""

    name: str
    file: Path  # that is edited
    edit: Edit
    settle: Callable[[], None]  # waits until it has started and is idle
    render: Callable[[], Usage]  # waits for the new page
    end: Callable[[], None]
    makes: tuple[Path, ...] = ()
    size: int = 0
    variants: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self._original = self.file.read_text(encoding="utf-8")

    def prepare(self) -> None:
        """Have it ready for an edit."""
        self.settle()

    def run(self) -> Usage:
        """Save the file with another word, and wait for the new page; what comes after it disturbs nobody."""
        self.file.write_text(self.edit.of(self._original, next(self.variants)), encoding="utf-8")
        usage = self.render()
        self.settle()
        return usage

    def close(self) -> None:
        """End its process."""
        self.end()


# ------------------------------------------------------------------ who takes part


def _ours(scratch: Path) -> Iterable[Warm]:
    """A preview for each edit, so that nothing but it changes from one save to the next."""
    edits = [(document, contents.WORD[document], "") for document in BOTH]
    edits += [
        ("brief", contents.LAST_WORD, ", a word of the last one"),
        ("brief", contents.FIGURE, ", a figure"),
        ("brief", contents.CHARTED, ", a value of a chart"),
        ("brief", contents.ADDED, ", a block added"),
    ]
    for number, (document, edit, said) in enumerate(edits):
        folder = scratch / f"preview-{number}"
        folder.mkdir()
        content = folder / "content.yaml"
        shutil.copy(contents.FLAGSHIP, content)
        preview, numbers = Preview(folder), itertools.count(1)
        for tool, whole in ((OURS, False), (WHOLE, True)):
            wait = partial(preview.saved, document, whole)
            row = name(f"{tool}{said}", document)
            yield Warm(row, content, edit, preview.settle, wait, preview.end, variants=numbers)


def _plain(scratch: Path) -> Iterable[Warm]:
    for document in BOTH:
        page = scratch / f"{FILES[document]}.html"
        worker = Worker((sys.executable, str(tools.BENCH / "plain_warm.py")), f"{page}\n")
        pdf = page.with_suffix(".pdf")
        edit = contents.WORD[document]
        yield Warm(name(PLAIN, document), page, edit, worker.settle, worker.ask, worker.end, (pdf,))


def _typst(scratch: Path) -> Iterable[Warm]:
    for document in BOTH:
        source = scratch / f"{document}.typ"
        command = (sys.executable, str(tools.BENCH / "typst_warm.py"), str(tools.FONTS), str(source))
        worker = Worker(command, "again\n")
        edit, pdf = contents.TYPST_WORD[document], source.with_suffix(".pdf")
        yield Warm(name(TYPST, document), source, edit, worker.settle, worker.ask, worker.end, (pdf,))


def _longer(folder: Path, pages: int) -> Iterable[Warm]:
    """A longer brief by everyone: a preview for each edit, the plain script, and Typst."""
    say(f"loop: making {pages} pages that all typeset")
    folder.mkdir()
    text = contents.long(pages)
    if tools.told("preview"):
        for number, (said, edit) in enumerate(contents.LONG.items()):
            place = folder / f"preview-{number}"
            place.mkdir()
            content = place / "content.yaml"
            content.write_text(text, encoding="utf-8")
            preview = Preview(place)
            row = name(f"{OURS}, {said}", "brief", pages)
            yield Warm(row, content, edit, preview.settle, partial(preview.saved, "brief", False), preview.end)
    content = folder / "content.yaml"
    content.write_text(text, encoding="utf-8")
    command: tuple[str, ...] = (sys.executable, "-m", "bench.pages", str(content), str(folder), "brief")
    subprocess.run(command, check=True, cwd=tools.ROOT)
    page, word = folder / "policy-brief.html", contents.LONG["a word"]
    worker = Worker((sys.executable, str(tools.BENCH / "plain_warm.py")), f"{page}\n")
    yield Warm(name(PLAIN, "brief", pages), page, word, worker.settle, worker.ask, worker.end)
    if tools.has_typst():
        contents.typst(folder, pages)
        source = folder / "brief.typ"
        command = (sys.executable, str(tools.BENCH / "typst_warm.py"), str(tools.FONTS), str(source))
        worker, there = Worker(command, "again\n"), contents.TYPST_WORD["brief"]
        edit = Edit(there.old, there.new, once=False)
        yield Warm(name(TYPST, "brief", pages), source, edit, worker.settle, worker.ask, worker.end)
