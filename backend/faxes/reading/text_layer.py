"""The text a PDF carries itself. Runs in the child process only (`decoding.works`)."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pdfplumber

from backend.faxes.decoding.frames import Message

_FEWEST_WORDS = 8
# what most words look like when a font maps its glyphs to real letters; pdfminer writes "(cid:7)" when it does not
_PRINTABLE = re.compile(r"^(?!.*\(cid:)[\x21-\x7e\u00a1-\u017f\u2010-\u2122\u25a0-\u2713]+$")
_WORDLIKE = re.compile(r"[A-Za-z]{2,}|\d")
_LEAST_PRINTABLE = 0.9
_LEAST_WORDLIKE = 0.5
_LEAST_UPRIGHT = 0.8
# a page that is mostly a picture with little text is a scan under a stamped header
_SCAN_COVERS = 0.5
_SCAN_WORDS = 40
_TYPED_ON = ("Widget", "FreeText")

Found = tuple[str, float, float, float, float, float]


def page_layers(request: Message, data: bytes) -> Iterator[tuple[Message, bytes]]:
    """Per page `{"words": [[text, 1.0, x0, y0, x1, y1], …]}`, null where OCR will read better."""
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages[: request["pages"]]:
            yield {"words": _words(page)}, b""
            page.close()


def _words(page: Any) -> list[Found] | None:
    try:
        if _has_typed_on_text(page):
            return None
        words = page.extract_words(x_tolerance=2, keep_blank_chars=False, use_text_flow=False)
        return _placed(words, page.cropbox) if _is_usable(page, words) else None
    except Exception:
        return None  # whatever is wrong with the layer, the drawn page can still be read


def _is_usable(page: Any, words: list[dict[str, Any]]) -> bool:
    if len(words) < _FEWEST_WORDS or (len(words) < _SCAN_WORDS and _picture_share(page) > _SCAN_COVERS):
        return False
    texts = [word["text"] for word in words]
    return (
        _share(_PRINTABLE.match(text) for text in texts) >= _LEAST_PRINTABLE
        and _share(_WORDLIKE.search(text) for text in texts) >= _LEAST_WORDLIKE
        and _share(char["upright"] for char in page.chars) >= _LEAST_UPRIGHT
    )


def _share(holds: Iterator[Any]) -> float:
    outcomes = [bool(outcome) for outcome in holds]
    return sum(outcomes) / len(outcomes)


def _picture_share(page: Any) -> float:
    area = sum(abs(image["x1"] - image["x0"]) * abs(image["bottom"] - image["top"]) for image in page.images)
    return float(area) / max(1.0, float(page.width * page.height))


def _has_typed_on_text(page: Any) -> bool:
    """Filled form fields and typewriter notes are drawn over the page and are not part of its text."""
    return any(str(note["data"].get("Subtype", "")).strip("/'") in _TYPED_ON for note in page.annots)


def _placed(words: list[dict[str, Any]], crop: tuple[float, float, float, float]) -> list[Found]:
    """Boxes as fractions of the visible page; words outside of it are left out."""
    left, top, right, bottom = crop
    placed = []
    for word in words:
        x0, x1 = ((word[side] - left) / (right - left) for side in ("x0", "x1"))
        y0, y1 = ((word[side] - top) / (bottom - top) for side in ("top", "bottom"))
        if x1 > 0 and y1 > 0 and x0 < 1 and y0 < 1:
            placed.append((word["text"], 1.0, max(x0, 0.0), max(y0, 0.0), min(x1, 1.0), min(y1, 1.0)))
    return placed
