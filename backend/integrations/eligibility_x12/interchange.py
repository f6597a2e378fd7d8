"""X12 interchanges as segments, by pyx12: delimiters, control numbers and counts are its business."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Final

from pyx12.errors import X12Error
from pyx12.segment import Segment as Parsed
from pyx12.x12file import X12Reader, X12Writer

MOST_BYTES: Final = 2_000_000
VERSION: Final = "005010X279A1"
# No delimiter and nothing that cannot be printed may occur in a value.
DELIMITERS: Final = re.compile(r"[*~:^|]|[^ -~]")


class BadInterchange(Exception):
    """These bytes are no X12 interchange, or a damaged one. `code` is safe to log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment; elements count from 1. An absent element is the empty string."""

    name: str
    elements: tuple[str, ...]
    repeats: str = "^"
    components: str = ":"

    def __getitem__(self, place: int) -> str:
        return self.elements[place - 1] if 0 < place <= len(self.elements) else ""

    def several(self, place: int) -> tuple[str, ...]:
        """A repeated element's values."""
        return tuple(filter(None, self[place].split(self.repeats)))


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends to whom, when, under which control number. `test` marks what must not be taken for real."""

    sender: str
    receiver: str
    at: datetime
    control: int
    test: bool


def read(raw: bytes, expected: str) -> list[Segment]:
    """Every segment of an interchange that holds one transaction `expected` (270, 271). Raises `BadInterchange`."""
    if len(raw) > MOST_BYTES:
        raise BadInterchange("too_large")
    text = raw.decode("latin-1").lstrip()
    if "\0" in text:
        raise BadInterchange("not_x12")
    try:
        reader = X12Reader(StringIO(text))
        parsed = list(reader)
        reader.cleanup()
    except (X12Error, IndexError, ValueError, TypeError, AttributeError):
        # pyx12 expects trailers to have headers, and elements where they belong.
        raise BadInterchange("not_x12") from None
    # Trailing separators are untidy and harmless; anything else means that something is missing.
    if any(code != "SEG1" for _, code, *_ in reader.err_list):
        raise BadInterchange("damaged")
    found = [_segment(one, reader) for one in parsed]
    heads = [segment for segment in found if segment.name == "ST"]
    if len(heads) != 1 or found[-1].name != "IEA":
        raise BadInterchange("damaged")
    if heads[0][1] != expected:
        raise BadInterchange(f"not_a_{expected}")
    return found


def _segment(parsed: Parsed, reader: X12Reader) -> Segment:
    name, *elements = parsed.format(reader.seg_term, reader.ele_term, reader.subele_term)[:-1].split(reader.ele_term)
    return Segment(name, tuple(elements), reader.repetition_term or "^", reader.subele_term or ":")


def write(envelope: Envelope, kind: str, group: str, body: Iterable[Sequence[str]]) -> bytes:
    """An interchange with one transaction; trailers and their counts are added."""
    at, control = envelope.at, f"{envelope.control:09d}"
    out = StringIO()
    writer = X12Writer(out, subele_term=":", eol="")
    head = [
        ["ISA", "00", " " * 10, "00", " " * 10, "ZZ", f"{envelope.sender:15}", "ZZ", f"{envelope.receiver:15}",
         f"{at:%y%m%d}", f"{at:%H%M}", "^", "00501", control, "0", "T" if envelope.test else "P", ":"],
        ["GS", group, envelope.sender, envelope.receiver, f"{at:%Y%m%d}", f"{at:%H%M%S}", str(envelope.control), "X",
         VERSION],
        ["ST", kind, "0001", VERSION],
    ]  # fmt: skip
    for elements in (*head, *body):
        while len(elements) > 1 and elements[-1] == "":
            elements = elements[:-1]
        writer.Write(Parsed("*".join(elements), "~", "*", ":"))
    writer.close()
    return out.getvalue().encode("ascii")


def clean(text: str | None, most: int) -> str:
    """A value as X12 takes it: capital ASCII letters, no delimiter, no longer than the element."""
    plain = unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore").decode()
    return " ".join(DELIMITERS.sub(" ", plain).upper().split())[:most].strip()
