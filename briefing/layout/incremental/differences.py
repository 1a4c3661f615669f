"""What differs between two sources of a page: texts alone, or what stands inside of an element."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element


@dataclass(frozen=True)
class Difference:
    """An element that says something else: words alone, or all that it holds has others in its place."""

    old: Element
    new: Element
    whole: bool  # other elements stand in it; else the same ones, with other words


def differences(old: Element, new: Element) -> Iterator[Difference] | None:
    """Where a tree differs from an older one, outermost first; nothing where its root is another one."""
    return None if _differ(old, new) else _within(old, new)


def _differ(old: Element, new: Element) -> bool:
    return old.tag != new.tag or old.attrib != new.attrib


def _within(old: Element, new: Element) -> Iterator[Difference]:
    if len(old) != len(new) or any(map(_differ, old, new)):
        yield Difference(old, new, True)
        return
    if old.text != new.text or any(one.tail != other.tail for one, other in zip(old, new, strict=True)):
        yield Difference(old, new, False)
    for one, other in zip(old, new, strict=True):
        yield from _within(one, other)


def put(difference: Difference) -> None:
    """Have the old element say what the new one does."""
    old, new = difference.old, difference.new
    old.text = new.text
    if difference.whole:
        old[:] = list(new)
    else:
        for one, other in zip(old, new, strict=True):
            one.tail = other.tail
