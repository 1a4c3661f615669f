"""Results become pictures: one point each, said in the title, with labels beside what they name.

Drawn by Vega-Lite through vl-convert, in the colours and type of `templates/tokens.toml`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bench import growth, life, loop, many, tables, tools
from bench.measuring import Record
from bench.results import Results
from bench.steps import Span
from briefing.tokens import Tokens, read_tokens

Spec = dict[str, Any]
WIDTH, BAR, APART = 640, 21, 15  # pixels: a picture's plot, a row of bars, and the least between two labels
LABEL = 400  # the longest name beside a bar
SCALE = 2  # pixels of the file to one of these
COLOURS = 64  # in the file: type and four tones


def draw(results: Results, folder: Path) -> dict[str, Path]:
    """Draw what was measured, by chapter; a chapter that was not measured has no picture."""
    import vl_convert

    tokens = read_tokens(tools.ROOT / "templates")
    vl_convert.register_font_directory(str(tools.FONTS))
    drawn = {}
    for chapter, spec in _PICTURES.items():
        if made := spec(results, tokens):
            file = folder / f"RESULTS-{chapter}.png"
            data = vl_convert.vegalite_to_png({**made, **_look(tokens)}, scale=SCALE, allowed_base_urls=[])
            file.write_bytes(_small(data))
            drawn[chapter] = file
    return drawn


def _small(png: bytes) -> bytes:
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        few = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


# ------------------------------------------------------------------ what each shows


def _life(results: Results, tokens: Tokens) -> Spec | None:
    """How long each step of a briefing's life takes, beside the peers."""
    names = (life.COLD, life.STYLE, life.FIGURE, life.WORD_BRIEF, life.WORD_SHEET, life.UNCHANGED, life.CHECK)
    ours = _found(results, life.CHAPTER, names)
    peers = _found(results, life.CHAPTER, (life.PLAIN, life.CHROMIUM, life.TYPST))
    cold, unchanged = (results.of(life.CHAPTER, name) for name in (life.COLD, life.UNCHANGED))
    if not cold or not unchanged:
        return None
    title = (
        f"Both documents take {_seconds(tables.median(cold))} from cold, "
        f"and {_seconds(tables.median(unchanged))} where nothing changed"
    )
    rows = [(one.name.replace("`", ""), one, True) for one in ours]
    rows += [(one.name, one, False) for one in peers]
    return _bars(title, "Seconds of waiting, median: generate.py dark, others grey", rows, _seconds, tokens)


def _loop(results: Results, tokens: Tokens) -> Spec | None:
    """From a saved word to the new page."""
    rows = []
    found = {record.name: record for record in results.chapter(loop.CHAPTER)}
    for document in life.BOTH:
        for tool in (loop.OURS, loop.WHOLE, loop.PLAIN, loop.TYPST):
            if record := found.get(loop.name(tool, document)):
                said = tool.replace("`generate.py preview`", "generate.py preview")
                rows.append((f"{loop.TITLES[document]}: {said}", record, tool in (loop.OURS, loop.WHOLE)))
    if not rows:
        return None
    preview = found.get(loop.name(loop.OURS, "brief"))
    title = (
        f"In the preview a changed word of the brief shows after {_seconds(tables.median(preview))}"
        if preview
        else "From a saved word to the new pages, in processes that stay alive"
    )
    return _bars(title, "Milliseconds, median", rows, _milliseconds, tokens)


def _growth(results: Results, tokens: Tokens) -> Spec | None:
    """Seconds and memory by pages."""
    records = tuple(results.chapter(growth.CHAPTER))
    ours = [record for record in records if record.name == growth.OURS]
    if len(ours) < 2:
        return None
    large = ours[-1]
    each = tables.median(large) / large.size * 1000
    title = f"{large.size} pages take {_seconds(tables.median(large))} from cold: {each:.0f} ms a page"
    seconds = [(_short(one.name), one.size, tables.median(one)) for one in records]
    memory = [(_short(one.name), one.size, tables.peak_mb(one) or 0.0) for one in records]
    return _beside(
        title,
        (_lines("Seconds from cold, by pages", seconds, tokens), _lines("Memory at its peak, MB", memory, tokens)),
        tokens,
    )


def _many(results: Results, tokens: Tokens) -> Spec | None:
    """Documents a second and memory, by documents in one run."""
    records = tuple(results.chapter(many.CHAPTER))
    every = sorted((record for record in records if record.name == many.ALL), key=lambda record: record.size)
    if len(every) < 2:
        return None
    most = every[-1]
    title = f"{most.size} documents in one run: {most.size / tables.median(most):.1f} a second"
    rates = [(one.name, one.size, one.size / tables.median(one)) for one in records]
    memory = [(one.name, one.size, tables.peak_mb(one) or 0.0) for one in records]
    return _beside(
        title,
        (_lines("Documents a second, by documents", rates, tokens), _lines("Memory at its peak, MB", memory, tokens)),
        tokens,
    )


def _steps(results: Results, tokens: Tokens) -> Spec | None:
    """What is done when in a cold build, by process."""
    spans, whole = results.steps.spans, results.steps.whole
    if not spans:
        return None
    processes = list(dict.fromkeys(span.process for span in spans))
    spans = sorted(spans, key=lambda span: (processes.index(span.process), span.began))
    tones = ("grey", "map-tint", "accent", "accent-mid")
    values = [
        {
            "name": f"{span.process.replace('_', ' ')}: {span.step}",
            "began": span.began,
            "ended": span.began + max(span.took, whole / 400),
            "shown": f"{span.took:.0f}",
            "colour": tokens.colour[_WAITS if _waits(span) else tones[processes.index(span.process) % len(tones)]],
        }
        for span in spans
    ]
    longest = max((span for span in spans if not _waits(span)), key=lambda span: span.took)
    said = f"{longest.process.replace('_', ' ')}: {longest.step}"
    title = f"A cold build takes {_seconds(whole / 1000)}; its longest step is “{said}”, {longest.took:.0f} ms"
    y = {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None, "labelLimit": LABEL}}
    x = {"field": "began", "type": "quantitative", "axis": {"title": None, "format": ".0f", "tickCount": 6}}
    scale = {"domain": [0, whole]}
    return {
        "data": {"values": values},
        "title": {"text": title, "subtitle": "Milliseconds since the command was given", "frame": "bounds"},
        "width": WIDTH - 110,
        "height": {"step": 17},
        "layer": [
            {
                "mark": {"type": "bar", "height": {"band": 0.66}},
                "encoding": {
                    "y": y,
                    "x": {**x, "scale": scale},
                    "x2": {"field": "ended"},
                    "color": {"field": "colour", "scale": None},
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "color": tokens.colour["ink"]},
                "encoding": {"y": y, "x": {"field": "ended", "type": "quantitative"}, "text": {"field": "shown"}},
            },
        ],
    }


_WAITS = "accent-light"  # what is no work is hardly seen


def _waits(span: Span) -> bool:
    return span.step.startswith("wait")


# ------------------------------------------------------------------ how it is drawn


def _bars(
    title: str, subtitle: str, rows: Sequence[tuple[str, Record, bool]], shown: Callable[[float], str], tokens: Tokens
) -> Spec:
    """A row for each thing, its value beside its bar."""
    values = [
        {"name": name, "value": tables.median(record), "shown": shown(tables.median(record)), "ours": ours}
        for name, record, ours in rows
    ]
    colour = {
        "condition": {"test": "datum.ours", "value": tokens.colour["accent"]},
        "value": tokens.colour["grey"],
    }
    y = {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "axis": {"title": None, "labelLimit": LABEL},
        "scale": {"paddingInner": 0.35},
    }
    x = {"field": "value", "type": "quantitative", "axis": None, "scale": {"zero": True}}
    return {
        "data": {"values": values},
        "title": {"text": title, "subtitle": subtitle, "frame": "bounds"},
        "width": WIDTH - 170,
        "height": {"step": BAR},
        "layer": [
            {"mark": {"type": "bar"}, "encoding": {"y": y, "x": x, "color": colour}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "color": tokens.colour["ink"]},
                "encoding": {"y": y, "x": x, "text": {"field": "shown"}},
            },
        ],
    }


def _lines(title: str, points: Sequence[tuple[str, int, float]], tokens: Tokens) -> Spec:
    """A line for each name, its name and last value at its end."""
    height, wide = 240, WIDTH // 2 - 105
    names = list(dict.fromkeys(name for name, _, _ in points))
    most = max(value for _, _, value in points)
    tones = ("accent", "accent-mid", "grey", "rule")
    ends = {name: max((at, value) for one, at, value in points if one == name) for name in names}
    places = _apart({name: height * (1 - value / most) for name, (_, value) in ends.items()})
    longest = max(at for _, at, _ in points)
    ticks = {"title": None, "values": sorted({at for _, at, _ in points}), "grid": False, "labelOverlap": "greedy"}
    x = {"field": "at", "type": "quantitative", "axis": ticks, "scale": {"domain": [0, longest]}}
    y = {
        "field": "value",
        "type": "quantitative",
        "axis": {"title": None, "tickCount": 4},
        "scale": {"domain": [0, most]},
    }
    colour = {
        "field": "name",
        "scale": {"domain": names, "range": [tokens.colour[tone] for tone in tones[: len(names)]]},
        "legend": None,
    }
    values = [{"name": name, "at": at, "value": value} for name, at, value in points]
    labels = [
        {
            "data": {"values": [{"shown": f"{name} {_number(ends[name][1])}"}]},
            "mark": {
                "type": "text",
                "align": "left",
                "fontWeight": 600 if not index else 400,
                "x": wide * ends[name][0] / longest + 8,
                "y": places[name],
                "color": tokens.colour["accent" if not index else "muted"],
            },
            "encoding": {"text": {"field": "shown"}},
        }
        for index, name in enumerate(names)
    ]
    return {
        "title": {"text": title, "fontSize": 12, "fontWeight": 600},
        "width": wide,
        "height": height,
        "layer": [
            {
                "data": {"values": values},
                "mark": {"type": "line", "strokeWidth": 2, "point": {"size": 30, "filled": True}},
                "encoding": {"x": x, "y": y, "color": colour},
            },
            *labels,
        ],
    }


def _beside(title: str, parts: Iterable[Spec], tokens: Tokens) -> Spec:
    """Two pictures under one title."""
    return {"title": {"text": title, "color": tokens.colour["ink"]}, "hconcat": list(parts), "spacing": 36}


def _apart(places: Mapping[str, float]) -> dict[str, float]:
    """Heights of labels, in their order, none nearer to another than its own height; the lowest stays."""
    found: dict[str, float] = {}
    floor = float("inf")
    for name, place in sorted(places.items(), key=lambda one: -one[1]):
        floor = found[name] = min(place, floor - APART)
    return found


def _look(tokens: Tokens) -> Spec:
    sans, colour = f"'{tokens.font['sans']}'", tokens.colour
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": colour["paper"],
        "padding": 14,
        "config": {
            "font": sans,
            "view": {"stroke": None},
            "title": {
                "anchor": "start",
                "frame": "group",
                "offset": 12,
                "font": sans,
                "fontSize": 15,
                "fontWeight": 700,
                "color": colour["ink"],
                "subtitleFont": sans,
                "subtitleFontSize": 12,
                "subtitleColor": colour["muted"],
            },
            "axis": {
                "labelFont": sans,
                "labelFontSize": 12,
                "labelColor": colour["ink"],
                "labelPadding": 6,
                "domain": False,
                "ticks": False,
                "gridColor": colour["accent-light"],
            },
            "text": {"font": sans, "fontSize": 12},
        },
    }


def _found(results: Results, chapter: str, names: Iterable[str]) -> list[Record]:
    return [record for record in map(partial(results.of, chapter), names) if record]


_PICTURES: Mapping[str, Callable[[Results, Tokens], Spec | None]] = {
    life.CHAPTER: _life,
    loop.CHAPTER: _loop,
    growth.CHAPTER: _growth,
    many.CHAPTER: _many,
    "steps": _steps,
}


def _short(name: str) -> str:
    return name.replace("`", "").removesuffix(", cold").removeprefix("headless ")


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value >= 1 else f"{value:.2f} s"


def _milliseconds(value: float) -> str:
    return f"{1000 * value:.0f} ms"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"
