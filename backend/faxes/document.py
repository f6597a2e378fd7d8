"""What a fax is once it is opened: pages, words, fields, segments.

Plain values shared by decoding, reading, sorting and extraction; nothing here touches the database.
Boxes are `(x0, y0, x1, y1)` as fractions (0-1) of the upright page, y growing downwards.
"""

from dataclasses import dataclass, field
from typing import Literal

Box = tuple[float, float, float, float]
Source = Literal["text", "ocr", "person"]
Normal = str | bool | int | list[str]


@dataclass(frozen=True, slots=True)
class Word:
    """One word as read; `confidence` is 0-1 (1.0 for a text layer)."""

    text: str
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class DecodedPage:
    """One page squared to equal dpi, not yet turned upright.

    `damage` is 0 (sound) to 1 (nothing to read); `png` is 8-bit grey or 1-bit.
    """

    number: int
    width: int
    height: int
    damage: float
    blank: bool
    inverted: bool
    png: bytes
    # Letters of ours whose page this is, by the codes on it.
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageText:
    """The words of one page in reading order, on the upright page.

    `rotation` (0, 90, 180, 270 degrees clockwise) is what turned the decoded page upright.
    `confidence` is the mean word confidence, 0 for a page without words.
    """

    number: int
    source: Literal["text", "ocr"]
    rotation: int
    confidence: float
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible value of a field and where it stands."""

    value: str
    normal: Normal
    confidence: float
    page: int
    box: Box | None
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Field:
    """The chosen value of one field of contract section 3, with the runners-up."""

    value: str
    normal: Normal
    confidence: float
    page: int
    box: Box | None
    text: str
    source: Source
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class SortedPage:
    """What kind of page it is (contract section 3) and which segment (patient) it belongs to."""

    number: int
    kind: str
    confidence: float
    segment: int


@dataclass(frozen=True, slots=True)
class Segment:
    """Pages of one patient inside one fax."""

    index: int
    kind: str
    pages: tuple[int, ...]
    # The letter of ours that these are pages of.
    letter_code: str | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """The fields of one segment and why a person must look before it is filed (empty: file it)."""

    fields: dict[str, Field] = field(default_factory=dict)
    hold_reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownReferrer:
    """A provider the practice already knows; lets a blurred name be read with confidence."""

    name: str
    npi: str | None
    practice: str | None
    phone: str | None
    fax: str | None


@dataclass(frozen=True, slots=True)
class ExtractionContext:
    """What the practice knows when it reads a fax.

    `own_numbers` (E.164) and `own_names` are ours, so never the patient's or the referrer's.
    `received_on` (ISO date) bounds the plausible dates.
    """

    received_on: str
    own_numbers: frozenset[str] = frozenset()
    own_names: frozenset[str] = frozenset()
    referrers: tuple[KnownReferrer, ...] = ()
