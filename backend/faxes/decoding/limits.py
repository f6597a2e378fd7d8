"""How much one document may cost, and the plain sentences for documents that cannot be opened."""

from dataclasses import dataclass

MIB = 1024 * 1024

SENTENCES = {
    "empty_file": "The file is empty. Ask the sender to send it again.",
    "too_large": "The file is larger than we accept. Ask the sender to split it into smaller faxes.",
    "unsupported_type": "This is not a PDF, TIFF, PNG, JPEG or HEIC file. Ask for it as a fax or a PDF.",
    "encrypted": "The PDF is locked with a password. Ask the sender for a copy without one.",
    "damaged": "The file is damaged or was cut off on the way. Ask the sender to send it again.",
    "too_many_pages": "The file has more pages than we accept. Ask the sender to split it.",
    "page_too_large": "A page is far larger than paper. Ask the sender to send it again in normal page size.",
    "took_too_long": "Opening the file took too long, so we stopped. Ask the sender for a new copy.",
    "out_of_memory": "Opening the file needs too much memory, so we stopped. Ask for a simpler copy.",
    "no_pages": "The file holds no pages. Ask the sender to send it again.",
    "crashed": "The file could not be opened: it is probably damaged. Ask for a new copy.",
}


class Undecodable(Exception):
    """No page of the document can be shown.

    `code` is a key of `SENTENCES` and `detail` its sentence, free of PHI.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = SENTENCES[code]


@dataclass(frozen=True, slots=True)
class Limits:
    """The most one document may cost.

    `bytes` counts the file; pixels count after squaring and as stored; `cpu_seconds` also bounds the
    wall clock; `memory_bytes` bounds the address space of the child process.
    """

    bytes: int = 25 * MIB
    pages: int = 200
    page_pixels: int = 40_000_000
    document_pixels: int = 400_000_000
    cpu_seconds: int = 60
    memory_bytes: int = 512 * MIB


DEFAULT_LIMITS = Limits()
