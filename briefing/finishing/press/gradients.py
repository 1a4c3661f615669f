"""Gradients become inks: each stretch between two colours keeps its place, so that hard edges stay hard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from briefing.finishing.context import Recipe
from briefing.finishing.press import colour_spaces
from briefing.finishing.press.ink_recipes import Inks

STEPS = 32  # between two colours of a gradient that is converted through the profile
ALL = 256  # samples of a function that is none of ours
FULL = 255

Mix = Callable[[float], Sequence[float]]  # a place on the gradient becomes a colour
Inked = Callable[[Sequence[float]], tuple[float, ...]]  # and a colour becomes inks


def convert(pdf: Pdf, shading: Object, inks: Inks, mask: bool = False) -> None:
    """Give an axial, radial or other gradient by function inks for its colours.

    A mesh, or a function of PostScript, is left as it is: the typesetter writes none, and preflight names what is left.
    """
    kind = colour_spaces.kind(shading.get(Name.ColorSpace))
    if kind not in (colour_spaces.RGB, colour_spaces.LAB) or int(shading.ShadingType) not in (2, 3):
        return

    def inked(numbers: Sequence[float]) -> tuple[float, ...]:
        colour = colour_spaces.convert_to_srgb_or_inks(kind, numbers)
        assert len(colour) == 3
        if mask:
            return (0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2],)
        return _part(inks.recipe(colour))

    function = shading.Function
    converted = _function(pdf, function, inked, _domain(shading))
    if converted is not None:
        shading.Function = converted
        shading.ColorSpace = Name.DeviceGray if mask else Name.DeviceCMYK
        if Name.Background in shading:
            shading.Background = Array([round(part, 4) for part in inked(_floats(shading.Background))])


def _part(recipe: Recipe) -> tuple[float, ...]:
    return tuple(ink / 100 for ink in recipe)


def _domain(shading: Object) -> tuple[float, float]:
    low, high = _floats(shading.get(Name.Domain, Array([0, 1])))
    return (low, high)


def _function(pdf: Pdf, function: Any, inked: Inked, domain: tuple[float, float]) -> Object | None:
    if not isinstance(function, Array) and int(function.FunctionType) == 3:
        parts = [_function(pdf, one, inked, (0.0, 1.0)) for one in function.Functions]
        if all(part is not None for part in parts):
            stitched = Dictionary(function)
            stitched.Functions = Array(parts)
            if Name.Range in stitched:
                del stitched[Name.Range]
            return pdf.make_indirect(stitched)
        return None
    if not isinstance(function, Array) and int(function.FunctionType) == 2:
        domain = _domain(function)
    mix = _mix(function)
    if mix is None:
        return None
    steps = STEPS if not isinstance(function, Array) and int(function.FunctionType) == 2 else ALL
    low, high = domain
    return _sampled(pdf, [inked(mix(low + (high - low) * step / steps)) for step in range(steps + 1)], domain)


def _mix(function: Any) -> Mix | None:
    """A function of one number as one of ours (ISO 32000-1, 7.10); nothing where it is of another kind."""
    if isinstance(function, Array):
        parts = [_mix(one) for one in function]
        known = [part for part in parts if part is not None]
        return (lambda at: [part(at)[0] for part in known]) if len(known) == len(parts) else None
    kind = int(function.FunctionType)
    if kind == 2:
        first, last = _floats(function.get(Name.C0, Array([0]))), _floats(function.get(Name.C1, Array([1])))
        power = float(function.N)
        return lambda at: [a + at**power * (b - a) for a, b in zip(first, last, strict=True)]
    if kind == 3:
        return _stitched(function)
    if kind == 0 and isinstance(function, Stream) and int(function.BitsPerSample) == 8 and len(function.Size) == 1:
        return _looked_up(function)
    return None


def _stitched(function: Any) -> Mix | None:
    parts = [_mix(one) for one in function.Functions]
    known = [part for part in parts if part is not None]
    edges = [float(function.Domain[0]), *_floats(function.Bounds), float(function.Domain[1])]
    codes = _floats(function.Encode)
    if len(known) != len(parts):
        return None

    def mix(at: float) -> Sequence[float]:
        number = next((n for n, (_, end) in enumerate(pairwise(edges)) if at < end), len(known) - 1)
        low, high = edges[number], edges[number + 1]
        first, last = codes[2 * number], codes[2 * number + 1]
        return known[number](first + (last - first) * ((at - low) / (high - low) if high > low else 0.0))

    return mix


def _looked_up(function: Stream) -> Mix:
    data, count = function.read_bytes(), int(function.Size[0])
    wide = len(_floats(function.Range)) // 2
    low, high = _floats(function.Domain)
    ranges = _floats(function.get(Name.Decode, function.Range))

    def mix(at: float) -> Sequence[float]:
        place = (at - low) / (high - low) * (count - 1)
        first = min(int(place), count - 2) if count > 1 else 0
        part = place - first
        found = []
        for channel in range(wide):
            one = data[first * wide + channel]
            other = data[min(first + 1, count - 1) * wide + channel]
            bottom, top = ranges[2 * channel], ranges[2 * channel + 1]
            found.append(bottom + (top - bottom) * (one + (other - one) * part) / FULL)
        return found

    return mix


def _sampled(pdf: Pdf, samples: Sequence[tuple[float, ...]], domain: tuple[float, float]) -> Stream:
    """A table of samples (ISO 32000-1, 7.10.2)."""
    data = bytes(int(min(1.0, max(0.0, part)) * FULL + 0.5) for sample in samples for part in sample)
    return Stream(
        pdf,
        data,
        FunctionType=0,
        Domain=Array(domain),
        Range=Array([0, 1] * len(samples[0])),
        Size=Array([len(samples)]),
        BitsPerSample=8,
    )


def _floats(array: Iterable[Any]) -> list[float]:
    return [float(number) for number in array]
