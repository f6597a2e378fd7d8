"""Working hours of the clinics, and holidays."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query

from backend.audit import service as audit
from backend.core import idempotency
from backend.core.actor import Actor
from backend.identity import calendars
from backend.identity.access import Allowed, Transaction
from backend.identity.calendar_schemas import HolidayIn, HolidayOut, HolidayPage, HoursIn, HoursOut, PresetIn
from backend.identity.models import Location, LocationHours

router = APIRouter(prefix="/api/v1", tags=["settings"])
Reader = Annotated[Actor, Depends(Allowed("directory:read"))]
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]


def _hours(location: Location, row: LocationHours) -> HoursOut:
    facts = {"location_id": location.id, "timezone": location.timezone, "weekly": row.weekly, "version": row.version}
    return HoursOut.model_validate(facts)


@router.get("/locations/{location_id}/hours", operation_id="getLocationHours", summary="When a clinic works")
async def get_hours(location_id: uuid.UUID, _: Reader, session: Transaction) -> HoursOut:
    """The clinic's own hours, or the usual ones (`version` 0)."""
    return _hours(*await calendars.hours_of(session, location_id, "directory:read"))


@router.put("/locations/{location_id}/hours", operation_id="updateLocationHours", summary="Change a clinic's hours")
async def update_hours(location_id: uuid.UUID, body: HoursIn, _: Writer, session: Transaction) -> HoursOut:
    """The whole week. Due times made from now on follow it. Stale versions get 409."""
    weekly = [span.model_dump(mode="json") for span in body.weekly]
    changed = _hours(*await calendars.set_hours(session, location_id, body.version, weekly))
    await audit.record(session, "hours.changed", f"location:{location_id}")
    return changed


@router.get("/holidays", operation_id="listHolidays", summary="Days that differ")
async def list_holidays(
    _: Reader, session: Transaction, year: Annotated[int | None, Query(ge=2000, le=2100)] = None
) -> HolidayPage:
    """By date."""
    return HolidayPage(items=[HolidayOut.model_validate(row) for row in await calendars.holidays(session, year)])


@router.post("/holidays", operation_id="createHoliday", summary="Add a holiday", status_code=201)
async def create_holiday(
    body: HolidayIn, caller: Writer, session: Transaction, idempotency_key: Annotated[str | None, Header()] = None
) -> HolidayOut:
    """409 when that day is listed already."""

    async def create() -> uuid.UUID:
        hours = [span.model_dump(mode="json") for span in body.hours]
        return (await calendars.add_holiday(session, body.date, body.name, body.location_id, hours)).id

    holiday_id, _ = await idempotency.once(session, caller.id, idempotency_key, body.model_dump_json().encode(), create)
    await audit.record(session, "holiday.created", f"holiday:{holiday_id}")
    return HolidayOut.model_validate(await calendars.holiday(session, holiday_id))


@router.post("/holidays/preset", operation_id="addHolidayPreset", summary="Add well-known holidays")
async def add_preset(body: PresetIn, _: Writer, session: Transaction) -> HolidayPage:
    """Returns what was added; days listed already stay as they are."""
    added = await calendars.add_us_federal(session, body.years)
    await audit.record(session, "holiday.preset_added", f"holidays:{body.preset}")
    return HolidayPage(items=[HolidayOut.model_validate(row) for row in added])


@router.delete("/holidays/{holiday_id}", operation_id="deleteHoliday", summary="Remove a holiday", status_code=204)
async def delete_holiday(holiday_id: uuid.UUID, _: Writer, session: Transaction) -> None:
    """An ordinary day again."""
    await calendars.remove_holiday(session, holiday_id)
    await audit.record(session, "holiday.deleted", f"holiday:{holiday_id}")
