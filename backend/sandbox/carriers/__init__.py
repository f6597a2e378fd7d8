"""One file per carrier: its API as we use it, its callbacks, and how often it repeats them."""

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import pikepdf
from fastapi import HTTPException
from PIL import Image

from backend.core.phones import e164
from backend.faxes.decoding import sniff
from backend.sandbox.accounts import SandboxAccount
from backend.sandbox.store import SandboxFax, Store

# How the call to the other machine ends when asked to; `midway` after the first page.
OUTCOMES: Final = ("busy", "no_answer", "midway", "bad_number")
STATION: Final = "DOCTORS OFFICE FAX"


@dataclass(frozen=True, slots=True)
class Callback:
    """One HTTP call to the product."""

    headers: dict[str, str]
    body: bytes


def _untold(_: SandboxFax) -> None:
    """Before anybody listens."""


@dataclass(slots=True)
class Carriers:
    """What every carrier's routes share. `tell` begins to call the product about a fax."""

    store: Store
    accounts: dict[str, SandboxAccount]
    base_url: str
    tell: Callable[[SandboxFax], None] = _untold

    def fax(self, provider: str, fax_id: str) -> SandboxFax:
        """One fax of a carrier; 404 as theirs."""
        fax = self.store.faxes.get(fax_id)
        if fax is None or fax.provider != provider:
            raise HTTPException(404)
        self.trouble(provider)
        return fax

    def send(self, provider: str, to: str, document: bytes, *, ref: str, callback: str) -> SandboxFax:
        """A carrier takes a fax over; how the call will end is decided now. With `lost_answer` nobody hears of it."""
        number = e164(to if to.startswith("+") else f"+{to}") or to
        outcome = next((name for name in OUTCOMES if self.store.fault(provider, name)), "")
        account, address = self.accounts[provider], urlsplit(callback)
        fax = SandboxFax(
            str(uuid.uuid4()), provider, account.account_key, account.number, number,
            sniff(document) or "application/octet-stream", datetime.now(UTC).isoformat(), direction="outbound",
            status="queued", outcome=outcome, ref=ref, callback=f"{address.path}?{address.query}".rstrip("?"),
            pages=pages_of(document),
        )  # fmt: skip
        self.store.send(fax, document)
        self.tell(fax)
        if self.store.fault(provider, "lost_answer"):
            raise HTTPException(504)
        return fax

    def trouble(self, provider: str) -> None:
        """The API fault asked for, if any."""
        if self.store.fault(provider, "api_500"):
            raise HTTPException(500)
        if self.store.fault(provider, "api_429"):
            raise HTTPException(429, headers={"Retry-After": "1"})


def pages_of(document: bytes) -> int:
    """How many pages a TIFF or PDF has; 0 where it is neither."""
    try:
        if document.startswith(b"%PDF"):
            with pikepdf.open(io.BytesIO(document)) as pdf:
                return len(pdf.pages)
        with Image.open(io.BytesIO(document)) as image:
            return int(getattr(image, "n_frames", 1))
    except (OSError, pikepdf.PdfError):
        return 0


def picture(document: bytes, number: int) -> Image.Image:
    """A page as the other machine prints it: the very pixels, made square."""
    if document.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(document)) as pdf:
            drawn: Any = next(iter(pdf.pages[number - 1].get_images().values()))
            return pikepdf.PdfImage(drawn).as_pil_image().convert("L")
    with Image.open(io.BytesIO(document)) as tiff:
        tiff.seek(number - 1)
        return tiff.convert("L")
