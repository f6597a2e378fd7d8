"""The server itself. One account, made once per data folder; its mails survive a restart."""

import json
import mailbox
import os
import secrets
import socket
from argparse import Namespace
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any, Final

from pymap.backend.maildir import Identity, MaildirBackend
from pymap.imap import IMAPService
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from backend.core.clock import now
from backend.core.logging import get_logger
from backend.sandbox.mailbox.tokens import TokenServer
from backend.sandbox.mailbox.xoauth2 import TokenConfig, TokenLogin, XOAuth2

ADDRESS: Final = "referrals@northside.example.org"
HOST: Final = "127.0.0.1"
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MailboxAccount:
    """Where it listens, and who may read it."""

    host: str
    port: int
    address: str
    password: str


def load_mailbox(folder: Path) -> MailboxAccount:
    """The account of this folder, made on first use with a port that is free then."""
    file = folder / "mailbox.json"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = int(probe.getsockname()[1])
        made = MailboxAccount(HOST, port, ADDRESS, secrets.token_hex(12))
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(asdict(made), out)
    return MailboxAccount(**json.loads(file.read_text()))


class MailServer:
    """Started and stopped with the api."""

    def __init__(self, folder: Path) -> None:
        self.account = load_mailbox(folder)
        self.tokens = TokenServer(folder)
        self._root = folder / "mail"
        self._running: AsyncExitStack | None = None

    async def start(self) -> None:
        """Listen. A port somebody else took meanwhile is no reason not to start the product."""
        self._root.mkdir(parents=True, exist_ok=True)
        config = TokenConfig.from_args(self._arguments(), hash_context=Cleartext())
        config.mechanism = XOAuth2(self.tokens, self.account.address)
        backend = MaildirBackend(TokenLogin(config), config)
        config.apply_context()
        owner = Identity(config, backend.login.tokens, self.account.address, None, {"admin"})
        await owner.set(UserMetadata(config, owner.name, password=self.account.password))
        stack = AsyncExitStack()
        try:
            await IMAPService(backend, config).start(stack)
        except OSError:
            log.warning("sandbox_mailbox_port_taken", port=self.account.port)
            await stack.aclose()
            return
        self._running = stack

    async def stop(self) -> None:
        """No longer."""
        if self._running is not None:
            await self._running.aclose()
            self._running = None

    def _arguments(self) -> Namespace:
        return Namespace(
            debug=False, host=[self.account.host], port=self.account.port, cert=None, key=None, tls=False,
            passlib_cfg=None, proxy_protocol=None, inherited_sockets=None, base_dir=str(self._root), layout="++",
            colon=None, concurrency=2,
        )  # fmt: skip

    def deliver(self, raw: bytes) -> None:
        """A mail comes in."""
        self._box().add(raw)

    def _box(self) -> mailbox.Maildir:
        return mailbox.Maildir(self._root / self.account.address, create=True)

    def listed(self, folder: str = "") -> list[dict[str, Any]]:
        """Mails of a folder, as a person would see them there; "" is the inbox."""
        box = self._box()
        if folder and folder not in box.list_folders():
            return []
        return [_shown(key, mail) for key, mail in (box.get_folder(folder) if folder else box).items()]

    def folders(self) -> list[str]:
        """Besides the inbox."""
        return sorted(self._box().list_folders())


def _shown(key: str, mail: "mailbox.MaildirMessage") -> dict[str, Any]:
    return {
        "id": key,
        "from": str(mail.get("From", "")),
        "subject": str(mail.get("Subject", "")),
        "flags": mail.get_flags(),
    }


def written(
    sender: str, to: str, subject: str, text: str, files: list[tuple[str, str, bytes]], message_id: str | None = None
) -> bytes:
    """An e-mail as somebody's program would send it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"], mail["Message-ID"] = format_datetime(now()), message_id or make_msgid(domain="example.org")
    mail.set_content(text)
    for name, kind, data in files:
        main, _, sub = kind.partition("/")
        mail.add_attachment(data, maintype=main, subtype=sub or "octet-stream", filename=name)
    return mail.as_bytes()
