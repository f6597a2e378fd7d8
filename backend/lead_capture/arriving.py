"""Somebody wrote to us: opened as a lead, joined to one, or held for a person. Never lost, never twice."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.ids import new_id
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.lead_capture.models import Arrival
from backend.leads import orders
from backend.leads import service as leads
from backend.leads.models import Lead
from backend.messaging import consent
from backend.patients import matching
from backend.patients import service as patients
from backend.patients.models import Patient
from backend.patients.schemas import PatientFacts

# Sent again within this time, it is the same message; written again, it belongs to the same request for care.
AGAIN: Final = timedelta(hours=24)
PATIENT: Final = ("first_name", "last_name", "dob", "phone", "email")


@dataclass(frozen=True, slots=True)
class Letter:
    """What arrived. `facts` are plain JSON; `sender` is a hash of who sent it, to count by."""

    channel: str
    facts: dict[str, Any]
    message: str | None = None
    origin: str | None = None
    consent: dict[str, Any] | None = None
    sender: bytes | None = None
    reasons: list[str] = field(default_factory=list)


def digest_of(letter: Letter) -> bytes:
    """The same words from the same place are the same letter."""
    parts = [letter.channel, *(f"{name}={value}" for name, value in sorted(letter.facts.items())), letter.message or ""]
    return hashlib.sha256("\0".join(parts).encode()).digest()


async def receive(session: AsyncSession, letter: Letter) -> Arrival:
    """Take it in: once, however often it is sent within a day."""
    digest = digest_of(letter)
    lock = int.from_bytes(hashlib.sha256(practice_of(session).bytes + digest).digest()[:8], "big", signed=True)
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
    already = await known(session, digest)
    if already is not None:
        return already
    arrival = Arrival(
        practice_id=practice_of(session), id=new_id(), channel=letter.channel, state="held", reasons=letter.reasons,
        facts=letter.facts, message=letter.message, origin=letter.origin, consent=letter.consent, digest=digest,
        sender_hash=letter.sender, received_at=now(), version=1,
    )  # fmt: skip
    if not letter.reasons:
        await _open(session, arrival)
    session.add(arrival)
    await session.flush()
    tell(session, arrival)
    return arrival


async def known(session: AsyncSession, digest: bytes) -> Arrival | None:
    """The same words, sent not long ago."""
    return await session.scalar(
        select(Arrival)
        .where(Arrival.practice_id == practice_of(session), Arrival.digest == digest)
        .where(Arrival.received_at > now() - AGAIN)
        .order_by(Arrival.received_at.desc())
        .limit(1)
    )


def tell(session: AsyncSession, arrival: Arrival) -> None:
    """Other screens count those who wait."""
    event = LiveEvent("arrival.changed", str(arrival.id), arrival.version, actor_of(session).mutation_id)
    tell_live(session, [event])


async def recent(session: AsyncSession, channel: str, sender: bytes | None, within: timedelta) -> int:
    """How many came by this way lately, in all or from one sender."""
    query = select(func.count()).where(
        Arrival.practice_id == practice_of(session), Arrival.channel == channel, Arrival.received_at > now() - within
    )
    if sender is not None:
        query = query.where(Arrival.sender_hash == sender)
    return await session.scalar(query) or 0


async def _open(session: AsyncSession, arrival: Arrival) -> None:
    """A lead for them, or their words on the one they have."""
    facts = PatientFacts.model_validate({name: arrival.facts.get(name) for name in PATIENT})
    patient_id = await _surely(session, facts)
    lead = await _same_request(session, arrival, patient_id)
    if lead is None:
        patient_id = patient_id or (await patients.create(session, facts)).id
        await _consent(session, arrival, patient_id)
        lead = await _new_lead(session, arrival, patient_id)
    else:
        await _consent(session, arrival, lead.patient_id)
    if words := in_words(arrival):
        await leads.add_note(session, lead.id, words)
    arrival.state, arrival.lead_id = "opened", lead.id


async def _surely(session: AsyncSession, facts: PatientFacts) -> uuid.UUID | None:
    """The patient known here: same name, date of birth and number. A stranger may know a name and a birthday, so
    anything less becomes a person of its own whom somebody may merge.
    """
    if facts.phone is None:
        return None
    identity = matching.Identity(facts.first_name, None, facts.last_name, None, facts.dob, facts.phone)
    for match in await matching.find(session, identity):
        if match.certain and "phone" in match.facts.agrees:
            return match.patient_id
    return None


async def _same_request(session: AsyncSession, arrival: Arrival, patient_id: uuid.UUID | None) -> Lead | None:
    """The lead this belongs to: the patient's open or lately lost one, else what the same person sent today."""
    if patient_id is not None:
        if (open_lead := await leads.open_lead_of(session, patient_id)) is not None:
            return open_lead
        if (lost := await leads.lost_lead_of(session, patient_id)) is not None:
            return await leads.reopen(session, lost.id)
    if not arrival.facts.get("phone"):
        return None
    return await session.scalar(
        select(Lead)
        .join(Patient, (Patient.practice_id == Lead.practice_id) & (Patient.id == Lead.patient_id))
        .where(Lead.practice_id == practice_of(session), Lead.open, Lead.opened_at > now() - AGAIN)
        .where(Lead.source == arrival.channel, Patient.phone == arrival.facts["phone"])
        .where(func.lower(Patient.first_name) == arrival.facts["first_name"].lower())
        .where(func.lower(Patient.last_name) == arrival.facts["last_name"].lower())
        .limit(1)
    )


async def _new_lead(session: AsyncSession, arrival: Arrival, patient_id: uuid.UUID) -> Lead:
    place = uuid.UUID(arrival.facts["location_id"]) if arrival.facts.get("location_id") else None
    lead = await leads.open_lead(session, leads.NewLead(patient_id, arrival.channel, place))
    if payer := arrival.facts.get("payer_name"):
        await patients.cover(session, patient_id, [patients.CoverageFacts("primary", payer)])
    if reason := arrival.facts.get("reason"):
        await orders.add(session, lead, orders.OrderFacts(diagnosis_text=reason))
    return lead


async def _consent(session: AsyncSession, arrival: Arrival, patient_id: uuid.UUID) -> None:
    """What they ticked, in the words they saw. Nobody but the phone itself takes a STOP back."""
    phone, given = arrival.facts.get("phone"), arrival.consent
    if not phone or given is None or await consent.left_alone(session, phone):
        return
    words = f'{"ticked" if given["ticked"] else "not ticked"}: "{given["words"]}" at {given["page"] or "our form"}'
    status = "granted" if given["ticked"] else "asked"
    await consent.record(session, phone, status, "form", evidence=words, patient_id=patient_id, scope="care")


def in_words(arrival: Arrival) -> str:
    """What the desk reads on the timeline."""
    facts = arrival.facts
    lines = [arrival.message or ""]
    named = {
        "preferred_times": "Prefers", "referred_by": "Referred by", "reason": "Reason", "payer_name": "Insurance",
    }  # fmt: skip
    lines += [f"{label}: {facts[name]}" for name, label in named.items() if facts.get(name)]
    if facts.get("language") == "es":
        lines.append("Filled in the Spanish form")
    return "\n".join(line for line in lines if line)[:2000]


async def locked(session: AsyncSession, arrival_id: uuid.UUID, version: int) -> Arrival:
    """One that waits for a person. Raises `NotFound`, `StaleVersion`, `Conflict`."""
    arrival = await session.scalar(
        select(Arrival).where(Arrival.practice_id == practice_of(session), Arrival.id == arrival_id).with_for_update()
    )
    if arrival is None:
        raise NotFound("There is nothing like this in this practice.")
    if arrival.version != version:
        raise StaleVersion(arrival.version)
    if arrival.state == "opened":
        raise Conflict("A lead was opened for this already.", lead_id=str(arrival.lead_id))
    return arrival


async def accept(session: AsyncSession, arrival_id: uuid.UUID, version: int, corrected: dict[str, Any]) -> Arrival:
    """A person says: this is somebody. Raises `Invalid` while a name is missing."""
    arrival = await locked(session, arrival_id, version)
    arrival.facts = arrival.facts | corrected
    if not (arrival.facts.get("first_name") and arrival.facts.get("last_name")):
        raise Invalid("Give a first and a last name.", errors=[("/first_name", "required"), ("/last_name", "required")])
    await _open(session, arrival)
    return await _decided(session, arrival)


async def discard(session: AsyncSession, arrival_id: uuid.UUID, version: int) -> Arrival:
    """A person says: this is nobody."""
    arrival = await locked(session, arrival_id, version)
    arrival.state = "discarded"
    return await _decided(session, arrival)


async def _decided(session: AsyncSession, arrival: Arrival) -> Arrival:
    arrival.decided_at, arrival.decided_by = now(), actor_of(session).name
    arrival.version += 1
    await session.flush()
    tell(session, arrival)
    return arrival
