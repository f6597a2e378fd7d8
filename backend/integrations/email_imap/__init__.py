"""A mailbox read over IMAP4rev1 (RFC 3501, 6851), one thread per open folder.

UID and UIDVALIDITY name a mail; PEEK leaves it unread until it is stored here; nothing depends on who has read it.

With a token it signs in by SASL XOAUTH2: base64 of `user=` address ^A `auth=Bearer ` token ^A ^A (^A: octet 1). Who
refuses says why in a challenge, which is answered with nothing, and only then NO
(https://developers.google.com/workspace/gmail/imap/xoauth2-protocol; Microsoft takes the same,
https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth).
"""

import asyncio
import imaplib
import re
import ssl
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, TypeVar

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from backend.core.callbacks import ProviderUnavailable
from backend.integrations.outbound import InnerAddress, addresses
from backend.lead_capture.mail.ports import MailAccount, MailRefused

TIMEOUT: Final = 20.0
Result = TypeVar("Result")


class ImapFolder:
    """An open folder."""

    def __init__(self, box: BaseMailBox, done_folder: str, validity: int) -> None:
        self._box, self._done = box, done_folder
        self.validity = validity

    async def waiting(self) -> list[int]:
        """The numbers of the mails in it, oldest first, read by somebody or not."""
        return sorted(int(uid) for uid in await _calmly(self._box.uids))

    async def size(self, uid: int) -> int:
        """How many bytes it has."""
        for item in await _calmly(self._asked, "FETCH", str(uid), "(UID RFC822.SIZE)"):
            found = re.search(rb"RFC822\.SIZE (\d+)", item if isinstance(item, bytes) else b"")
            if found:
                return int(found[1])
        return 0

    async def fetch(self, uid: int, most: int) -> bytes:
        """The mail as it came, at most so many bytes, without marking it as read."""
        return await _calmly(self._fetch, uid, most)

    def _fetch(self, uid: int, most: int) -> bytes:
        for item in self._asked("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{most}>)"):
            if isinstance(item, tuple) and isinstance(item[1], bytes):
                return item[1]
        raise ProviderUnavailable("broken")

    async def finish(self, uids: list[int]) -> None:
        """Mark them as read and move them away; where the server cannot, they stay."""
        await _calmly(self._finish, [str(uid) for uid in uids])

    def _finish(self, uids: list[str]) -> None:
        with suppress(ImapToolsError):
            self._box.flag(uids, MailMessageFlags.SEEN, True)
        with suppress(ImapToolsError):
            if not self._box.folder.exists(self._done):
                self._box.folder.create(self._done)
            self._box.move(uids, self._done)

    def _asked(self, command: str, *arguments: str) -> list[Any]:
        status, found = self._box.client.uid(command, *arguments)
        if status != "OK":
            raise ProviderUnavailable("broken")
        return list(found)


class ImapMailbox:
    """Signs in anew each time it is opened. Practices type servers in, so none of an inner network is asked, unless
    the operator names it in `inner`; `local` allows this machine. TLS proves that it is who was looked up.
    """

    def __init__(self, timeout: float = TIMEOUT, *, local: bool = False, inner: Collection[str] = ()) -> None:
        self._timeout, self._local, self._inner = timeout, local, inner

    @asynccontextmanager
    async def open(self, account: MailAccount) -> AsyncIterator[ImapFolder]:
        """Sign in and open the folder. Raises `MailRefused`, `ProviderUnavailable`."""
        await self._outward(account)
        box = await _calmly(self._connected, account)
        try:
            yield ImapFolder(box, account.done_folder, await _calmly(_select, box, account))
        finally:
            with suppress(Exception):
                await asyncio.to_thread(box.logout)

    async def _outward(self, account: MailAccount) -> None:
        if account.host in self._inner:
            return
        try:
            await addresses(account.host, account.port, local=self._local)
        except InnerAddress:
            raise MailRefused("inner") from None
        except OSError:
            raise ProviderUnavailable("unreachable") from None

    def _connected(self, account: MailAccount) -> BaseMailBox:
        where = {"host": account.host, "port": account.port, "timeout": self._timeout}
        if account.security == "tls":
            return MailBox(**where, ssl_context=ssl.create_default_context())
        if account.security == "starttls":
            return MailBoxStartTls(**where, ssl_context=ssl.create_default_context())
        return MailBoxUnencrypted(**where)


def _select(box: BaseMailBox, account: MailAccount) -> int:
    if account.token is None:
        try:
            box.login(account.username, account.password, initial_folder=None)
        except (MailboxLoginError, UnicodeEncodeError):
            raise MailRefused("denied") from None
    else:
        _by_token(box.client, account.username, account.token)
    try:
        box.folder.set(account.folder)
    except MailboxFolderSelectError:
        raise MailRefused("no_folder") from None
    return int(box.folder.status(account.folder, ["UIDVALIDITY"])["UIDVALIDITY"])


def _by_token(client: imaplib.IMAP4, username: str, token: str) -> None:
    answers = iter([f"user={username}\1auth=Bearer {token}\1\1".encode()])
    try:
        client.authenticate("XOAUTH2", lambda _challenge: next(answers, b""))
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        raise MailRefused("denied") from None


async def _calmly(work: Callable[..., Result], *arguments: Any) -> Result:
    """In a thread; whatever goes wrong becomes one of ours, without the server's words."""
    try:
        return await asyncio.to_thread(work, *arguments)
    except (MailRefused, ProviderUnavailable):
        raise
    except ssl.SSLCertVerificationError:
        raise MailRefused("not_secure") from None
    except TimeoutError:
        raise ProviderUnavailable("timeout") from None
    except (imaplib.IMAP4.error, ImapToolsError, ssl.SSLError, ValueError, KeyError, EOFError):
        raise ProviderUnavailable("broken") from None
    except OSError:
        raise ProviderUnavailable("unreachable") from None
