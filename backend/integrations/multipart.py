"""Multipart bodies of callbacks, as providers send documents beside their facts."""

from collections.abc import Mapping

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from backend.core.callbacks import MalformedWebhook


def parts_of(content_type: str, body: bytes) -> Mapping[str, bytes]:
    """Parts by name. Raises `MalformedWebhook`."""
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise MalformedWebhook("not_multipart")
    found: dict[str, bytes] = {}
    reader = _Reader(found)
    parser = MultipartParser(
        boundary,
        {
            "on_part_begin": reader.begin,
            "on_header_field": reader.header_field,
            "on_header_value": reader.header_value,
            "on_header_end": reader.header_end,
            "on_part_data": reader.data,
            "on_part_end": reader.end,
        },
    )
    try:
        parser.write(body)
        parser.finalize()
    except FormParserError:
        raise MalformedWebhook("broken_multipart") from None
    return found


class _Reader:
    """Gathers one part after the other."""

    def __init__(self, found: dict[str, bytes]) -> None:
        self._found = found
        self.begin()

    def begin(self) -> None:
        self._field, self._value, self._name, self._data = bytearray(), bytearray(), "", bytearray()

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        if bytes(self._field).lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._value))
            self._name = options.get(b"name", b"").decode("utf-8", "replace")
        self._field, self._value = bytearray(), bytearray()

    def data(self, data: bytes, start: int, end: int) -> None:
        self._data += data[start:end]

    def end(self) -> None:
        self._found.setdefault(self._name, bytes(self._data))
