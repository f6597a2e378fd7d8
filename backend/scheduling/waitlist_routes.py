"""The waitlist, and who on it could take a time that fell free."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import idempotency
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.identity.access import Allowed, Transaction
from backend.patients.models import Patient
from backend.patients.queries import display_name
from backend.scheduling import queries, waitlist
from backend.scheduling.appointment_models import WaitlistEntry
from backend.scheduling.models import AppointmentType
from backend.scheduling.waitlist_schemas import (
    CandidateOut,
    CandidatePage,
    State,
    WaitlistChange,
    WaitlistIn,
    WaitlistOut,
    WaitlistPage,
    WindowOut,
)

router = APIRouter(prefix="/api/v1", tags=["scheduling"])
Reader = Annotated[Actor, Depends(Allowed("schedule:read"))]
Writer = Annotated[Actor, Depends(Allowed("schedule:write"))]
Key = Annotated[str | None, Header()]
COPIED = (
    "id", "version", "state", "patient_id", "lead_id", "location_id", "clinician_id", "priority", "earliest",
    "expires_on", "note", "appointment_id", "created_at",
)  # fmt: skip


def _out(
    row: WaitlistEntry, patient: Patient, kind: AppointmentType, location: str | None, clinician: str | None
) -> WaitlistOut:
    windows = [WindowOut(day=day, start=start, end=end) for day, start, end in row.windows]
    return WaitlistOut(
        **{name: getattr(row, name) for name in COPIED}, patient_display_name=display_name(patient),
        appointment_type_id=kind.id, appointment_type_name=kind.name, location_name=location,
        clinician_name=clinician, windows=windows,
    )  # fmt: skip


def _facts(body: WaitlistIn | WaitlistChange) -> dict[str, Any]:
    facts = body.model_dump(exclude={"version", "windows", "appointment_type_id"})
    windows = [[window.day, window.start, window.end] for window in body.windows]
    return facts | {"type_id": body.appointment_type_id, "windows": windows}


async def _shown(session: AsyncSession, action: str, entry_id: uuid.UUID) -> WaitlistOut:
    entry = await waitlist.one(session, entry_id)
    (row,) = await waitlist.listed(session, only=entry_id)
    shown = _out(*row)
    await audit.record(session, action, f"waitlist:{entry_id}", [entry.patient_id])
    return shown


@router.get("/waitlist", operation_id="listWaitlist", summary="Who would come sooner")
async def list_waitlist(
    _: Reader,
    session: Transaction,
    location_id: uuid.UUID | None = None,
    lead_id: uuid.UUID | None = None,
    state: State = "waiting",
) -> WaitlistPage:
    """In the order in which they would be asked, two hundred at most."""
    items = [
        _out(*row) for row in await waitlist.listed(session, location_id=location_id, lead_id=lead_id, state=state)
    ]
    await audit.record(session, "waitlist.viewed", "waitlist", [item.patient_id for item in items])
    return WaitlistPage(items=items)


@router.post("/waitlist", operation_id="addToWaitlist", summary="Put on the waitlist", status_code=201)
async def add_to_waitlist(
    body: WaitlistIn, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> WaitlistOut:
    """409 when they wait for this kind of visit already."""

    async def create() -> uuid.UUID:
        return (await waitlist.add(session, _facts(body))).id

    made, _ = await idempotency.once(session, caller.id, idempotency_key, body.model_dump_json().encode(), create)
    return await _shown(session, "waitlist.added", made)


@router.put("/waitlist/{entry_id}", operation_id="updateWaitlistEntry", summary="Change what they wish")
async def update_waitlist(entry_id: uuid.UUID, body: WaitlistChange, _: Writer, session: Transaction) -> WaitlistOut:
    """Their place among those of equal priority stays. Stale versions get 409."""
    await waitlist.change(session, entry_id, body.version, _facts(body))
    return await _shown(session, "waitlist.changed", entry_id)


@router.delete("/waitlist/{entry_id}", operation_id="removeFromWaitlist", summary="Take off the list", status_code=204)
async def remove_from_waitlist(entry_id: uuid.UUID, _: Writer, session: Transaction) -> None:
    """They do not wait any longer."""
    entry = await waitlist.remove(session, entry_id)
    await audit.record(session, "waitlist.removed", f"waitlist:{entry_id}", [entry.patient_id])


@router.get(
    "/appointments/{appointment_id}/candidates", operation_id="listCandidates", summary="Who could take this time"
)
async def list_candidates(appointment_id: uuid.UUID, _: Reader, session: Transaction) -> CandidatePage:
    """People on the waitlist whom this time suits, as if it were free; not who has a sooner visit of the kind."""
    appointment = await queries.whole(session, appointment_id)
    if appointment.status == "held":
        raise NotFound("There is no such appointment in this practice.")
    found = await waitlist.candidates(session, queries.slot_of(appointment))
    items = [
        CandidateOut(
            entry_id=one.entry.id, patient_id=one.patient.id, patient_display_name=display_name(one.patient),
            lead_id=one.entry.lead_id, priority=one.entry.priority, waiting_since=one.entry.created_at,
            appointment_id=one.appointment.id if one.appointment else None,
            appointment_starts_at=one.appointment.starts_at if one.appointment else None,
        )
        for one in found
    ]  # fmt: skip
    people = [item.patient_id for item in items]
    await audit.record(session, "waitlist.candidates_viewed", f"appointment:{appointment_id}", people)
    return CandidatePage(items=items)
