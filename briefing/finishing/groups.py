"""Transparency groups that nothing needs: a viewer draws each into whole pixels, which shaves the letters in it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Page, Pdf, Stream

from briefing.finishing.context import Finishing

_NONE = Name("/None")
_CALLED = re.compile(rb"/[^\s/()<>\[\]{}%]+")


def remove_needless_groups(pdf: Pdf, _about: Finishing | None = None) -> None:
    """Draw every form straight on its page where nothing on that page is seen through (ISO 32000-1, 11.6.6).

    A typesetter puts each label of a drawing that does not begin at its anchor into a group of its own. Each page is
    judged by itself, so that one that is written alone looks as it does in its document.
    """
    forms: dict[tuple[int, int], Stream] = {}
    needed: set[tuple[int, int]] = set()
    for page in pdf.pages:
        called = [*_called(_content(page), page.obj.get("/Resources", Dictionary()), set())]
        grouped = {one.objgen: one for one in called if isinstance(one, Stream) and "/Group" in one}
        forms |= grouped
        if any(isinstance(one, Dictionary) and _blends(one) for one in called):
            needed |= grouped.keys()
    for number in forms.keys() - needed:
        del forms[number]["/Group"]


def without_needless_groups(data: bytes) -> bytes:
    """A file that is seen once and not kept, without them."""
    if b"/Group" not in data:
        return data
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(data)) as pdf:
        remove_needless_groups(pdf)
        pdf.save(out, compress_streams=False, object_stream_mode=ObjectStreamMode.disable, fix_metadata_version=False)
    return out.getvalue()


def _content(page: Page) -> bytes:
    content = page.obj.get("/Contents", Array())
    parts = [content] if isinstance(content, Stream) else [*content]
    return b"\n".join(part.read_bytes() for part in parts)


def _called(content: bytes, resources: Object, met: set[tuple[int, int]]) -> Iterator[Dictionary | Stream]:
    """What a content calls by name of graphics states, forms and patterns, and what these call."""
    names = {name.decode("latin-1") for name in _CALLED.findall(content)}
    for kind in ("/ExtGState", "/XObject", "/Pattern"):
        for name, thing in resources.get(kind, Dictionary()).items():
            if name not in names or (thing.is_indirect and thing.objgen in met):
                continue
            met.add(thing.objgen)
            if isinstance(thing, Dictionary | Stream):
                yield thing
            if isinstance(thing, Stream) and "/Resources" in thing:
                yield from _called(thing.read_bytes(), thing.Resources, met)


def _blends(state: Dictionary) -> bool:
    """Whether what is painted in a state lets something below it be seen."""
    alphas = [float(state.get(key, 1)) for key in ("/ca", "/CA")]
    return min(alphas) < 1 or state.get("/SMask", _NONE) != _NONE or state.get("/BM", Name.Normal) != Name.Normal
