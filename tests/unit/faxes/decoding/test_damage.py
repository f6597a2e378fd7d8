"""What is left of a broken fax is kept, and the loss is stated."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from backend.faxes.decoding import decode
from tests.unit.faxes import papers
from tests.unit.faxes.decoding import hostile

PAGE = papers.page()


async def test_a_sound_fax_has_no_damage() -> None:
    pages = await decode(papers.tiff(PAGE, PAGE))
    assert [(page.number, page.damage, page.blank, page.inverted) for page in pages] == [
        (1, 0, False, False),
        (2, 0, False, False),
    ]


async def test_pages_before_the_break_are_kept_and_the_lost_one_is_counted() -> None:
    whole = papers.tiff(PAGE, PAGE, PAGE)
    pages = await decode(whole[: len(whole) * 3 // 4])
    assert [page.damage for page in pages] == [0, 0, 1]
    assert not pages[2].blank


async def test_bad_code_words_are_damage() -> None:
    data = bytearray(papers.tiff(papers.noise(1728, 1000), dpi=(204, 98)))
    data[len(data) // 2 : len(data) // 2 + 12] = b"\x5a" * 12
    (page,) = await decode(bytes(data))
    assert 0 < page.damage < 1


async def test_half_a_photo_is_kept() -> None:
    photo = hostile.jpeg()
    (page,) = await decode(photo[: len(photo) // 2])
    assert 0 < page.damage < 1
    assert not page.blank


async def test_a_photo_is_turned_as_the_camera_says() -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    papers.page().convert("L").rotate(90, expand=True).save(out, "JPEG", exif=exif, dpi=(200, 200))
    (page,) = await decode(out.getvalue())
    assert (page.width, page.height) == (1700, 2200)


async def test_sixteen_bits_are_scaled_not_clipped() -> None:
    tones = np.full((2200, 1700), 40_000, np.uint16)
    tones[300:340, 200:900] = 9_000
    out = io.BytesIO()
    Image.fromarray(tones).save(out, "PNG")
    (page,) = await decode(out.getvalue())
    with Image.open(io.BytesIO(page.png)) as image:
        grey = np.asarray(image)
    assert grey[320, 400] < 60 < 130 < grey[1000, 400] < 180


@pytest.mark.parametrize(
    ("dpi", "size"), [((204, 98), (1728, 1078)), ((204, 196), (1728, 2156)), ((204, 391), (1728, 4301))]
)
async def test_every_fax_resolution_is_squared(dpi: tuple[int, int], size: tuple[int, int]) -> None:
    (page,) = await decode(papers.tiff(PAGE.resize(size), dpi=dpi))
    assert (page.width, page.height) == pytest.approx((1694, 2200), abs=2)


@pytest.mark.parametrize("size", [(1728, 1078), (1728, 2156)])
async def test_unstated_resolution_is_told_by_the_shape(size: tuple[int, int]) -> None:
    (page,) = await decode(papers.tiff(PAGE.resize(size), dpi=(1, 1)))
    assert (page.width, page.height) == pytest.approx((1694, 2200), abs=2)


async def test_pages_of_one_fax_may_differ_in_resolution() -> None:
    coarse = PAGE.resize((1728, 1078))
    first, second = papers.tiff(coarse, dpi=(204, 98)), papers.tiff(PAGE)
    # two whole files chained: the second file's offsets shifted behind the first
    joined = _chain(first, second)
    pages = await decode(joined)
    assert [(page.width, page.height) for page in pages] == [(1694, 2200), (1700, 2200)]


def _chain(first: bytes, second: bytes) -> bytes:
    pages = []
    for data in (first, second):
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            pages.append(image.copy())
            pages[-1].encoderinfo = {"dpi": image.info["dpi"], "compression": "group4"}
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="group4", dpi=(204, 98))
    joined = bytearray(out.getvalue())
    _restate(joined, 200, 200)
    return bytes(joined)


def _restate(data: bytearray, across: int, down: int) -> None:
    """Overwrite the resolution of the second page."""
    (directory,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, directory)
    (directory,) = struct.unpack_from("<I", data, directory + 2 + 12 * entries)
    (entries,) = struct.unpack_from("<H", data, directory)
    for at in range(directory + 2, directory + 2 + 12 * entries, 12):
        tag, _, _, value = struct.unpack_from("<HHII", data, at)
        if tag in (282, 283):
            struct.pack_into("<II", data, value, across if tag == 282 else down, 1)
