"""The demo's mailbox, in the sandbox."""

from uuid import UUID

from pydantic import SecretStr

from backend.core.context import ProcessContext
from backend.identity.queries import practice_key
from backend.lead_capture.mail import mailboxes
from backend.lead_capture.mail.schemas import MailboxIn
from backend.sandbox.mailbox.server import load_mailbox


async def seed(context: ProcessContext, practice_id: UUID) -> None:
    """Have it read, unless it is already."""
    account = load_mailbox(context.settings.data / "sandbox")
    async with context.database.transaction(practice_id) as session:
        if any(row.username == account.address for row in await mailboxes.listed(session)):
            return
        body = MailboxIn(
            version=0, host=account.host, port=account.port, security="none", username=account.address,
            password=SecretStr(account.password),
        )  # fmt: skip
        await mailboxes.add(session, await practice_key(session, context), body)
