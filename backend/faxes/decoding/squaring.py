"""Brings any page to 200 dots per inch both ways, which is what reading and the screen expect.

Fax facts (ITU-T T.4): 204 dpi across always, 98, 196 or 391 down; 1728, 2048 or 2432 pixels wide.
"""

from PIL import Image

from backend.faxes.decoding.limits import Undecodable

DPI = 200
_FAX_WIDTHS = (1728, 2048, 2432)
_FAX_DPI_ACROSS, _FINE, _STANDARD = 204.0, 196.0, 98.0
_PAPER_INCHES = 8.5
_LEAST_DPI = 50
_PLAUSIBLE_INCHES = (3.0, 18.0)
_PLAUSIBLE_ASPECT = 6.0
_SMALLEST_SIDE = 200

Resolution = tuple[float, float]


def target_size(size: tuple[int, int], stated: Resolution | None) -> tuple[int, int]:
    """Pixels at 200 dpi of a page of this size and stated dots per inch (None: unknown)."""
    width, height = size
    # a scrap gains nothing from enlarging; what was drawn at this resolution is right whatever its size
    if min(size) < _SMALLEST_SIDE or stated == (DPI, DPI):
        return size
    across, down = stated if stated and _is_plausible(size, stated) else _guess(size)
    return max(1, round(width * DPI / across)), max(1, round(height * DPI / down))


def square(image: Image.Image, stated: Resolution | None, page_pixels: int) -> Image.Image:
    """The page as 8-bit grey at 200 dpi both ways. Raises `Undecodable` when that is above `page_pixels`."""
    size = target_size(image.size, stated)
    if size[0] * size[1] > page_pixels:
        raise Undecodable("page_too_large")
    grey = image if image.mode == "L" else image.convert("L")
    if size == image.size:
        return grey
    return grey.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)


def _is_plausible(size: tuple[int, int], stated: Resolution) -> bool:
    """Cameras and converters write any number: believe it when the sheet it makes could be paper."""
    if min(stated) < _LEAST_DPI:
        return False
    short, long = sorted((size[0] / stated[0], size[1] / stated[1]))
    return _PLAUSIBLE_INCHES[0] <= short <= _PLAUSIBLE_INCHES[1] and long <= short * _PLAUSIBLE_ASPECT


def _guess(size: tuple[int, int]) -> Resolution:
    width, height = size
    if width in _FAX_WIDTHS:
        # a sheet wider than high at fine resolution is a standard-resolution sheet seen squashed
        return _FAX_DPI_ACROSS, _FINE if height >= width * 0.9 else _STANDARD
    dpi = min(size) / _PAPER_INCHES
    return dpi, dpi
