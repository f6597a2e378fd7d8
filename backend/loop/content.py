"""What a letter says, before it is drawn. Plain values."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Sender:
    """Letterhead: the practice and the clinic that writes. `logo`: a PNG in black and white."""

    practice: str
    clinic: str | None
    address: str | None
    phone: str | None
    fax: str | None
    tagline: str | None = None
    website: str | None = None
    logo: bytes | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked for: boxes to tick, or a line to write on, or both."""

    key: str
    label: str
    options: tuple[str, ...] = ()
    line: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """One letter. `about` are the lines that say whom it is about; `facts` a small table below the text."""

    sender: Sender
    to: str
    to_office: str | None
    to_fax: str | None
    date: str
    title: str
    about: tuple[tuple[str, str], ...]
    text: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    asks: tuple[Ask, ...] = ()
    sign: Literal["order", "plan"] | None = None
    code: str | None = None
