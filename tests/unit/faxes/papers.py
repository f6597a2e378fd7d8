"""Small faxes drawn for a test: a page of text as picture, TIFF or PDF. The people are invented."""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

LINES = (
    "LAKESIDE ORTHOPEDICS REFERRAL FOR PHYSICAL THERAPY",
    "Patient: Ada Sample     Date of birth: 04/12/1961",
    "Phone: (312) 555-0142   Diagnosis: Right shoulder pain M25.511",
    "Please evaluate and treat two times a week for six weeks.",
    "Call the office at (312) 555-0177 with any question about this order.",
)


def page(width: int = 1700, height: int = 2200) -> Image.Image:
    """A letter page at 200 dpi, black on white, 1-bit."""
    image = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=34)
    for number, line in enumerate(LINES):
        draw.text((120, 200 + number * 90), line, fill=0, font=font)
    return image.point(lambda tone: 255 if tone > 128 else 0).convert("1")


def tiff(*pages: Image.Image, dpi: tuple[int, int] = (200, 200)) -> bytes:
    """A Group 4 TIFF."""
    out = io.BytesIO()
    pages[0].save(out, "TIFF", compression="group4", dpi=dpi, save_all=True, append_images=list(pages[1:]))
    return out.getvalue()


def png(image: Image.Image) -> bytes:
    """A PNG."""
    out = io.BytesIO()
    # Pillow leaves its encoder settings on the image it saved.
    image.copy().save(out, "PNG")
    return out.getvalue()


def pdf(pages: int = 1) -> bytes:
    """A PDF with a text layer."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=letter)
    for _ in range(pages):
        for number, line in enumerate(LINES):
            canvas.drawString(54, 720 - number * 24, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def noise(width: int, height: int) -> Image.Image:
    """A page that compresses badly."""
    grains = np.random.default_rng(7).integers(0, 2, (height, width), dtype=np.uint8) * 255
    return Image.fromarray(grains).convert("1")
