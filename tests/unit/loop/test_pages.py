"""A letter after the fax: its words can be read, its code leads home, its ticks and signature are seen."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from reportlab.lib.units import mm

from backend.faxes.decoding import decode
from backend.faxes.document import Box
from backend.faxes.reading import read
from backend.faxes.reading.marks import Marks, Places, look
from backend.loop import asking, facsimile, page, wording
from backend.loop.content import Content, Sender

CODE = "ABCDEFGHJKMNPQRSTUVW"
SENDER = Sender("Northside Physical Therapy", "North", "100 Main Street", "(217) 555-0199", "(217) 555-0101")
FACTS: dict[str, Any] = {
    "sender": SENDER, "timezone": "America/Chicago", "today": date(2026, 11, 25), "to": "Rowan Ortho, MD",
    "to_office": "Lakeside Orthopedics", "to_fax": "(312) 555-0177", "patient": "Ada Sample", "born": date(1960, 2, 3),
    "referred_on": date(2026, 11, 20), "code": CODE,
}  # fmt: skip


def letter(*kinds: str, **more: Any) -> Content:
    content = wording.compose(kinds, wording.Facts(**FACTS | more))
    assert content is not None
    return content


def fax(content: Content) -> tuple[Image.Image, page.Sheet]:
    sheet = page.draw(content)
    tiff, pages = facsimile.tiff_of(sheet.pdf)
    assert pages == 1
    with Image.open(io.BytesIO(tiff)) as image:
        assert (image.mode, image.width, image.info["compression"]) == ("1", 1728, "group4")
        assert tuple(round(dots) for dots in image.info["dpi"]) == (204, 196)
        return image.convert("L"), sheet


def sent_back(image: Image.Image, tilt: float = 0.6) -> bytes:
    """Fed a little askew into another machine."""
    out = io.BytesIO()
    turned = image.rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor=255).point(lambda tone: 255 * (tone > 128))
    turned.convert("1").save(out, "TIFF", compression="group4", dpi=(204, 196))
    return out.getvalue()


ASKS = [{"key": "side"}, {"key": "precautions"}, {"key": "signature"}]


async def test_a_faxed_letter_reads_back_word_for_word() -> None:
    at = datetime(2026, 12, 1, 20, 30, tzinfo=UTC)
    image, _ = fax(letter("received", "scheduled", evaluation_at=at, evaluation_state="booked"))
    document = sent_back(image, 0)
    pages = await decode(document)
    (text,) = await read(document, pages)
    said = " ".join(word.text for word in text.words)
    assert pages[0].codes == (CODE,)
    for wanted in ("Northside Physical Therapy", "Ada Sample", "02/03/1960", "Tuesday, December 1, at 2:30 PM"):
        assert wanted in said, said


def ticked(image: Image.Image, box: Box) -> None:
    """A pen's tick that runs out of its box."""
    pen, (x0, y0, x1, y1) = ImageDraw.Draw(image), on_paper(image, box)
    pen.line([(x0 + 4, y0 + 14), ((x0 + x1) / 2, y1 - 4), (x1 + 12, y0 - 16)], fill=0, width=5, joint="curve")


def on_paper(image: Image.Image, box: Box) -> Box:
    """A place in dots of the fax."""
    across, down = image.width / page.WIDTH, image.height / page.HEIGHT
    x, y = page.WIDTH - page.LEFT - page.CODE_SIDE, page.HEIGHT - (page.FOOT - 6 * mm)
    x0, y0, x1, y1 = (part * page.CODE_SIDE for part in box)
    return ((x + x0) * across, (y + y0) * down, (x + x1) * across, (y + y1) * down)


async def seen(document: bytes, sheet: page.Sheet) -> Marks:
    (only,) = await decode(document)
    marks = await look(only, only.codes[0], Places(tuple(sheet.ticks), sheet.sign))
    assert marks is not None
    return marks


@pytest.mark.parametrize("turned", [0, 180])
@pytest.mark.parametrize("tilt", [-2.0, -0.7, 0.0, 1.3])
async def test_ticks_and_a_signature_are_seen_on_what_comes_back(tilt: float, turned: int) -> None:
    image, sheet = fax(letter("missing_info", asks=tuple(ASKS)))
    assert len(sheet.ticks) == 5 and sheet.sign is not None
    blank = await seen(sent_back(image.rotate(turned), tilt), sheet)
    assert (blank.ticks, blank.signed) == ((False,) * 5, False)
    ticked(image, sheet.ticks[1])
    ticked(image, sheet.ticks[3])
    x0, y0, x1, y1 = on_paper(image, sheet.sign)
    scrawl = [(x0 + (x1 - x0) * 0.1 * step, y1 - 5 if step % 2 else y0 + 15) for step in range(8)]
    ImageDraw.Draw(image).line(scrawl, fill=0, width=4)
    marks = await seen(sent_back(image.rotate(turned), tilt), sheet)
    assert asking.answers_of(ASKS, marks.ticks) == {"side": ["Right"], "precautions": ["No precautions"]}
    assert marks.signed is True


def test_what_has_been_overtaken_is_not_told() -> None:
    assert wording.compose(["scheduled"], wording.Facts(**FACTS)) is None
    kept = letter("received", "scheduled", "unreachable", contacted_at=datetime.now(UTC))
    assert kept.title == "We have your referral"


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=60), max_size=12))
def test_any_words_fit_one_page(note: str, goals: list[str]) -> None:
    plan = wording.Plan("initial", date(2026, 12, 1), date(2027, 2, 1), 2, 8, tuple(goals), ("M75.122",))
    assert page.build(letter("plan_of_care", plan=plan, note=note)).count(b"/Type /Page\n") == 1


@given(st.lists(st.sampled_from(sorted(asking.ASKS)), unique=True, max_size=5), st.data())
def test_answers_are_read_only_where_every_box_is_accounted_for(keys: list[str], data: st.DataObject) -> None:
    asks = [{"key": key} for key in keys]
    boxes = sum(len(ask.options) for ask in asking.asks_of(asks))
    marks = data.draw(st.lists(st.booleans(), min_size=boxes, max_size=boxes) | st.lists(st.booleans(), max_size=20))
    answers = asking.answers_of(asks, marks)
    assert (answers is None) == (len(marks) != boxes)
    if answers is not None:
        assert sum(map(len, answers.values())) == sum(marks)
