"""Images become inks, or grey where they have no colour; their masks stay as they are."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, Any

from pikepdf import Name, Object, PdfImage, Stream

from briefing.finishing.press import colour_spaces
from briefing.finishing.press.ink_recipes import Inks

if TYPE_CHECKING:
    from PIL import Image

STRIP = 256  # rows that are held against the limit of ink at once
FULL = 255


def convert(image: Stream, inks: Inks, mask: bool = False) -> None:
    """Give an image inks for its colours, within the limit; a stencil has none, and in a mask all is grey."""
    for name in (Name.Interpolate, Name.Intent):
        if name in image:
            del image[name]
    if image.get(Name.ImageMask) or (kind := _kind(image)) == colour_spaces.GREY:
        return
    if kind == colour_spaces.OTHER:
        return  # spot colours have inks of their own
    picture = _picture(image)
    if picture.mode == "CMYK" and not mask and not _is_over(picture, inks.limit):
        return
    _put(image, _converted(picture, inks, mask))


def _kind(image: Stream) -> str:
    space: Any = image.get(Name.ColorSpace)
    if space is None:
        return colour_spaces.RGB  # JPEG 2000 says within what its colours are
    kind = colour_spaces.kind(space)
    is_table = kind == colour_spaces.OTHER and str(space[0]) in ("/Indexed", "/I")
    # A table of greys is read as colours, and found to be grey.
    return (
        {colour_spaces.INKS: colour_spaces.INKS, colour_spaces.OTHER: colour_spaces.OTHER}.get(
            colour_spaces.kind(space[1]), colour_spaces.RGB
        )
        if is_table
        else kind
    )


def _picture(image: Stream) -> Image.Image:
    from PIL import Image, ImageChops

    picture: Image.Image
    size = (int(image.Width), int(image.Height))
    names = _filters(image)
    if names == ["/DCTDecode"]:
        raw = image.read_raw_bytes()
        picture = Image.open(io.BytesIO(raw))
        picture.load()
        # Pillow turns the inks of Adobe's JPEG over, which the page does with its array.
        turned = picture.mode == "CMYK" and "adobe" in picture.info
        if turned != _is_inverted(image) and picture.mode == "CMYK":
            return ImageChops.invert(picture)
        if picture.mode != "CMYK" and _is_inverted(image):
            return ImageChops.invert(picture.convert("RGB"))
        return picture
    if image.get(Name.ColorSpace) == Name.DeviceRGB and int(image.BitsPerComponent) == 8:
        picture = Image.frombytes("RGB", size, image.read_bytes())
    else:
        picture = PdfImage(image).as_pil_image()
    return ImageChops.invert(picture.convert("RGB")) if _is_inverted(image) and picture.mode != "CMYK" else picture


def _filters(image: Stream) -> list[str]:
    found: Any = image.get(Name.Filter)
    return [str(found)] if isinstance(found, Name) else [str(one) for one in found or ()]


def _is_inverted(image: Stream) -> bool:
    decode = image.get(Name.Decode)
    return decode is not None and float(decode[0]) > float(decode[1])


def _converted(picture: Image.Image, inks: Inks, mask: bool) -> Image.Image:
    from PIL import ImageChops

    if mask:
        return picture.convert("RGB").convert("L")
    if picture.mode == "CMYK":
        return _limited(picture, inks.limit)
    if picture.mode in ("1", "L", "I", "F"):
        return picture.convert("L")
    picture = picture.convert("RGB")
    red, green, blue = picture.split()
    if not ImageChops.difference(red, green).getbbox() and not ImageChops.difference(red, blue).getbbox():
        return red
    return _limited(inks.converted(picture), inks.limit)


def _is_over(picture: Image.Image, limit: float) -> bool:
    """Whether a pixel may have more ink than the limit; half tones are rounded down on the way."""
    from PIL import ImageChops

    cyan, magenta, yellow, black = picture.split()
    mean = ImageChops.add(ImageChops.add(cyan, magenta, 2), ImageChops.add(yellow, black, 2), 2)
    _, most = mean.getextrema()
    return (float(most) + 1) * 4 > limit * FULL / 100  # type: ignore[arg-type]


def _limited(picture: Image.Image, limit: float) -> Image.Image:
    """The same with no pixel over the limit: black stays, the others give way in proportion."""
    if not _is_over(picture, limit):
        return picture
    picture = picture.copy()
    for top in range(0, picture.height, STRIP):
        strip = picture.crop((0, top, picture.width, min(top + STRIP, picture.height)))
        if _is_over(strip, limit):
            picture.paste(_strip(strip, int(limit * FULL / 100)), (0, top))
    return picture


def _strip(strip: Image.Image, most: int) -> Image.Image:
    from PIL import Image, ImageMath

    *colours, black = strip.split()
    cyan, magenta, yellow = colours

    def given(of: dict[str, Any]) -> Any:
        total = of["c"] + of["m"] + of["y"]
        room = of["max"](of["min"](total, most - of["k"]), 0)
        return of["convert"](of["ink"] * room / of["max"](total, 1), "L")

    limited = [ImageMath.lambda_eval(given, ink=ink, c=cyan, m=magenta, y=yellow, k=black) for ink in colours]
    return Image.merge("CMYK", (*limited, black))


def _put(image: Stream, picture: Image.Image) -> None:
    data = zlib.compress(picture.tobytes(), 6)
    image.write(data, filter=Name.FlateDecode)
    image.ColorSpace = Name.DeviceGray if picture.mode == "L" else Name.DeviceCMYK
    image.BitsPerComponent = 8
    for name in ("/Decode", "/SMaskInData"):
        if name in image:
            del image[name]


def is_stencil(image: Object) -> bool:
    """Whether an image is a hole through which the current colour is painted."""
    return bool(image.get(Name.ImageMask))
