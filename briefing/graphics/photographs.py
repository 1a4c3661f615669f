"""Pictures of pixels: bytes of a file in, bytes for the page out, upright and no finer than needed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

CLEAR_PPI = 151.0  # preflight asks for 150
ENOUGH_PPI = 300.0  # more is seen neither on a screen nor on an office printer
PRESS_PPI = 450.0  # what a fine screen of 175 lines takes, and some to spare
WORTH = 1.3  # times what is enough: what has less is left as it came
_ALIKE = 0.004  # by how much the ratio of a picture may differ from that of its band: less than is seen
_ORIENTATION = 0x0112  # EXIF 2.3, 4.6.4: from 5 on, width and height change places
_KEPT = ("RGB", "L", "RGBA", "LA")  # modes that are as they were after they have been made smaller


def size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels as the picture is seen, which a camera may have turned."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        turned = image.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8)
        return (image.height, image.width) if turned else image.size


def sampled(data: bytes, width_mm: float, ppi: float) -> bytes:
    """The picture with no more pixels than its width on the page needs; the same ones where that gains little."""
    return _without_remarks(_smaller(data, width_mm, ppi))


def cropped(data: bytes, ratio: float, focus: str) -> bytes:
    """The part of a picture that is so many times as wide as high, upright; `focus` says what of its height stays."""
    from PIL import Image, ImageOps

    wide, tall = size(data)
    if abs(wide / tall / ratio - 1) < _ALIKE:
        return data
    with Image.open(io.BytesIO(data)) as image:
        upright: Image.Image = ImageOps.exif_transpose(image)
        part_wide, part_tall = (
            max(1, part) for part in (min(wide, round(tall * ratio)), min(tall, round(wide / ratio)))
        )
        left = (wide - part_wide) // 2
        top = {"top": 0, "bottom": tall - part_tall}.get(focus, (tall - part_tall) // 2)
        return _written(upright.crop((left, top, left + part_wide, top + part_tall)), image)


def _without_remarks(data: bytes) -> bytes:
    """A JPEG without remarks of somebody or a camera (COM, ISO/IEC 10918-1, B.2.4.5); others as they are."""
    kept, at = [data[:2]], 2
    while data[:2] == b"\xff\xd8" and data[at : at + 1] == b"\xff" and data[at + 1 : at + 2] not in (b"\xda", b"\xff"):
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        kept.append(b"" if data[at + 1] == 0xFE else data[at:end])
        at = end
    return b"".join([*kept, data[at:]])


def _smaller(data: bytes, width_mm: float, ppi: float) -> bytes:
    from PIL import Image, ImageOps

    wanted = round(width_mm / 25.4 * ppi)
    wide, tall = size(data)
    if wide <= WORTH * wanted:
        return data
    with Image.open(io.BytesIO(data)) as image:
        if image.mode not in _KEPT or image.format not in ("JPEG", "PNG"):
            return data
        high = max(1, round(tall * wanted / wide))
        if image.format == "JPEG":
            image.draft(
                image.mode, (2 * max(wanted, high), 2 * max(wanted, high))
            )  # decoded at a half, quarter or eighth
        upright: Image.Image = ImageOps.exif_transpose(image)
        smaller = upright.resize((wanted, high), Image.Resampling.LANCZOS)
        return _written(smaller, image)


def _written(smaller: Image, image: Image) -> bytes:
    out = io.BytesIO()
    profile = {"icc_profile": icc} if (icc := image.info.get("icc_profile")) else {}
    if image.format == "JPEG":
        smaller.save(out, "JPEG", quality=90, subsampling=0, **profile)
    else:
        smaller.save(out, "PNG", **profile)
    return out.getvalue()
