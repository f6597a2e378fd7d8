"""Our own codes on a page: which letter it is a page of. Runs in the child process only (`decoding.works`)."""

import re
from typing import Any, Final

import zxingcpp
from PIL import Image

# What stands in the code: our mark, the letter's twenty letters, the page.
OURS: Final = re.compile(r"FD1-([A-Z2-9]{20})-\d")


def found_on(page: Image.Image) -> list[tuple[str, Any]]:
    """(letter's code, where it is) of each code of ours."""
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    read = zxingcpp.read_barcodes(page.convert("L"), formats=formats)
    return [(match.group(1), barcode.position) for barcode in read if (match := OURS.fullmatch(barcode.text))]


def codes_on(page: Image.Image) -> list[str]:
    """Letters of ours whose page this is."""
    return list(dict.fromkeys(code for code, _ in found_on(page)))
