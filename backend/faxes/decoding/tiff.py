"""TIFF as faxes use it: many bilevel pages in Group 3 or Group 4 coding, often cut off or with lost lines.

Pillow decodes and its libtiff reports lost lines on the error stream; tifffile walks the pages, since it
keeps those before a break, and is the second opinion where Pillow gives up.
"""

import io
import logging
import os
import re
import struct

import numpy as np
import tifffile
from PIL import Image

from backend.faxes.decoding.condition import missing_tail
from backend.faxes.decoding.limits import Undecodable
from backend.faxes.decoding.picture import to_grey
from backend.faxes.decoding.squaring import Resolution

_STDERR = 2
_GROUP_4 = 4
# there is a picture, so the page is not lost altogether
_NEARLY_ALL = 0.99
_CM_PER_INCH = 2.54
_BAD_LINE = re.compile(
    rb"(?:bad code word|premature e\w+|line length mismatch) at line (\d+) of strip (\d+)", re.IGNORECASE
)
_RES_CENTIMETRE = 3


class TiffDocument:
    """A TIFF. A page whose directory is beyond the end of a cut-off file counts as one more page, lost."""

    def __init__(self, data: bytes) -> None:
        logging.getLogger("tifffile").disabled = True
        try:
            self._data = data
            self._file = tifffile.TiffFile(io.BytesIO(data))
            self._pages = _directories(self._file)
        except Exception:
            raise Undecodable("damaged") from None
        if not self._pages:
            raise Undecodable("damaged")

    def sizes(self) -> list[tuple[int, int]]:
        """Stored pixels of every page."""
        sizes = [(page.imagewidth, page.imagelength) for page in self._pages]
        return [*sizes, (0, 0)] if self._is_cut_off() else sizes

    def picture(self, index: int) -> tuple[Image.Image, Resolution | None, float]:
        """The page and the share of its lines that were lost."""
        page = self._pages[index]
        before = _complained()
        try:
            image, lost = self._by_pillow(index), 0.0
        except Exception:  # also MemoryError, which Pillow raises for some impossible strips
            image = _by_tifffile(page)
            lost = missing_tail(image)
        lost = max(lost, _lost_share(_complaints_since(before), page), _beyond_end(page, len(self._data)))
        return image, _resolution(page), lost

    def _by_pillow(self, index: int) -> Image.Image:
        with Image.open(io.BytesIO(self._data), formats=("TIFF",)) as image:
            image.seek(index)
            return to_grey(image)

    def _is_cut_off(self) -> bool:
        """Whether the last directory names a next one that the file does not hold."""
        last, order = self._pages[-1], self._file.byteorder
        if self._file.is_bigtiff:
            return False
        (entries,) = struct.unpack_from(order + "H", self._data, last.offset)
        at = last.offset + 2 + 12 * entries
        if at + 4 > len(self._data):
            return True
        (following,) = struct.unpack_from(order + "I", self._data, at)
        return following != 0 and _overruns(self._data, following, order)


def _directories(file: tifffile.TiffFile) -> list[tifffile.TiffPage]:
    """By index: only counting them first makes tifffile notice directories that form a loop."""
    found = (file.pages[index] for index in range(len(file.pages)))
    return [page for page in found if isinstance(page, tifffile.TiffPage)]


def _overruns(data: bytes, offset: int, order: str) -> bool:
    if offset + 2 > len(data):
        return True
    (entries,) = struct.unpack_from(order + "H", data, offset)
    return bool(offset + 2 + 12 * entries > len(data))


def _by_tifffile(page: tifffile.TiffPage) -> Image.Image:
    pixels = np.asarray(page.asarray())
    if pixels.dtype == bool:
        pixels = np.where(pixels == (page.photometric != 0), np.uint8(255), np.uint8(0))
    return to_grey(Image.fromarray(pixels))


def _resolution(page: tifffile.TiffPage) -> Resolution | None:
    values = []
    for name in ("XResolution", "YResolution"):
        tag = page.tags.get(name)
        if tag is None or not tag.value[1]:
            return None
        values.append(tag.value[0] / tag.value[1])
    unit = page.tags.get("ResolutionUnit")
    scale = _CM_PER_INCH if unit is not None and unit.value == _RES_CENTIMETRE else 1
    return values[0] * scale, values[1] * scale


def _complained() -> int:
    return os.lseek(_STDERR, 0, os.SEEK_CUR)


def _complaints_since(position: int) -> list[tuple[int, int]]:
    """Strip and line within it of every line that libtiff could not decode."""
    text = os.pread(_STDERR, os.lseek(_STDERR, 0, os.SEEK_CUR) - position, position)
    return [(int(found[2]), int(found[1])) for found in _BAD_LINE.finditer(text)]


def _lost_share(bad_lines: list[tuple[int, int]], page: tifffile.TiffPage) -> float:
    """Group 3 starts afresh on every line; in Group 4 each line builds on the one above, to the strip's end."""
    height = page.imagelength
    if page.compression != _GROUP_4:
        return min(_NEARLY_ALL, len(bad_lines) / height)
    per_strip = min(page.rowsperstrip or height, height)
    first_bad = dict(sorted(bad_lines, reverse=True))
    return min(_NEARLY_ALL, sum(max(1, per_strip - line) for line in first_bad.values()) / height)


def _beyond_end(page: tifffile.TiffPage, length: int) -> float:
    """The share of the page's data that the file no longer holds."""
    stored = sum(page.databytecounts)
    ends = zip(page.dataoffsets, page.databytecounts, strict=False)
    missing = sum(min(count, max(0, offset + count - length)) for offset, count in ends)
    return missing / stored if stored else 1.0
