"""The child that keeps a document shows what a fresh layout shows; where it does not, that is found and healed."""

from __future__ import annotations

import json
import os
import resource
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from briefing.design.tokens import Tokens
from briefing.documents.setting import Setting
from briefing.findings import Place
from briefing.layout.incremental.warm_typesetter import WarmTypesetter
from briefing.layout.typesetter import typesetter
from briefing.pipeline import document
from briefing.pipeline.document_job import DocumentJob
from briefing.pipeline.laying import Choice
from briefing.preview import typesetting, warm
from briefing.preview.page_images import PageImages
from briefing.preview.typesetting import News, Proved, Wish
from briefing.preview.warm import LOG, WarmChildren
from briefing.proofing.proof import Glimpse
from briefing.runtime import lasting
from briefing.runtime.sandbox import Task
from briefing.runtime.task_child import ParentLine
from tests.support.builds import TEMPLATES, Plain, briefing_of, forked_from_here, orders
from tests.support.examples import times, usually

TEXT = """\
briefing: {title: A title, short_title: Short, date: 2024-06-12, publisher: Desk, licence: Free, cite: Cite me}
sources:
  census: {publisher: Office, title: Census, kind: data}
figures:
  rides: {value: 300, as_of: 2024-05, sources: [census]}
brief:
  pages: 1
  blocks: [{prose: {heading: A heading, text: "We counted {{rides}} rides, and found many."}}]
fact_sheet: {pages: 1, blocks: [{takeaways: {items: [A plain sentence.]}}]}
"""
TOO_LONG = TEXT.replace('text: "We counted', 'text: "' + "Many words are too many for a page. " * 100 + "We counted")


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Children that are forked from here, and keep what they have laid."""
    forked_from_here(monkeypatch)
    monkeypatch.setattr(typesetting, "_WARM", WarmChildren(typesetting._draft))
    yield
    for child in typesetting._WARM._kept.values():
        child.end()


def job_of(text: str, folder: Path) -> DocumentJob:
    return orders(briefing_of(text), folder, "letter", folder, ("brief",))[0]


def shown(job: DocumentJob, wish: Wish, log: Path) -> list[News]:
    return list(typesetting.typeset(job, wish, log))


def digests(news: list[News]) -> list[str]:
    return [said.sheet.digest for said in news if isinstance(said, PageImages)]


def kinds(news: list[News]) -> list[str]:
    return [type(said).__name__ for said in news]


@pytest.mark.slow
@pytest.mark.usefixtures("children")
def test_a_document_is_shown_by_the_child_that_keeps_it_and_proved_afresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm, "MOST_EDITS", 2)
    plain, kept = document.draft, tmp_path / "kept"

    def draft(job: DocumentJob, press: Any, *rest: Any) -> None:
        plain(job, press, *rest)
        with kept.open("a") as file:
            print(*map(id, press._sessions.values()), file=file)

    monkeypatch.setattr(document, "draft", draft)
    first = shown(job_of(TEXT, tmp_path), Wish((300,)), tmp_path)
    second = shown(job_of(TEXT.replace("many", "a few"), tmp_path), Wish((300,)), tmp_path)
    assert kinds(first) == kinds(second) == ["Glimpse", "PageImages", "Drawn", "Appeared", "Proved"]
    assert digests(first) != digests(second)
    before, after = (set(line.split()) for line in kept.read_text().splitlines())
    assert before
    assert after == before  # the second is the first, as it has followed
    (child,) = typesetting._WARM._kept.values()
    assert child.edits == 2
    assert not (tmp_path / LOG).exists()
    next(iter(typesetting.typeset(job_of(TEXT, tmp_path), Wish(), tmp_path)))
    assert child.edits == 1  # another one begins after so many edits


@pytest.mark.slow
@pytest.mark.usefixtures("children")
def test_a_chart_is_shown_as_it_is_in_the_finished_file(tmp_path: Path) -> None:
    rows = "{label: Trains, value: 40}, {label: Trams, value: 25}, {label: Bicycles, value: 12}"
    told = "kind: columns, title: Rides, alt: Rides in a week, unit: days, as_of: 2024-05, sources: [census]"
    chart = f"charts: {{rides: {{{told}, data: [{rows}]}}}}\n"
    text = chart + TEXT.replace("{prose:", "{chart: {chart: rides}}, {prose:")
    news = shown(job_of(text, tmp_path), Wish((300,)), tmp_path)
    assert kinds(news) == ["Glimpse", "PageImages", "Drawn", "Appeared", "Proved"]
    assert not (tmp_path / LOG).exists()


@pytest.mark.slow
@pytest.mark.usefixtures("children")
def test_a_page_that_is_shown_wrong_is_shown_right_in_the_end_and_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    right, plain = job_of(TEXT, tmp_path), document.draft
    wrong = job_of(TEXT.replace("many", "a few"), tmp_path)
    monkeypatch.setattr(document, "draft", lambda _, *rest: plain(wrong, *rest))
    news = shown(right, Wish((300,)), tmp_path)
    assert kinds(news) == ["Glimpse", "PageImages", "Drawn", "Appeared", "Glimpse", "PageImages", "Drawn", "Proved"]
    assert len(set(digests(news))) == 2
    (child,) = typesetting._WARM._kept.values()
    assert child.edits == 0  # another one begins with the next edit
    told = json.loads((tmp_path / LOG).read_text())
    assert (told["document"], told["pages"], told["edits"]) == ("brief", [0], 1)
    assert "counted" not in str(told)
    assert "laid it afresh" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.usefixtures("children")
@pytest.mark.parametrize(
    "other",
    usually(
        [TOO_LONG, TOO_LONG.replace("We counted", "More words. " * 300 + "We counted")],
        [TOO_LONG.replace("Many", "Few"), TEXT],
    ),
)
def test_pages_of_a_document_that_is_refused_are_held_against_fresh_ones_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    right, wrong, plain = job_of(TOO_LONG, tmp_path), job_of(other, tmp_path), document.draft
    monkeypatch.setattr(document, "draft", lambda _, *rest: plain(wrong, *rest))
    news = shown(right, Wish((300,)), tmp_path)
    fresh: list[Glimpse] = []
    plain(right, typesetter(right.templates / "fonts", right.tokens.faces), fresh.append, ())
    assert digests(news)[-len(fresh[0].looks) :] == list(fresh[0].looks)
    assert [said.over_words for said in news if isinstance(said, Glimpse)][-1] == fresh[0].over_words > 0
    assert isinstance(news[-1], Proved)
    assert not news[-1].proof.pdf
    assert (tmp_path / LOG).exists() is (other != TOO_LONG)


@pytest.mark.slow
@pytest.mark.usefixtures("children")
def test_a_document_that_is_not_wanted_any_more_is_not_laid_or_ends_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = tmp_path / "begun"

    def draft(*_: object) -> None:
        with begun.open("a") as file:
            print("one", file=file)
        time.sleep(60)

    monkeypatch.setattr(document, "draft", draft)
    jobs = [job_of(TEXT.replace("many", word), tmp_path) for word in ("many", "a few", "some")]
    running = [typesetting.typeset(job, Wish((300,)), tmp_path) for job in jobs]
    threads = [threading.Thread(target=list, args=(one,)) for one in running]
    threads[0].start()
    while not begun.exists():
        time.sleep(0.01)
    began = time.monotonic()
    threads[1].start()
    threads[2].start()
    for one in running:
        one.drop()
    for thread in threads:
        thread.join(30)
    assert time.monotonic() - began < 10
    assert begun.read_text() == "one\n"
    assert not (tmp_path / LOG).exists()


def test_a_mark_of_the_design_that_is_another_makes_another_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_of(TEXT, tmp_path)
    looks: list[tuple[str, ...]] = []
    press = typesetter(job.templates / "fonts", job.tokens.faces)
    for mark in (b"one", b"two"):
        monkeypatch.setattr(Tokens, "marks", {"mark.svg": mark})
        document.draft(job, press, lambda glimpse: looks.append(glimpse.looks), ())
    assert looks[0] != looks[1]


@pytest.mark.slow
@pytest.mark.usefixtures("children")
@pytest.mark.parametrize("fault", usually([None], [MemoryError]))
def test_where_that_child_ends_the_pages_come_as_they_did_before_there_was_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Any
) -> None:
    def fails(*_: object) -> None:
        if fault is None:
            os._exit(3)
        raise fault

    monkeypatch.setattr(document, "draft", fails)
    for _ in range(times(1, 2)):
        news = shown(job_of(TEXT, tmp_path), Wish((300,)), tmp_path)
        assert kinds(news) == ["Glimpse", "PageImages", "Drawn", "Appeared", "Proved"]
    assert not (tmp_path / LOG).exists()


@pytest.mark.slow
def test_a_child_lives_through_long_work_and_makes_way_when_it_has_grown(monkeypatch: pytest.MonkeyPatch) -> None:
    forked_from_here(monkeypatch)
    monkeypatch.setattr(lasting, "GROWTH_BYTES", 50_000_000)
    child = lasting.LastingChild(Task(_live_and_grow, (), "child", Place()))
    old = []
    for count in (10, 10, 2 * lasting.GROWTH_BYTES):  # more, since what was freed before may be taken again
        (most,) = child.ask(count)
        assert most > lasting.LIFE_SECONDS + lasting.WORK_SECONDS > 200
        old.append(child.is_old)
    assert old == [False, False, True]
    child.end()


def _live_and_grow(parent: ParentLine) -> None:
    """Keep as many bytes as asked for each time, and tell how long one may work in all."""
    kept: list[bytes] = []

    def say(count: int) -> None:
        kept.append(bytes(count))
        parent.send(resource.getrlimit(resource.RLIMIT_CPU)[1])

    lasting.answer(parent, say)


@pytest.mark.slow
@pytest.mark.usefixtures("children")
def test_a_bug_of_that_child_is_written_down_without_the_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("We counted rides")

    monkeypatch.setattr(document, "draft", fails)
    news = shown(job_of(TEXT, tmp_path), Wish((300,)), tmp_path)
    assert isinstance(news[-1], Proved)
    told = (tmp_path / LOG).read_text()
    assert told.count("\n") == 1
    assert json.loads(told)["bug"].startswith("RuntimeError at test_warm.py:")
    assert "counted" not in told
    assert told in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.usefixtures("children")
def test_whoever_does_not_listen_to_the_end_leaves_a_child_that_goes_on(tmp_path: Path) -> None:
    for word in ("many", "a few"):
        running = typesetting.typeset(job_of(TEXT.replace("many", word), tmp_path), Wish((300,)), tmp_path)
        assert type(next(iter(running))).__name__ == "Glimpse"
        running.drop()
    news = shown(job_of(TEXT, tmp_path), Wish((300,)), tmp_path)
    assert isinstance(news[-1], Proved)
    (child,) = typesetting._WARM._kept.values()
    assert child.edits == 3


def test_there_is_none_where_the_shorter_ways_are_off(plain: Plain, tmp_path: Path) -> None:
    with plain():
        assert WarmChildren(typesetting._draft).of(job_of(TEXT, tmp_path)) is None


def test_a_document_is_seen_first_as_it_was_made_to_fit_before_and_last_as_it_is_made_to_fit_now(
    tmp_path: Path,
) -> None:
    filled = TEXT.replace("many", "many. " + "Words that take some lines. " * 100)
    shorter = filled.replace("Words that take some lines. " * 40, "", 1)
    press = WarmTypesetter(TEMPLATES / "fonts")
    fresh_press = typesetter(TEMPLATES / "fonts")
    choice: Choice | None = None
    seen: list[list[Setting]] = []
    for text in (filled, filled.replace("many", "some"), shorter):
        job = job_of(text, tmp_path)
        drafts: list[Glimpse] = []
        fresh: list[Glimpse] = []
        choice = document.draft(job, press, drafts.append, (), choice)
        document.draft(job, fresh_press, fresh.append, ())
        assert drafts[-1].setting == fresh[0].setting
        seen.append([one.setting for one in drafts])
    assert [len(settings) for settings in seen] == [1, 1, 2]
    assert seen[2][0] == seen[1][0] != seen[2][1]
