"""MLLP (HL7 v2 transport, appendix C): `0x0B message 0x1C 0x0D`, each answered before the next one is read."""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from backend.core.clock import now
from backend.core.ids import new_id
from backend.core.logging import get_logger
from backend.lead_capture.hl7.ports import Envelope
from backend.lead_capture.hl7.receiving import Answer

START: Final = b"\x0b"
PIECE: Final = 1 << 18
END: Final = b"\x1c"
MOST_BYTES: Final = 32 * 1024 * 1024
# Connections are kept open for days; a message once begun must end.
WHOLE_SECONDS: Final = 60.0
MOST_CONNECTIONS: Final = 200
# One sender gone wrong, or somebody who only wants to be in the way, leaves room for the others.
MOST_PER_PEER: Final = 40
MOST_HELD: Final = 256 * 1024 * 1024
Receive = Callable[[bytes, str], Awaitable[Answer]]
log = get_logger(__name__)


class Busy(Exception):
    """Messages that are being read take all the memory they may."""


class MllpServer:
    """One port."""

    def __init__(
        self, receive: Receive, tls: ssl.SSLContext | None = None, most: int = MOST_BYTES, most_held: int = MOST_HELD
    ) -> None:
        self._receive, self._tls, self._most, self._most_held = receive, tls, most, most_held
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.Task[None], str] = {}
        self._held: dict[asyncio.Task[None], int] = {}

    async def start(self, host: str, port: int) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(self._connected, host, port, ssl=self._tls, limit=1 << 20)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """No new messages; one being stored is still answered."""
        if self._server is not None:
            self._server.close()
        for task in list(self._open):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        peer = (writer.get_extra_info("peername") or ("",))[0]
        self._open[task] = peer
        try:
            room = list(self._open.values()).count(peer) <= MOST_PER_PEER
            if room and len(self._open) <= MOST_CONNECTIONS:
                await self._talk(reader, writer, peer)
        except (ConnectionError, asyncio.IncompleteReadError, TimeoutError, ssl.SSLError):
            pass
        finally:
            self._open.pop(task, None)
            self._held.pop(task, None)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: str) -> None:
        waiting, task = b"", asyncio.current_task()
        assert task is not None
        while True:
            # Line ends and the like between messages mean nothing.
            while START not in waiting:
                waiting = await reader.read(1 << 16)
                if not waiting:
                    return
            begun = waiting[waiting.index(START) + 1 :]
            try:
                async with asyncio.timeout(WHOLE_SECONDS):
                    message, waiting = await self._rest(reader, begun)
            except Busy:
                writer.write(framed(busy()))
                await writer.drain()
                return
            if message is None:
                writer.write(framed(too_large()))
                await writer.drain()
                return
            answer = await asyncio.shield(self._receive(message, peer))
            self._held.pop(task, None)
            writer.write(framed(acknowledgement(answer)))
            await writer.drain()

    def _hold(self, size: int) -> None:
        """So many bytes are in memory for this connection. Raises `Busy`."""
        task = asyncio.current_task()
        assert task is not None
        self._held[task] = size
        if size > PIECE and sum(self._held.values()) > self._most_held:
            raise Busy

    async def _rest(self, reader: asyncio.StreamReader, begun: bytes) -> tuple[bytes | None, bytes]:
        """The message and what came after it; None for one that does not end in time to be small."""
        found = bytearray(begun)
        looked = 0
        while (end := found.find(END, looked)) < 0:
            looked = len(found)
            self._hold(looked)
            if looked > self._most:
                return None, b""
            more = await reader.read(PIECE)
            if not more:
                raise asyncio.IncompleteReadError(b"", None)
            found += more
        return bytes(found[:end]), bytes(found[end + 1 :])


def framed(message: bytes) -> bytes:
    """Ready to be sent."""
    return START + message + END + b"\r"


def too_large() -> bytes:
    """The answer to what was not read to its end."""
    words = f"larger than {MOST_BYTES >> 20} MB"
    return acknowledgement(Answer("AR", Envelope("", "", ""), 207, words))


def busy() -> bytes:
    """The answer to what there is no room for just now."""
    return acknowledgement(Answer("AE", Envelope("", "", ""), 207, "cannot be taken just now: send it again"))


def acknowledgement(answer: Answer) -> bytes:
    """ACK: what became of the message, and in ERR why not; never a word of the message but its own head."""
    asked, at = answer.envelope, now().strftime("%Y%m%d%H%M%S+0000")
    head = [
        "MSH", "^~\\&", *map(_safe, (asked.receiving_application, asked.receiving_facility, asked.application,
                                     asked.facility)),
        at, "", f"ACK^{_safe(asked.event)}^ACK" if asked.event else "ACK", new_id().hex[:20],
        _safe(asked.processing) or "P", _safe(asked.version) or "2.3",
    ]  # fmt: skip
    segments = [
        "|".join(head),
        "|".join(["MSA", answer.code, _safe(asked.control_id), _safe(answer.words)]).rstrip("|"),
    ]
    if answer.code != "AA":
        error = f"{answer.error}^{_safe(answer.words)}^HL70357"
        segments.append("|".join(["ERR", "", answer.where, error, "E", "", "", "", _safe(answer.words)]))
    return ("\r".join(segments) + "\r").encode()


def _safe(text: str) -> str:
    """Without separators: what we say back must not become other fields."""
    return re.sub(r"[|^~\\&\x00-\x1f\x7f]", " ", text)[:200]
