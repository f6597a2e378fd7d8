"""Check boxes: found wherever they are drawn, ticked or not, and never inside a word."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from backend.faxes.document import Word
from backend.faxes.reading.checkboxes import EMPTY, MARKED, among, find


def form(tilt: float = 0.0, noise: float = 0.0) -> Image.Image:
    """Six boxes; the second is crossed, the fifth ticked beyond its corner."""
    image = Image.new("L", (1700, 2200), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=30)
    for number, label in enumerate(("Shoulder", "Knee", "Hip", "Routine", "Urgent", "STAT")):
        x, y = 200 + 500 * (number % 2), 600 + 70 * (number // 2)
        draw.rectangle((x, y, x + 28, y + 28), outline=0, width=3)
        draw.text((x + 42, y - 4), label, fill=0, font=font)
    draw.line((702, 602, 726, 626), fill=0, width=4)
    draw.line((726, 602, 702, 626), fill=0, width=4)
    draw.line((204, 750, 212, 764), fill=0, width=4)
    draw.line((212, 764, 238, 728), fill=0, width=4)
    image = image.rotate(tilt, fillcolor=255, resample=Image.Resampling.BICUBIC)
    grains = np.random.default_rng(3).random((2200, 1700)) < noise
    return Image.fromarray(np.where(grains, 255 - np.asarray(image), np.asarray(image)).astype(np.uint8))


@pytest.mark.parametrize(("tilt", "noise"), [(0.0, 0.0), (0.3, 0.0), (0.0, 0.001)])
def test_boxes_and_their_marks(tilt: float, noise: float) -> None:
    found = sorted(find(np.asarray(form(tilt, noise))), key=lambda box: (round(box.box[1], 2), box.box[0]))
    boxes = [box for box in found if 0.11 < box.box[0] < 0.14 or 0.4 < box.box[0] < 0.43]
    assert [box.marked for box in boxes] == [False, True, False, False, True, False]


def test_an_empty_page_has_none() -> None:
    assert find(np.full((2200, 1700), 255, np.uint8)) == []
    assert len(find(np.zeros((2200, 1700), np.uint8))) == 0


def test_what_ocr_made_of_a_box_goes_and_letters_stay() -> None:
    words = [
        Word("[?", (0.10, 0.1, 0.12, 0.11), 0.4),
        Word("Knee", (0.13, 0.1, 0.2, 0.11), 0.9),
        Word("Diagnosis", (0.5, 0.5, 0.6, 0.51), 0.3),
    ]
    boxes = [[1.0, 0.10, 0.1, 0.12, 0.11], [0.0, 0.50, 0.5, 0.51, 0.51]]
    assert [word.text for word in among(words, boxes)] == ["Knee", "Diagnosis", MARKED]
    assert [word.text for word in among([], [[0.0, 0.1, 0.1, 0.2, 0.2]])] == [EMPTY]
