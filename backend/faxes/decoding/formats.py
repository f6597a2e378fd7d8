"""Which of the four accepted formats a file is, by content; its name and declared type do not count."""

PDF, TIFF, PNG, JPEG = "application/pdf", "image/tiff", "image/png", "image/jpeg"

_MAGIC = (
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
)
# PDF readers accept junk before the header; fax gateways really send such files.
_PDF_HEADER_WITHIN = 1024


def sniff(data: bytes) -> str | None:
    """The media type by magic bytes, None for anything that is not PDF, TIFF, PNG or JPEG."""
    for magic, media_type in _MAGIC:
        if data.startswith(magic):
            return media_type
    return PDF if b"%PDF-" in data[:_PDF_HEADER_WITHIN] else None
