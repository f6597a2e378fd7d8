"""What parent and child say to each other: frames of one JSON object and one blob.

JSON and not pickle, because a child that read a hostile file must not be able to run code in its parent.
"""

import json
import struct
from io import BufferedRWPair
from typing import Any

HEAD = struct.Struct("!II")
# how a child ended: wait status and peak resident bytes
STATUS = struct.Struct("!iQ")
MAX_JSON = 16 * 1024 * 1024
MAX_BLOB = 64 * 1024 * 1024

Message = dict[str, Any]


def pack(message: Message, blob: bytes = b"") -> bytes:
    """One frame: two big-endian lengths, the JSON, the blob."""
    text = json.dumps(message, separators=(",", ":")).encode()
    return b"".join((HEAD.pack(len(text), len(blob)), text, blob))


def lengths(head: bytes) -> tuple[int, int]:
    """The lengths of JSON and blob. Raises `ValueError` for a frame no honest peer sends."""
    text, blob = HEAD.unpack(head)
    if text > MAX_JSON or blob > MAX_BLOB:
        raise ValueError("frame too large")
    return text, blob


def read_frame(stream: BufferedRWPair) -> tuple[Message, bytes]:
    """The next frame of a blocking stream. Raises `EOFError` when the peer has gone."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        raise EOFError
    text_length, blob_length = lengths(head)
    text, blob = stream.read(text_length), stream.read(blob_length)
    if len(blob) < blob_length:
        raise EOFError
    message: Message = json.loads(text)
    return message, blob
