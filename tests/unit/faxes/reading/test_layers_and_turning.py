"""Which pages are taken from the text layer, and which way up the others are read."""

import io

import img2pdf
import pikepdf
import pytest
from PIL import Image
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from backend.faxes.decoding import decode
from backend.faxes.document import PageText, Word
from backend.faxes.reading import read, upright_png
from backend.faxes.reading.order import in_reading_order
from tests.unit.faxes import papers

WANTED = {word.strip(":.,()") for line in papers.LINES for word in line.split()}


async def read_file(data: bytes) -> list[PageText]:
    return await read(data, await decode(data))


def share_found(page: PageText) -> float:
    return len(WANTED & {word.text.strip(":.,()") for word in page.words}) / len(WANTED)


def scan_under_a_stamp() -> bytes:
    """A scanned page that a fax server stamped with one line of real text."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=letter)
    picture = io.BytesIO(papers.png(papers.page().convert("L")))
    canvas.drawInlineImage(Image.open(picture), 0, 0, *letter)
    canvas.drawString(40, 780, "Received 2026-05-04 10:12 from 312 555 0142 to 312 555 0177 page 1 of 1 line 4")
    canvas.save()
    return out.getvalue()


def filled_form() -> bytes:
    """A form whose answers are in fields, not in the page's text."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=letter)
    for number, line in enumerate(papers.LINES):
        canvas.drawString(54, 720 - number * 24, line)
    canvas.acroForm.textfield(value="Kneecap", x=60, y=400, width=300, height=36, fontSize=20, name="part")
    canvas.save()
    return out.getvalue()


def glyph_soup() -> bytes:
    """A layer as fonts without a character map leave it: codes in place of letters."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=letter)
    canvas.drawString(54, 700, "!\"# $%&' ()* +,-. /:; <=> ?@[ ]^_ {|}~ !!## $$%% &&'' (())")
    canvas.save()
    return out.getvalue()


async def test_a_scan_under_a_stamp_is_read_by_ocr() -> None:
    (page,) = await read_file(scan_under_a_stamp())
    assert page.source == "ocr"
    assert share_found(page) > 0.85


async def test_answers_in_form_fields_are_read() -> None:
    (page,) = await read_file(filled_form())
    assert "Kneecap" in {word.text for word in page.words}


async def test_a_layer_of_glyph_soup_is_not_believed() -> None:
    (page,) = await read_file(glyph_soup())
    assert page.source == "ocr"


async def test_scanned_pdf_is_read_by_ocr() -> None:
    (page,) = await read_file(img2pdf.convert(papers.tiff(papers.page())))
    assert page.source == "ocr"
    assert share_found(page) > 0.85


@pytest.mark.parametrize("turned", [90, 270])
async def test_sideways_pages_are_turned(turned: int) -> None:
    sideways = papers.page().rotate(turned, expand=True)  # anticlockwise, so the cure is as much clockwise
    (decoded,) = await decode(papers.png(sideways))
    (page,) = await read(papers.png(sideways), [decoded])
    assert page.rotation == turned
    assert share_found(page) > 0.85
    with Image.open(io.BytesIO(upright_png(decoded, page.rotation))) as upright:
        assert upright.height > upright.width


async def test_a_page_kept_turned_by_the_pdf_has_boxes_on_what_is_seen() -> None:
    with pikepdf.open(io.BytesIO(papers.pdf())) as document:
        document.pages[0].CropBox = pikepdf.Array([36, 396, 612, 792])
        out = io.BytesIO()
        document.save(out)
    (page,) = await read_file(out.getvalue())
    first = next(word for word in page.words if word.text == "LAKESIDE")
    assert first.box[0] == pytest.approx((54 - 36) / 576, abs=0.01)
    assert first.box[1] == pytest.approx((792 - 730) / 396, abs=0.02)


async def test_numbers_and_order_follow_the_document() -> None:
    blank = papers.page().point(lambda _: 255)
    pages = await read_file(papers.tiff(papers.page(), blank, papers.page()))
    assert [(page.number, bool(page.words)) for page in pages] == [(1, True), (2, False), (3, True)]


def test_lines_of_a_skewed_page_stay_whole() -> None:
    def word(text: str, column: int, line: int) -> Word:
        top = 0.1 + line * 0.03 + column * 0.006
        return Word(text, (0.1 + column * 0.1, top, 0.18 + column * 0.1, top + 0.02), 1.0)

    words = [word(f"{line}{column}", column, line) for line in range(3) for column in range(8)]
    assert [found.text for found in in_reading_order(words[::-1])] == [found.text for found in words]
