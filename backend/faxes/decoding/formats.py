"""Which of the accepted formats a file is, by content; its name and declared type do not count."""

PDF, TIFF, PNG, JPEG = "application/pdf", "image/tiff", "image/png", "image/jpeg"
# What iPhones take photos in.
HEIC = "image/heic"

_MAGIC = (
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
)
# the brands of still pictures in HEVC, named at the beginning of an ISO base media file
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})
# PDF readers accept junk before the header; fax gateways really send such files.
_PDF_HEADER_WITHIN = 1024


def sniff(data: bytes) -> str | None:
    """The media type by magic bytes, None for anything that is not PDF, TIFF, PNG, JPEG or HEIC."""
    for magic, media_type in _MAGIC:
        if data.startswith(magic):
            return media_type
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return HEIC
    return PDF if b"%PDF-" in data[:_PDF_HEADER_WITHIN] else None
