"""Each harmful file ends with its reason, quickly and within its memory, and its neighbours do not notice."""

import asyncio
import socket
import time
from collections.abc import Callable

import pytest

from backend.faxes.decoding import Limits, Undecodable, decode
from tests.unit.faxes import papers
from tests.unit.faxes.decoding import hostile

PAGE = papers.page()
SLOW = b"[.01 .01] 0 d 1 J 5 w 0 0 m 100 900 500 -800 600 700 c S " * 20_000

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "gigabyte of drawing": (hostile.inflating_content, "out_of_memory"),
    "forms within forms": (hostile.laughing_forms, "out_of_memory"),
    "endless page tree": (hostile.endless_tree, "no_pages"),
    "no pages": (hostile.pdf_without_pages, "no_pages"),
    "five metres of paper": (hostile.vast_pdf_page, "page_too_large"),
    "ten billion pixels in a tiff": (hostile.lying_tiff, "page_too_large"),
    "900 million pixels in a png": (hostile.vast_png, "page_too_large"),
    "comment of half a gigabyte": (hostile.inflating_png_text, "damaged"),
    "password": (hostile.locked_pdf, "encrypted"),
    "201 pages": (lambda: papers.tiff(*[PAGE.resize((200, 260))] * 201), "too_many_pages"),
    "nothing after the header": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 99, "damaged"),
    "first bytes of a jpeg": (lambda: hostile.jpeg()[:300], "damaged"),
    "first bytes of a tiff": (lambda: papers.tiff(PAGE)[:60], "damaged"),
    "strip beyond the end": (lambda: hostile.with_tag(papers.tiff(PAGE), 273, 10_000_000), "damaged"),
    "web page": (lambda: b"<html><script>alert(1)</script></html>" * 40, "unsupported_type"),
    "vector picture": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported_type"),
    "zip": (lambda: b"PK\x03\x04" + bytes(400), "unsupported_type"),
}

OPENED: dict[str, Callable[[], bytes]] = {
    "picture of 2.7 GB": hostile.inflating_picture,
    "form that draws itself": hostile.self_drawing_form,
    "directory loop": hostile.tiff_loop,
    "taller than its data": lambda: hostile.lying_tiff(1700, 20_000),
    "one line": lambda: hostile.jpeg(60_000, 1),
    "web page and pdf at once": lambda: b"<html><script>alert(1)</script>" + papers.pdf(),
    "pdf and zip at once": lambda: papers.pdf() + b"PK\x03\x04" + bytes(400),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_refused_with_the_right_reason(name: str) -> None:
    make, code = REFUSED[name]
    data = make()
    started = time.monotonic()
    with pytest.raises(Undecodable) as refusal:
        await decode(data)
    assert refusal.value.code == code
    assert time.monotonic() - started < 15


@pytest.mark.parametrize("name", OPENED)
async def test_opened_as_far_as_it_goes(name: str) -> None:
    (page,) = await decode(OPENED[name]())
    assert page.png.startswith(b"\x89PNG")


async def test_endless_drawing_is_stopped() -> None:
    data = hostile.page_with(hostile.stream(SLOW))
    started = time.monotonic()
    with pytest.raises(Undecodable) as refusal:
        await decode(data, Limits(cpu_seconds=2))
    assert refusal.value.code == "took_too_long"
    assert time.monotonic() - started < 6


async def test_neighbours_of_harmful_files_are_decoded() -> None:
    good = papers.tiff(PAGE)
    harmful = [hostile.laughing_forms(), hostile.endless_tree(), hostile.lying_tiff(), hostile.tiff_loop()]
    both = [data for bad in harmful for data in (bad, good)]
    results = await asyncio.gather(*map(decode, both), return_exceptions=True)
    assert all(isinstance(result, list) and result[0].damage == 0 for result in results[1::2])


async def test_a_page_that_ends_its_child_costs_only_itself() -> None:
    calm = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>"
    bomb = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 6 0 R/Resources<</XObject<</N 7 0 R>>>>>>"
    laughing = {7 + level: body for level, body in enumerate(_forms())}
    data = hostile.pdf_of(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3>>",
            3: calm,
            4: bomb,
            5: calm,
            6: hostile.stream(b"/N Do"),
        }
        | laughing
    )
    pages = await decode(data)
    assert [page.damage for page in pages] == [0, 1, 0]


def _forms(levels: int = 9) -> list[bytes]:
    head = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]"
    inner = [
        hostile.stream(b"/N Do " * 10, head + b"/Resources<</XObject<</N %d 0 R>>>>" % (8 + level))
        for level in range(levels - 1)
    ]
    return [*inner, hostile.stream(b"0 0 9 9 re f " * 10, head)]


async def test_nothing_in_a_pdf_is_executed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.3)
        (page,) = await decode(hostile.acting_pdf(f"http://127.0.0.1:{canary.getsockname()[1]}/"))
        with pytest.raises(TimeoutError):
            canary.accept()
    assert page.damage == 0
