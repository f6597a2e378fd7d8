"""A mail taken apart: who, what, which documents. Pure, and careful: a mail may be built to harm its reader."""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import Final, Literal

MOST_LINES: Final = 1_500_000
MOST_BOUNDARIES: Final = 200
DEEPEST: Final = 20
MOST_PARTS: Final = 200
MOST_DOCUMENTS: Final = 20
MOST_TEXT: Final = 200_000
# Smaller pictures are logos and signatures.
SMALLEST_PICTURE: Final = 50_000
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
FAILED: Final = re.compile(r"\bdmarc\s*=\s*fail|\bspf\s*=\s*fail\b(?!.*\bdkim\s*=\s*pass)", re.I | re.S)
MAGIC: Final = (
    (b"%PDF", "application/pdf"), (b"II*\0", "image/tiff"), (b"MM\0*", "image/tiff"),
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"),
)  # fmt: skip
PICTURES: Final = frozenset({"image/png", "image/jpeg"})
Automatic = Literal["reply", "bounce", "generated"]


class TooTangled(Exception):
    """It is built so that reading it would do harm."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody's name, as far as given, and address."""

    name: str = ""
    address: str = ""


@dataclass(slots=True)
class Contents:
    """What a mail says and brings."""

    sender: Sender = Sender()
    reply_to: Sender = Sender()
    subject: str = ""
    text: str = ""
    documents: list[tuple[str, bytes]] = field(default_factory=list)
    # Files that are no document we can read: archives, spreadsheets, contact cards.
    left_out: int = 0
    automatic: Automatic | None = None
    answers: bool = False
    unproven: bool = False


def halves(raw: bytes) -> tuple[bytes, bytes]:
    """The head and what is below it."""
    found = re.search(rb"\r?\n\r?\n", raw[:1_000_000])
    return (raw[: found.start()], raw[found.end() :]) if found else (raw[:1_000_000], b"")


def message_id(head: bytes) -> bytes:
    """As it is given, or nothing."""
    found = re.search(rb"(?im)^message-id:[ \t]*(?:\r?\n[ \t]+)?([^\r\n]{1,1000})", head)
    return found[1].strip() if found else b""


def read(raw: bytes) -> Contents:
    """Take it apart. Raises `TooTangled`."""
    if raw.count(b"\n") > MOST_LINES or len(re.findall(rb"(?i)boundary\s*=", raw)) > MOST_BOUNDARIES:
        raise TooTangled
    try:
        message = email.message_from_bytes(raw)
        return _contents(message)
    except (RecursionError, ValueError, TypeError, AttributeError, LookupError, AssertionError):
        # The library's parser and decoders raise all of these on mails that are no mails.
        raise TooTangled from None


def _contents(message: Message) -> Contents:
    found = Contents(
        sender=_sender(message, "From"), reply_to=_sender(message, "Reply-To"),
        subject=clean(_header(message, "Subject"))[:300], automatic=_automatic(message),
        answers=bool(message.get("In-Reply-To")), unproven=_unproven(message),
    )  # fmt: skip
    plain, html = list[str](), list[str]()
    for part in _parts(message):
        _take(part, found, plain, html)
    text = "\n".join(plain)
    if not text.strip():
        text = "\n".join(in_words(each) for each in html)
    found.text = clean(text)[:MOST_TEXT].strip()
    return found


def _parts(message: Message) -> Iterator[Message]:
    """The leaves, forwarded mails' too. Raises `TooTangled`."""
    waiting, seen = [(message, 0)], 0
    while waiting:
        part, depth = waiting.pop(0)
        seen += 1
        if depth > DEEPEST or seen > MOST_PARTS:
            raise TooTangled
        inside = part.get_payload() if part.is_multipart() else None
        if isinstance(inside, list):
            waiting[:0] = [(child, depth + 1) for child in inside if isinstance(child, Message)]
        else:
            yield part


def _take(part: Message, found: Contents, plain: list[str], html: list[str]) -> None:
    kind, named = part.get_content_type(), part.get_filename() is not None
    loaded = part.get_payload(decode=True)
    data = loaded if isinstance(loaded, bytes) else b""
    document = _document(data)
    if document:
        inline = part.get("Content-ID") is not None and part.get_content_disposition() != "attachment"
        if document in PICTURES and (inline or len(data) < SMALLEST_PICTURE):
            return
        if len(found.documents) >= MOST_DOCUMENTS:
            found.left_out += 1
        else:
            found.documents.append((document, data))
    elif kind in {"text/plain", "text/html"} and part.get_content_disposition() != "attachment":
        (plain if kind == "text/plain" else html).append(_decoded(part, data)[:MOST_TEXT])
    elif data.strip() and (named or part.get_content_disposition() == "attachment"):
        found.left_out += 0 if kind in {"application/pgp-signature", "application/pkcs7-signature"} else 1


def _document(data: bytes) -> str | None:
    """What its first bytes say, whatever it is called; a PDF may have some junk before."""
    for magic, kind in MAGIC:
        if data.startswith(magic):
            return kind
    return "application/pdf" if b"%PDF-" in data[:1024] else None


def _decoded(part: Message, data: bytes) -> str:
    """The text in the charset it names, or the likeliest where that is unknown or wrong."""
    named = part.get_content_charset() or "utf-8"
    for charset in (named, "utf-8"):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeError):
            continue
    return data.decode("cp1252", "replace")


def _header(message: Message, name: str) -> str:
    raw = str(message.get(name, ""))[:2000]
    pieces = []
    try:
        for piece, charset in decode_header(raw):
            if isinstance(piece, str):
                pieces.append(piece)
                continue
            try:
                pieces.append(piece.decode(charset or "utf-8"))
            except (LookupError, UnicodeError):
                pieces.append(piece.decode("cp1252", "replace"))
    except ValueError:
        return raw
    return "".join(pieces)


def _sender(message: Message, name: str) -> Sender:
    for said, address in getaddresses([_header(message, name)]):
        if re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+", address) and len(address) <= 254:
            return Sender(clean(said).strip()[:200], address)
    return Sender()


def _automatic(message: Message) -> Automatic | None:
    """An answer nobody wrote, a report that something could not be delivered, or made by a program."""
    said = str(message.get("Auto-Submitted", "no")).strip().lower()
    if message.get_content_type() == "multipart/report" or str(message.get("Return-Path", "x")).strip() == "<>":
        return "bounce"
    if said.startswith("auto-replied") or message.get("X-Autoreply"):
        return "reply"
    bulk = str(message.get("Precedence", "")).strip().lower() in {"bulk", "list", "junk"}
    return "generated" if said != "no" or bulk or message.get("List-Unsubscribe") else None


def _unproven(message: Message) -> bool:
    """Our own server, whose word stands on top, says that the sender's address is not proven."""
    results = message.get_all("Authentication-Results") or []
    return bool(results and FAILED.search(str(results[0])))


def clean(text: str) -> str:
    """Without what no text holds and no database takes."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).encode("utf-8", "replace").decode()


class _Words(HTMLParser):
    """The words of an HTML text, a line for each block."""

    BLOCKS: Final = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "table", "blockquote"})
    SILENT: Final = frozenset({"script", "style", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self.SILENT
        if tag in self.BLOCKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in self.SILENT and self._silent > 0
        if tag in self.BLOCKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(re.sub(r"\s+", " ", data))


def in_words(html: str) -> str:
    """An HTML text as plain words."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    lines = [line.strip() for line in "".join(parser.found).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
