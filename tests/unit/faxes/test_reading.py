"""Words with boxes, upright, from a text layer or by OCR."""

import pytest

from backend.faxes.decoding import decode
from backend.faxes.document import PageText
from backend.faxes.reading import read
from tests.unit.faxes import papers

WANTED = {word.strip(":.,()") for line in papers.LINES for word in line.split()}


async def read_file(data: bytes) -> list[PageText]:
    return await read(data, await decode(data))


def share_found(page: PageText) -> float:
    found = {word.text.strip(":.,()") for word in page.words}
    return len(WANTED & found) / len(WANTED)


async def test_a_text_layer_is_taken_as_it_is() -> None:
    (page,) = await read_file(papers.pdf())
    assert page.source == "text"
    assert share_found(page) == 1
    first = page.words[0]
    assert first.text == "LAKESIDE"
    assert 0 < first.box[0] < 0.2
    assert 0.05 < first.box[1] < 0.15


@pytest.mark.parametrize("turned", [0, 180])
async def test_pictures_are_read_upright(turned: int) -> None:
    (page,) = await read_file(papers.tiff(papers.page().rotate(turned)))
    assert (page.source, page.rotation) == ("ocr", turned)
    assert share_found(page) > 0.85
    assert page.words[0].box[1] < 0.2


async def test_an_empty_page_has_no_words() -> None:
    (page,) = await read_file(papers.tiff(papers.page().point(lambda _: 255)))
    assert page.words == ()
    assert page.confidence == 0
