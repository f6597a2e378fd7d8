"""A STOP that has arrived, but waits its turn in the inbox, beats what is about to be sent."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.callbacks import MalformedWebhook
from backend.core.crypto import open_sealed
from backend.core.database import practice_of
from backend.core.inbox import WebhookDelivery
from backend.core.phones import e164
from backend.messaging import lines
from backend.messaging.ports import TextAccount, TextCarrier
from backend.messaging.service import RECEIVE

MOST = 200
LONGEST_WAIT_SECONDS = 60.0


class Unheard(Exception):
    """A text from this phone has arrived and has not been taken in yet."""


def wait_seconds(attempt: int) -> float:
    """Until the next look; taking texts in is a matter of moments."""
    return float(min(LONGEST_WAIT_SECONDS, 2.0**attempt))


async def refuse(session: AsyncSession, carrier: TextCarrier, account: TextAccount, key: bytes, phone: str) -> None:
    """Raise `Unheard` while this phone has said something that nobody knows yet."""
    waiting = await session.scalars(
        select(WebhookDelivery)
        .where(WebhookDelivery.practice_id == practice_of(session), WebhookDelivery.state == "pending")
        .where(WebhookDelivery.kind == RECEIVE, WebhookDelivery.account_key == account.account_key)
        .order_by(WebhookDelivery.id)
        .limit(MOST)
    )
    for delivery in waiting:
        form, _ = lines.unpack(open_sealed(key, delivery.sealed, f"delivery:{delivery.id}"))
        try:
            sender = carrier.inbound(account, form).from_number
        except MalformedWebhook:
            continue
        if (e164(sender) or sender) == phone:
            raise Unheard
