"""Pictures of pages are those that the page has, as they are shown at once and as they are kept."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image

from briefing.layout.typesetter import typesetter
from briefing.preview import picture_cache
from briefing.preview.page_images import appearances, pages, render_page, squeezed
from briefing.preview.picture_cache import PictureCache
from tests.support.builds import TEMPLATES

PAGE = """<style>@page { size: 80mm 60mm } body { background: #fc8; color: #036 }</style>
<p>One</p><p style="break-before: page">Two</p>"""


@pytest.fixture(scope="module")
def pdf() -> bytes:
    press = typesetter(TEMPLATES / "fonts")
    return press.write(press.lay(PAGE, {})).data


def pixels(picture: bytes) -> tuple[tuple[int, int], bytes]:
    with Image.open(io.BytesIO(picture)) as image:
        return image.size, image.convert("RGB").tobytes()


@pytest.mark.parametrize("width", [400, 401, 402, 403])
def test_a_picture_is_the_page_at_any_width_and_when_it_is_kept_in_less_room(pdf: bytes, width: int) -> None:
    with pypdfium2.PdfDocument(pdf) as document:
        drawn = document[1].render(scale=width / document[1].get_width()).to_pil()
    shown = render_page(pdf, 1, width)
    assert pixels(shown) == (drawn.size, drawn.convert("RGB").tobytes())
    cache = PictureCache()
    cache.keep("a", width, shown)
    cache.squeeze()
    kept = cache.get("a", width)
    assert kept == squeezed(shown)
    assert pixels(kept) == pixels(shown)
    assert len(kept) < len(shown) / 4


def test_pictures_take_less_room_before_any_is_forgotten(pdf: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = render_page(pdf, 1, 400)
    monkeypatch.setattr(picture_cache, "KEPT_BYTES", 2 * len(shown))
    cache = PictureCache()
    for name in "abcd":
        cache.keep(name, 400, shown)
    assert [cache.get(name, 400) is not None for name in "abcd"] == [True] * 4
    assert cache.get("d", 400) == shown
    for number in range(40):
        cache.keep(str(number), 400, shown)
    assert cache.get("a", 400) is None
    assert sum(map(len, cache._kept.values())) == cache._bytes <= 2 * len(shown)


def test_while_nothing_is_done_only_the_newest_pictures_are_kept(pdf: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = render_page(pdf, 1, 400)
    monkeypatch.setattr(picture_cache, "AT_REST_BYTES", 2 * len(squeezed(shown)))
    cache = PictureCache()
    for name in "abcd":
        cache.keep(name, 400, shown)
    cache.squeeze()
    assert [cache.get(name, 400) is not None for name in "abcd"] == [False, False, True, True]
    assert sum(map(len, cache._kept.values())) == cache._bytes


def test_pages_are_known_by_the_digest_that_was_given_or_by_their_pixels(pdf: bytes) -> None:
    assert [page.sheet.digest for page in pages(pdf, (), ())] == appearances(pdf)
    given = list(pages(pdf, (300,), {"b"}, ("a", "b")))
    assert [(page.sheet.digest, list(page.pictures)) for page in given] == [("a", [300]), ("b", [])]
