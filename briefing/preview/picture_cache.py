"""Pictures of pages that are kept in memory while a preview runs, in less room as soon as there is time for that."""

from __future__ import annotations

import threading
from collections import OrderedDict

from briefing.preview.page_images import is_squeezed, squeezed

KEPT_BYTES = 150_000_000
AT_REST_BYTES = 50_000_000  # of pictures in less room: some 250 pages in a large window


class PictureCache:
    """Pictures of pages by digest and width, the longest unused forgotten first; for any number of threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, digest: str, width: int) -> bytes | None:
        """A picture of a page at a width in pixels, if it is kept."""
        with self._lock:
            if (digest, width) in self._kept:
                self._kept.move_to_end((digest, width))
            return self._kept.get((digest, width))

    def keep(self, digest: str, width: int, picture: bytes) -> None:
        """Keep a picture; where there are too many bytes, others in less room, and then forget some."""
        with self._lock:
            self._bytes += len(picture) - len(self._kept.pop((digest, width), b""))
            self._kept[digest, width] = picture
            large = [place for place, kept in self._kept.items() if not is_squeezed(kept)][:-1]
            while self._bytes > KEPT_BYTES and large:
                place = large.pop(0)
                self._exchange(place, squeezed(self._kept[place]))
            self._forget(KEPT_BYTES)

    def squeeze(self) -> None:
        """Keep all of them in the least room, and no more than are looked at again while one works."""
        with self._lock:
            kept = list(self._kept.items())
        for place, picture in kept:
            small = squeezed(picture)
            with self._lock:
                if self._kept.get(place) is picture:
                    self._exchange(place, small)
        with self._lock:
            self._forget(AT_REST_BYTES)

    def _forget(self, most: int) -> None:
        while self._bytes > most and len(self._kept) > 1:
            self._bytes -= len(self._kept.popitem(last=False)[1])

    def _exchange(self, place: tuple[str, int], small: bytes) -> None:
        self._bytes += len(small) - len(self._kept[place])
        self._kept[place] = small
