"""Numbered copies of finished pages by a process that stays alive: a line in, so many copies and an empty line out.

The arguments are `run` (files for the printer, of 2,000 copies each) or `files` (a tagged file for each copy), a
content file with `mark:`, and the folder in which the copies are written.
"""

from __future__ import annotations

import datetime
import itertools
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from briefing.content.records import PaperName
from briefing.design.outputs import OUTPUTS, OutputName
from briefing.distribution import codes
from briefing.findings import Severity
from briefing.finishing.stamping.copy_mark import MarkBox, MarkPainter, StampedCopy
from briefing.finishing.stamping.qr_table import QrTable
from briefing.finishing.stamping.run_file import RunFile, RunNames
from briefing.finishing.stamping.stamp_font import StampFont
from briefing.finishing.stamping.tagged_file import TaggedFile
from briefing.pipeline import build
from briefing.pipeline.job import Job

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
ADDRESS = "https://status.example.org/brief-1/#"
USE = OutputName.OFFICE  # what an office prints; its pages have tags, as a file for one recipient has
PART = 2000
NAMES = ("María José Núñez", "Đặng Thị Hoa", "Øyvind Ærø", "Łukasz Wałęsa", "Þórdís Jónsdóttir")


def copies(count: int) -> Iterator[StampedCopy]:
    """Copies as a distribution has them: number, person, office and code; five for each person."""
    for number in range(1, count + 1):
        yield _copy(number, count, codes.encode(1, number, b"a key of 32 bytes for benchmarks"))


def _persons(count: int) -> Iterator[StampedCopy]:
    """The first copy of each person, which stands for all as far as the font is concerned."""
    for number in range(1, count + 1, 5):
        yield _copy(number, count, codes.LETTERS[-codes.LENGTH :])


def _copy(number: int, count: int, code: str) -> StampedCopy:
    person = number // 5
    named = (f"for {NAMES[person % len(NAMES)]}", f"Office {person}")
    return StampedCopy(number, ((f"Copy {number} of {count}",), named, (codes.shown(code),)), code)


def main() -> None:
    """Build the pages once, then stamp copies as often as asked."""
    kind, content, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    job = Job(content, content.name, out, TEMPLATES, datetime.date(2026, 1, 1), ("brief",), PaperName("letter"))
    made = build.make_outcome(replace(job, outputs=(USE,)))
    assert made.work
    assert not made.refused, [one.message for one in made.findings if one.severity is Severity.ERROR]
    proof = made.work.proofs["brief"]
    place = proof.mark
    assert place
    pdf, page = made.sets[USE].files[OUTPUTS[USE].file("brief")], place.page - 1
    box = MarkBox.on_page(pdf, page, (place.left, place.top), (place.width, place.height))
    table = QrTable(ADDRESS, codes.LENGTH, codes.LETTERS)
    for line in sys.stdin:
        font = StampFont(TEMPLATES / "fonts" / "SourceSans3_400Regular.ttf")
        painter, count = MarkPainter(box, font, table), int(line)
        font.shape(" ".join(codes.LETTERS))
        for copy in _persons(count):
            painter.shape(copy)
        stamp = _stamp_run if kind == "run" else _stamp_files
        stamp(pdf, painter, page, count, out)
        print(flush=True)


def _stamp_run(pdf: bytes, painter: MarkPainter, page: int, count: int, out: Path) -> None:
    run, names, rest = RunFile(pdf, painter, page), RunNames(), copies(count)
    for number in itertools.count(1):
        batch = list(itertools.islice(rest, PART))
        if not batch:
            return
        with (out / f"part-{number:04}.pdf").open("wb") as file:
            run.write(batch, names, file)


def _stamp_files(pdf: bytes, painter: MarkPainter, page: int, count: int, out: Path) -> None:
    tagged = TaggedFile(pdf, painter, page, 3, "Code that leads to the status of this copy")
    for copy in copies(count):
        (out / f"copy-{copy.number:06}.pdf").write_bytes(tagged.write(copy))


if __name__ == "__main__":
    main()
