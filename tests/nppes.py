"""A small synthetic NPPES file: the headers of the public monthly CSV, invented people."""

import csv
import io
from typing import Any

from backend.referral_sources.nppes import COLUMNS, PRIMARY, TAXONOMY
from tests.referrers import npi

OTHERS = ("Replacement NPI", "Employer Identification Number (EIN)", "Provider Name Prefix Text",
          "Provider Other Organization Name", "Last Update Date", "Provider Sex Code")  # fmt: skip
HEADER = [
    *COLUMNS.values(), *OTHERS,
    *(name.format(number) for number in range(1, 16) for name in (TAXONOMY, "Provider License Number_{}", PRIMARY)),
]  # fmt: skip
ORTHOPEDICS, FAMILY, HAND, LAWYER = "207X00000X", "207Q00000X", "207XS0106X", "173000000X"


def row(number: int, codes: tuple[str, ...] = (FAMILY,), primary: int = 0, **facts: Any) -> list[str]:
    """One provider; `codes` are their taxonomies, `primary` which of them comes first."""
    known = {
        "npi": npi(number), "entity": "1", "last": "JIMENEZ", "first": "EMILY", "credential": "M.D.",
        "street": "100 EXAMPLE AVE", "street2": "STE 5", "city": "CHICAGO", "state": "IL", "zip": "606011234",
        "phone": "3125550154", "fax": "3125550155",
    } | facts  # fmt: skip
    cells = dict.fromkeys(HEADER, "") | {COLUMNS[key]: str(value) for key, value in known.items()}
    for place, code in enumerate(codes, start=1):
        cells |= {TAXONOMY.format(place): code, PRIMARY.format(place): "Y" if place == primary + 1 else "N"}
    return list(cells.values())


def file(*rows: list[str], header: list[str] | None = None) -> str:
    """The rows as the file has them: everything in quotes."""
    written = io.StringIO()
    out = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n")
    out.writerows([header or HEADER, *rows])
    return written.getvalue()
