"""Results become pictures: one point each, said in the title, with labels beside what they name.

Drawn by Vega-Lite through vl-convert, in the colours and type of `templates/tokens.toml`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from bench import growth, life, loop, many, tables, tools
from bench.drawing import LABEL, WIDTH, Spec, bars, beside, lines, look
from bench.measuring import Record
from bench.results import Results
from bench.steps import Span
from briefing.design.tokens import Tokens, read_tokens

SCALE = 2  # pixels of the file to one of these
COLOURS = 64  # in the file: type and four tones


def draw(results: Results, folder: Path) -> dict[str, Path]:
    """Draw what was measured, by chapter; a chapter that was not measured has no picture."""
    import vl_convert

    tokens = read_tokens(tools.ROOT / "templates")
    vl_convert.register_font_directory(str(tools.FONTS))
    vl_convert.configure(allowed_base_urls=[], base_url=False)
    drawn = {}
    for chapter, spec in _PICTURES.items():
        if made := spec(results, tokens):
            file = folder / f"RESULTS-{chapter}.png"
            data = vl_convert.vegalite_to_png({**made, **look(tokens)}, scale=SCALE)
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
    return bars(title, "Seconds of waiting, median: generate.py dark, others grey", rows, _seconds, tokens)


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
    return bars(title, "Milliseconds, median", rows, _milliseconds, tokens)


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
    return beside(
        title,
        (lines("Seconds from cold, by pages", seconds, tokens), lines("Memory at its peak, MB", memory, tokens)),
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
    return beside(
        title,
        (lines("Documents a second, by documents", rates, tokens), lines("Memory at its peak, MB", memory, tokens)),
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
