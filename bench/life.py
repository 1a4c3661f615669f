"""The life of a briefing, each step from cold: the first build, nothing changed, one thing changed, a check; and peers.

Each contender has a folder of its own with a copy of the content and a place for what is kept from run to run, so that
none finds what another has left. Where something is changed, every round changes it to something new, and the build
before it is that of the round before.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from bench import contents, tools
from bench.contents import Edit
from bench.measuring import Commands, Plan, Record, Session, forget, measure

CHAPTER = "life"
COLD = "first build, cold"
COLD_BRIEF = "first build, `--only brief`"
COLD_SHEET = "first build, `--only fact-sheet`"
UNCHANGED = "nothing changed"
WORD_BRIEF = "a word of the brief changed"
WORD_BRIEF_ONLY = "the same, `--only brief`"
WORD_SHEET = "a word of the fact sheet changed"
WORD_SHEET_ONLY = "the same, `--only fact-sheet`"
FIGURE = "a figure in both documents changed"
CHARTED = "a figure in a chart of the brief changed"
STYLE = "a style of both documents changed"
CHECK = "`check`, a word of the brief changed"
PLAIN = "plain WeasyPrint, both"
PLAIN_BRIEF = "plain WeasyPrint, brief"
PLAIN_SHEET = "plain WeasyPrint, fact sheet"
CHROMIUM = "headless Chromium, both"
TYPST = "Typst, both"

FILES = {"brief": "policy-brief", "fact-sheet": "fact-sheet"}
BOTH = ("brief", "fact-sheet")


def run(session: Session) -> list[Record]:
    """Measure the whole life."""
    contenders = [*_ours(session.scratch), *_peers(session.pages)]
    records = measure(CHAPTER, contenders, Plan(session.rounds, 1 if session.quick else 3))
    if not tools.found_browser():
        records.append(Record(CHAPTER, CHROMIUM, fault="Chromium is not installed"))
    if not tools.has_typst():
        records.append(Record(CHAPTER, TYPST, fault="Typst is not installed"))
    return records


def _ours(scratch: Path) -> Iterable[Commands]:
    only_brief, only_sheet = ("--only", "brief"), ("--only", "fact-sheet")
    yield _cold(scratch / "cold", COLD)
    yield _cold(scratch / "cold-brief", COLD_BRIEF, *only_brief)
    yield _cold(scratch / "cold-sheet", COLD_SHEET, *only_sheet)
    yield _build(scratch / "unchanged", UNCHANGED, fresh=False)
    word, other = contents.WORD["brief"], contents.WORD["fact-sheet"]
    yield _changed(scratch / "word", WORD_BRIEF, word)
    yield _changed(scratch / "word-only", WORD_BRIEF_ONLY, word, *only_brief)
    yield _changed(scratch / "sheet", WORD_SHEET, other)
    yield _changed(scratch / "sheet-only", WORD_SHEET_ONLY, other, *only_sheet)
    yield _changed(scratch / "figure", FIGURE, contents.FIGURE)
    yield _changed(scratch / "charted", CHARTED, contents.CHARTED)
    yield _restyled(scratch / "style", STYLE)
    yield _checked(scratch / "check", CHECK, word)


def _peers(pages: Path) -> Iterable[Commands]:
    html = [pages / f"{FILES[name]}.html" for name in BOTH]
    pdfs = [file.with_suffix(".pdf") for file in html]
    yield Commands(PLAIN, (tools.plain(html),), tuple(pdfs))
    yield Commands(PLAIN_BRIEF, (tools.plain(html[:1]),), (pdfs[0],))
    yield Commands(PLAIN_SHEET, (tools.plain(html[1:]),), (pdfs[1],))
    if tools.found_browser():
        printed = [(file.with_suffix(".browser.html"), file.with_suffix(".browser.pdf")) for file in html]
        yield Commands(CHROMIUM, tools.chromium(printed, pages / "profile"), tuple(pdf for _, pdf in printed))
    if tools.has_typst():
        sources = [pages / f"{name}.typ" for name in BOTH]
        yield Commands(TYPST, (tools.typst(sources),), tuple(file.with_suffix(".pdf") for file in sources))


# ------------------------------------------------------------------ states to start from


def _build(folder: Path, name: str, *options: str, house: Path = tools.ROOT, fresh: bool = True) -> Commands:
    """A build of a copy of the flagship in a folder of its own."""
    folder.mkdir(parents=True)
    shutil.copy(contents.FLAGSHIP, folder / "content.yaml")
    documents = options[1:] if options else BOTH
    made = tuple(folder / "build" / f"{FILES[document]}.pdf" for document in documents)
    command = tools.ours("build", *options, house=house)
    return Commands(name, (command,), made, folder, fresh=fresh, home=folder / "home")


def _cold(folder: Path, name: str, *options: str) -> Commands:
    """What was made and what was kept is gone."""
    gone = partial(shutil.rmtree, folder / "build", ignore_errors=True)
    return _before(_build(folder, name, *options), gone, partial(forget, folder / "home"))


def _changed(folder: Path, name: str, edit: Edit, *options: str) -> Commands:
    """The content has changed since the build before."""
    build = _build(folder, name, *options, fresh=False)
    return _before(build, partial(_write, folder / "content.yaml", contents.FLAGSHIP, edit, itertools.count(1)))


def _restyled(folder: Path, name: str) -> Commands:
    """A stylesheet has changed since the build before; the program is a copy, because it knows no other templates."""
    house = folder / "house"
    build = _build(folder, name, house=house, fresh=False)
    for part in ("briefing", "templates"):
        shutil.copytree(tools.ROOT / part, house / part)
    shutil.copy(tools.ROOT / "generate.py", house)
    file = contents.STYLES
    return _before(build, partial(_write, house / file, tools.ROOT / file, contents.STYLE, itertools.count(1)))


def _checked(folder: Path, name: str, edit: Edit) -> Commands:
    """A check after a change, with charts and whatever else an earlier check has left."""
    folder.mkdir(parents=True)
    write = partial(_write, folder / "content.yaml", contents.FLAGSHIP, edit, itertools.count(1))
    return Commands(name, (tools.ours("check"),), folder=folder, before=(write,), home=folder / "home")


def _before(build: Commands, *acts: Callable[[], None]) -> Commands:
    return replace(build, before=acts)


def _write(file: Path, original: Path, edit: Edit, variants: Iterable[int]) -> None:
    file.write_text(edit.of(original.read_text(encoding="utf-8"), next(iter(variants))), encoding="utf-8")
