"""The public NPPES file (NPPES Downloadable File V.2): its rows become entries of the lookup table."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from backend.referral_sources import names
from backend.referral_sources.npi import is_npi
from backend.referral_sources.taxonomies import SPECIALTIES, specialty

PLACE: Final = "Provider {} Business Practice Location Address"
COLUMNS: Final = {
    "npi": "NPI",
    "entity": "Entity Type Code",
    "organization": "Provider Organization Name (Legal Business Name)",
    "last": "Provider Last Name (Legal Name)",
    "first": "Provider First Name",
    "middle": "Provider Middle Name",
    "suffix": "Provider Name Suffix Text",
    "credential": "Provider Credential Text",
    "street": PLACE.format("First Line"),
    "street2": PLACE.format("Second Line"),
    "city": "Provider Business Practice Location Address City Name",
    "state": "Provider Business Practice Location Address State Name",
    "zip": "Provider Business Practice Location Address Postal Code",
    "phone": "Provider Business Practice Location Address Telephone Number",
    "fax": "Provider Business Practice Location Address Fax Number",
    "deactivated": "NPI Deactivation Date",
    "reactivated": "NPI Reactivation Date",
}
TAXONOMY: Final = "Healthcare Provider Taxonomy Code_{}"
PRIMARY: Final = "Healthcare Provider Primary Taxonomy Switch_{}"
TAXONOMIES: Final = 15


class WrongFile(Exception):
    """It is not the NPPES file; the message says what is missing."""


class Entry(NamedTuple):
    """One row of the lookup table, in the order of `FIELDS`."""

    npi: str
    kind: str
    name: str
    last_key: str
    first_key: str
    credential: str | None = None
    taxonomy: str | None = None
    specialty: str | None = None
    address: str | None = None
    state: str | None = None
    phone: str | None = None
    fax: str | None = None
    deactivated: bool = False


FIELDS: Final = Entry._fields


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: of these states (none: all), with a taxonomy that begins so."""

    states: frozenset[str] = frozenset()
    taxonomies: tuple[str, ...] = tuple(SPECIALTIES)


@contextmanager
def opened(path: Path) -> Iterator[Iterable[str]]:
    """The lines of the CSV file, or of the one inside the monthly ZIP. Raises `WrongFile`."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            inside = [name for name in archive.namelist() if _is_main(name)]
            if len(inside) != 1:
                raise WrongFile("there is no npidata_pfile_….csv in this archive")
            with archive.open(inside[0]) as raw, io.TextIOWrapper(raw, "utf-8-sig", "replace", newline="") as lines:
                yield lines
        return
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        yield lines


def _is_main(name: str) -> bool:
    base = name.rsplit("/", 1)[-1].lower()
    return base.startswith("npidata_pfile_") and base.endswith(".csv") and "fileheader" not in base


def entries(lines: Iterable[str], wanted: Wanted) -> Iterator[Entry | None]:
    """Every row of the file: its entry, or None where nobody asked for it. Raises `WrongFile`."""
    rows = csv.reader(lines)
    reader = _Reader(next(rows, []), wanted)
    for row in rows:
        yield reader.entry(row)


class _Reader:
    """Knows where each column stands in this file."""

    def __init__(self, header: Sequence[str], wanted: Wanted) -> None:
        places = {name: place for place, name in enumerate(header)}
        missing = [name for name in (*COLUMNS.values(), TAXONOMY.format(1)) if name not in places]
        if missing:
            raise WrongFile("columns are missing: " + ", ".join(missing[:5]))
        self._at = {key: places[name] for key, name in COLUMNS.items()}
        known = [number for number in range(1, TAXONOMIES + 1) if TAXONOMY.format(number) in places]
        self._codes = [
            (places[TAXONOMY.format(number)], places.get(PRIMARY.format(number), -1)) for number in known
        ]  # fmt: skip
        self._wanted, self._width = wanted, len(header)

    def entry(self, row: Sequence[str]) -> Entry | None:
        """The row, if somebody asked for it."""
        if len(row) != self._width:
            return None
        npi = self._text(row, "npi")
        if not is_npi(npi):
            return None
        if self._text(row, "deactivated") and not self._text(row, "reactivated"):
            return Entry(npi, "provider", "", "", "", deactivated=True)
        state = self._text(row, "state").upper()
        if self._wanted.states and state not in self._wanted.states:
            return None
        if (code := self._taxonomy(row)) is None:
            return None
        kind = "practice" if self._text(row, "entity") == "2" else "provider"
        name = self._name(row, kind)
        last, first = names.keys(name, kind)
        if not last:
            return None
        return Entry(
            npi, kind, name, last, first, self._text(row, "credential").replace(".", "") or None, code,
            specialty(code), self._address(row, state), state or None, _phone(self._text(row, "phone")),
            _phone(self._text(row, "fax")),
        )  # fmt: skip

    def _text(self, row: Sequence[str], key: str) -> str:
        return row[self._at[key]].strip()

    def _taxonomy(self, row: Sequence[str]) -> str | None:
        """The primary one if it is wanted, else the first that is."""
        found: str | None = None
        for place, switch in self._codes:
            code = row[place]
            if code and code.startswith(self._wanted.taxonomies):
                if switch >= 0 and row[switch] == "Y":
                    return code
                found = found or code
        return found

    def _name(self, row: Sequence[str], kind: str) -> str:
        if kind == "practice":
            return _capitals(self._text(row, "organization"))
        parts = [self._text(row, key) for key in ("first", "middle", "last", "suffix")]
        return _capitals(" ".join(filter(None, parts)))

    def _address(self, row: Sequence[str], state: str) -> str | None:
        street = " ".join(filter(None, (self._text(row, "street"), self._text(row, "street2"))))
        place = f"{state} {self._text(row, 'zip')[:5]}".strip()
        return ", ".join(filter(None, (_capitals(street), _capitals(self._text(row, "city")), place))) or None


def _capitals(text: str) -> str:
    """The file is written in capitals."""
    return " ".join(word.capitalize() if "'" not in word else word.title() for word in text.split())


def _phone(digits: str) -> str | None:
    plain = "".join(letter for letter in digits if letter.isdigit())
    return f"+1{plain}" if len(plain) == 10 and plain[0] not in "01" else None
