"""A CSV file as people export it: any encoding, any delimiter, ragged rows. Pure."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from backend.core import sheets

MOST_BYTES: Final = 25 * 1024 * 1024
MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 200
DELIMITERS: Final = ",;\t|"
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
# Plain numbers stay numbers, so that a corrected file can be imported again.
NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")


class NotReadable(Exception):
    """The file as a whole is no table. `detail` says what to do."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was understood: how, and its head."""

    text: str
    encoding: str
    delimiter: str
    columns: tuple[str, ...]


def open_sheet(data: bytes) -> Sheet:
    """Find out encoding and delimiter and read the head. Raises `NotReadable`."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise NotReadable("This is a spreadsheet. Save it as CSV and choose that file.")
    text, encoding = _decoded(data)
    if "\0" in text:
        raise NotReadable("This is no text file. Export it as CSV.")
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise NotReadable("The file is empty. Export it again.")
    delimiter = max(DELIMITERS, key=lambda mark: (_count(first, mark), -DELIMITERS.index(mark)))
    head = next(_lines(text, delimiter))
    if len(head) > MOST_COLUMNS:
        raise NotReadable(f"The file has more than {MOST_COLUMNS} columns. Export only those you need.")
    return Sheet(text, encoding, delimiter, _named(head))


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), encoding.removesuffix("-sig")
    # Without a mark, UTF-16 of plain letters is every other byte zero.
    if len(data) >= 4 and data[1:40:2].count(0) > len(data[1:40:2]) // 2:
        return data.decode("utf-16-le", "replace"), "utf-16"
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), "cp1252"


def _count(line: str, mark: str) -> int:
    return re.sub(r'"[^"]*"', "", line).count(mark)


def _named(head: list[str]) -> tuple[str, ...]:
    """Every column with a name of its own."""
    names: list[str] = []
    for place, cell in enumerate(head, 1):
        name = cell.strip() or f"Column {place}"
        names.append(name if name not in names else f"{name} ({place})")
    return tuple(names)


def _lines(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if any(cell.strip() for cell in row):
                yield row
    except csv.Error:
        raise NotReadable("The file breaks off inside a quoted cell, or a cell is too long. Export it again.") from None


def rows(sheet: Sheet, after: int = 0) -> Iterator[tuple[int, list[str]]]:
    """(number, cells) of the rows below the head, after that many. Raises `NotReadable`, also for too many."""
    for number, cells in enumerate(_lines(sheet.text, sheet.delimiter)):
        if number > MOST_ROWS:
            raise NotReadable(f"The file has more than {MOST_ROWS:,} rows. Split it.")
        if number > after:
            yield number, cells


def count(sheet: Sheet) -> int:
    """How many rows there are. Raises `NotReadable`."""
    return sum(1 for _ in rows(sheet))


def safe(cell: str) -> str:
    """The cell as a spreadsheet may open it: never a formula."""
    return cell if NUMBER.fullmatch(cell) else sheets.cell(cell)


def written(table: Iterator[list[str]]) -> Iterator[str]:
    """A CSV file, line by line (RFC 4180). All is quoted: split at semicolons, no cell becomes two, one a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    for row in table:
        writer.writerow([safe(cell) for cell in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
