"""The process that takes HL7 messages: the shared port, and those of senders with a port of their own."""

import argparse
import asyncio
import signal
import ssl
from contextlib import suppress
from functools import partial

from sqlalchemy import select

from backend.cli.environment import settings_with_servers
from backend.core import logging
from backend.core.context import ProcessContext
from backend.core.settings import Settings
from backend.integrations.hl7_mllp.reading import Hl7Reader
from backend.integrations.hl7_mllp.server import MllpServer
from backend.launcher.services import stop_services
from backend.lead_capture.hl7.models import Hl7Sender
from backend.lead_capture.hl7.ports import Reader
from backend.lead_capture.hl7.receiving import Answer, receive
from backend.wiring.process import open_process

LOOK_SECONDS = 10.0
log = logging.get_logger(__name__)


def serve(_: argparse.Namespace) -> int:
    """Listen until a signal; a message being stored is still answered."""
    settings, services = settings_with_servers()
    logging.configure(settings.log_level, settings.log_format)
    try:
        asyncio.run(_serve(settings))
    finally:
        if services:
            stop_services(services)
    return 0


async def _serve(settings: Settings) -> None:
    working = asyncio.current_task()
    assert working is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, working.cancel)
    async with open_process(settings) as context:
        with suppress(asyncio.CancelledError):
            await Listening(context).keep()


class Listening:
    """Ports that are open, as the settings of the practices name them."""

    def __init__(self, context: ProcessContext, reader: Reader | None = None) -> None:
        self._context, self._reader = context, reader or Hl7Reader()
        self._tls = _tls(context.settings)
        self.servers: dict[int | None, MllpServer] = {}

    async def keep(self) -> None:
        """Open and close ports as they are named and given up."""
        try:
            while True:
                await self.look()
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            for server in self.servers.values():
                await server.stop()

    async def look(self) -> None:
        """Once."""
        settings = self._context.settings
        async with self._context.database.system() as session:
            own = await session.scalars(select(Hl7Sender.port).where(Hl7Sender.active, Hl7Sender.port.is_not(None)))
            wanted: dict[int | None, int] = {port: port for port in own if port is not None}
        if settings.hl7_port:
            wanted[None] = settings.hl7_port
        for gone in set(self.servers) - set(wanted):
            await self.servers.pop(gone).stop()
        for key, port in wanted.items():
            if key not in self.servers:
                server = MllpServer(partial(self._receive, key), self._tls)
                try:
                    await server.start(settings.hl7_host, port)
                except OSError as error:
                    log.error("hl7_port", port=port, error=type(error).__name__)
                    continue
                self.servers[key] = server

    async def _receive(self, port: int | None, raw: bytes, peer: str) -> Answer:
        return await receive(self._context, self._reader, raw, port, peer)


def _tls(settings: Settings) -> ssl.SSLContext | None:
    """Ours alone, or with the demand that senders prove who they are."""
    if not settings.hl7_certificate:
        return None
    found = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    found.load_cert_chain(settings.hl7_certificate)
    if settings.hl7_clients:
        found.load_verify_locations(settings.hl7_clients)
        found.verify_mode = ssl.CERT_REQUIRED
    return found
