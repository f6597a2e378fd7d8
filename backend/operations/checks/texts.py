"""P4: every text of the last days went out as law and patient allowed, and once. Judged again, from the ledger.

The gate decided with what was known then. Here consent is read from the ledger as of the moment of sending, the hours
are the law's in every zone the number, the address and the clinic allow, and the caps are the policy's since its last
change.
"""

import uuid
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.models import AuditEvent
from backend.core.clock import now
from backend.core.database import practice_of
from backend.identity.models import Location
from backend.identity.queries import practice
from backend.messaging import facts, zones
from backend.messaging.gate import ANSWERING, CONVERSATION, DAY, WEEK
from backend.messaging.ledger import state_of
from backend.messaging.models import Consent, Conversation, ConversationPatient, Message, MessagingPolicy
from backend.messaging.quiet_hours import LAW_CLOSES, LAW_OPENS, TextingHours, allowed
from backend.messaging.states import NOT_SENT
from backend.operations.checks.naming import Named, Violation, ask, name
from backend.patient_links import marks
from backend.patients.models import Patient

LAW = TextingHours(LAW_OPENS, LAW_CLOSES, sundays=True)
# Rows that say something about the texts we send.
CARE = frozenset({"care", "all"})
STUCK = timedelta(hours=1)
# The same words to the same lead so soon were meant once.
TWICE = timedelta(minutes=10)
SENT_OR_ON_THE_WAY = ("sending", "unknown", "sent", "delivered", "undelivered", "failed")

STUCK_TEXTS = """
SELECT 'message' AS kind, id::text AS id, status || ' for more than an hour' AS note FROM messages
WHERE practice_id = :practice AND direction = 'out' AND status IN ('sending','unknown') AND sent_at < :before
"""
FORGOTTEN = """
SELECT 'message' AS kind, m.id::text AS id, m.status || ' without a job that sends it' AS note FROM messages m
WHERE m.practice_id = :practice AND m.direction = 'out'
  AND (m.status = 'queued' OR (m.status = 'held' AND m.hold_until IS NOT NULL))
  AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.practice_id = m.practice_id AND j.kind = 'messages.send'
                  AND j.ref_id = m.id AND j.state IN ('queued','leased'))
"""
SAME_ID = """
SELECT 'message' AS kind, m.id::text AS id, 'shares its carrier id with another' AS note FROM messages m
WHERE m.practice_id = :practice AND m.external_id IN (
  SELECT external_id FROM messages WHERE practice_id = :practice AND external_id IS NOT NULL
  GROUP BY external_id HAVING count(*) > 1)
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """A text that left, or was about to."""

    id: uuid.UUID
    conversation_id: uuid.UUID
    phone: str
    location_id: uuid.UUID | None
    lead_id: uuid.UUID | None
    purpose: str
    automatic: bool
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Agreed:
    """A row of the consent ledger."""

    at: datetime
    status: str
    scope: str
    message_id: uuid.UUID | None


@dataclass(slots=True)
class Ledger:
    """What is known about the numbers: consent rows, when their people turned to us, and the policy's changes."""

    consents: dict[str, list[Agreed]] = field(default_factory=dict)
    inbound: dict[str, list[tuple[datetime, str]]] = field(default_factory=dict)
    policies: list[tuple[datetime, str]] = field(default_factory=list)

    def consent(self, phone: str, at: datetime) -> tuple[str, uuid.UUID | None]:
        """What the ledger said about care at that moment, and which message its newest row on it is about."""
        rows = [row for row in self.consents.get(phone, []) if row.at <= at]
        about = [row.message_id for row in rows if row.scope in CARE]
        return state_of((row.status, row.scope) for row in rows), about[-1] if about else None

    def turned_to_us(self, phone: str, at: datetime, within: timedelta, *, texts_only: bool) -> bool:
        """Whether the person wrote (or called) shortly before."""
        kinds = {"in"} if texts_only else {"in", "call"}
        return any(at - within <= moment <= at and kind in kinds for moment, kind in self.inbound.get(phone, []))

    def first_text(self, at: datetime, usual: str) -> str:
        """The policy on first texts at that moment."""
        place = bisect_right(self.policies, at, key=lambda row: row[0])
        if place:
            return self.policies[place - 1][1]
        return "consent_first" if self.policies else usual


async def unlawful(session: AsyncSession, days: int) -> Named:
    """Texts the gate should have held or blocked."""
    since = now() - timedelta(days=days)
    sent, ledger = await _sent(session, since - WEEK), await _ledger(session, since - WEEK)
    policy, places = await facts.policy(session), await _places(session)
    by_phone: dict[str, list[Sent]] = defaultdict(list)
    for text in sent:
        by_phone[text.phone].append(text)
    found = []
    for texts in by_phone.values():
        for place, text in enumerate(texts):
            if text.at >= since:
                notes = [
                    *_unasked(text, ledger, policy),
                    *_untimely(text, ledger, places),
                    *_again(text, texts[:place]),
                ]
                notes += _too_many(text, texts[:place], ledger, policy)
                found += [Violation("message", str(text.id), note) for note in notes]
    return name(found)


def _unasked(text: Sent, ledger: Ledger, policy: MessagingPolicy) -> Iterator[str]:
    if text.purpose == "notice":
        return
    state, about = ledger.consent(text.phone, text.at)
    if state == "revoked":
        yield "sent after the number opted out"
    elif text.purpose == "consent_request":
        if state == "asked" and about != text.id:
            yield "asked for consent a second time"
    elif state != "granted" and ledger.first_text(text.at, policy.first_text) == "consent_first":
        yield "sent without consent"


def _untimely(text: Sent, ledger: Ledger, places: "Places") -> Iterator[str]:
    if text.purpose == "notice" or ledger.turned_to_us(text.phone, text.at, CONVERSATION, texts_only=True):
        return
    if not allowed(text.at, places.candidates(text), LAW):
        yield "sent outside the law's hours where the phone may be"


def _again(text: Sent, before: list[Sent]) -> Iterator[str]:
    """The same automatic words to the same lead within minutes."""
    for other in reversed(before):
        if text.at - other.at > TWICE:
            return
        if text.automatic and _gist(other) == _gist(text):
            yield "sent twice"
            return


def _gist(text: Sent) -> tuple[uuid.UUID | None, str, str]:
    return text.lead_id, marks.shown(text.body), text.purpose


def _too_many(text: Sent, before: list[Sent], ledger: Ledger, policy: MessagingPolicy) -> Iterator[str]:
    changed = ledger.policies[-1][0] if ledger.policies else None
    if text.purpose == "notice" or (changed is not None and text.at < changed):
        return
    if ledger.turned_to_us(text.phone, text.at, ANSWERING, texts_only=False):
        return
    times = [other.at for other in before if other.purpose != "notice" and other.at < text.at]
    for most, span, named in ((policy.per_day, DAY, "day"), (policy.per_week, WEEK, "week")):
        if len(times) - bisect_right(times, text.at - span) >= most:
            yield f"more texts than allowed in a {named}"
            return


async def _sent(session: AsyncSession, since: datetime) -> list[Sent]:
    rows = await session.execute(
        select(
            Message.id, Message.conversation_id, Conversation.phone, Conversation.location_id, Message.lead_id,
            Message.purpose, Message.automatic, Message.body, Message.sent_at,
        )
        .join(
            Conversation,
            (Conversation.practice_id == Message.practice_id) & (Conversation.id == Message.conversation_id),
        )
        .where(Message.practice_id == practice_of(session), Message.direction == "out", Message.sent_at >= since)
        .where(Message.status.in_(SENT_OR_ON_THE_WAY))
        .order_by(Message.sent_at, Message.id)
    )  # fmt: skip
    return [Sent(*row) for row in rows]  # type: ignore[arg-type] # sent_at is not null here


async def _ledger(session: AsyncSession, since: datetime) -> Ledger:
    practice_id, ledger = practice_of(session), Ledger()
    ledger.consents = await _consents(session)
    turned = await session.execute(
        select(Conversation.phone, Message.created_at, Message.direction)
        .join(Message, (Message.practice_id == Conversation.practice_id) & (Message.conversation_id == Conversation.id))
        .where(Message.practice_id == practice_id, Message.direction.in_(("in", "call")), Message.created_at >= since)
        .order_by(Message.created_at)
    )
    for phone, at, direction in turned:
        ledger.inbound.setdefault(phone, []).append((at, direction))
    changes = await session.execute(
        select(AuditEvent.at, AuditEvent.action)
        .where(AuditEvent.practice_id == practice_id, AuditEvent.action.startswith("messaging_policy."))
        .order_by(AuditEvent.seq)
    )
    ledger.policies = [(at, action.removeprefix("messaging_policy.")) for at, action in changes]
    return ledger


async def _consents(session: AsyncSession) -> dict[str, list[Agreed]]:
    """Every number's rows, oldest first."""
    rows = await session.execute(
        select(Consent.phone, Consent.at, Consent.status, Consent.scope, Consent.message_id)
        .where(Consent.practice_id == practice_of(session))
        .order_by(Consent.at, Consent.id)
    )
    found: dict[str, list[Agreed]] = defaultdict(list)
    for phone, at, status, scope, message_id in rows:
        found[phone].append(Agreed(at, status, scope, message_id))
    return found


class Places:
    """Where each phone may be."""

    def __init__(self, clinics: dict[uuid.UUID | None, str], addresses: dict[uuid.UUID, list[str]]) -> None:
        self._clinics, self._addresses = clinics, addresses
        self._found: dict[uuid.UUID, tuple[str, ...]] = {}

    def candidates(self, text: Sent) -> tuple[str, ...]:
        """Every zone the address, the number and the clinic allow."""
        if text.conversation_id not in self._found:
            clinic = self._clinics.get(text.location_id) or self._clinics[None]
            known = [*_of_number(text.phone), clinic]
            for address in self._addresses.get(text.conversation_id, []):
                known += zones.of_address(address)
            self._found[text.conversation_id] = tuple(dict.fromkeys(known))
        return self._found[text.conversation_id]


@cache
def _of_number(phone: str) -> tuple[str, ...]:
    return zones.of_number(phone)


async def _places(session: AsyncSession) -> Places:
    practice_id = practice_of(session)
    clinics: dict[uuid.UUID | None, str] = {None: (await practice(session)).timezone}
    for place, timezone in await session.execute(
        select(Location.id, Location.timezone).where(Location.practice_id == practice_id)
    ):
        clinics[place] = timezone
    addresses: dict[uuid.UUID, list[str]] = {}
    rows = await session.execute(
        select(ConversationPatient.conversation_id, Patient.address)
        .join(
            Patient,
            (Patient.practice_id == ConversationPatient.practice_id) & (Patient.id == ConversationPatient.patient_id),
        )
        .where(Patient.practice_id == practice_id, Patient.address.is_not(None))
    )
    for conversation_id, address in rows:
        addresses.setdefault(conversation_id, []).append(address or "")
    return Places(clinics, addresses)


async def stuck(session: AsyncSession) -> Named:
    """Texts of which nobody knows whether they went out."""
    return await ask(session, STUCK_TEXTS, practice=practice_of(session), before=now() - STUCK)


async def waiting(session: AsyncSession) -> Named:
    """Texts that wait for a number that opted out."""
    rows = await session.execute(
        select(Message.id, Message.status, Conversation.phone)
        .join(
            Conversation,
            (Conversation.practice_id == Message.practice_id) & (Conversation.id == Message.conversation_id),
        )
        .where(Message.practice_id == practice_of(session), Message.direction == "out", Message.purpose != "notice")
        .where(Message.status.in_(NOT_SENT))
        .order_by(Message.id)
    )
    ledger = Ledger(await _consents(session))
    opted_out = [row for row in rows if ledger.consent(row.phone, now())[0] == "revoked"]
    return name([Violation("message", str(row.id), f"{row.status} for a number that opted out") for row in opted_out])


async def forgotten(session: AsyncSession) -> Named:
    """Texts that would wait for ever."""
    return await ask(session, FORGOTTEN, practice=practice_of(session))


async def same_id(session: AsyncSession) -> Named:
    """Two texts the carrier counted as one."""
    return await ask(session, SAME_ID, practice=practice_of(session))
