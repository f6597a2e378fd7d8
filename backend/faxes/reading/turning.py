"""Turning pages upright."""

import io

from PIL import Image

from backend.faxes.document import DecodedPage

TURN = {
    90: Image.Transpose.ROTATE_270,  # Pillow turns anticlockwise
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def turned(image: Image.Image, rotation: int) -> Image.Image:
    """The image turned clockwise by 0, 90, 180 or 270 degrees."""
    return image.transpose(TURN[rotation]) if rotation else image


def upright_png(page: DecodedPage, rotation: int) -> bytes:
    """The page's PNG turned clockwise by `PageText.rotation` degrees: what people look at."""
    if not rotation:
        return page.png
    out = io.BytesIO()
    with Image.open(io.BytesIO(page.png), formats=("PNG",)) as image:
        turned(image, rotation).save(out, "PNG", compress_level=1)
    return out.getvalue()


def shrink(png: bytes, width: int) -> bytes:
    """The PNG at most `width` pixels wide, for thumbnails."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        small = image.convert("L")
        small.thumbnail((width, width * 4))
        small.save(out, "PNG", compress_level=6)
    return out.getvalue()
