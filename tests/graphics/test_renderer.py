"""Drawing: limits, caching, the same bytes, and nothing fetched."""

from __future__ import annotations

import http.server
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from briefing.design.tokens import read_tokens
from briefing.graphics import vega_process
from briefing.graphics.drawing import Drawing
from briefing.graphics.renderer import draw, tidy

pytestmark = pytest.mark.slow

TEMPLATES = Path(__file__).parents[2] / "templates"
FONTS = TEMPLATES / "fonts"


def bars(*values: float, **more: Any) -> Drawing:
    rows = [{"label": f"row {n}", "value": value} for n, value in enumerate(values)]
    spec = {
        "data": {"values": rows},
        "mark": {"type": "bar", "clip": True},
        "encoding": {
            "y": {"field": "label", "type": "nominal"},
            "x": {"field": "value", "type": "quantitative"},
        },
        **more,
    }
    return Drawing(spec, marks=len(values))


def from_address(url: str) -> Drawing:
    return replace(bars(1), spec={**bars(1).spec, "data": {"url": url}})


@pytest.fixture(scope="module")
def server():
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'[{"label": "a", "value": 1}]')

        def log_message(self, format, *args):  # noqa: A002
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}/data.json", asked
        listening.shutdown()


@pytest.fixture(scope="module")
def drawn(server, tmp_path_factory):
    """One call for all that is asked below, because a call costs half a second."""
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.json"
    secret.write_text('[{"label": "a", "value": 1}]')
    misspelt = bars(1, 2)
    misspelt.spec["transform"] = [{"filter": "datum.valeu > 0"}]
    return draw(
        {
            "first": bars(1, 2, 3),
            "again": bars(1, 2, 3),
            "web": from_address(server[0]),
            "file": from_address(secret.as_uri()),
            "misspelt": misspelt,
            "broken": bars(1, transform=[{"filter": "datum.value >"}]),
        },
        None,
        FONTS,
    )


def codes(findings, name: str) -> list[str]:
    return [findings[name].code] if name in findings else []


def test_each_drawing_becomes_an_svg_with_its_marks(drawn):
    svg, marks = tidy(drawn[0]["first"].decode())
    assert svg.startswith(b"<svg ")
    assert marks == 3


def test_a_drawing_does_not_depend_on_those_drawn_before_it(drawn):
    assert b"clip-path" in drawn[0]["first"]
    assert drawn[0]["first"] == drawn[0]["again"]


def test_another_process_draws_the_same_bytes(drawn):
    assert draw({"first": bars(1, 2, 3)}, None, FONTS)[0]["first"] == drawn[0]["first"]


def test_a_drawing_without_its_marks_is_refused(drawn):
    assert codes(drawn[1], "misspelt") == ["chart-empty"]
    assert "misspelt" not in drawn[0]


def test_a_specification_that_vega_cannot_read_is_told_in_its_words(drawn):
    assert codes(drawn[1], "broken") == ["chart-failed"]
    assert "Unexpected end of input" in drawn[1]["broken"].message


def test_nothing_is_fetched_and_no_file_is_read(drawn, server):
    assert server[1] == []
    assert codes(drawn[1], "web")
    assert codes(drawn[1], "file")
    assert not {"web", "file"} & set(drawn[0])


def test_text_keeps_the_face_and_loses_what_a_printed_page_does_not_need(drawn):
    svg = drawn[0]["first"].decode()
    assert "row 2" in svg
    assert "aria-" not in svg
    assert "NaN" not in svg


def test_what_was_drawn_once_is_not_drawn_again(tmp_path, monkeypatch):
    before = draw({"a": bars(4, 5)}, tmp_path, FONTS)
    monkeypatch.setattr("briefing.graphics.vega_process.draw", None)
    assert draw({"a": bars(4, 5)}, tmp_path, FONTS) == before
    assert before[0]["a"]
    assert not before[1]


def test_a_damaged_cache_entry_is_drawn_again(tmp_path):
    good = draw({"a": bars(4, 5)}, tmp_path, FONTS)[0]["a"]
    (entry,) = tmp_path.glob("*.svg")
    for damaged in (b"", entry.read_bytes()[:-20], entry.read_bytes().replace(b"row 1", b"row 7")):
        entry.write_bytes(damaged)
        assert draw({"a": bars(4, 5)}, tmp_path, FONTS)[0]["a"] == good
        assert entry.read_bytes().endswith(good)
    assert list(tmp_path.iterdir()) == [entry]


def test_a_failed_drawing_is_not_remembered(tmp_path):
    draw({"a": bars(1, mark="bra")}, tmp_path, FONTS)
    assert list(tmp_path.iterdir()) == []


def test_a_cache_that_cannot_be_written_costs_time_only(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    svgs, findings = draw({"a": bars(4, 5)}, blocked / "cache", FONTS)
    assert svgs["a"]
    assert not findings


def test_a_drawing_that_takes_too_much_is_stopped_and_the_others_are_drawn():
    much = bars(1, transform=[{"calculate": "length(sequence(0, 1e9))", "as": "n"}])
    long = bars(1, transform=[{"filter": "test(/^(a+)+$/, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab')"}])
    svgs, findings = draw({"a": bars(1), "much": much, "b": bars(2), "long": long}, None, FONTS, limit_seconds=2)
    assert set(svgs) == {"a", "b"}
    assert codes(findings, "much") == codes(findings, "long") == ["chart-failed"]


def test_nothing_to_draw_starts_no_process(monkeypatch):
    monkeypatch.setattr("briefing.graphics.vega_process.draw", None)
    assert not any(draw({}, None, FONTS))


def test_the_tokens_name_the_fonts_that_are_there():
    tokens = read_tokens(TEMPLATES)
    for family in tokens.font.values():
        assert list(FONTS.glob(f"{family.replace(' ', '')}_*.ttf"))
    assert tokens.px("note") >= tokens.floor["note"] * 4 / 3
    assert set(tokens.cmyk) == set(tokens.colour)


def test_one_child_makes_all_drawings_and_another_those_after_its_death():
    fonts = FONTS.resolve()
    draw({"a": bars(1)}, None, FONTS)
    child = vega_process._EASELS[fonts,]
    draw({"a": bars(2)}, None, FONTS)
    assert vega_process._EASELS[fonts,] is child
    child._process.kill()
    child._process.wait()
    svgs, findings = draw({"a": bars(2)}, None, FONTS)
    assert svgs["a"]
    assert not findings
    assert vega_process._EASELS[fonts,] is not child
