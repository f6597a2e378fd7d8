"""Settings of scheduling: appointment types, clinicians and their hours."""

import uuid
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query

from backend.audit import service as audit
from backend.core import idempotency
from backend.core.actor import Actor
from backend.identity.access import Allowed, Transaction
from backend.scheduling import setup
from backend.scheduling.material import type_of
from backend.scheduling.setup_schemas import (
    AppointmentTypeChange,
    AppointmentTypeIn,
    AppointmentTypeOut,
    AppointmentTypePage,
    ClinicianChange,
    ClinicianIn,
    ClinicianOut,
    ClinicianPage,
    ExceptionIn,
    ExceptionOut,
    ExceptionPage,
    WeekIn,
    WeekOut,
)

router = APIRouter(prefix="/api/v1", tags=["scheduling"])
Reader = Annotated[Actor, Depends(Allowed("schedule:read"))]
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]
Key = Annotated[str | None, Header()]


@router.get("/appointment-types", operation_id="listAppointmentTypes", summary="Appointment types")
async def list_types(_: Reader, session: Transaction) -> AppointmentTypePage:
    """By kind and name; those no longer given have `active` false."""
    return AppointmentTypePage(items=[AppointmentTypeOut.model_validate(row) for row in await setup.types(session)])


@router.post("/appointment-types", operation_id="createAppointmentType", summary="Add a type", status_code=201)
async def create_type(
    body: AppointmentTypeIn, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> AppointmentTypeOut:
    """Nobody gives it until clinicians say so."""

    async def create() -> uuid.UUID:
        return (await setup.add_type(session, body)).id

    made, _ = await idempotency.once(session, caller.id, idempotency_key, body.model_dump_json().encode(), create)
    await audit.record(session, "appointment_type.created", f"appointment_type:{made}")
    return AppointmentTypeOut.model_validate(await type_of(session, made))


@router.get("/appointment-types/{type_id}", operation_id="getAppointmentType", summary="One type")
async def get_type(type_id: uuid.UUID, _: Reader, session: Transaction) -> AppointmentTypeOut:
    """Length, padding, what it needs."""
    return AppointmentTypeOut.model_validate(await type_of(session, type_id))


@router.put("/appointment-types/{type_id}", operation_id="updateAppointmentType", summary="Change a type")
async def update_type(
    type_id: uuid.UUID, body: AppointmentTypeChange, _: Writer, session: Transaction
) -> AppointmentTypeOut:
    """All of it. Stale versions get 409."""
    changed = AppointmentTypeOut.model_validate(await setup.change_type(session, type_id, body))
    await audit.record(session, "appointment_type.changed", f"appointment_type:{type_id}")
    return changed


@router.get("/clinicians", operation_id="listClinicians", summary="Clinicians")
async def list_clinicians(_: Reader, session: Transaction) -> ClinicianPage:
    """By name; `missing` says why somebody is not offered."""
    return ClinicianPage(items=await setup.clinicians(session))


@router.post("/clinicians", operation_id="createClinician", summary="Add a clinician", status_code=201)
async def create_clinician(
    body: ClinicianIn, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> ClinicianOut:
    """Offered once they have hours, too."""

    async def create() -> uuid.UUID:
        return await setup.add_clinician(session, body)

    made, _ = await idempotency.once(session, caller.id, idempotency_key, body.model_dump_json().encode(), create)
    shown = await setup.clinician(session, made)
    await audit.record(session, "clinician.created", f"clinician:{made}")
    return shown


@router.get("/clinicians/{clinician_id}", operation_id="getClinician", summary="One clinician")
async def get_clinician(clinician_id: uuid.UUID, _: Reader, session: Transaction) -> ClinicianOut:
    """What they give and where."""
    return await setup.clinician(session, clinician_id)


@router.put("/clinicians/{clinician_id}", operation_id="updateClinician", summary="Change a clinician")
async def update_clinician(
    clinician_id: uuid.UUID, body: ClinicianChange, _: Writer, session: Transaction
) -> ClinicianOut:
    """All of it. Booked appointments stay. Stale versions get 409."""
    await setup.change_clinician(session, clinician_id, body)
    shown = await setup.clinician(session, clinician_id)
    await audit.record(session, "clinician.changed", f"clinician:{clinician_id}")
    return shown


@router.get("/clinicians/{clinician_id}/availability", operation_id="getAvailability", summary="Weekly hours")
async def get_week(clinician_id: uuid.UUID, _: Reader, session: Transaction) -> WeekOut:
    """At every clinic."""
    return await setup.week(session, clinician_id)


@router.put("/clinicians/{clinician_id}/availability", operation_id="updateAvailability", summary="Change weekly hours")
async def update_week(clinician_id: uuid.UUID, body: WeekIn, _: Writer, session: Transaction) -> WeekOut:
    """The whole week, what is left out is free time. Booked appointments stay. Stale versions get 409."""
    await setup.set_week(session, clinician_id, body)
    shown = await setup.week(session, clinician_id)
    await audit.record(session, "availability.changed", f"clinician:{clinician_id}")
    return shown


@router.get("/clinicians/{clinician_id}/exceptions", operation_id="listExceptions", summary="Dates that differ")
async def list_exceptions(
    clinician_id: uuid.UUID, _: Reader, session: Transaction,
    start: Annotated[date | None, Query(alias="from")] = None,
) -> ExceptionPage:  # fmt: skip
    """By date."""
    rows = await setup.exceptions(session, clinician_id, start)
    return ExceptionPage(items=[ExceptionOut.model_validate(row) for row in rows])


@router.post(
    "/clinicians/{clinician_id}/exceptions", operation_id="createException", summary="A date that differs",
    status_code=201,
)  # fmt: skip
async def create_exception(
    clinician_id: uuid.UUID, body: ExceptionIn, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> ExceptionOut:
    """Off, or extra hours. Booked appointments stay: see the calendar."""

    async def create() -> uuid.UUID:
        return (await setup.add_exception(session, clinician_id, body)).id

    request = f"{clinician_id}{body.model_dump_json()}".encode()
    made, _ = await idempotency.once(session, caller.id, idempotency_key, request, create)
    shown = next(row for row in await setup.exceptions(session, clinician_id) if row.id == made)
    await audit.record(session, "availability.exception_created", f"clinician:{clinician_id}")
    return ExceptionOut.model_validate(shown)


@router.delete(
    "/clinicians/{clinician_id}/exceptions/{exception_id}", operation_id="deleteException",
    summary="An ordinary day again", status_code=204,
)  # fmt: skip
async def delete_exception(clinician_id: uuid.UUID, exception_id: uuid.UUID, _: Writer, session: Transaction) -> None:
    """The weekly hours hold."""
    await setup.remove_exception(session, clinician_id, exception_id)
    await audit.record(session, "availability.exception_deleted", f"clinician:{clinician_id}")
