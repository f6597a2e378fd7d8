"""E-mail over SMTP: encrypted by STARTTLS or from the start, except to this very machine."""

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from urllib.parse import unquote, urlsplit

from backend.core.callbacks import ProviderUnavailable
from backend.loop.ports import Mail, MailRefused

TIMEOUT_SECONDS = 30.0
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
PERMANENT = 500


class SmtpMailer:
    """`url`: smtp://user:password@host:587 (STARTTLS) or smtps://…:465; `sender`: the address that writes."""

    def __init__(self, url: str, sender: str) -> None:
        self._url, self._sender = urlsplit(url), sender

    async def send(self, mail: Mail) -> str:
        """What the server answered when it took the mail. Raises `MailRefused` or `ProviderUnavailable`."""
        return await asyncio.to_thread(self._send, mail)

    def _send(self, mail: Mail) -> str:
        try:
            with self._open() as server:
                return self._hand_over(server, mail)
        except smtplib.SMTPAuthenticationError:
            raise MailRefused("unauthorized") from None
        except smtplib.SMTPRecipientsRefused as refused:
            code = max(reply[0] for reply in refused.recipients.values())
            raise (MailRefused("no_such_address") if code >= PERMANENT else ProviderUnavailable("busy")) from None
        except smtplib.SMTPResponseException as answer:
            if answer.smtp_code >= PERMANENT:
                raise MailRefused(f"smtp_{answer.smtp_code}") from None
            raise ProviderUnavailable(f"smtp_{answer.smtp_code}") from None
        except (OSError, smtplib.SMTPException) as error:
            raise ProviderUnavailable(type(error).__name__) from None

    def _open(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, port or 587, timeout=TIMEOUT_SECONDS)
            if host not in LOCAL:
                server.starttls(context=ssl.create_default_context())
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))
        return server

    def _hand_over(self, server: smtplib.SMTP, mail: Mail) -> str:
        message = EmailMessage()
        message["From"] = formataddr((mail.from_name, self._sender))
        message["To"], message["Subject"] = mail.to, mail.subject
        message["Message-ID"], message["Date"] = mail.message_id, formatdate()
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.body)
        server.ehlo_or_helo_if_needed()
        server.mail(self._sender)
        code, reply = server.rcpt(mail.to)
        if code not in {250, 251}:
            raise smtplib.SMTPRecipientsRefused({mail.to: (code, reply)})
        code, reply = server.data(message.as_bytes())
        if code != 250:
            raise smtplib.SMTPDataError(code, reply)
        return f"{code} {reply.decode(errors='replace')}"[:120]
