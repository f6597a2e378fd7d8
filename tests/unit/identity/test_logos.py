"""Logos: files that lie or would do harm are refused; what is left is clear in black and white."""

import io
import struct
import zlib
from collections.abc import Callable
from datetime import date

import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageOps

from backend.identity import logos
from backend.identity.logos import PAPER_DPI, PAPER_MM, UnusableLogo, redrawn
from backend.loop import facsimile, page, sample
from backend.loop.content import Sender

TEAL, AMBER = "#0f766e", "#fbbf24"


def saved(picture: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def drawn(ink: str, ground: str = "white", size: tuple[int, int] = (400, 120), mode: str = "RGB") -> Image.Image:
    picture = Image.new(mode, size, ground)
    left, top = size[0] // 10, size[1] // 4
    ImageDraw.Draw(picture).rectangle((left, top, size[0] - left, size[1] - top), fill=ink)
    return picture


def paper(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(redrawn(data).paper))


def share_black(picture: Image.Image) -> float:
    return picture.convert("L").histogram()[0] / (picture.width * picture.height)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of(width: int, height: int, *chunks: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(chunks) + chunk(b"IEND", b"")


BOMB = png_of(50_000, 50_000, chunk(b"IDAT", zlib.compress(b"\0" * 1000)))
WIDE = png_of(6001, 30, chunk(b"IDAT", zlib.compress(b"\0" * 1000)))
EMPTY = png_of(200, 100, chunk(b"IDAT", b""))
WORDY = png_of(
    200, 100, chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 80_000_000)),
    chunk(b"IDAT", zlib.compress(b"\0" * 601 * 100)),
)  # fmt: skip
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "svg": lambda: SVG,
    "gif": lambda: saved(drawn(TEAL), "GIF"),
    "pdf": lambda: b"%PDF-1.7\n",
    "web page behind a JPEG's first bytes": lambda: b"\xff\xd8\xff" + SVG,
    "PNG by name only": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
    "cut off": lambda: saved(drawn(TEAL, size=(800, 400)))[:600],
    "a bomb": lambda: BOMB,
    "too wide": lambda: WIDE,
    "no pixels": lambda: EMPTY,
    "a bomb of words": lambda: WORDY,
    "tiny": lambda: saved(drawn("white", TEAL, size=(20, 20))),
    "white on white": lambda: saved(drawn("white")),
    "white on nothing": lambda: saved(drawn("white", "#ffffff00", mode="RGBA")),
    "a line": lambda: saved(ImageOps.expand(Image.new("RGB", (400, 4), TEAL), 30, "white")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_head_a_letter_is_refused(name: str) -> None:
    with pytest.raises(UnusableLogo) as refusal:
        redrawn(REFUSED[name]())
    assert refusal.value.detail.endswith(".") and refusal.value.errors[0].pointer == "/file"


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("ink", ["black", TEAL, "#f5d76e", "#e5e7eb"])
def test_one_ink_becomes_black_however_pale(kind: str, ink: str) -> None:
    picture = paper(saved(drawn(ink), kind))
    assert picture.mode == "1"
    assert share_black(picture) > 0.9, "cropped to what is drawn"


def test_a_picture_on_a_dark_ground_keeps_its_letters_white() -> None:
    picture = paper(saved(drawn("white", "#0b1f3a")))
    assert 0.5 < share_black(picture) < 0.8
    assert picture.getpixel((picture.width // 2, picture.height // 2)) == 255


def test_two_inks_are_told_apart() -> None:
    both = drawn(TEAL)
    ImageDraw.Draw(both).rectangle((100, 45, 300, 75), fill=AMBER)
    picture = paper(saved(both)).convert("L")
    inner = picture.crop((picture.width * 3 // 8, picture.height * 3 // 8, picture.width // 2, picture.height // 2))
    assert 0.1 < share_black(inner) < 0.6, "dots"
    assert share_black(picture.crop((8, 8, 40, 40))) == 1, "the darker ink is black"


def test_nothing_of_the_file_but_its_pixels_is_kept() -> None:
    secret = Image.Exif()
    secret[0x010E] = "Ada Sample"
    data = saved(drawn(TEAL), "JPEG", exif=secret, comment=b"Ada Sample")
    assert b"Ada Sample" in data
    logo = redrawn(data)
    assert b"Ada" not in logo.screen + logo.paper
    screen = Image.open(io.BytesIO(logo.screen))
    assert (screen.format, screen.info.get("exif")) == ("PNG", None)


@pytest.mark.parametrize("size", [(4000, 300), (300, 4000), (2000, 2000), (60, 60)])
def test_it_is_never_larger_than_its_place(size: tuple[int, int]) -> None:
    logo = redrawn(saved(drawn(TEAL, size=size)))
    screen, print_ = Image.open(io.BytesIO(logo.screen)), Image.open(io.BytesIO(logo.paper))
    assert screen.width <= logos.SCREEN[0] and screen.height <= logos.SCREEN[1]
    across, down = (round(side / PAPER_DPI * 25.4, 1) for side in print_.size)
    assert across <= PAPER_MM[0] + 0.1 and down <= PAPER_MM[1] + 0.1


def test_a_letter_with_everything_stays_one_page_and_survives_the_fax() -> None:
    logo = redrawn(saved(drawn(TEAL, size=(800, 240)))).paper
    long = "Northside Physical Therapy, Sports Medicine and Pelvic Health Rehabilitation Center"
    sender = Sender(long[:80], "North", "5" * 150, "(312) 555-0100", "(312) 555-0101", "y" * 90, "z" * 80, logo)
    pdf = page.build(sample.letter(sender, date(2026, 11, 26)))
    assert len(pypdfium2.PdfDocument(pdf)) == 1
    (dots,) = facsimile.fax_pages(pdf)
    corner = dots.convert("L").crop((1728 - 700, 60, 1728 - 140, 260))
    assert share_black(corner) > 0.2, "the logo, at the right of the name"
