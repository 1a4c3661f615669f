"""Results become what is printed and RESULTS.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench import copies, growth, life, loop, many, tables
from bench.goals import met
from bench.measuring import LINUX, LOOK_SECONDS
from bench.results import Results


@dataclass(frozen=True)
class _Section:
    """What is told of a chapter: a picture, tables and what they mean."""

    title: str
    tables: tuple[Callable[[Results], str], ...]
    note: str
    picture: str  # what is said to those who cannot see it


def terminal(results: Results) -> str:
    """The tables of what was measured."""
    measured = {record.chapter for record in results.records}
    parts = [_SECTIONS[chapter].tables[0](results) for chapter in _SECTIONS if chapter in measured]
    parts += [tables.followed(results)]
    return "\n\n".join(["", tables.asked(met(results.records)), *parts, tables.stepped(results.steps), ""])


def markdown(results: Results, drawn: Mapping[str, Path]) -> str:
    """The whole page."""
    asked = f"## What is asked\n\n{tables.asked(met(results.records))}\n\n{_ASKED}"
    sections = [_section(chapter, one, results, drawn) for chapter, one in _SECTIONS.items()]
    files = " and ".join(f"{name} {size / 1000:.0f} KB" for name, size in results.sizes.items())
    measured = f"## What is measured\n\n{_MEASURED} Results: {files or 'none'}."
    head = f"# How long it takes\n\nWritten by `make bench`; do not edit.\n\n{results.facts}"
    return "\n\n".join([head, asked, *sections, measured]) + "\n"


def _section(chapter: str, section: _Section, results: Results, drawn: Mapping[str, Path]) -> str:
    picture = [f"![{section.picture}]({drawn[chapter].name})"] if chapter in drawn else []
    told = [table(results) for table in section.tables]
    return "\n\n".join([f"## {section.title}", *picture, *filter(None, told), section.note])


_HELPERS = "with helpers that end after the command" if LINUX else "that were waited for"
_ASKED = f"""\
Each ratio is taken within a round, of runs that came right after one another; *measured* is the median of the rounds.
Those of memory are ratios of peaks.

- *That document alone* is the same change, where only that document is asked for with `--only`, in a folder where
  only it was built before: in both cases charts are cached, and the document itself is made anew.
- *A warm plain script's render* is that of a process that has rendered the same page before. Of the preview the time
  is from the moment the file is saved until the pictures of the changed pages have arrived where a window would show
  them; of the script, until its PDF is written, which nobody sees yet.
- On one core {many.LARGE} documents are made, because {max(many.SIZES)} would take too long. Memory is *flat* where
  it is at most a tenth more memory for four times the documents."""
_LIFE = """\
Every row is whole processes, started anew, in turns. The files that they read are in the system's cache, and Python's
compiled modules are there.

- *First build*: the output folder and all that is kept from run to run were removed before. *Nothing changed* is
  the same command again. In the other rows one thing is another than in the build before, each round something new:
  a word of the same length, a value, the width of a rule in a stylesheet. `check` reads, draws and typesets, and
  writes nothing.
- *Plain WeasyPrint* is `bench/plain.py`, ten lines, on the finished HTML of both documents, for the same kind of PDF
  (tagged, PDF/A-3a). It is given what `generate.py` works out: it reads no content, checks nothing, draws no charts,
  fits nothing to a budget of pages, does not read its PDF back, and writes its files in place.
- *Chromium* prints the same HTML, one process for each document, with a profile that earlier rounds have made. It too
  is given finished pages. It writes tagged PDFs that are neither PDF/A nor PDF/UA. The margin blocks stand beside
  their neighbours, not at the places worked out for them, and labels in charts fall back to a font of the system,
  because a browser gives pictures no fonts of the page.
- *Typst* sets `bench/brief.typ` and `bench/fact-sheet.typ` as PDF/UA-1 in one process started by Python, whose own
  start counts: the same words, tables, sources and fonts, with charts drawn by hand and the same maps.
  Its numbers are typed in, not taken from figures; nothing is checked or fitted."""
_LOOP = """\
From a saved word to the new pages, in processes that have made the document before. The plain script renders the
finished HTML again and writes its PDF; Typst compiles again what depends on the word and writes the whole PDF.
Neither shows anything, neither reads content, and neither checks."""
_GROWTH = f"""\
One brief, made longer by repeating blocks of the flagship with their words in another order, from cold. The peers do
of it what they do above. The shorter ones are medians of three rounds, from {growth.LARGE} pages of two; memory was
looked at in a run of its own, every {1000 * growth.LOOK_SECONDS:.0f} ms."""
_MANY = f"""\
One run of `generate.py build` over a folder of small briefings of two documents of one page each, with a chart each
and numbers of their own, from cold. *One core* is the same under `taskset`. There *plain WeasyPrint* is the script of
ten lines, one process for all, given as many finished pages of such a briefing with other numbers; *Typst* compiles its
fact sheet as often with other numbers, with one compiler. Neither reads, checks, draws, fits or reads back anything.
Runs of {many.LARGE} documents and more were made once, the others twice; memory was looked at every
{1000 * many.LOOK_SECONDS:.0f} ms meanwhile."""
_COPIES = f"""\
Numbered copies of the flagship's brief of four pages, by processes that have made some before, on one core. *Files
for the printer* have {copies.PART:,} copies each, and a QR code on each copy; each round makes {copies.STAMPED:,}.
*Typst* is given another file of data for each copy, in which it draws no code, and makes {copies.COMPILED}; that the
last says its own number and name is read back from its PDF. `distribute make` is the whole command once: it reads
list and plan, builds the pages, records every copy and writes all files for the printer; memory was looked at every
{1000 * copies.LOOK_SECONDS:.0f} ms meanwhile."""
_STEPS = """\
As `generate.py --timings` tells it: medians of seven builds from cold. *main* reads, checks and waits; *press* loads
the typesetter and forks a process for each document. What runs side by side adds up to more than the whole; on a
machine of few cores each waits for the others too."""
_MEASURED = f"""\
*Wall* is the time until the command ends. *To cold* and *to plain* are medians of the ratios within a round, to the
first build from cold and to plain WeasyPrint for both. *Work* is user and system time of all processes {_HELPERS}.
*Memory, all* is the peak of the sum over all processes at one moment, shared pages counted once (PSS, looked at every
{1000 * LOOK_SECONDS:.0f} ms, in runs of their own, on Linux only). *Largest process* is the peak resident size of the
largest one."""
_SECTIONS = {
    life.CHAPTER: _Section(
        "The life of a briefing",
        (tables.lived,),
        _LIFE,
        "Bars: seconds for each step of a briefing's life, beside plain WeasyPrint, Chromium and Typst.",
    ),
    loop.CHAPTER: _Section(
        "The loop of edit and look",
        (tables.looped, tables.followed),
        _LOOP,
        "Bars: milliseconds from a saved word to the new pages, beside plain WeasyPrint and Typst.",
    ),
    growth.CHAPTER: _Section(
        "Longer documents",
        (tables.grown,),
        _GROWTH,
        "Lines: seconds and memory by pages, for generate.py, plain WeasyPrint, Chromium and Typst.",
    ),
    many.CHAPTER: _Section(
        "Many documents",
        (tables.multiplied,),
        _MANY,
        "Lines: documents a second and memory by documents in one run, on one core and on all.",
    ),
    copies.CHAPTER: _Section("Numbered copies", (tables.copied,), _COPIES, ""),
    "steps": _Section(
        "Where the time of a cold build goes",
        (lambda results: tables.stepped(results.steps),),
        _STEPS,
        "Bars along the time of a cold build, one for each step, by process.",
    ),
}
