"""A STOP that has arrived, but waits its turn in the inbox, beats what is about to be sent."""

from datetime import UTC, datetime

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

MOST = 500
SHORTEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 2.0, 600.0


class Unheard(Exception):
    """A text from this phone has arrived and has not been taken in yet. Look again after `seconds`."""

    def __init__(self, since: datetime) -> None:
        super().__init__()
        # Moments, as a rule; where something is stuck, a person hears of it from the doctor.
        waited = (datetime.now(UTC) - since).total_seconds()
        self.seconds = min(max(SHORTEST_WAIT_SECONDS, waited), LONGEST_WAIT_SECONDS)


async def refuse(session: AsyncSession, carrier: TextCarrier, account: TextAccount, key: bytes, phone: str) -> None:
    """Raise `Unheard` while this phone has said something that nobody knows yet."""
    rows = await session.scalars(
        select(WebhookDelivery)
        .where(WebhookDelivery.practice_id == practice_of(session), WebhookDelivery.state == "pending")
        .where(WebhookDelivery.kind == RECEIVE, WebhookDelivery.account_key == account.account_key)
        .order_by(WebhookDelivery.id)
        .limit(MOST)
    )
    waiting = rows.all()
    if len(waiting) == MOST:
        raise Unheard(waiting[-1].received_at)  # too many to look through: it may be among those behind
    for delivery in waiting:
        form, _ = lines.unpack(open_sealed(key, delivery.sealed, f"delivery:{delivery.id}"))
        try:
            sender = carrier.inbound(account, form).from_number
        except MalformedWebhook:
            continue
        if (e164(sender) or sender) == phone:
            raise Unheard(delivery.received_at)
