"""A file is what its bytes say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.messaging.file_kinds import ENDINGS, SENDABLE, SHOWABLE, file_name, sniff


def box(brand: bytes) -> bytes:
    return b"\x00\x00\x00\x18ftyp" + brand + b"\x00\x00\x00\x00"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xff\xd8\xff\xe0JFIF", "image/jpeg"), (b"\x89PNG\r\n\x1a\nx", "image/png"), (b"GIF89a", "image/gif"),
        (b"%PDF-1.7", "application/pdf"), (b"BEGIN:VCARD\nVERSION:3.0", "text/vcard"),
        (b"\xef\xbb\xbfbegin:vcard\r\n", "text/vcard"), (box(b"heic"), "image/heic"), (box(b"mif1"), "image/heic"),
        (box(b"avif"), "image/avif"), (box(b"3gp5"), "video/3gpp"), (box(b"isom"), "video/mp4"),
        (box(b"mp42"), "video/mp4"), (box(b"qt  "), "video/quicktime"), (box(b"M4A "), "audio/mp4"),
        (b"#!AMR\n", "audio/amr"), (b"ID3\x04", "audio/mpeg"), (b"\xff\xfbx", "audio/mpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"), (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"II*\x00", "image/tiff"), (b"OggS", "audio/ogg"),
    ],
)  # fmt: skip
def test_what_phones_send(data: bytes, kind: str) -> None:
    assert sniff(data) == kind
    assert kind in ENDINGS


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<!doctype html><script>", b"<svg xmlns=''>", b"MZ\x90\x00", b"PK\x03\x04", b"\x7fELF", b"#!/bin/sh",
        b"BEGIN:VCALENDAR", b"hello BEGIN:VCARD\n", box(b"evil"), b"RIFF\x00\x00\x00\x00AVI ", b" %PDF-1.7",
    ],
)  # fmt: skip
def test_what_no_phone_sends(data: bytes) -> None:
    assert sniff(data) is None


@given(st.binary(max_size=64))
def test_anything_gets_an_answer_and_a_plain_name(data: bytes) -> None:
    kind = sniff(data)
    assert kind is None or file_name(kind, 0).isascii()


def test_what_we_show_or_send_is_recognised() -> None:
    assert set(ENDINGS) >= SENDABLE
    assert set(ENDINGS) >= SHOWABLE
