"""A page as a fax machine prints it: black or white, 1728 dots across, 204 by 196 to the inch, coded G4.

Made here, so that what is sent is what was looked at: no carrier rasters it in greys of its own.
"""

import io
import threading
from typing import Final

import img2pdf
import pypdfium2
from PIL import Image

ACROSS: Final = 1728
DOTS: Final = (204, 196)
# Twice the dots, so that thin strokes survive being made smaller.
DRAWN_AT: Final = 408
# Greys become black: a fax has no light letters.
BLACK_BELOW: Final = 170
# PDFium knows one thread at a time.
_PDFIUM = threading.Lock()


def fax_pages(pdf: bytes) -> list[Image.Image]:
    """Its pages in 1 bit."""
    with _PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            drawn = [page.render(scale=DRAWN_AT / 72, grayscale=True).to_pil() for page in document]
        finally:
            document.close()
    return [_squeezed(page) for page in drawn]


def _squeezed(page: Image.Image) -> Image.Image:
    height = round(page.height / DRAWN_AT * DOTS[1])
    grey = page.resize((ACROSS, height), Image.Resampling.LANCZOS)
    return grey.point([0] * BLACK_BELOW + [255] * (256 - BLACK_BELOW)).convert("1", dither=Image.Dither.NONE)


def tiff_of(pdf: bytes) -> tuple[bytes, int]:
    """The fax as a TIFF, and how many pages it has."""
    pages, out = fax_pages(pdf), io.BytesIO()
    pages[0].save(
        out, "TIFF", compression="group4", dpi=DOTS, save_all=True, append_images=pages[1:], description="Frontdesk"
    )
    return out.getvalue(), len(pages)


def picture_of(pdf: bytes) -> bytes:
    """The first page as a machine prints it, for a screen."""
    out = io.BytesIO()
    fax_pages(pdf)[0].save(out, "PNG", optimize=True)
    return out.getvalue()


def as_pdf(tiff: bytes) -> bytes:
    """The same dots in a PDF, for carriers that take nothing else."""
    wrapped: bytes = img2pdf.convert(tiff, nodate=True)
    return wrapped
