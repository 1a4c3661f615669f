"""What a run in a dress of its own stands on: whatever would change its pages is seen, links and new files too."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound

from briefing.content.records import PaperName
from briefing.design.brand import fonts
from briefing.design.tokens import read_tokens
from briefing.documents.dressing import BrandChoice, on_its_paper
from briefing.documents.html import _environment, sheet
from briefing.findings import Missing, Refused
from briefing.pipeline.build import _worn_name
from briefing.pipeline.job import Job
from briefing.pipeline.load import load
from briefing.preview.variants import dress_files, image_files
from briefing.preview.watch import FileWatcher
from briefing.runtime import inputs
from tests.support.builds import GOOD, ROOT, TEMPLATES, TODAY

CYAN = ROOT / "tests" / "brands" / "cyan"


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A run whose brand, mark and templates all are reached by links, and which a house's brand waits for."""
    (tmp_path / "content.yaml").write_text(GOOD)
    shutil.copytree(CYAN, tmp_path / "house")
    for name in ("house", "other"):
        shutil.copytree(CYAN, tmp_path / name, dirs_exist_ok=True)
    (tmp_path / "now").symlink_to("house")
    shutil.move(tmp_path / "house" / "logo.svg", tmp_path / "house" / "logo-2024.svg")
    shutil.copy(tmp_path / "house" / "logo-2024.svg", tmp_path / "house" / "logo-2025.svg")
    (tmp_path / "house" / "logo.svg").symlink_to("logo-2024.svg")
    (tmp_path / "own" / "blocks").mkdir(parents=True)
    (tmp_path / "own" / "tokens.toml").write_text('[colour]\naccent = "#5b2a86"\n')
    return Job(tmp_path / "content.yaml", "content.yaml", tmp_path / "out", TEMPLATES, TODAY)


def _linked(link: Path, to: str) -> None:
    link.unlink()
    link.symlink_to(to)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a link to a mark leads elsewhere": lambda at: _linked(at / "house" / "logo.svg", "logo-2025.svg"),
    "a link to the brand leads elsewhere": lambda at: _linked(at / "now", "other"),
    "a font is added": lambda at: shutil.copy(
        at / "house" / "fonts" / "PublicSans_400Regular.ttf", at / "house" / "fonts" / "PublicSans_600.ttf"
    ),
    "a template is added": lambda at: (at / "own" / "brief.html.j2").write_text("none"),
    "a template is added below": lambda at: (at / "own" / "blocks" / "box.html.j2").write_text("none"),
}


@pytest.mark.parametrize("how", CHANGES)
def test_whatever_would_change_the_pages_is_seen(how: str, job: Job, tmp_path: Path) -> None:
    asked = replace(job, brand=tmp_path / "now" / "brand.yaml", house_templates=tmp_path / "own")
    taken = load(asked).taken
    assert taken
    assert inputs.find_changed_inputs(taken, taken.stands) == ()
    CHANGES[how](tmp_path)
    assert inputs.find_changed_inputs(taken, taken.stands)


@pytest.mark.parametrize("house", [True, False])
def test_a_brand_that_is_put_beside_the_content_is_seen(house: bool, job: Job, tmp_path: Path) -> None:
    taken = load(replace(job, house_brand=tmp_path / "now" / "brand.yaml" if house else None)).taken
    assert taken
    (tmp_path / "brand.yaml").write_text('brand: 1\ncolour: {brand: "#14532d"}\n')
    assert inputs.find_changed_inputs(taken, taken.stands) == (str(tmp_path / "brand.yaml"),)


def test_a_template_takes_nothing_that_is_not_looked_at_when_it_changes(job: Job, tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / ".x").mkdir()
    for name in ("data.txt", ".x/box.html.j2", "box.html.j2"):
        (own / name).write_text("text")
    found = load(replace(job, house_templates=own)).house_templates
    environment, _ = _environment(TEMPLATES, house=found)
    assert environment.get_template("box.html.j2").render() == "text"
    for name in ("data.txt", ".x/box.html.j2"):
        with pytest.raises(TemplateNotFound):
            environment.get_template(name)


def test_the_paper_of_a_brand_is_that_of_all_that_is_made_where_content_names_none(job: Job, tmp_path: Path) -> None:
    (tmp_path / "brand.yaml").write_text("brand: 1\npaper: a4\n")
    made = load(job)
    assert (made.paper, made.briefing.briefing.paper) == (PaperName.A4, PaperName.LETTER)
    choice = BrandChoice(tmp_path)
    assert on_its_paper(made.briefing, choice).briefing.paper is PaperName.A4
    (tmp_path / "content.yaml").write_text(GOOD.replace("{title:", "{paper: letter, title:", 1))
    made = load(job)
    assert made.paper is PaperName.LETTER
    assert on_its_paper(made.briefing, choice).briefing.paper is PaperName.LETTER


def test_the_preview_watches_what_a_dress_is_made_of(job: Job, tmp_path: Path) -> None:
    asked = replace(job, house_brand=tmp_path / "now" / "brand.yaml")
    made = load(asked)
    watched = {*map(str, image_files(asked, made.source)), *dress_files([made, ()])}
    for name in ("brand.yaml", "now/brand.yaml", "house/logo.svg", "house/fonts", "house/fonts/PublicSans_700Bold.ttf"):
        assert str(tmp_path / name) in watched, name


def test_the_watcher_sees_a_file_that_is_new_in_a_folder(tmp_path: Path) -> None:
    seen = threading.Event()
    for name in ("templates", "fonts"):
        (tmp_path / name).mkdir()
    (tmp_path / "fonts" / "a.ttf").touch()
    watcher = FileWatcher(tmp_path / "content.yaml", tmp_path / "templates", seen.set)
    watcher.pictures([str(tmp_path / "fonts"), str(tmp_path / "fonts" / "a.ttf")])
    watcher.start()
    try:
        for number in range(100):
            (tmp_path / "fonts" / f"{number}.ttf").touch()
            if seen.wait(0.1):
                break
        assert seen.is_set()
    finally:
        watcher.close()


TOKENS = {
    "another table": "[colours]\nink = '#000000'\n",
    "a value for a table": "colour = 'red'\n",
    "no colour": "[colour]\naccent = 'red'\n",
    "three inks": "[cmyk]\naccent = [0, 0, 0]\n",
    "a word for a size": "[size]\nbody = 'large'\n",
    "no size": "[size]\nbody = 0\n",
    "no number": "[grid]\nside = nan\n",
    "a truth": "[grid]\nside = true\n",
    "a number for a family": "[font]\nserif = 3\n",
}


@pytest.mark.parametrize("how", TOKENS)
def test_tokens_of_ones_own_that_are_none_are_told(how: str, job: Job, tmp_path: Path) -> None:
    (tmp_path / "own" / "tokens.toml").write_text(TOKENS[how])
    with pytest.raises(Refused) as refused:
        load(replace(job, house_templates=tmp_path / "own"))
    assert [one.code for one in refused.value.findings] == ["templates-unfit"]


@pytest.mark.parametrize("said", ["{{ 1/0 }}", "{{ 'a' + 1 }}", "{{ nothing.more }}", "{% include 'none.j2' %}"])
def test_whatever_goes_wrong_in_a_template_of_ones_own_is_told(said: str, job: Job, tmp_path: Path) -> None:
    (tmp_path / "own" / "specimen.html.j2").write_text(said)
    own = load(replace(job, house_templates=tmp_path / "own")).house_templates
    with pytest.raises(Missing) as missing:
        sheet(TEMPLATES, "specimen.html.j2", {}, read_tokens(TEMPLATES, house_templates=own))
    assert [one.code for one in missing.value.findings] == ["templates-unfit"]


def test_a_template_may_be_called_anything(job: Job, tmp_path: Path) -> None:
    name = os.fsencode(tmp_path / "own") + b"/\xff.j2"
    with open(name, "w") as file:
        file.write("text")
    found = load(replace(job, house_templates=tmp_path / "own")).house_templates
    assert found
    assert len(found.files) == 2


def test_a_manifest_names_the_files_of_a_look_as_those_of_a_look(job: Job, tmp_path: Path) -> None:
    (tmp_path / "brand.yaml").write_text("brand: 1\nlook: legible\n")
    dress = load(job).dress
    assert dress
    names = {_worn_name(file, dress, job) for file in dress.files}
    assert "brand/brand.yaml" in names
    assert all(re.fullmatch(r"(brand|look)/[^.][^/]*(/[^.][^/]*)*", name) for name in names)
    assert any(name.startswith("look/fonts/") for name in names)


def test_a_folder_with_far_too_many_fonts_is_refused_before_any_is_read(tmp_path: Path) -> None:
    for number in range(fonts.MAX_FILES + 1):
        (tmp_path / f"{number}.ttf").touch()
    found = fonts.read_folder(tmp_path, "fonts/Many")
    assert [one.message for one in found.findings] == ['"fonts/Many" holds 61 fonts']
