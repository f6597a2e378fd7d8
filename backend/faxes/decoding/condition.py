"""What state a page arrived in: inverted, blank, cut short."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

_INK_BELOW = 128
# clean text covers 1-8 % of a page; more than this is a negative
_INVERTED_ABOVE = 0.40
_SAMPLE = 4
_CELL = 8
_CELL_INK = 0.20
_BLANK_CELLS = 12
_EDGE = 0.02


def upright_tones(page: Image.Image) -> tuple[Image.Image, bool]:
    """The page black on white, and whether it came white on black. `page` is 8-bit grey."""
    sample = page.resize((page.width // _SAMPLE + 1, page.height // _SAMPLE + 1), Image.Resampling.NEAREST)
    histogram = sample.histogram()
    ink = sum(histogram[:_INK_BELOW]) / sum(histogram)
    return (ImageOps.invert(page), True) if ink > _INVERTED_ABOVE else (page, False)


def is_blank(page: Image.Image) -> bool:
    """Whether nothing but specks is on the page. Looks at 1 mm cells, without the edge where scanners leave bars."""
    width, height = page.size
    edge_x, edge_y = round(width * _EDGE), round(height * _EDGE)
    inner = page.crop((edge_x, edge_y, width - edge_x, height - edge_y))
    if min(inner.size) < _CELL:
        return False
    tones = np.asarray(inner.reduce(_CELL))
    paper = float(np.median(tones))
    inked = np.count_nonzero(tones < paper * (1 - _CELL_INK))
    return int(inked) < _BLANK_CELLS


def missing_tail(page: Image.Image) -> float:
    """The share of rows at the foot that are all of one colour: what a cut-off picture lacks."""
    rows: NDArray[np.uint8] = np.asarray(page)
    same = np.all(rows == rows[-1, 0], axis=1)[::-1]
    return float(np.argmin(same)) / len(rows) if not same.all() else 1.0
