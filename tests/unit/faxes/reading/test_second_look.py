"""The second engine replaces what was read with doubt and leaves the rest alone."""

from PIL import Image, ImageDraw, ImageFont

from backend.faxes.document import Word
from backend.faxes.reading.second_look import read_again

SIZE = (1700, 2200)


def page(text: str) -> tuple[Image.Image, tuple[float, float, float, float]]:
    """A page with one line of text, and where the line is."""
    image = Image.new("L", SIZE, 255)
    drawing = ImageDraw.Draw(image)
    font = ImageFont.load_default(40)
    drawing.text((200, 300), text, fill=0, font=font)
    left, top, right, bottom = drawing.textbbox((200, 300), text, font=font)
    return image, (left / SIZE[0], top / SIZE[1], right / SIZE[0], bottom / SIZE[1])


def test_doubtful_words_are_read_again() -> None:
    image, box = page("Thaddeus Okonkwo")
    (first, last) = read_again(image, [Word("T8k", box, 0.05)], [])
    assert (first.text, last.text) == ("Thaddeus", "Okonkwo")
    assert box[0] - 0.01 <= first.box[0] < first.box[2] <= last.box[0] + 0.01 < last.box[2] <= box[2] + 0.01


def test_sure_words_stay_as_they_are() -> None:
    image, box = page("Thaddeus Okonkwo")
    sure = Word("Thaddeus", box, 0.95)
    assert read_again(image, [sure], []) == [sure]


def test_a_smudge_keeps_its_first_reading() -> None:
    image, _ = page("")
    smudge = Word("~;", (0.1, 0.1, 0.2, 0.12), 0.2)
    assert read_again(image, [smudge], []) == [smudge]


def test_a_check_box_ends_a_stretch() -> None:
    image, box = page("Knee   Shoulder")
    middle = (box[0] + box[2]) / 2
    words = [
        Word("Knee", (box[0], box[1], middle - 0.03, box[3]), 0.95),
        Word("[J", (middle - 0.028, box[1], middle - 0.02, box[3]), 0.1),
    ]
    assert read_again(image, words, [(middle - 0.03, box[1], middle - 0.018, box[3])])[0] == words[0]
