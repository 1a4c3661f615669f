"""The words of an author's own specification: folded and not cut, facets with a width, losses told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from briefing.findings import Finding, error
from briefing.graphics.charts.drawn import words
from briefing.graphics.charts.labels import wrap_text
from briefing.graphics.charts.witness import left_out
from briefing.graphics.drawing import Frame

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Record = Mapping[str, Any]

PARTED = ("facet", "hconcat", "vconcat", "concat", "repeat")  # keys of a specification of several pictures
_FACETS = ("row", "column", "facet")
_COLOURS = ("color", "fill", "stroke")
_GUIDES = {  # what names the values of a channel, and the share of the frame that a name may take
    **dict.fromkeys(("x", "y"), ("axis", 0.4)),
    **dict.fromkeys(_FACETS, ("header", 0.3)),
    **dict.fromkeys((*_COLOURS, "shape", "size", "opacity", "strokeDash"), ("legend", 0.3)),
}
_OURS = ("label", "series", "value", "on", "text")  # columns that the program names; the subtitle says what they are


def is_parted(spec: Mapping[str, Any]) -> bool:
    """Whether a specification draws several pictures beside each other, none of which fits the frame by itself."""
    encoding = spec.get("encoding")
    return any(key in spec for key in PARTED) or (isinstance(encoding, Mapping) and any(k in encoding for k in _FACETS))


def shades(spec: Any) -> bool:
    """Whether colours stand on a scale, as in a tile map, so that neighbours are alike by their nature."""
    return any(
        channel in _COLOURS and (one.get("type") in ("quantitative", "ordinal", "temporal") or "bin" in one)
        for channel, one in _channels(spec)
    )


def with_cells(spec: Mapping[str, Any], records: Sequence[Record], frame: Frame) -> dict[str, Any]:
    """Facets with the width and height that the frame leaves to each, where the author gives none."""
    sized = dict(spec)
    encoding = spec.get("encoding") or {}
    counts = {key: len(_values(encoding[key], records)) for key in _FACETS if isinstance(encoding.get(key), Mapping)}
    across, down = counts.get("column") or counts.get("facet"), counts.get("row")
    if across or down:
        wide = (frame.width_px - 20 * ((across or 1) - 1)) / (across or 1) - 60 / (across or 1)
        tall = (frame.height_px - 20 * ((down or 1) - 1) - 75) / (down or 1)
        sized = {"width": max(20, round(wide)), "height": max(20, round(tall))} | sized
    return sized


def with_names(node: Any, records: Sequence[Record], frame: Frame, size: float) -> Any:
    """The specification with long names folded, our own columns without their names, scales of colour in steps."""
    if isinstance(node, list):
        return [with_names(one, records, frame, size) for one in node]
    if not isinstance(node, Mapping):
        return node
    done = {key: with_names(value, records, frame, size) for key, value in node.items()}
    if isinstance(encoding := done.get("encoding"), Mapping):
        done["encoding"] = {
            channel: _named(channel, one, records, frame, size) if isinstance(one, Mapping) and "field" in one else one
            for channel, one in encoding.items()
        }
    return done


def _named(channel: str, one: Mapping[str, Any], records: Sequence[Record], frame: Frame, size: float) -> Any:
    if channel not in _GUIDES:
        return one
    guide, share = _GUIDES[channel]
    mine = {} if "title" in one or one["field"] not in _OURS else {"title": None}
    given = one.get(guide, {})
    if not isinstance(given, Mapping):
        return {**mine, **one}
    more: dict[str, Any] = {}
    if guide == "legend" and one.get("type") == "quantitative":
        more = {"type": "symbol"}  # squares keep apart on paper what a ramp lets run together
    elif names := _values(one, records) if _is_discrete(one, records) else []:
        room = share * frame.width_px if channel != "x" else frame.width_px / max(1, len(names)) - 4
        folded = {name: wrap_text(name, room, size) for name in names}
        if any("\n" in name for name in folded.values()):
            more = {"labelExpr": f"{json.dumps(folded)}[datum.value] || datum.label"}
    return {**mine, **one, guide: {**more, **given}} if more else {**mine, **one}


def _channels(node: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every channel of every encoding that shows a field."""
    if isinstance(node, list):
        for one in node:
            yield from _channels(one)
    elif isinstance(node, Mapping):
        for key, value in node.items():
            if key == "encoding" and isinstance(value, Mapping):
                yield from ((name, one) for name, one in value.items() if isinstance(one, Mapping) and "field" in one)
            yield from _channels(value)


def _values(one: Mapping[str, Any], records: Sequence[Record]) -> list[str]:
    found = (record.get(str(one["field"])) for record in records) if "field" in one else ()
    return list(dict.fromkeys(str(value) for value in found if value is not None))


def _is_discrete(one: Mapping[str, Any], records: Sequence[Record]) -> bool:
    kind = one.get("type", "nominal")
    return kind in ("nominal", "ordinal") and all(
        isinstance(record.get(str(one["field"])), str | None) for record in records
    )


# ------------------------------------------------------------------ what was drawn


def judge_custom(spec: Mapping[str, Any], records: Sequence[Record], frame: Frame, svg: Element) -> Iterator[Finding]:
    """What a drawing cuts off or leaves out, and whether it keeps to its frame."""
    said = [one.text for one in words(svg)]
    for text in (one for one in said if "…" in one and not any(one in str(record.values()) for record in records)):
        hint = "take away the limit of its labels, or shorten the names"
        yield error("chart-cut", f"the drawing cuts a name off: “{text}”", hint=hint)
    wide, tall = float(svg.get("width", 0)), float(svg.get("height", 0))
    if wide > frame.width_px + 1 or tall > frame.height_px + 1:
        have, want = (f"{w * 25.4 / 96:.0f} × {h * 25.4 / 96:.0f} mm" for w, h in ((wide, tall), _size(frame)))
        hint = (
            "write width and height, in pixels of a 96th of an inch, for one of its pictures; names take room as well"
        )
        yield error("chart-wide", f"the drawing is {have} large where its place has {want}", hint=hint)
    shown = {
        name: name
        for channel, one in _channels(spec)
        if channel in _GUIDES and one.get(_GUIDES[channel][0], {}) is not None and _is_discrete(one, records)
        for name in _values(one, records)
    }
    if not re.search(r'"(?:labelExpr|transform|labels|scale)"', json.dumps(spec)):  # an author who changes names knows
        yield from left_out(shown.items(), said * max(1, len(said)))


def _size(frame: Frame) -> tuple[float, float]:
    return frame.width_px, frame.height_px
