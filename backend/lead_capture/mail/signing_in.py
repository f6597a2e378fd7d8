"""How a mailbox is signed in to: with its password, or with a token that is kept until shortly before it runs out."""

from datetime import timedelta
from typing import Final

from backend.core import crypto
from backend.core.clock import now
from backend.core.jobs import JobRun
from backend.lead_capture.mail import mailboxes, sealing
from backend.lead_capture.mail.models import MailAddress
from backend.lead_capture.mail.oauth import Secrets
from backend.lead_capture.mail.ports import Grant, Granted, MailAccount, Tokens

# So long before its end nothing is begun with a token; and it is kept at least so long, however short it lasts.
EARLY: Final = timedelta(minutes=5)
LEAST: Final = timedelta(seconds=30)


async def account(run: JobRun, tokens: Tokens, box: MailAddress, key: bytes, *, anew: bool) -> tuple[MailAccount, bool]:
    """With what signs in in the clear, for the adapter; and whether a token of it is new.

    `anew` fetches a token whatever is kept. Raises `MailRefused`, `ProviderUnavailable`.
    """
    known = sealing.with_password(box, key)
    if known is not None:
        return known, False
    async with run.transaction() as session:
        row = await mailboxes.one(session, box.id)
    if not anew and row.sealed_access is not None and row.access_until and row.access_until > now():
        token = crypto.open_sealed(key, row.sealed_access, sealing.place("-access", row)).decode()
        return sealing.with_token(row, token), False
    found, facts = sealing.secrets_of(row, key), row.oauth
    assert found is not None and facts is not None
    grant = Grant(facts["token_url"], facts["client_id"], found.client_secret, found.refresh_token, facts["scope"])
    granted = await tokens.fetch(grant)
    await _keep(run, row, granted, found, key)
    return sealing.with_token(row, granted.access_token), True


async def _keep(run: JobRun, before: MailAddress, granted: Granted, found: Secrets, key: bytes) -> None:
    """Unless the settings were changed meanwhile; a refresh token that came with it replaces the one before."""
    async with run.transaction() as session:
        row = await mailboxes.one(session, before.id, lock=True)
        if row.version != before.version:
            return
        row.sealed_access = crypto.seal(key, granted.access_token.encode(), sealing.place("-access", row))
        row.access_until = now() + max(timedelta(seconds=granted.seconds) - EARLY, LEAST)
        if granted.refresh_token and found.refresh_token:
            row.sealed_oauth = sealing.sealed(row, Secrets(found.client_secret, granted.refresh_token), key)
        await session.flush()
