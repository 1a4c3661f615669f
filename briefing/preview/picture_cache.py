"""Pictures of pages that are kept in memory while a preview runs."""

from __future__ import annotations

from collections import OrderedDict

KEPT_BYTES = 150_000_000


class PictureCache:
    """Pictures of pages by digest and width, the longest unused forgotten first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._bytes = 0

    def get(self, digest: str, width: int) -> bytes | None:
        """A PNG of a page at a width in pixels, if it is kept."""
        if (digest, width) in self._kept:
            self._kept.move_to_end((digest, width))
        return self._kept.get((digest, width))

    def keep(self, digest: str, width: int, png: bytes) -> None:
        """Keep a PNG, and forget others where there are too many bytes."""
        self._bytes += len(png) - len(self._kept.pop((digest, width), b""))
        self._kept[digest, width] = png
        while self._bytes > KEPT_BYTES and len(self._kept) > 1:
            self._bytes -= len(self._kept.popitem(last=False)[1])
