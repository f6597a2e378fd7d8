"""Every file ends in pages or in a reason, within its limits, and never takes its neighbours along."""

import asyncio
import io
import time

import pikepdf
import pytest
from PIL import Image, ImageOps

from backend.faxes.decoding import Limits, Undecodable, decode, sniff
from tests.unit.faxes import papers

PLAIN = papers.page()


def locked_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(papers.pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="owner", user="user"))
    return out.getvalue()


def vast_png() -> bytes:
    return papers.png(Image.new("1", (30_000, 30_000)))


REFUSED = {
    "empty": (b"", "empty_file"),
    "words": (b"Dear colleague, please see this patient.", "unsupported_type"),
    "program": (b"\x7fELF" + bytes(2000), "unsupported_type"),
    "locked": (locked_pdf(), "encrypted"),
    "vast page": (vast_png(), "page_too_large"),
    "many pages": (papers.pdf(201), "too_many_pages"),
    "big": (b"%PDF-1.7" + bytes(26 * 1024 * 1024), "too_large"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_hostile_files_end_with_a_reason(name: str) -> None:
    data, code = REFUSED[name]
    started = time.monotonic()
    with pytest.raises(Undecodable) as refusal:
        await decode(data)
    assert refusal.value.code == code
    assert refusal.value.detail.endswith(".")
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("kind", ["pdf", "tiff", "png"])
async def test_truncated_files_end_in_pages_or_a_reason(kind: str, share: float) -> None:
    whole = {"pdf": papers.pdf(3), "tiff": papers.tiff(PLAIN, PLAIN), "png": papers.png(PLAIN)}[kind]
    try:
        pages = await decode(whole[: int(len(whole) * share)])
    except Undecodable as refusal:
        assert refusal.detail
    else:
        assert pages


async def test_a_hostile_file_does_not_touch_its_neighbours() -> None:
    good = papers.tiff(PLAIN)
    results = await asyncio.gather(
        decode(good), decode(vast_png()), decode(good), decode(b"%PDF-1.4 broken"), decode(good), return_exceptions=True
    )
    assert [isinstance(result, list) for result in results] == [True, False, True, False, True]


async def test_the_limits_hold() -> None:
    with pytest.raises(Undecodable) as refusal:
        await decode(papers.pdf(3), Limits(pages=2))
    assert refusal.value.code == "too_many_pages"


async def test_type_is_told_by_content() -> None:
    found = [sniff(data) for data in (papers.pdf(), papers.tiff(PLAIN), papers.png(PLAIN), b"GIF89a")]
    assert found == ["application/pdf", "image/tiff", "image/png", None]


async def test_coarse_fax_lines_are_squared() -> None:
    coarse = PLAIN.resize((1728, 1078))
    (page,) = await decode(papers.tiff(coarse, dpi=(204, 98)))
    assert page.height / page.width == pytest.approx(11 / 8.5, rel=0.03)


async def test_white_on_black_is_turned_back() -> None:
    inverted = ImageOps.invert(PLAIN.convert("L")).convert("1")
    (page,) = await decode(papers.tiff(inverted))
    histogram = Image.open(io.BytesIO(page.png)).convert("L").histogram()
    assert page.inverted
    assert sum(histogram[:128]) < sum(histogram[128:])


async def test_a_blank_page_says_so() -> None:
    blank, text = await decode(papers.tiff(PLAIN.point(lambda _: 255), PLAIN))
    assert (blank.blank, text.blank) == (True, False)
