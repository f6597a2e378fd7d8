"""What a column may mean, and how its cells are read. Pure. A value that cannot be read says why, never what it was."""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from backend.core.clock import now
from backend.core.phones import e164
from backend.lead_capture.emr.words import month_first

DATES: Final = ("%m/%d/%Y", "%Y-%m-%d", "%m-%d-%Y", "%m.%d.%Y", "%Y/%m/%d", "%Y%m%d", "%d-%b-%Y", "%b %d, %Y")
SHORT_DATES: Final = ("%m/%d/%y", "%m-%d-%y")
SEXES: Final = {"f": "F", "female": "F", "m": "M", "male": "M", "x": "X", "other": "X", "nonbinary": "X"}
UNKNOWN: Final = frozenset({"", "n/a", "na", "none", "null", "unknown", "-", "--", "u"})


class BadCell(ValueError):
    """The cell cannot be read so. The message says why, without the cell."""


def text(most: int) -> Callable[[str], str]:
    """Words, of at most so many letters."""

    def read(cell: str) -> str:
        if len(cell) > most:
            raise BadCell(f"longer than {most} letters")
        return " ".join(cell.split())

    return read


def phone(cell: str) -> str:
    """A phone number in E.164."""
    number = e164(re.sub(r"(?i)\s*(?:ext?\.?|x)\s*\d+$", "", cell))
    if number is None:
        raise BadCell("not a phone number")
    return number


@lru_cache(maxsize=50_000)
def birth_date(cell: str) -> str:
    """A day that is past, as ISO."""
    day = _day(cell.split(" ")[0] if re.match(r"\d", cell) and ":" in cell else cell)
    if day is None or not date(1900, 1, 1) <= day <= now().date():
        raise BadCell("not a date of birth (use MM/DD/YYYY or YYYY-MM-DD)")
    return day.isoformat()


def _day(cell: str) -> date | None:
    for shape in DATES:
        try:
            return datetime.strptime(cell, shape).date()
        except ValueError:
            continue
    for shape in SHORT_DATES:
        try:
            found = datetime.strptime(cell, shape).date()
        except ValueError:
            continue
        return found.replace(year=found.year - 100) if found > now().date() else found
    return None


def email(cell: str) -> str:
    """An e-mail address."""
    if not re.fullmatch(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+", cell) or len(cell) > 254:
        raise BadCell("not an e-mail address")
    return cell


def sex(cell: str) -> str:
    """F, M or X."""
    found = SEXES.get(cell.lower())
    if found is None:
        raise BadCell("not F, M or X")
    return found


def one_of(*values: str) -> Callable[[str], str]:
    """One of these words."""

    def read(cell: str) -> str:
        if cell.lower() not in values:
            raise BadCell(f"not one of: {', '.join(values)}")
        return cell.lower()

    return read


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a row may say. `known_as`: heads of columns that mean it, in small letters without spaces."""

    name: str
    label: str
    read: Callable[[str], Any]
    known_as: tuple[str, ...] = ()
    day: bool = False


def guessed(columns: Sequence[str], fields: Sequence[Field]) -> dict[str, str]:
    """Field by column, as far as the heads tell; a field is meant once."""
    found: dict[str, str] = {}
    for column in columns:
        head = re.sub(r"[^a-z0-9]", "", column.lower())
        for field in fields:
            names = {field.name.replace("_", ""), re.sub(r"[^a-z0-9]", "", field.label.lower()), *field.known_as}
            if head in names and field.name not in found.values():
                found[column] = field.name
                break
    return found


def read_row(
    columns: Sequence[str],
    cells: Sequence[str],
    mapping: Mapping[str, str],
    fields: Mapping[str, Field],
    day_first: Container[str] = (),
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The row's values, and (column, what is wrong) where one cannot be read."""
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        return {}, [("", f"has {len(cells)} cells, the head has {len(columns)}")]
    values: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    for place, column in enumerate(columns):
        field = fields.get(mapping.get(column, ""))
        cell = cells[place].strip() if place < len(cells) else ""
        if field is None or cell.lower() in UNKNOWN:
            continue
        try:
            values[field.name] = field.read(month_first(cell) if column in day_first else cell)
        except BadCell as error:
            wrong.append((column, str(error)))
    return values, wrong


def named(values: dict[str, Any]) -> str | None:
    """A full name is taken apart: `Brown, Ada` or `Ada Brown`."""
    full = values.pop("full_name", None)
    if full and not (values.get("first_name") and values.get("last_name")):
        last, comma, first = full.partition(",")
        parts = full.split()
        if comma:
            values |= {"last_name": last.strip(), "first_name": first.strip()}
        elif len(parts) > 1:
            values |= {"first_name": parts[0], "last_name": " ".join(parts[1:])}
    missing = [label for name, label in (("first_name", "first name"), ("last_name", "last name"))
               if not values.get(name)]  # fmt: skip
    return f"{' and '.join(missing)} missing" if missing else None
