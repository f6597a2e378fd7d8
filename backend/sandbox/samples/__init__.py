"""Sample faxes of invented people: our own layouts, as text PDF or as what a fax line makes of them."""

import io
import random
from datetime import UTC, date, datetime
from typing import Final

import numpy as np
import pypdfium2
from PIL import Image
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from backend.sandbox.samples.layouts import LAYOUTS, Pen
from backend.sandbox.samples.people import Person, invent

__all__ = ["CONDITIONS", "LAYOUTS", "draw", "preview"]

CONDITIONS: Final = {
    "text_pdf": "Sharp PDF from a computer",
    "fine": "Fax, fine (204 × 196 dpi)",
    "standard_noisy": "Fax, standard and noisy (204 × 98 dpi)",
}
INCH = 72
NOISE = 0.0015


def draw(layout: str, condition: str, seed: int, today: date | None = None) -> tuple[bytes, str]:
    """(document, media type). Raises `KeyError` for an unknown layout or condition."""
    CONDITIONS[condition]
    pdf = _pdf(layout, invent(seed, today or datetime.now(UTC).date()))
    if condition == "text_pdf":
        return pdf, "application/pdf"
    return _tiff(pdf, noisy=condition == "standard_noisy", seed=seed), "image/tiff"


def preview(layout: str, condition: str, seed: int) -> bytes:
    """The first page as PNG."""
    document, media_type = draw(layout, condition, seed)
    if media_type == "application/pdf":
        page = _rendered(document)[0]
    else:
        with Image.open(io.BytesIO(document)) as tiff:
            page = tiff.convert("L").resize((1700, 2200))
    out = io.BytesIO()
    page.resize((850, 1100)).save(out, "PNG")
    return out.getvalue()


def _pdf(layout: str, person: Person) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=letter, invariant=True)
    LAYOUTS[layout].draw(Pen(canvas), person)
    canvas.save()
    return out.getvalue()


def _rendered(pdf: bytes) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=204 / INCH, grayscale=True).to_pil() for page in document]


def _tiff(pdf: bytes, *, noisy: bool, seed: int) -> bytes:
    """Group 4, one bit, at fax resolution."""
    pages = [_faxed(page, noisy, seed + place) for place, page in enumerate(_rendered(pdf))]
    out = io.BytesIO()
    dpi = (204, 98) if noisy else (204, 196)
    pages[0].save(out, "TIFF", compression="group4", dpi=dpi, save_all=True, append_images=pages[1:])
    return out.getvalue()


def _faxed(page: Image.Image, noisy: bool, seed: int) -> Image.Image:
    if noisy:
        tilt = random.Random(seed).uniform(-0.9, 0.9)
        page = page.rotate(tilt, fillcolor=255, resample=Image.Resampling.BICUBIC)
    size = (1728, 1078 if noisy else 2156)
    pixels = np.asarray(page.resize(size, Image.Resampling.LANCZOS)) > 140
    if noisy:
        grains = np.random.default_rng(seed).random(pixels.shape)
        pixels = np.where(grains < NOISE, ~pixels, pixels)
    return Image.fromarray((pixels * 255).astype(np.uint8)).convert("1")
