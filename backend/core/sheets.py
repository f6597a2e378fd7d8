"""CSV for spreadsheets: RFC 4180, no cell a formula (OWASP, CSV injection), numbers stay numbers."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final

# A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
# So that spreadsheets read accents.
BYTE_ORDER_MARK: Final = "\ufeff"


def sheet(head: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Line by line, so that a long one can be streamed."""
    yield BYTE_ORDER_MARK
    yield line(head)
    for row in rows:
        yield line(row)


def line(values: Iterable[object]) -> str:
    """One row; every cell but a number is quoted."""
    out = io.StringIO()
    cells = [value if _is_number(value) else cell(value) for value in values]
    csv.writer(out, quoting=csv.QUOTE_NONNUMERIC).writerow(cells)
    return out.getvalue()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def cell(value: object) -> str:
    """A value no spreadsheet takes for a formula."""
    text = "" if value is None else value.isoformat() if isinstance(value, date | datetime) else str(value)
    text = text.replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
