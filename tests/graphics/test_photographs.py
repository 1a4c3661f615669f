"""Pictures of pixels: upright, and no finer than their use needs."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from briefing.graphics import photographs


def photo(wide: int, tall: int, orientation: int = 1, mode: str = "RGB", kind: str = "JPEG") -> bytes:
    image = Image.radial_gradient("L").resize((wide, tall)).convert(mode)
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_as_wide_as_it_is_seen(kind: str, orientation: int) -> None:
    assert photographs.size(photo(120, 80, orientation, kind=kind)) == ((120, 80) if orientation < 5 else (80, 120))


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_photo_of_many_pixels_is_made_as_fine_as_its_use_needs(orientation: int, mode: str) -> None:
    data = photo(4000, 3000, orientation, mode)
    smaller = photographs.sampled(data, 50.8, 300)
    with Image.open(io.BytesIO(smaller)) as image:
        assert image.size == ((600, 450) if orientation < 5 else (600, 800))
        assert image.mode == mode
        assert not image.getexif()
    assert len(smaller) < len(data) / 4


@pytest.mark.parametrize("wide", [120, 4000])
def test_what_somebody_has_written_into_a_photo_is_not_printed_along(wide: int) -> None:
    out = io.BytesIO()
    Image.radial_gradient("L").resize((wide, 80)).save(out, "JPEG", comment=b"for the editor alone")
    data = photographs.sampled(out.getvalue(), 50.8, 300)
    assert b"for the editor alone" in out.getvalue()
    assert b"for the editor alone" not in data
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        assert "comment" not in image.info


def test_a_picture_that_is_fine_enough_is_left_as_it_came() -> None:
    data = photo(700, 500)
    assert photographs.sampled(data, 50.8, 300) == data
    ink = photo(4000, 3000, mode="CMYK")
    assert photographs.sampled(ink, 50.8, 300) == ink


@pytest.mark.parametrize("size", [(1, 40), (40, 1)])
def test_a_picture_of_one_pixel_across_is_cropped_to_one(size: tuple[int, int]) -> None:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, "PNG")
    for ratio in (0.01, 4.0, 90.0):
        assert min(photographs.size(photographs.cropped(out.getvalue(), ratio, "center"))) >= 1
