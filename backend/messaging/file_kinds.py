"""What a file is, by its bytes. Carriers and people are wrong about it; some lie."""

import re
from typing import Final

JPEG, PNG, GIF, PDF, VCARD = "image/jpeg", "image/png", "image/gif", "application/pdf", "text/vcard"
# What a front desk may send. Every US carrier takes these by MMS.
SENDABLE: Final = frozenset({JPEG, PNG, GIF, PDF, VCARD})
# What a browser may show in our page; the rest is only ever downloaded.
SHOWABLE: Final = frozenset({JPEG, PNG, GIF, "image/webp", PDF})
ENDINGS: Final = {
    JPEG: "jpg", PNG: "png", GIF: "gif", "image/webp": "webp", "image/heic": "heic", "image/avif": "avif",
    "image/tiff": "tif", PDF: "pdf", VCARD: "vcf", "video/mp4": "mp4", "video/quicktime": "mov", "video/3gpp": "3gp",
    "audio/mp4": "m4a", "audio/amr": "amr", "audio/mpeg": "mp3", "audio/ogg": "ogg", "audio/wav": "wav",
}  # fmt: skip
_MAGIC: Final = (
    (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"GIF87a", GIF), (b"GIF89a", GIF), (b"%PDF-", PDF),
    (b"II*\x00", "image/tiff"), (b"MM\x00*", "image/tiff"), (b"#!AMR", "audio/amr"), (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
)  # fmt: skip
# ISO base media files (ISO/IEC 14496-12): the brand after `ftyp`.
_BRANDS: Final = (
    (re.compile(rb"hei[cxms]|hev[cxms]|mif1|msf1"), "image/heic"), (re.compile(rb"avi[fs]"), "image/avif"),
    (re.compile(rb"M4A "), "audio/mp4"), (re.compile(rb"3g[prs2].|3ge."), "video/3gpp"),
    (re.compile(rb"qt  "), "video/quicktime"), (re.compile(rb"iso.|mp4.|avc1|M4V |MSNV|dash"), "video/mp4"),
)  # fmt: skip
_VCARD: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,64}BEGIN:VCARD\s", re.IGNORECASE)
# MPEG audio without a tag: eleven set bits, layer III.
_MP3: Final = frozenset({0xFB, 0xFA, 0xF3, 0xF2})


def sniff(data: bytes) -> str | None:
    """The media type; None for what no phone sends."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[4:8] == b"ftyp":
        return next((kind for brand, kind in _BRANDS if brand.fullmatch(data[8:12])), None)
    if data[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(data[8:12])
    if len(data) > 1 and data[0] == 0xFF and data[1] in _MP3:
        return "audio/mpeg"
    return VCARD if _VCARD.match(data) else None


def file_name(content_type: str, number: int) -> str:
    """A name that says nothing of the patient."""
    return f"attachment-{number + 1}.{ENDINGS.get(content_type, 'bin')}"
