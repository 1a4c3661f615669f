"""Status pages in a real browser: what they say, with script and without, and that they ask for nothing."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from briefing.distribution import codes
from tests.distribution.test_production import PEOPLE, asked, made_once, runs
from tests.support.system import not_run

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
NAME = "short-1"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("offices") / "office"
    shutil.copytree(made_once(tmp_path_factory), folder)
    assert asked(folder, "record", "printed", "--run", runs(folder)[0], "--copies", "1-8").returncode == 0
    for ref in PEOPLE:
        done = asked(folder, "record", "issued", "--run", runs(folder)[0], "--holder", ref)
        assert done.returncode == 0, done.stderr
    return folder


class Reader:
    """A page of a browser, with all that it asked for and complained of since it was last pointed somewhere."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wanted: list[str] = []
        self.problems: list[str] = []
        page.on("request", lambda request: self.wanted.append(request.url))
        page.on("console", lambda message: self.problems.append(message.text))


Readers = Mapping[bool, Reader]  # by whether they run scripts


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    if not CHROMIUM:
        not_run("there is no Chromium. make test installs it on Debian.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else [], timeout=60_000
        )
        yield {script: Reader(browser.new_page(java_script_enabled=script)) for script in (True, False)}
        browser.close()


def shown(readers: Readers, folder: Path, behind: str = "", script: bool = True, name: str = NAME) -> str:
    """What the page says; it must ask for nothing but itself."""
    reader = readers[script]
    reader.page.goto("about:blank")  # else another word behind the same address would load nothing
    reader.wanted.clear()
    reader.problems.clear()
    reader.page.goto(f"file://{folder}/site/{name}/index.html{behind}")
    said = reader.page.locator("main").inner_text()
    assert len(reader.wanted) == 1
    assert reader.problems == []
    return said


def site(folder: Path, *more: str) -> None:
    done = asked(folder, "site", "--out", "site", "--quiet", *more)
    assert done.returncode == 0, done.stderr


def test_the_four_states_are_said_with_script_and_all_but_the_last_without(office: Path, readers: Readers) -> None:
    site(office)
    for script in (True, False):
        assert "Current" in shown(readers, office, script=script)
    asked(office, "record", "superseded", "--edition", "1", "--reason", "Page 2 was wrong.")
    site(office)
    for script in (True, False):
        said = shown(readers, office, script=script)
        assert "Superseded" in said
        assert "Page 2 was wrong." in said
    asked(office, "record", "withdrawn", "--edition", "1", "--reason", "All of it was wrong.")
    site(office)
    assert "Withdrawn" in shown(readers, office)
    site(office, "--today", "2020-01-01", "--days", "30")
    assert "Unknown" in shown(readers, office)
    assert "31 January 2020" in " ".join(shown(readers, office, script=False).split())


def test_a_code_behind_the_address_is_checked_in_the_browser(office: Path, readers: Readers) -> None:
    site(office)
    key = bytes.fromhex((office / "distribution" / "codes.key").read_text().strip())
    tag = sum(codes.LETTERS.index(letter) << 5 * (3 - at) for at, letter in enumerate(runs(office)[0]))
    code = codes.encode(tag, 3, key)
    assert f"copy 3 of run {runs(office)[0]}" in shown(readers, office, f"#{code}")
    assert f"copy 3 of run {runs(office)[0]}" in shown(readers, office, f"#{codes.shown(code).lower()}")
    wrong = code[:5] + ("7" if code[5] != "7" else "8") + code[6:]
    for behind in (wrong, code[:-1], "<script>alert(1)</script>", "%E0%A4%A"):
        assert "no code of a copy" in shown(readers, office, f"#{behind}")


def test_a_recall_is_told_to_everybody_and_names_nobody(office: Path, readers: Readers, tmp_path: Path) -> None:
    folder = tmp_path / "recall"
    shutil.copytree(office, folder)
    done = asked(folder, "recall", "1", "--action", "destroy", "--reason", "The map was wrong.")
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name, _, _ in PEOPLE.values())
    site(folder)
    assert "The map was wrong." in shown(readers, folder)
    assert "destroy" in shown(readers, folder, script=False)
    for file in (folder / "site").rglob("*"):
        assert not any(word in file.read_text() for word in ("Zqxample", "Vwqçok", "Kjwhanna")) if file.is_file() else 1
    feed = json.loads((folder / "site" / "feed.json").read_text())
    assert feed["version"].startswith("https://jsonfeed.org/")
    assert any("The map was wrong." in item["content_text"] for item in feed["items"])
    early = asked(folder, "recall", "--close", "1")
    assert early.returncode == 1
    assert "[recall-open]" in early.stderr
    for ref, (_, _, copies) in PEOPLE.items():
        back = asked(folder, "record", "destroyed", "--run", runs(folder)[0], "--holder", ref)
        assert back.returncode == 0, (back.stderr, copies)
    assert asked(folder, "recall", "--close", "1").returncode == 0
    site(folder)
    assert "called back" not in shown(readers, folder)


def test_the_same_register_on_the_same_day_gives_the_same_bytes(office: Path) -> None:
    found = []
    for _ in range(2):
        site(office, "--today", "2026-11-27")
        found.append({file: file.read_bytes() for file in (office / "site").rglob("*") if file.is_file()})
    assert found[0] == found[1]
