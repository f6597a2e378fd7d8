"""PNG, JPEG and HEIC: one page, turned as the camera says."""

import io

from PIL import Image, ImageFile, ImageOps

from backend.faxes.decoding.condition import missing_tail
from backend.faxes.decoding.limits import Undecodable
from backend.faxes.decoding.squaring import Resolution


class PictureDocument:
    """A single picture; further frames of an animated PNG are no pages."""

    formats: tuple[str, ...] = ("PNG", "JPEG")

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._image = Image.open(io.BytesIO(data), formats=self.formats)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise Undecodable("page_too_large") from None
        except Exception:
            raise Undecodable("damaged") from None

    def sizes(self) -> list[tuple[int, int]]:
        """The one size, from the header."""
        return [self._image.size]

    def picture(self, index: int) -> tuple[Image.Image, Resolution | None, float]:
        """The picture; where the file was cut off, what there is of it."""
        stated = self._image.info.get("dpi")
        try:
            image, damage = _loaded(self._image), 0.0
        except OSError:
            ImageFile.LOAD_TRUNCATED_IMAGES = True
            image = _loaded(Image.open(io.BytesIO(self._data), formats=self.formats))
            damage = max(0.02, missing_tail(image))
        return ImageOps.exif_transpose(image), stated, damage


class HeicDocument(PictureDocument):
    """An iPhone's photo. Its library is large and loaded only where one is opened, inside the child's limits."""

    formats = ("HEIF",)

    def __init__(self, data: bytes) -> None:
        import pillow_heif

        # Only the picture itself: its thumbnails, depth and auxiliary images are more to attack and never shown.
        pillow_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
        super().__init__(data)


def _loaded(image: Image.Image) -> Image.Image:
    """8-bit grey on white, whatever the picture's colours and transparency."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        paper.alpha_composite(clear)
        flat = paper.convert("L")
    else:
        flat = to_grey(image)
    flat.info["exif"] = image.info.get("exif", b"")
    return flat


def to_grey(image: Image.Image) -> Image.Image:
    """Any mode as 8-bit grey. 16-bit pictures are scaled here, because Pillow would clip them."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda tone: tone / 256).convert("L")
    return image.convert("L")
