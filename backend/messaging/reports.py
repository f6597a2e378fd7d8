"""What a carrier says about a text of ours, applied: forward only, and what follows from a failure."""

from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import publish
from backend.core.logging import get_logger
from backend.leads import service as leads
from backend.messaging import alarms, consent, service
from backend.messaging.events import TextUnreachable
from backend.messaging.models import Conversation, Message
from backend.messaging.ports import Policy, TextCarrier, TextReport
from backend.messaging.states import NOT_SENT, moves
from backend.patient_links import marks
from backend.patient_links import service as links

log = get_logger(__name__)
RETRY_AFTER: Final = timedelta(hours=2)
RETRIES: Final = 1
REASON: Final = {"opted_out": "opted_out", "bad_number": "bad_number", "landline": "landline"}


async def apply(
    session: AsyncSession, message: Message, conversation: Conversation, report: TextReport, carrier: TextCarrier | None
) -> None:
    """Move the message forward. The conversation is locked."""
    if _is_of_another_attempt(message, report):
        log.info("late_report", code=report.status)
        return
    message.external_id = message.external_id or report.external_id or None
    if not moves(message.status, report.status):
        await session.flush()
        return
    first, message.status, message.error_code = message.status != "sent", report.status, report.error_code
    message.version += 1
    if report.status in {"sent", "delivered"}:
        await _went_out(session, message, conversation, first)
    elif report.status in {"failed", "undelivered"}:
        policy = carrier.policy(report.error_code) if carrier else "failed"
        await _failed(session, message, conversation, policy, report.error_code)
    service.touch(session, conversation, new=False)
    await session.flush()


def _is_of_another_attempt(message: Message, report: TextReport) -> bool:
    """While a text waits for its second attempt, the first one's late `sent` must not pass for it; a late `delivered`
    must, or the patient would be texted twice."""
    if not message.external_id or not report.external_id:
        return False
    if report.external_id != message.external_id:
        return True
    return message.status in NOT_SENT and report.status != "delivered"


async def _went_out(session: AsyncSession, message: Message, conversation: Conversation, first: bool) -> None:
    message.sent_at, delivered = message.sent_at or now(), message.status == "delivered"
    if delivered:
        conversation.undeliverable = False
    if message.lead_id is not None and message.purpose != "notice":
        await leads.note_text(session, message.lead_id, message.id, first=first, delivered=delivered)
    if delivered:
        await links.delivered(session, marks.marked(message.body))


async def _failed(
    session: AsyncSession, message: Message, conversation: Conversation, policy: Policy, code: str | None
) -> None:
    if policy == "retry" and message.dispatches <= RETRIES:
        message.status, message.sent_at = "held", None  # its id stays, to know this attempt's late reports by
        message.hold_until = now() + RETRY_AFTER
        await service.dispatch(session, message, message.hold_until)
        return
    conversation.undeliverable = True
    if policy == "opted_out":
        await consent.record(session, conversation.phone, "revoked", "sms", evidence=f"carrier {code}")
    elif policy == "landline":
        await consent.note_phone(session, conversation.phone, landline=True)
    elif policy == "bad_number":
        await consent.note_phone(session, conversation.phone, bad_code=code or "unknown")
    elif policy == "alarm":
        # The practice's own registration, not the patient: every further text would meet the same.
        paused = await alarms.refused(session, conversation.line_id, code)
        if paused and message.automatic and message.purpose != "notice" and code in alarms.AT_ONCE:
            # It reached nobody and goes out when the line is resumed; its id stays, to know late reports by.
            message.status, message.reason, message.sent_at = "held", "line_paused", None
            conversation.undeliverable = False
            return
    if message.lead_id is not None:
        await publish(session, TextUnreachable(message.lead_id, REASON.get(policy, "undelivered")))
