"""Numbered copies: how many a second on one core, beside Typst with data that changes, and with how much memory."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import contents, tools
from bench.measuring import LINUX, Commands, Failed, Plan, Record, Session, Usage, measure
from bench.worker import Worker

CHAPTER = "copies"
RUN, FILES, TYPST = "files for the printer", "a tagged file for each", "Typst, a file for each"
WHOLE = "`distribute make`, whole"
STAMPED, COMPILED = 2000, 20
SIZES = (1_000, 100_000)  # copies of a whole distribution; the first is what memory is compared with
QUICK = (100, 1_000)
PART = 2000
PEOPLE = 5000  # at most, who get the copies
LOOK_SECONDS = 0.1


def run(session: Session) -> list[Record]:
    """Measure stamping beside its peer, then whole distributions."""
    session.scratch.mkdir()
    stamped = list(_stamping(session))
    records = measure(CHAPTER, stamped, Plan(session.rounds, 0))
    sizes = QUICK if session.quick else SIZES
    whole = [_whole(session.scratch / str(size), size) for size in sizes]
    return records + measure(CHAPTER, whole, Plan(1, 0, 0, LOOK_SECONDS, looked_at=True))


@dataclass
class Stamping:
    """A process that makes so many copies each time it is asked."""

    name: str
    size: int
    worker: Worker
    judge: Callable[[], None] = lambda: None  # raises `Failed` where the copies are not right
    makes: tuple[Path, ...] = ()

    def prepare(self) -> None:
        """Have it ready."""
        self.worker.settle()

    def run(self) -> Usage:
        """Have them made."""
        usage = self.worker.ask()
        self.judge()
        return usage

    def close(self) -> None:
        """End its process."""
        self.worker.end()


def _stamping(session: Session) -> Iterable[Stamping]:
    content = session.scratch / "content.yaml"
    content.write_text(marked(), encoding="utf-8")
    for name, kind in ((RUN, "run"), (FILES, "files")):
        out = session.scratch / kind
        out.mkdir()
        script = (sys.executable, "-m", "bench.stamp_copies", kind, str(content), str(out))
        made = (out / "part-0001.pdf",) if kind == "run" else ()
        yield Stamping(name, STAMPED, Worker((*_one_core(), *script), f"{STAMPED}\n"), makes=made)
    if tools.has_typst():
        folder = shutil.copytree(session.pages, session.scratch / "typst")
        source = folder / "brief.typ"
        source.write_text(_with_data(source.read_text(encoding="utf-8")), encoding="utf-8")
        peer = (sys.executable, str(tools.BENCH / "typst_copies.py"), str(tools.FONTS), str(source), str(folder))
        judge = partial(_has_words, folder / f"copy-{COMPILED:06}.pdf", folder / "copy.json")
        yield Stamping(TYPST, COMPILED, Worker((*_one_core(), *peer), f"{COMPILED}\n"), judge)


def marked(sample: Path = contents.FLAGSHIP) -> str:
    """A sample, with room for the mark of a copy."""
    text = sample.read_text(encoding="utf-8")
    return f"{text}\nmark:\n  address: https://status.example.org\n"


def _with_data(text: str) -> str:
    """The document of the peer, with a line on page one that its data fill."""
    head, mark, rest = text.partition("\n= ")
    if not mark:
        raise SystemExit("bench/brief.typ has no heading")
    said = '#let copy = json("copy.json")\n#note[Copy #copy.number of #copy.total · #copy.name · #copy.office]\n'
    return f"{head}\n{said}{mark}{rest}"


def _has_words(pdf: Path, data: Path) -> None:
    """See that the peer has printed what it was given last."""
    import pypdfium2

    copy = json.loads(data.read_text(encoding="utf-8"))
    words = f"Copy {copy['number']} of {copy['total']} · {copy['name']} · {copy['office']}"
    with pypdfium2.PdfDocument(pdf) as opened:
        said = " ".join(opened[0].get_textpage().get_text_range().split())
    if words not in said:
        raise Failed(f"{pdf.name} does not say {words}")


def _whole(folder: Path, size: int) -> Commands:
    """A list, a plan and the copies of it, as an office has them."""
    folder.mkdir()
    (folder / "content.yaml").write_text(marked(), encoding="utf-8")
    people = min(size // 2, PEOPLE)
    settings = "recipients: list.csv\ncountry: US\ngroups: {all: {document: brief, use: office}}\n"
    settings += f"spares: {{share: 0%, least: 0}}\nprint: {{part: {PART}}}\n"
    (folder / "distribution.yaml").write_text(settings, encoding="utf-8")
    rows = [
        f"{row},Øyvind Łukasz {row},Office {row},{row} Invented Street,02139,Springfield,MA,US,{size // people},post"
        for row in range(1, people + 1)
    ]
    head = "id,name,office,street,postcode,city,region,country,copies,delivery"
    (folder / "list.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    before = (partial(shutil.rmtree, folder / "distribution", ignore_errors=True), partial(_plan, folder))
    make = tools.ours("distribute", "make")
    return Commands(WHOLE, (make,), (), folder, before, size=size, home=folder / "home")


def _plan(folder: Path) -> None:
    command = tools.ours("distribute", "plan")
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _one_core() -> tuple[str, ...]:
    if LINUX and shutil.which("taskset"):
        return ("taskset", "-c", str(min(os.sched_getaffinity(0))))
    return ()
