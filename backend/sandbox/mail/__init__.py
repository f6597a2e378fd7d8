"""The doctors' mail server: takes what we send over SMTP and shows it."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI

MOST: Final = 500
# Whoever writes there is told that there is no such mailbox.
NOBODY: Final = "nobody@"


@dataclass(slots=True)
class MailServer:
    """Mails by arrival, in memory; `port` is where it listens."""

    port: int
    mails: list[dict[str, Any]] = field(default_factory=list)
    _server: Controller | None = None

    def start(self) -> None:
        """Listen on this machine."""
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)
        self._server.start()

    def stop(self) -> None:
        """No longer listen."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Everybody has a mailbox here, but for one."""
        if address.startswith(NOBODY):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep it; the same Message-ID again is the same mail."""
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        mail = message_from_bytes(content, policy=policy.default)
        body = mail.get_body(("plain",))
        found = {
            "id": uuid.uuid4().hex, "message_id": mail["Message-ID"], "to": envelope.rcpt_tos[0],
            "from": str(mail["From"]), "subject": str(mail["Subject"]), "body": body.get_content() if body else "",
            "received_at": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        if all(known["message_id"] != found["message_id"] for known in self.mails):
            self.mails = [*self.mails, found][-MOST:]
        return "250 2.0.0 taken"


def routes(app: FastAPI, server: MailServer) -> None:
    """What the doctors' mailboxes hold."""

    @app.get("/mails")
    async def list_mails(to: str = "") -> list[dict[str, Any]]:
        return [mail for mail in server.mails if to in {"", mail["to"]}]
