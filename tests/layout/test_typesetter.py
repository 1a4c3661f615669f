"""Pages that were laid as before look as before: what the preview need not draw again."""

import gc
import multiprocessing
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from briefing.design.faces import HOUSE
from briefing.layout.typesetter import Typesetter
from tests.support.waiting import PATIENCE_S

FONTS = Path(__file__).parents[2] / "templates" / "fonts"
PAGE = """<style>@page {{ size: 100mm 60mm; margin: 8mm; @bottom-left {{ content: "page " counter(page) " of {of}" }} }}
html {{ font: 9pt/1.3 "Source Sans 3"; color: {ink} }} p {{ margin: 0; break-after: page }}</style>
<body><p>First</p><p class="{kind}">{second}</p><img src="asset:a.svg" style="width: 9mm; height: 9mm">"""
PLAIN = {"of": "3", "ink": "#111", "kind": "", "second": "Second"}
SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="#123"/></svg>'


def looks(press: Typesetter, picture: bytes = SQUARE, **other: str) -> tuple[str, ...]:
    assets = {"a.svg": picture}
    return press.looks(press.lay(PAGE.format(**{**PLAIN, **other}), assets), assets)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({}, [True, True, True]),
        ({"second": "Secund"}, [True, False, True]),
        ({"kind": "later"}, [True, False, True]),
        ({"of": "4"}, [False, False, False]),
        ({"ink": "#222"}, [False, False, False]),
        ({"picture": SQUARE.replace(b"#123", b"#321")}, [True, True, False]),
    ],
    ids=["nothing", "a word", "a class", "a running foot", "a style", "a picture"],
)
def test_only_pages_that_show_something_else_look_otherwise(other, same):
    press = Typesetter(FONTS)
    assert [one == before for one, before in zip(looks(press, **other), looks(press), strict=True)] == same


def test_some_pages_are_drafted_alone():
    import pypdfium2

    press = Typesetter(FONTS)
    assets = {"a.svg": SQUARE}
    layout = press.lay(PAGE.format(**PLAIN), assets)
    with pypdfium2.PdfDocument(press.drafted(layout, (1,))) as pdf:
        (page,) = pdf
        said = page.get_textpage().get_text_bounded()
    assert "Second" in said
    assert "page 2" in said


@pytest.mark.skipif(sys.platform == "darwin", reason="nothing is forked there")
def test_a_child_that_lets_its_fonts_go_leaves_them_to_the_process_that_found_them(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    presses = [Typesetter(FONTS)]
    fonts = sorted(tmp_path.glob("weasyprint-*/*"))
    assert len(fonts) == len(HOUSE)
    child = multiprocessing.get_context("fork").Process(target=presses.clear)
    child.start()
    child.join(PATIENCE_S)
    assert child.exitcode == 0
    assert sorted(tmp_path.glob("weasyprint-*/*")) == fonts
    presses.clear()
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_has_typeset_ends_in_good_order() -> None:
    """With Pango 1.56 it broke off at the end, where finalizers called into libraries that were closed by then."""
    code = f"""
from pathlib import Path
from briefing.layout.typesetter import typesetter
press = typesetter(Path({str(FONTS)!r}))
kept = press.lay("<!DOCTYPE html><title>T</title><p>Words", {{}})
print(press.write(kept).data[:5])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=FONTS.parents[1], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "b'%PDF-'\n", "")
