"""Settings: the mailboxes that are read."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.problems import Conflict, Invalid
from backend.identity import queries as identity
from backend.identity.access import Allowed, Context, Transaction
from backend.identity.calendars import may_change
from backend.lead_capture.mail import mailboxes
from backend.lead_capture.mail.models import MailAddress
from backend.lead_capture.mail.oauth import LOOPBACK
from backend.lead_capture.mail.schemas import FAILURES, MailboxIn, MailboxOut, MailboxPage

router = APIRouter(prefix="/api/v1/settings/mailboxes", tags=["settings"])
Reader = Annotated[Actor, Depends(Allowed("settings:read"))]
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]


@router.get("", operation_id="listMailboxes", summary="Mailboxes that are read")
async def list_mailboxes(_: Reader, session: Transaction) -> MailboxPage:
    """With how it went when each was last looked into."""
    counts = await mailboxes.counts(session)
    return MailboxPage(items=[_out(row, counts.get(row.id, 0)) for row in await mailboxes.listed(session)])


@router.post("", operation_id="createMailbox", summary="Have a mailbox read", status_code=201)
async def create_mailbox(body: MailboxIn, _: Writer, context: Context, session: Transaction) -> MailboxOut:
    """It is looked into at once, and then every minute."""
    await _check(session, context, body)
    row = await mailboxes.add(session, await identity.practice_key(session, context), body)
    await audit.record(session, "mailbox.created", f"mailbox:{row.id}")
    return _out(row, 0)


@router.put("/{mailbox_id}", operation_id="updateMailbox", summary="Change a mailbox, or close it")
async def update_mailbox(
    mailbox_id: uuid.UUID, body: MailboxIn, _: Writer, context: Context, session: Transaction
) -> MailboxOut:
    """Closed, it is no longer read; what came in stays."""
    row = await mailboxes.one(session, mailbox_id)
    await may_change(session, row.location_id)
    await _check(session, context, body)
    row = await mailboxes.change(session, await identity.practice_key(session, context), mailbox_id, body)
    await audit.record(session, "mailbox.changed", f"mailbox:{row.id}")
    return _out(row, (await mailboxes.counts(session)).get(row.id, 0))


@router.post("/{mailbox_id}/look", operation_id="lookIntoMailbox", summary="Look into a mailbox now")
async def look_into_mailbox(mailbox_id: uuid.UUID, _: Writer, session: Transaction) -> MailboxOut:
    """Rather than when its time comes; 409 for one that is closed."""
    row = await mailboxes.one(session, mailbox_id)
    await may_change(session, row.location_id)
    if not row.active:
        raise Conflict("This mailbox is closed. Open it first.")
    await mailboxes.plan(session, mailbox_id)
    await audit.record(session, "mailbox.looked_into", f"mailbox:{mailbox_id}")
    return _out(row, (await mailboxes.counts(session)).get(row.id, 0))


async def _check(session: AsyncSession, context: Context, body: MailboxIn) -> None:
    await may_change(session, body.location_id)
    if body.location_id and body.location_id not in {place.id for place in await identity.locations(session)}:
        raise Invalid("Choose one of the practice's clinics.", errors=[("/location_id", "unknown")])
    if body.folder == body.done_folder:
        raise Invalid("What was taken in needs a folder of its own.", errors=[("/done_folder", "the same folder")])
    local = context.settings.environment != "production"
    if body.security == "none" and not (local and body.host in LOOPBACK):
        raise Invalid("Without TLS only this machine itself may be read.", errors=[("/security", "not safe")])
    token_url = (body.oauth.token_url if body.oauth else None) or "https:"
    if not local and not token_url.startswith("https:"):
        raise Invalid("Tokens are fetched by https only.", errors=[("/oauth/token_url", "not safe")])


def _out(row: MailAddress, received: int) -> MailboxOut:
    facts = {name: getattr(row, name) for name in MailboxOut.model_fields if name not in {"received", "failure"}}
    failure = FAILURES.get(row.failure, FAILURES["broken"]) if row.failure else None
    return MailboxOut(**facts, received=received, failure=failure)
