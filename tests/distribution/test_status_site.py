"""Status pages in a real browser: what they say, with script and without, and that they ask for nothing."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from briefing.distribution import codes
from tests.distribution.test_production import PEOPLE, asked, runs, write
from tests.support.system import not_run

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
NAME = "short-1"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    write(folder)
    asked(folder, "plan", "--quiet")
    assert asked(folder, "make", "--quiet").returncode == 0
    assert asked(folder, "record", "printed", "--run", runs(folder)[0], "--copies", "1-8").returncode == 0
    for ref in PEOPLE:
        done = asked(folder, "record", "issued", "--run", runs(folder)[0], "--holder", ref)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        not_run("there is no Chromium. make test installs it on Debian.")
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else [], timeout=60_000
        )
        yield one
        one.close()


def shown(browser: Browser, folder: Path, behind: str = "", script: bool = True, name: str = NAME) -> str:
    """What the page says; it must ask for nothing but itself."""
    context = browser.new_context(java_script_enabled=script)
    page: Page = context.new_page()
    wanted: list[str] = []
    page.on("request", lambda request: wanted.append(request.url))
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto(f"file://{folder}/site/{name}/index.html{behind}")
    said = page.locator("main").inner_text()
    context.close()
    assert len(wanted) == 1
    assert problems == []
    return said


def site(folder: Path, *more: str) -> None:
    done = asked(folder, "site", "--out", "site", "--quiet", *more)
    assert done.returncode == 0, done.stderr


def test_the_four_states_are_said_with_script_and_all_but_the_last_without(office: Path, browser: Browser) -> None:
    site(office)
    for script in (True, False):
        assert "Current" in shown(browser, office, script=script)
    asked(office, "record", "superseded", "--edition", "1", "--reason", "Page 2 was wrong.")
    site(office)
    for script in (True, False):
        said = shown(browser, office, script=script)
        assert "Superseded" in said
        assert "Page 2 was wrong." in said
    asked(office, "record", "withdrawn", "--edition", "1", "--reason", "All of it was wrong.")
    site(office)
    assert "Withdrawn" in shown(browser, office)
    site(office, "--today", "2020-01-01", "--days", "30")
    assert "Unknown" in shown(browser, office)
    assert "31 January 2020" in " ".join(shown(browser, office, script=False).split())


def test_a_code_behind_the_address_is_checked_in_the_browser(office: Path, browser: Browser) -> None:
    site(office)
    key = bytes.fromhex((office / "distribution" / "codes.key").read_text().strip())
    tag = sum(codes.LETTERS.index(letter) << 5 * (3 - at) for at, letter in enumerate(runs(office)[0]))
    code = codes.encode(tag, 3, key)
    assert f"copy 3 of run {runs(office)[0]}" in shown(browser, office, f"#{code}")
    assert f"copy 3 of run {runs(office)[0]}" in shown(browser, office, f"#{codes.shown(code).lower()}")
    wrong = code[:5] + ("7" if code[5] != "7" else "8") + code[6:]
    for behind in (wrong, code[:-1], "<script>alert(1)</script>", "%E0%A4%A"):
        assert "no code of a copy" in shown(browser, office, f"#{behind}")


def test_a_recall_is_told_to_everybody_and_names_nobody(office: Path, browser: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "recall"
    shutil.copytree(office, folder)
    done = asked(folder, "recall", "1", "--action", "destroy", "--reason", "The map was wrong.")
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name, _, _ in PEOPLE.values())
    site(folder)
    assert "The map was wrong." in shown(browser, folder)
    assert "destroy" in shown(browser, folder, script=False)
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
    assert "called back" not in shown(browser, folder)


def test_the_same_register_on_the_same_day_gives_the_same_bytes(office: Path) -> None:
    found = []
    for _ in range(2):
        site(office, "--today", "2026-11-27")
        found.append({file: file.read_bytes() for file in (office / "site").rglob("*") if file.is_file()})
    assert found[0] == found[1]
