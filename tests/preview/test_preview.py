"""The live preview in a real browser: what is saved is seen, what is broken is told, and nobody else gets in.

Playwright drives the Chromium of the system. Its waiting for what a reader would see, and real keys and clicks, are
what a client of our own for the browser's protocol would have to be given anew.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, expect, sync_playwright

from briefing.documents.setting import Setting
from briefing.pipeline.document_job import DocumentJob
from briefing.pipeline.job import Job
from briefing.preview import editor
from briefing.preview.engine import Change, Engine
from briefing.preview.page_images import PageImages as Drawing
from briefing.preview.state import PreviewPage, PreviewState, Variant
from briefing.preview.typesetting import Appeared, Drawn, News, Proved, Wish
from briefing.proofing.proof import Glimpse, Proof
from tests.support.builds import LATER, OTHER, ROOT, TEMPLATES, clone, command, swapped
from tests.support.examples import usually
from tests.support.waiting import PATIENCE_S, until

pytestmark = pytest.mark.whole

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = ("no-first-run", "disable-gpu", "disable-background-networking", "disable-component-update", "disable-sync")
SLOW_MS = PATIENCE_S * 1000
WORD = "Farms and towns"  # of the first page of the brief alone
SMALL = """\
briefing: {title: A title, short_title: Short, date: 2024-06-12, publisher: Desk, licence: Free, cite: Cite me}
sources:
  census: {publisher: Office, title: Census, kind: data}
figures:
  rides: {value: 300, as_of: 2024-05, sources: [census]}
brief:
  pages: 1
  blocks:
    - prose:
        id: counted
        heading: What was counted
        text: We counted {{rides}} rides.
fact_sheet:
  pages: 1
  blocks:
    - takeaways:
        items: [A plain sentence.]
"""


# A brief of several pages with a chart; every kind of block, a map and a picture at night.
SENTENCE = "One plain sentence takes its room on this page of the brief, and it goes on for more than a line of it. "
LONG = swapped(
    SMALL,
    ("brief:\n  pages: 1\n", "charts:\n  lines: {CHART}\nbrief:\n  pages: 3\n"),
    ("heading: What was counted\n", f"heading: {WORD}\n"),
    ("fact_sheet:\n", "    - chart: {chart: lines}\n    - prose: {text: TEXT}\nfact_sheet:\n"),
    ("{CHART}", "{kind: bars, title: Rides, alt: Rides, height_mm: 40, data: [{label: Red, figure: rides}]}"),
    ("TEXT", f'"{SENTENCE * 55}"'),
)


@dataclass
class Running:
    """A preview, and the content that it shows."""

    process: subprocess.Popen[str]
    address: str
    content: Path
    good: str
    root: Path  # of the program

    def save(self, text: str) -> None:
        """Save as editors do: a new file takes the place of the old one."""
        beside = self.content.with_name(".new")
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, self.content)


@contextlib.contextmanager
def running(folder: Path, text: str, *options: str | Path, root: Path = ROOT) -> Iterator[Running]:
    content = folder / "content.yaml"
    content.write_text(text, encoding="utf-8")
    order = command("preview", "--content", content, "--no-open", "--today", "2026-12-01", *options, root=root)
    process = subprocess.Popen(order, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder)
    assert process.stdout
    assert process.stderr
    try:
        found = re.search(r"http://\S+/", process.stdout.readline())
        assert found, process.stderr.read()
        yield Running(process, found[0], content, text, root)
        assert process.poll() is None
    finally:
        process.send_signal(signal.SIGINT)
        rest, noise = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, rest, noise) == (0, "", "")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "install chromium: requirements/setup.sh test"
    flags = [f"--{flag}" for flag in (*QUIET, *(["no-sandbox"] if os.geteuid() == 0 else []))]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file into which the editor of the preview writes how it was called."""
    return tmp_path_factory.mktemp("editor") / "called"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, opened: Path) -> Iterator[Running]:
    """A preview of a copy of the program that knows a second language, with an editor that can be called."""
    root = clone(tmp_path_factory.mktemp("program") / "clone")
    words = (TEMPLATES / "words" / "en.toml").read_text(encoding="utf-8")
    (root / "templates" / "words" / "de.toml").write_text(words.replace('"Policy brief"', '"Bericht"'))
    program = opened.with_name("editor.sh")
    program.write_text(f'#!/bin/sh\necho "$@" >>{opened}\n')
    program.chmod(0o755)
    called = "--editor", f"{program} --goto {{file}}:{{line}}"
    with running(tmp_path_factory.mktemp("small"), SMALL, *called, root=root) as one:
        yield one


@pytest.fixture(params=usually([LONG], [OTHER.read_text(encoding="utf-8")]), ids=len)
def other(request: pytest.FixtureRequest, small: Running, tmp_path: Path) -> Iterator[Running]:
    """Documents of several pages, with charts."""
    if request.param == LONG:
        yield replace(small, good=LONG)
    else:
        shutil.copytree(OTHER.parent, tmp_path, dirs_exist_ok=True)
        with running(tmp_path, request.param) as one:
            yield one


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """A page of the browser in which one test opens a preview after the other: its first one takes the longest."""
    context = browser.new_context(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(SLOW_MS)
    yield page
    context.close()


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    faults: list[str] = []
    asked: list[str] = []

    def told(fault: Error) -> None:
        faults.append(str(fault))

    def said(message: ConsoleMessage) -> None:
        # A picture of pages that were replaced while it was asked for is gone; the newer one is on its way.
        if message.type == "error" and "/page/" not in message.location.get("url", ""):
            faults.append(message.text)

    def wanted(request: Request) -> None:
        asked.append(request.url)

    tab.goto("about:blank")
    tab.on("pageerror", told)
    tab.on("console", said)
    tab.on("request", wanted)
    yield tab
    tab.goto("about:blank")
    tab.remove_listener("pageerror", told)
    tab.remove_listener("console", said)
    tab.remove_listener("request", wanted)
    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}
    assert len({urlsplit(url).netloc for url in asked}) == 1
    assert faults == []


def restored(one: Running, page: Page) -> None:
    """Open the page with the content as it was at first."""
    page.goto(one.address)
    if one.content.read_text(encoding="utf-8") != one.good:
        page.wait_for_selector(":root[data-revision]", state="attached")
        before = page.locator(":root").get_attribute("data-revision")
        one.save(one.good)
        expect(page.locator(":root")).not_to_have_attribute("data-revision", before or "", timeout=SLOW_MS)
        page.reload()
    ready(page)


def ready(page: Page) -> None:
    page.wait_for_selector(":root[data-phase=ready]", state="attached")
    expect(page.locator(".sheet:not([data-shown])")).to_have_count(0, timeout=SLOW_MS)


def sheet(page: Page, document: str, number: int = 0) -> str:
    """The address of the picture of a page, in which the digest of its look stands."""
    found = page.locator(f"[data-document={document}] .sheet").nth(number).get_attribute("data-shown")
    assert found
    return found


def exchanged(page: Page, document: str, before: str, number: int = 0) -> None:
    found = page.locator(f"[data-document={document}] .sheet").nth(number)
    expect(found).not_to_have_attribute("data-shown", before, timeout=SLOW_MS)


# ------------------------------------------------------------------ the loop of edit and look


def test_an_edit_exchanges_its_page_alone_and_the_place_is_kept(other: Running, page: Page) -> None:
    restored(other, page)
    pages = page.locator("[data-document=brief] .sheet")
    before = [sheet(page, "brief", number) for number in range(pages.count())] + [sheet(page, "fact_sheet")]
    place = "document.querySelector('[data-document=brief] .sheets').scrollTop"
    page.evaluate(f"{place} = 700")
    other.save(swapped(other.good, (WORD, "Fields and towns")))
    exchanged(page, "brief", before[0])
    after = [sheet(page, "brief", number) for number in range(pages.count())] + [sheet(page, "fact_sheet")]
    assert [number for number, (one, other) in enumerate(zip(before, after, strict=True)) if one != other] == [0]
    assert page.evaluate(place) == 700
    ready(page)
    expect(page.locator("#open")).to_be_hidden()
    assert any("Fields and towns" in text for text in texts(page, "brief"))


def texts(page: Page, document: str) -> list[str]:
    """What stands on the pages of a document, as the page asks for it."""
    ask = """async (document) => {
        const state = new Promise((done) => {
            const source = new EventSource("events?use=reading");
            source.onmessage = (event) => { source.close(); done(JSON.parse(event.data)); };
        });
        const table = (await state).documents.find((one) => one.name === document).spots;
        const answer = await fetch("spots?use=reading", {
            method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ document, table }),
        });
        return (await answer.json()).spots.map((spot) => spot.text);
    }"""
    found: list[str] = page.evaluate(ask, document)
    return found


def test_two_windows_are_both_renewed_and_a_reload_shows_the_same(small: Running, page: Page, browser: Browser) -> None:
    restored(small, page)
    other = browser.new_page(viewport={"width": 1200, "height": 800})
    other.goto(small.address)
    ready(other)
    before, beside, brief = sheet(page, "fact_sheet"), sheet(other, "fact_sheet"), sheet(page, "brief")
    small.save(small.good.replace("A plain", "A simple"))
    exchanged(page, "fact_sheet", before)
    exchanged(other, "fact_sheet", beside)
    assert sheet(page, "brief") == brief
    other.close()
    ready(page)
    renewed = sheet(page, "fact_sheet")
    page.reload()
    ready(page)
    assert sheet(page, "fact_sheet") == renewed


def test_broken_content_is_told_with_its_line_and_the_last_good_pages_stay_until_it_is_mended(
    small: Running, page: Page
) -> None:
    restored(small, page)
    before = sheet(page, "brief")
    line = 1 + small.good[: small.good.index("A plain")].count("\n")
    small.save(small.good.replace("A plain sentence.", '"A plain {{no-such-figure}} sentence."'))
    page.wait_for_selector(":root[data-phase=broken]", state="attached")
    expect(page.locator("#alert")).to_contain_text("no-such-figure")
    expect(page.locator("[data-document=brief] .kept")).to_contain_text("Last good pages")
    assert sheet(page, "brief") == before
    page.locator("#show-findings").click()
    finding = page.locator("[data-code=figure-unknown]")
    expect(finding).to_contain_text(f"line {line}")
    expect(finding.locator(".hint")).not_to_be_empty()
    finding.locator("button").click()
    expect(page.locator("#place li.here").first).to_contain_text("no-such-figure")
    small.save(small.good)
    ready(page)
    expect(page.locator("#alert")).to_be_hidden()
    expect(page.locator("[data-document=brief] .kept")).to_be_hidden()


def test_documents_uses_and_papers_can_be_switched_with_the_keyboard_alone(small: Running, page: Page) -> None:
    restored(small, page)
    brief, facts = page.locator("[data-document=brief]"), page.locator("[data-document=fact_sheet]")
    page.keyboard.press("2")
    expect(facts).to_be_hidden()
    page.keyboard.press("3")
    expect(brief).to_be_hidden()
    page.keyboard.press("1")
    expect(facts).to_be_visible()
    expect(brief).to_be_visible()
    tall = page.locator("[data-document=brief] .sheet").first
    letter = tall.bounding_box()
    before = sheet(page, "brief")
    page.keyboard.press("p")
    exchanged(page, "brief", before)
    a4 = tall.bounding_box()
    assert letter
    assert a4
    assert a4["height"] / a4["width"] > letter["height"] / letter["width"] + 0.1
    before = sheet(page, "brief")
    page.keyboard.press("e")
    exchanged(page, "brief", before)
    ready(page)
    assert page.locator("#use").input_value() == "large-print"
    page.reload()
    ready(page)
    assert page.locator("#use").input_value() == "large-print"
    page.keyboard.press("+")
    expect(page.locator("#fit")).to_have_text("125 %")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    expect(page.locator("#findings")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#findings")).to_be_hidden()


def test_tab_reaches_every_control_with_a_name_and_a_ring_that_is_seen(small: Running, page: Page) -> None:
    restored(small, page)
    named = """() => { const e = document.activeElement, s = getComputedStyle(e.matches('.choice input') ?
        e.nextElementSibling : e);
        const name = e.ariaLabel ?? e.labels?.[0]?.textContent ?? e.textContent;
        return [e.id || e.value || e.className, name.trim(), s.outlineStyle + s.outlineWidth]; }"""
    met = {}
    for _ in range(14):
        page.keyboard.press("Tab")
        name, said, ring = page.evaluate(named)
        met[name] = said
        assert said, name
        assert ring not in ("none0px", "none"), name
    assert {"both", "use", "letter", "smaller", "fit", "larger", "show-findings", "show-help"} <= met.keys()
    assert {name for name in met if "sheet" in name} == {"sheet"}


def test_a_click_shows_the_line_and_the_editor_is_opened_only_when_asked(
    small: Running, page: Page, opened: Path
) -> None:
    restored(small, page)
    page.locator("[data-document=brief][data-spots]").wait_for()
    paper = page.locator("[data-document=brief] .sheet").first
    paper.focus()
    page.keyboard.press("ArrowDown")
    while "We counted" not in page.locator("#heard").inner_text():
        page.keyboard.press("ArrowDown")
    room, mark = paper.bounding_box(), page.locator(".frame.chosen").bounding_box()
    assert room
    assert mark
    paper.click(position={"x": 2, "y": 2})
    expect(page.locator("#place")).to_be_hidden()
    paper.click(position={"x": mark["x"] + 9 - room["x"], "y": mark["y"] + 9 - room["y"]})
    expect(page.locator("#place li.here")).to_contain_text("We counted {{rides}} rides.")
    line = int(page.locator("#place li.here span").inner_text())
    assert not opened.exists()
    page.keyboard.press("o")
    assert until(lambda: opened.exists() and opened.read_text())
    assert opened.read_text() == f"--goto {small.content}:{line}\n"


def test_arrows_go_through_the_texts_of_a_page_and_enter_shows_the_line(small: Running, page: Page) -> None:
    restored(small, page)
    page.locator("[data-document=brief][data-spots]").wait_for()
    page.locator("[data-document=brief] .sheet").first.focus()
    for _ in range(20):
        page.keyboard.press("ArrowDown")
        if "We counted" in page.locator("#heard").inner_text():
            break
    page.keyboard.press("Enter")
    expect(page.locator("#place li.here")).to_contain_text("We counted {{rides}} rides.")
    expect(page.locator("#place .figures")).to_contain_text("rides (line 5)")
    page.keyboard.press("Escape")
    expect(page.locator("#place")).to_be_hidden()


def test_pages_that_are_too_many_are_shown_with_what_is_over(small: Running, page: Page) -> None:
    restored(small, page)
    small.save(small.good.replace("A plain sentence.", "A plain sentence. " * 300))
    expect(page.locator("[data-document=fact_sheet] .gauge")).to_contain_text("too many", timeout=SLOW_MS)
    expect(page.locator("[data-document=fact_sheet] .sheet.over .excess").first).to_be_visible()
    expect(page.locator("[data-document=fact_sheet] .ends")).to_contain_text("Page 1 ends here")
    page.locator("[data-document=fact_sheet][data-spots]").wait_for()
    small.save(small.good)
    expect(page.locator("[data-document=fact_sheet] .gauge")).to_contain_text("% full", timeout=SLOW_MS)
    expect(page.locator(".sheet.over")).to_have_count(0)


def test_a_mark_is_shown_as_a_sample_in_its_place_and_goes_with_it(small: Running, page: Page) -> None:
    restored(small, page)
    assert page.locator(".sample").count() == 0
    small.save(small.good.replace("\nbrief:", "\nmark: {address: 'https://briefs.example.org'}\nbrief:", 1))
    shown = page.locator('[data-document="brief"] [data-page="0"] .sample')
    shown.wait_for()
    page.locator(":root[data-phase=ready]").wait_for(
        state="attached"
    )  # what is shown until then is exchanged once more
    said = shown.inner_text()
    for line in ("Sample", "Copy 1 of 50", "for Name of the recipient", "QR"):
        assert line in said
    box, paper = shown.bounding_box(), page.locator('[data-document="brief"] [data-page="0"]').bounding_box()
    assert box
    assert paper
    assert box["width"] / paper["width"] == pytest.approx(56 / 215.9, abs=0.01)
    assert box["x"] + box["width"] < paper["x"] + paper["width"] * 0.95
    small.save(small.good)
    shown.wait_for(state="detached")


def test_text_of_content_is_never_taken_for_markup(small: Running, page: Page) -> None:
    restored(small, page)
    evil = "<img src=x onerror=document.title='gone'><b>{{<i>}}</b>"
    small.save(small.good.replace("A plain sentence.", f'"{evil}"').replace("id: counted", "id: '<b>counted</b>'"))
    page.wait_for_selector(":root[data-phase=broken]", state="attached")
    page.keyboard.press("f")
    expect(page.locator("#findings [data-severity=error]").first).to_be_visible()
    page.locator("#findings li button").first.click()
    assert page.locator("#findings b, #findings i, #findings img, #place img, #place b").count() == 0
    assert page.title() != "gone"


def test_of_a_burst_of_saves_the_newest_is_shown_in_the_end_on_a_slow_machine(small: Running, page: Page) -> None:
    restored(small, page)
    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    before = page.locator(":root").get_attribute("data-revision")
    for number in range(301, 313):
        small.save(small.good.replace("value: 300", f"value: {number}"))
        time.sleep(0.06)
    expect(page.locator(":root")).not_to_have_attribute("data-revision", before or "", timeout=SLOW_MS)
    ready(page)
    said = "We counted 312 rides.1"  # with the number of its source
    assert until(lambda: said in texts(page, "brief"), every_s=0.2)


def test_a_language_can_be_chosen_where_there_is_more_than_one(small: Running, page: Page) -> None:
    restored(small, page)
    page.select_option("#language", "de")
    expect(page.locator("[data-document=brief] h2")).to_have_text("Bericht", timeout=SLOW_MS)
    ready(page)


def test_a_style_that_is_edited_is_seen_on_the_pages(small: Running, page: Page) -> None:
    restored(small, page)
    style, before = small.root / "templates" / "styles" / "base.css.j2", sheet(page, "brief")
    good = style.read_text(encoding="utf-8")
    style.write_text(f"{good}h1 {{ text-decoration: underline }}\n", encoding="utf-8")
    exchanged(page, "brief", before)
    after = sheet(page, "brief")
    style.write_text(good, encoding="utf-8")
    exchanged(page, "brief", after)
    ready(page)
    assert sheet(page, "brief") == before


# ------------------------------------------------------------------ the engine


class Slow:
    """A press that takes its time and shows which orders it was given, dropped, and finished."""

    def __init__(self) -> None:
        self.given: list[Slow.Sheets] = []

    def __call__(self, order: DocumentJob, wish: Wish) -> Slow.Sheets:
        self.given.append(Slow.Sheets(order, wish))
        return self.given[-1]

    class Sheets:
        def __init__(self, order: DocumentJob, wish: Wish) -> None:
            self.wish = wish
            self.document, self.use = order.document, order.use.name
            self.said = order.briefing.document(order.document).blocks
            self.ready, self.dropped, self.fault = threading.Event(), False, False
            self.proof: Proof | None = None  # of a page that takes the place of two which were shown

        def __iter__(self) -> Iterator[News]:
            self.ready.wait(PATIENCE_S)
            if self.fault:
                raise RuntimeError("a bug")
            if not self.dropped:
                yield from self.pages("shown", 2 if self.proof else 1)
            if self.proof:
                yield from self.pages("", 1)
                yield Proved(self.proof)

        def pages(self, look: str, count: int) -> Iterator[News]:
            looks = tuple(f"{look}{number}" for number in range(count)) if look else ()
            yield Glimpse(b"", looks, tuple(range(count)), 0.5, 1, 0, 0, Setting(), (), 0.0)
            for number in range(count):
                digest = f"{id(self):031x}{number}" if look else f"{number:032x}"
                yield Drawing(number, count, PreviewPage(digest, 612.0, 792.0), {}, look and looks[number])
            yield Drawn(0.0)
            if look:
                yield Appeared(dict.fromkeys(looks, "pixels"))

        def drop(self) -> None:
            self.dropped = True
            self.ready.set()


@dataclass
class Desktop:
    """An engine on a slow press, with a clock that is set by hand."""

    engine: Engine
    press: Slow
    content: Path
    states: list[PreviewState]
    now: float = 1.0

    def save(self, text: str) -> None:
        self.content.write_text(text, encoding="utf-8")
        self.engine.changed(Change(self.now, self.now))

    def shows(self, revision: int) -> bool:
        return self.states[-1].revision == revision

    def until(self, holds: Callable[[], bool]) -> None:
        assert until(holds)


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    content = tmp_path / "content.yaml"
    content.write_text(SMALL, encoding="utf-8")
    job = Job(content, "content.yaml", tmp_path / "build", TEMPLATES, LATER)
    press, states = Slow(), []
    engine = Engine(job, tmp_path / "cache", lambda _, state: states.append(state), lambda: made.now, press)
    made = Desktop(engine, press, content, states)
    engine.want((Variant(),))
    engine.start()
    made.until(lambda: len(press.given) == 2 and bool(states))
    yield made
    engine.close()


def revised(number: int) -> str:
    return SMALL.replace("A plain", f"Plain {'ly ' * number}")


def test_work_that_is_out_of_date_is_dropped_and_only_for_the_document_that_has_changed(desktop: Desktop) -> None:
    desktop.save(revised(1))
    desktop.until(lambda: len(desktop.press.given) == 3)
    desktop.save(revised(2))
    desktop.until(lambda: len(desktop.press.given) == 4)
    assert [one.dropped for one in desktop.press.given] == [False, True, True, False]
    for one in desktop.press.given:
        one.ready.set()
    desktop.until(lambda: all(one.sheets for one in desktop.states[-1].documents))
    assert {one.revision for one in desktop.states[-1].documents} == {2}


def test_whoever_saves_without_end_sees_pages_nevertheless_and_the_newest_in_the_end(desktop: Desktop) -> None:
    desktop.save(revised(1))
    desktop.until(lambda: len(desktop.press.given) == 3)
    desktop.now = 60.0
    for number in (2, 3):
        desktop.save(revised(number))
        desktop.until(partial(desktop.shows, number))
    assert [one.dropped for one in desktop.press.given] == [False, True, False]
    desktop.press.given[2].ready.set()
    desktop.until(lambda: len(desktop.press.given) == 4)
    assert "ly ly ly" in str(desktop.press.given[3].said)


def test_pages_that_were_shown_wrong_are_gone_when_the_right_ones_are_there_and_are_not_believed_again(
    desktop: Desktop,
) -> None:
    healed = desktop.press.given[1]
    name, use = healed.document, healed.use
    proved = b"a file", 1, 1, 1.0, 1, (), 1, Setting(), (), (), (), (), (), (), "", 0.0
    healed.proof = Proof(name, use, "", "", *proved)
    healed.ready.set()
    shown = partial(lambda: next(one for one in desktop.states[-1].documents if one.name == name))
    desktop.until(lambda: [one.digest for one in shown().sheets] == [f"{0:032x}"])
    assert shown().count == 1
    desktop.save(SMALL.replace("briefing:", "# a remark\nbriefing:", 1))
    desktop.until(lambda: shown().revision == 1)
    assert len(desktop.press.given) == 2  # its pages serve
    changed = SMALL.replace("A plain", "Another plain").replace("We counted", "They counted")
    desktop.save(changed)
    desktop.until(lambda: any(one.document == name for one in desktop.press.given[2:]))
    wish = next(one for one in desktop.press.given[2:] if one.document == name).wish
    assert not wish.looks
    assert not wish.appearances


def test_a_bug_is_told_in_the_window_and_its_traceback_on_the_terminal(
    desktop: Desktop, capsys: pytest.CaptureFixture[str]
) -> None:
    desktop.press.given[1].fault = True
    desktop.press.given[1].ready.set()
    desktop.until(lambda: any(one.code == "preview-failed" for one in desktop.states[-1].findings))
    assert "RuntimeError: a bug" in capsys.readouterr().err


def test_the_press_is_warmed_with_a_page_that_can_be_made() -> None:
    """Warming swallows all faults, so that they are told where they can be."""
    order = [sys.executable, "-c", "from briefing.preview import preload; preload._warm(); preload.make_page()"]
    run = subprocess.run(order, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, run.stderr) == (0, "")


# ------------------------------------------------------------------ who gets in


def asked(one: Running, method: str, path: str, headers: dict[str, str], body: str = "") -> tuple[int, dict[str, str]]:
    where = urlsplit(one.address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=20)
    try:
        connection.putrequest(method, path, skip_host=True)
        for name, value in {"Host": where.netloc, **headers}.items():
            connection.putheader(name, value)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body.encode() or None)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


def test_only_who_knows_the_token_and_asks_this_machine_is_answered(small: Running) -> None:
    where = urlsplit(small.address)
    status, headers = asked(small, "GET", where.path, {})
    assert status == 200
    assert "default-src 'self'" in headers["content-security-policy"]
    assert asked(small, "GET", "/", {})[0] == 404
    assert asked(small, "GET", f"/{'x' * 32}/", {})[0] == 404
    assert asked(small, "GET", where.path, {"Host": "example.org"})[0] == 403
    assert asked(small, "GET", where.path, {"Host": f"rebound.example.org:{where.port}"})[0] == 403
    assert asked(small, "GET", where.path + "events", {"Sec-Fetch-Site": "cross-site"})[0] == 403
    for path in ("content.yaml", "../content.yaml", "fonts/../preview.js", "page/" + "0" * 32 + "-800"):
        assert asked(small, "GET", where.path + path, {})[0] == 404, path


def test_questions_are_answered_to_the_page_alone_and_have_a_limit(small: Running) -> None:
    where = urlsplit(small.address)
    ours = {"Origin": f"http://{where.netloc}", "Content-Type": "application/json"}
    told = json.dumps({"line": 3})
    assert asked(small, "POST", where.path + "excerpt", ours, told)[0] == 200
    assert asked(small, "POST", where.path + "excerpt", {**ours, "Origin": "http://example.org"}, told)[0] == 403
    assert asked(small, "POST", where.path + "excerpt", {**ours, "Content-Type": "text/plain"}, told)[0] == 403
    assert asked(small, "POST", where.path + "excerpt", ours, "[" * 4000)[0] == 400
    assert asked(small, "POST", where.path + "excerpt", ours, " " * 5000)[0] == 413
    assert asked(small, "POST", where.path + "nothing", ours, told)[0] == 404
    assert asked(small, "PUT", where.path, ours, told)[0] == 501


def test_it_listens_to_this_machine_alone_and_publishes_nothing(small: Running) -> None:
    assert urlsplit(small.address).hostname == "127.0.0.1"
    assert len(urlsplit(small.address).path) > 30
    assert {path.name for path in small.content.parent.iterdir()} == {"content.yaml"}


# ------------------------------------------------------------------ the editor


def test_an_editor_is_called_with_file_and_line_and_without_a_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    hostile = "/a b/$(id); rm -rf"
    assert editor.fill_command(editor.command("code -g {file}:{line}", {}), hostile, 7) == [
        "code",
        "-g",
        f"{hostile}:7",
    ]
    assert editor.fill_command(editor.command("kate", {}), "a b", 7) == ["kate", "--line", "7", "a b"]
    assert editor.fill_command(editor.command("ours", {}), "file", 7) == ["ours", "file"]
    assert editor.command(None, {"VISUAL": "code --wait"})[:2] == ("code", "--wait")
    assert editor.command(None, {"VISUAL": "vim", "EDITOR": "nano"}) == ()
    assert editor.command(None, {}) == ()


def test_an_editor_that_is_not_there_is_wrong_usage() -> None:
    with pytest.raises(ValueError, match="no program"):
        editor.command("no-such-editor {file}", {})
