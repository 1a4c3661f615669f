"""Time whole builds, and the same pages made by a plain script, a browser and Typst; write the table to RESULTS.md.

Every contender is run as a user would run it, in processes of its own, in turns: A B C A B C, after one round that does
not count. Times are taken of all processes that a contender starts. Memory is measured in other runs, because looking
costs time.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import datetime
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

Rusage = resource.struct_rusage
BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
RESULTS = BENCH / "RESULTS.md"
LINUX = sys.platform.startswith("linux")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
COLD, AGAIN, PLAIN = "`generate.py`, cold", "`generate.py`, the same again", "plain WeasyPrint, both"
LOOK_SECONDS = 0.01  # between two looks at the memory
PATIENCE_SECONDS = 20.0  # for helpers that outlive the process that started them


@dataclass(frozen=True)
class Contender:
    """One way to make the documents: commands that run one after the other, and the PDFs that they leave."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    pdfs: tuple[Path, ...]
    before: Callable[[], None] = lambda: None  # not timed


@dataclass
class Usage:
    """What a run took: seconds of the user's waiting, of work in all processes, and KiB of the largest process."""

    wall: float = 0.0
    work: float = 0.0
    largest_kib: int = 0


@dataclass
class Record:
    """All that was measured of a contender."""

    runs: list[Usage] = field(default_factory=list)
    peaks_kib: list[int] = field(default_factory=list)  # of all processes together
    pages: tuple[int, ...] = ()


def main() -> None:
    """Measure and tell."""
    arguments = _arguments()
    rounds = 2 if arguments.quick else arguments.rounds
    _adopt_orphans()
    busy = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        pages, out = Path(folder, "pages"), Path(folder, "build")
        pages.mkdir()
        _say("making the pages that all typeset")
        _stages("--pages", str(pages))
        contenders, absent = _contenders(pages, out)
        records = _measure(contenders, rounds, 1 if arguments.quick else 3)
        steps, laid = _steps(1 if arguments.quick else 5)
        browser = _browser()
        sizes = {name: (out / name).stat().st_size for name in ("policy-brief.pdf", "fact-sheet.pdf")}
    table = _table(contenders, records, absent)
    print("\n" + table + "\n\n" + _step_table(steps, laid))
    if arguments.quick:
        _say("quick: too few rounds to keep, RESULTS.md stays as it is")
        return
    facts = _facts(browser, rounds, busy)
    RESULTS.write_text(_report(table, _step_table(steps, laid), facts, laid, sizes), encoding="utf-8")
    _say(f"wrote {RESULTS.relative_to(ROOT)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="measured rounds [7]")
    parser.add_argument("--quick", action="store_true", help="two rounds, and RESULTS.md stays as it is")
    return parser.parse_args()


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


# ------------------------------------------------------------------ contenders


def _contenders(pages: Path, out: Path) -> tuple[list[Contender], list[tuple[str, str]]]:
    """Who takes part, and who does not and why."""
    python = sys.executable
    names = ("policy-brief", "fact-sheet")
    html = tuple(str(pages / f"{name}.html") for name in names)
    pdfs = tuple(pages / f"{name}.pdf" for name in names)
    ours = ((python, str(ROOT / "generate.py"), "--content", str(ROOT / "content.yaml"), "--out", str(out)),)
    built = tuple(out / f"{name}.pdf" for name in names)
    plain = (python, str(BENCH / "plain.py"))
    contenders = [
        Contender(COLD, ours, built, partial(shutil.rmtree, out, ignore_errors=True)),
        Contender(AGAIN, ours, built),
        Contender(PLAIN, ((*plain, *html),), pdfs),
        Contender("plain WeasyPrint, brief", ((*plain, html[0]),), pdfs[:1]),
        Contender("plain WeasyPrint, fact sheet", ((*plain, html[1]),), pdfs[1:]),
    ]
    absent: list[tuple[str, str]] = []
    browser = _browser()
    if browser:
        printed = tuple(pages / f"{name}.browser.pdf" for name in names)
        flags = (
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={pages / 'profile'}",
        )
        commands = tuple(
            (browser, *flags, f"--print-to-pdf={pdf}", pdf.with_suffix(".html").as_uri()) for pdf in printed
        )
        contenders.append(Contender("headless Chromium, both", commands, printed))
    else:
        absent.append(("headless Chromium, both", "not installed"))
    if find_spec("typst"):
        for file in BENCH.glob("*.typ"):
            shutil.copy(file, pages)
        sources = tuple(str(pages / f"{name}.typ") for name in ("brief", "fact-sheet"))
        command = (python, str(BENCH / "typst_pages.py"), str(ROOT / "templates" / "fonts"), *sources)
        contenders.append(Contender("Typst, both", (command,), (pages / "brief.pdf", pages / "fact-sheet.pdf")))
    else:
        absent.append(("Typst, both", "not installed"))
    return contenders, absent


def _browser() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


# ------------------------------------------------------------------ measuring


def _measure(contenders: Sequence[Contender], rounds: int, looks: int) -> dict[str, Record]:
    """One round to warm up, the timed rounds, then the rounds in which memory is looked at."""
    records = {contender.name: Record() for contender in contenders}
    for turn in range(1 + rounds + looks):
        kind = "warming up" if not turn else f"round {turn} of {rounds}" if turn <= rounds else "looking at memory"
        _say(kind)
        for contender in contenders:
            contender.before()
            for pdf in contender.pdfs if contender.name != AGAIN else ():
                pdf.unlink(missing_ok=True)
            record = records[contender.name]
            if turn <= rounds:
                usage = _run(contender)
                if turn:
                    record.runs.append(usage)
            elif LINUX:
                with _Looking() as looking:
                    _run(contender)
                record.peaks_kib.append(looking.peak_kib)
            record.pages = tuple(_pages(pdf) for pdf in contender.pdfs)
    return records


def _run(contender: Contender) -> Usage:
    """Run a contender's commands; what helpers take counts as work, and waiting ends with the last command."""
    usage = Usage()
    for command in contender.commands:
        with tempfile.TemporaryFile() as said:
            began = time.perf_counter()
            process = subprocess.Popen(command, stdout=said, stderr=said, stdin=subprocess.DEVNULL, cwd=ROOT)
            _, status, own = os.wait4(process.pid, 0)
            usage.wall += time.perf_counter() - began
            process.returncode = os.waitstatus_to_exitcode(status)
            for taken in (own, *_orphans()):
                usage.work += taken.ru_utime + taken.ru_stime
                usage.largest_kib = max(usage.largest_kib, taken.ru_maxrss // (1 if LINUX else 1024))
            if process.returncode:
                said.seek(0)
                sys.stderr.write(said.read().decode(errors="replace")[-2000:])
                raise SystemExit(f"{contender.name}: exit code {process.returncode}")
    return usage


def _adopt_orphans() -> None:
    """Become the parent of helpers whose parent has ended, so that their work is counted too."""
    if LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER of linux/prctl.h


def _orphans() -> list[Rusage]:
    """Wait for the helpers left over."""
    usages: list[Rusage] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return usages
        if pid:
            usages.append(usage)
        else:
            time.sleep(0.002)
    raise SystemExit("a helper process does not end")


class _Looking:
    """Adds up, again and again, the memory of all processes below this one, shared pages in shares (PSS)."""

    def __init__(self) -> None:
        self.peak_kib = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> _Looking:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self.peak_kib = max(self.peak_kib, sum(_memory_kib(pid) for pid in _below(os.getpid())))


def _below(top: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):  # it has just ended
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    found, todo = [], [top]
    while todo:
        children = parents.get(todo.pop(), [])
        found += children
        todo += children
    return found


def _memory_kib(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:  # it has just ended
        return 0
    return 0


def _pages(pdf: Path) -> int:
    import pikepdf

    with pikepdf.open(pdf) as opened:
        return len(opened.pages)


# ------------------------------------------------------------------ steps of a cold build


def _stages(*arguments: str) -> dict[str, dict[str, float]]:
    done = subprocess.run(
        [sys.executable, str(BENCH / "stages.py"), *arguments], stdout=subprocess.PIPE, check=True, cwd=ROOT
    )
    answer: dict[str, dict[str, float]] = json.loads(done.stdout)
    return answer


def _steps(times: int) -> tuple[dict[str, float], dict[str, float]]:
    """Median seconds of each step, and how often each document was laid."""
    _say("timing the steps of a cold build")
    answers = [_stages() for _ in range(times)]
    names = answers[0]["seconds"]
    return {name: statistics.median(a["seconds"][name] for a in answers) for name in names}, answers[0]["laid"]


# ------------------------------------------------------------------ telling


def _table(contenders: Sequence[Contender], records: Mapping[str, Record], absent: Sequence[tuple[str, str]]) -> str:
    head = (
        "",
        "wall, median",
        "fastest–slowest",
        "to cold",
        "to plain",
        "work",
        "memory, all",
        "largest process",
        "pages",
    )
    rows = [head, *(_row(contender.name, records) for contender in contenders)]
    rows += [(name, f"not run: {why}", *["–"] * 7) for name, why in absent]
    return _aligned(rows)


def _row(name: str, records: Mapping[str, Record]) -> tuple[str, ...]:
    record = records[name]
    walls = [run.wall for run in record.runs]
    return (
        name,
        f"{statistics.median(walls):.2f} s",
        f"{min(walls):.2f}–{max(walls):.2f}",
        f"{_ratio(record, records[COLD]):.2f}",
        f"{_ratio(record, records[PLAIN]):.2f}",
        f"{statistics.median(run.work for run in record.runs):.2f} s",
        f"{statistics.median(record.peaks_kib) / 1024:.0f} MB" if record.peaks_kib else "–",
        f"{statistics.median(run.largest_kib for run in record.runs) / 1024:.0f} MB",
        " + ".join(str(count) for count in record.pages),
    )


def _ratio(record: Record, other: Record) -> float:
    """The median over the rounds, each run against the other's of its own round."""
    return statistics.median(mine.wall / theirs.wall for mine, theirs in zip(record.runs, other.runs, strict=True))


def _step_table(steps: Mapping[str, float], laid: Mapping[str, float]) -> str:
    whole = sum(steps.values())
    rows = [("step", "median", "share")]
    for name, seconds in steps.items():
        title = name.removeprefix("lay the ")
        shown = f"{name}, {laid[title]} times" if title in laid else name
        rows.append((shown, f"{1000 * seconds:.0f} ms", f"{seconds / whole:.0%}"))
    rows.append(("all, one after the other", f"{1000 * whole:.0f} ms", "100%"))
    return _aligned(rows)


def _aligned(rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table that also reads well on a terminal."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(_pad(cell, w, i) for i, (cell, w) in enumerate(zip(row, widths, strict=True))) + " |"
        for row in rows
    ]
    rule = (
        "|" + "|".join("-" * (width + 2) if not i else "-" * (width + 1) + ":" for i, width in enumerate(widths)) + "|"
    )
    return "\n".join([lines[0], rule, *lines[1:]])


def _pad(cell: str, width: int, column: int) -> str:
    return cell.rjust(width) if column else cell.ljust(width)


def _facts(browser: str | None, rounds: int, busy: float) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0)) if LINUX else os.cpu_count()
    made_by = [f"WeasyPrint {version('weasyprint')}", f"vl-convert {version('vl-convert-python')}"]
    if browser:
        said = subprocess.run([browser, "--version"], capture_output=True, text=True, check=False).stdout
        made_by.append(" ".join(said.split()[:2]))
    with contextlib.suppress(PackageNotFoundError):
        made_by.append(f"Typst {version('typst')}")
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return (
        f"{today} · {platform.system()} on {platform.machine()}, {cores} cores, {memory:.0f} GB of memory · "
        f"Python {platform.python_version()} · {' · '.join(made_by)} · {rounds} rounds · load {busy:.1f} when it began"
    )


def _report(table: str, steps: str, facts: str, laid: Mapping[str, float], sizes: Mapping[str, int]) -> str:
    often = " and ".join(f"the {name} {count} times" for name, count in laid.items())
    files = " and ".join(f"{name} {size / 1000:.0f} KB" for name, size in sizes.items())
    helpers = "with helpers that end after the command" if LINUX else "that were waited for"
    return f"""# How long it takes

Written by `make bench`; do not edit.

{facts}

{table}

**What is compared.** Every row is whole processes, started anew, in turns. The files that they read are in the system's
cache, and Python's compiled modules are there.

- *Cold*: the output folder and its cache of charts are removed before. *The same again*: nothing has changed. There is
  no cache of builds yet: only drawn charts are kept, so all pages are typeset anew.
- *Plain WeasyPrint* is `bench/plain.py`, ten lines, on the finished HTML of both documents, for the same kind of PDF
  (tagged, PDF/A-3a). It is given what `generate.py` works out: it reads no content, checks nothing, draws no charts,
  fits nothing to a budget of pages and writes its files in place. To fit them and to place the margin blocks,
  `generate.py` lays {often}.
- *Chromium* prints the same HTML, one process for each document, with a profile that earlier rounds have made. The
  margin blocks stand beside their neighbours, not at the places worked out for them, and labels in charts fall back to
  a font of the system, because a browser gives pictures no fonts of the page.
- *Typst* sets `bench/brief.typ` and `bench/fact-sheet.typ` in one process started by Python: the words, tables and
  fonts of the documents as they stood when the benchmark was written, with charts drawn by hand and the same map,
  without fitting.

**What is measured.** *Wall* is the time until the command ends. *To cold* and *to plain* are medians of the ratios
within a round, to `generate.py` cold and to plain WeasyPrint for both. *Work* is user and system time of all processes
{helpers}. *Memory, all* is the peak of the sum over all processes at one moment, shared pages counted once (PSS, looked
at every {1000 * LOOK_SECONDS:.0f} ms, in runs of their own, on Linux only). *Largest process* is the peak resident size
of the largest one. Results: {files}.

## Where the time of a cold build goes

One process, one step after the other, nothing cached; `generate.py` loads the typesetter while it reads and draws, and
typesets both documents side by side, which is why its wall time is less than this sum.

{steps}
"""


if __name__ == "__main__":
    main()
