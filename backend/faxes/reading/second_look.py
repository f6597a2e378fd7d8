"""A second engine reads again what the first one read with doubt: blurred print and, above all, handwriting.

RapidOCR's recogniser (PP-OCRv6 small) reads handwriting two to three times better than Tesseract, but finding the
lines with its own detector would cost ten times as much. So Tesseract says where words are, and only the stretches
it doubts are read again: 10-20 ms each. Runs in the child process only (`decoding.works`).
"""

from collections.abc import Iterator, Sequence
from importlib.resources import files
from itertools import pairwise
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

from backend.faxes.document import Box, Word
from backend.faxes.reading.order import lines_of

# Stretches read with less than this mean confidence are read again; the new reading counts from `_BELIEVED` on.
# Measured on the development faxes: more re-reading (0.9) costs twice the time for 0.002 of F1.
_DOUBTFUL, _BELIEVED = 0.8, 0.75
_GAP = 0.012
# Longer lines are read in parts: memory grows with length, and a part has context enough.
_LONGEST = 0.4
_MARGIN = 0.25
_HEIGHT = 48
_STEP = 8
_WIDEST = 1600
_MODEL = "PP-OCRv6_rec_small.onnx"
_LATIN = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xC0, 0x100), 0x2019)))

Letter = tuple[str, float, float]


def _open_session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # one thread per process: the children share the cores, and a thread pool would not survive the fork
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    model = (files("rapidocr") / "models" / _MODEL).read_bytes()
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


# made before the fork, so that every child starts with the model loaded
_session: Final = _open_session()
_INPUT: Final = _session.get_inputs()[0].name
_ALPHABET: Final = ("", *_session.get_modelmeta().custom_metadata_map["character"].splitlines(), " ")
# what a US fax can say; the first column is "no letter here"
_COLUMNS: Final = np.array([at for at, letter in enumerate(_ALPHABET) if not letter or letter in _LATIN])


def read_again(page: Image.Image, words: Sequence[Word], boxes: Sequence[Box]) -> list[Word]:
    """The words, doubtful stretches read better.

    `page` is grey and upright; `boxes` are its check boxes, which no stretch may run across.
    """
    kept: list[Word] = []
    for stretch in _stretches(words, boxes):
        doubtful = sum(word.confidence for word in stretch) / len(stretch) < _DOUBTFUL
        kept += (_better(page, stretch) if doubtful else None) or stretch
    return kept


def _stretches(words: Sequence[Word], boxes: Sequence[Box]) -> Iterator[list[Word]]:
    """Runs of words with no wide gap and no check box between them, none longer than `_LONGEST`."""
    for line in lines_of(words):
        stretch = [line[0]]
        for before, word in pairwise(line):
            apart = word.box[0] - before.box[2] > _GAP or word.box[2] - stretch[0].box[0] > _LONGEST
            if apart or _is_box(before, boxes) or _is_box(word, boxes):
                yield stretch
                stretch = []
            stretch.append(word)
        yield stretch


def _is_box(word: Word, boxes: Sequence[Box]) -> bool:
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes)


def _better(page: Image.Image, stretch: Sequence[Word]) -> list[Word] | None:
    """The stretch as the second engine reads it; None when that is no surer."""
    corners = zip(*(word.box for word in stretch), strict=True)
    lefts, tops, rights, bottoms = corners
    top, bottom = min(tops), max(bottoms)
    margin = (bottom - top) * page.height * _MARGIN
    area = (
        max(0, int(min(lefts) * page.width - margin)), max(0, int(top * page.height - margin)),
        min(page.width, int(max(rights) * page.width + margin)), min(page.height, int(bottom * page.height + margin)),
    )  # fmt: skip
    if area[2] - area[0] < _STEP or area[3] - area[1] < _STEP:
        return None
    letters = _letters(page.crop(area))
    if not letters or sum(sure for _, sure, _ in letters) / len(letters) < _BELIEVED:
        return None
    return list(_words(letters, (area[0] / page.width, top, area[2] / page.width, bottom)))


def _letters(line: Image.Image) -> list[Letter]:
    """Letters of one line with confidence and place (0-1 from left to right), decoded greedily (CTC)."""
    width = min(_WIDEST, max(16, round(line.width * _HEIGHT / line.height)))
    width = -(-width // _STEP) * _STEP
    grey = np.asarray(line.resize((width, _HEIGHT), Image.Resampling.BICUBIC), np.float32) / 127.5 - 1
    answer: NDArray[np.float32] = _session.run(None, {_INPUT: np.repeat(grey[None, None], 3, axis=1)})[0][0]
    likely = answer[:, _COLUMNS]
    best = likely.argmax(axis=1)
    found, last = [], 0
    for place, column in enumerate(best):
        if column and column != last:
            letter = _ALPHABET[_COLUMNS[column]]
            found.append((letter, float(likely[place, column]), (place + 0.5) / len(best)))
        last = column
    return found


def _words(letters: Sequence[Letter], box: Box) -> Iterator[Word]:
    """Letters between blanks, each word's box cut out of the line's."""
    left, top, right, bottom = box
    wide = right - left
    half = wide / (2 * max(8, len(letters)))
    word: list[Letter] = []
    for letter in (*letters, (" ", 1.0, 1.0)):
        if letter[0] != " ":
            word.append(letter)
        elif word:
            x0, x1 = left + word[0][2] * wide - half, left + word[-1][2] * wide + half
            sure = sum(confidence for _, confidence, _ in word) / len(word)
            text = "".join(text for text, _, _ in word)
            yield Word(text, (max(left, x0), top, min(right, x1), bottom), round(sure, 4))
            word = []
