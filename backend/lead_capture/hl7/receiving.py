"""Take a message in: whose it is, whether it can be taken, and into the inbox. Only then it is acknowledged."""

import hashlib
import ipaddress
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from backend.core.context import ProcessContext
from backend.core.crypto import seal
from backend.core.ids import new_id
from backend.core.inbox import Delivery
from backend.core.logging import get_logger
from backend.core.metrics import WEBHOOKS
from backend.identity.models import Practice
from backend.lead_capture.hl7.models import Hl7Sender
from backend.lead_capture.hl7.ports import Code, Envelope, Reader, Refused

TAKE: Final = "hl7.take"
PROVIDER: Final = "hl7"
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sender is told."""

    code: Code
    envelope: Envelope
    error: int = 0
    words: str = ""
    where: str = ""


async def receive(context: ProcessContext, reader: Reader, raw: bytes, port: int | None, peer: str) -> Answer:
    """AA once it is durable, also for one that is known already; AE or AR with the reason otherwise."""
    envelope = Envelope("", "", "")
    try:
        envelope = reader.envelope(raw)
        sender, practice = await _sender(context, envelope, port, peer)
        if envelope.processing != "P" and context.settings.environment == "production":
            raise Refused("AR", 202, "only production messages (MSH-11 P) are taken", "MSH^1^11")
        reader.content(raw)
        await _keep(context, sender, practice, envelope, raw)
    except Refused as refused:
        WEBHOOKS.labels(PROVIDER, "malformed").inc()
        return Answer(refused.code, refused.envelope or envelope, refused.error, refused.words, refused.where)
    except Exception as error:
        log.error("hl7_not_taken", error=type(error).__name__)
        WEBHOOKS.labels(PROVIDER, "unavailable").inc()
        return Answer("AE", envelope, 207, "cannot be taken just now: send it again")
    return Answer("AA", envelope)


async def _sender(
    context: ProcessContext, envelope: Envelope, port: int | None, peer: str
) -> tuple[Hl7Sender, Practice]:
    """Who this is; the same answer for whoever is unknown, closed or elsewhere."""
    query = (
        select(Hl7Sender, Practice)
        .join(Practice, Practice.id == Hl7Sender.practice_id)
        .where(Hl7Sender.active, Hl7Sender.port.is_not_distinct_from(port))
        .where(Hl7Sender.application.in_(("", envelope.application)), Hl7Sender.facility.in_(("", envelope.facility)))
        .order_by(Hl7Sender.facility.desc(), Hl7Sender.application.desc())
        .limit(1)
    )
    async with context.database.system() as session:
        found = (await session.execute(query)).one_or_none()
    if found is None or not _allowed(found[0].peers, peer):
        raise Refused("AR", 207, "sending application or facility unknown here", "MSH^1^4")
    return found[0], found[1]


def _allowed(peers: list[str], peer: str) -> bool:
    try:
        address = ipaddress.ip_address(peer)
        return not peers or any(address in ipaddress.ip_network(each, strict=False) for each in peers)
    except ValueError:
        return False


async def _keep(context: ProcessContext, sender: Hl7Sender, practice: Practice, envelope: Envelope, raw: bytes) -> None:
    """A control id with other contents is another message: some senders begin to count anew."""
    key = context.keyring.practice_key(practice.id, practice.wrapped_key)
    delivery_id, digest = new_id(), hashlib.sha256(raw).hexdigest()
    assert context.inbox is not None
    new = await context.inbox.record(
        Delivery(
            id=delivery_id, practice_id=practice.id, provider=PROVIDER, account_key=sender.id.hex,
            event_id=f"{envelope.control_id}:{digest[:32]}", external_id=envelope.control_id, job_kind=TAKE,
            sealed=seal(key, raw, f"delivery:{delivery_id}"),
        )
    )  # fmt: skip
    WEBHOOKS.labels(PROVIDER, "new" if new else "repeat").inc()
