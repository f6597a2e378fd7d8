"""PDF pages as drawn by pdfium, which runs no scripts and follows no links in this build."""

import pypdfium2
from PIL import Image

from backend.faxes.decoding.limits import Undecodable
from backend.faxes.decoding.squaring import DPI, Resolution

_POINTS_PER_INCH = 72
_SCALE = DPI / _POINTS_PER_INCH
_REFUSALS = {
    pypdfium2.raw.FPDF_ERR_SUCCESS: "no_pages",
    pypdfium2.raw.FPDF_ERR_PASSWORD: "encrypted",
    pypdfium2.raw.FPDF_ERR_SECURITY: "encrypted",
}
_MOST_PAGES = 100_000


class PdfDocument:
    """A PDF; pages are drawn at 200 dpi with filled form fields and annotations."""

    def __init__(self, data: bytes) -> None:
        try:
            self._pdf = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise Undecodable(_REFUSALS.get(error.err_code, "damaged")) from None
        if self._pdf.get_formtype() != pypdfium2.raw.FORMTYPE_NONE:
            self._pdf.init_forms()

    def sizes(self) -> list[tuple[int, int]]:
        """Pixels of every page at 200 dpi; (0, 0) for one whose size cannot be read."""
        count = len(self._pdf)
        if count > _MOST_PAGES:
            raise Undecodable("too_many_pages")
        return [self._size(index) for index in range(count)]

    def picture(self, index: int) -> tuple[Image.Image, Resolution | None, float]:
        """The page in grey at 200 dpi."""
        page = self._pdf[index]
        try:
            bitmap = page.render(scale=_SCALE, grayscale=True)
            image = bitmap.to_pil()
            image.load()
            return image, (DPI, DPI), 0.0
        finally:
            page.close()

    def _size(self, index: int) -> tuple[int, int]:
        try:
            width, height = self._pdf.get_page_size(index)
        except pypdfium2.PdfiumError:
            return 0, 0
        return round(width * _SCALE), round(height * _SCALE)
