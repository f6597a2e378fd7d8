"""Settings of scheduling: rooms, blocked time, booking rules, how times are offered."""

import uuid
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import idempotency
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.identity.access import Allowed, Transaction
from backend.identity.queries import locations
from backend.scheduling import blocking, settings
from backend.scheduling.moments import From, To, moment, zone_of
from backend.scheduling.rule_schemas import (
    BlockedTimeChange,
    BlockedTimeOut,
    BlockedTimePage,
    BookingRuleChange,
    BookingRuleIn,
    BookingRuleOut,
    BookingRulePage,
    ClinicSettingsIn,
    ClinicSettingsOut,
    NewBlockedTimeIn,
    OfferingOut,
    ResourceChange,
    ResourceIn,
    ResourceOut,
    ResourcePage,
    SettingsIn,
    SettingsOut,
)

router = APIRouter(prefix="/api/v1", tags=["scheduling"])
Reader = Annotated[Actor, Depends(Allowed("schedule:read"))]
Blocker = Annotated[Actor, Depends(Allowed("schedule:write"))]
SettingsReader = Annotated[Actor, Depends(Allowed("settings:read"))]
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]
Key = Annotated[str | None, Header()]


@router.get("/resources", operation_id="listResources", summary="Rooms, tables, machines")
async def list_resources(_: Reader, session: Transaction) -> ResourcePage:
    """By clinic and name."""
    return ResourcePage(items=[ResourceOut.model_validate(row) for row in await blocking.resources(session)])


@router.post("/resources", operation_id="createResource", summary="Add a room", status_code=201)
async def create_resource(
    body: ResourceIn, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> ResourceOut:
    """Types that name its kind need a unit of it."""

    async def create() -> uuid.UUID:
        return (await blocking.add_resource(session, body)).id

    made, _ = await idempotency.once(session, caller.id, idempotency_key, body.model_dump_json().encode(), create)
    await audit.record(session, "resource.created", f"resource:{made}")
    return ResourceOut.model_validate(next(row for row in await blocking.resources(session) if row.id == made))


@router.put("/resources/{resource_id}", operation_id="updateResource", summary="Change a room")
async def update_resource(resource_id: uuid.UUID, body: ResourceChange, _: Writer, session: Transaction) -> ResourceOut:
    """All of it; `active` false takes it out of use. Stale versions get 409."""
    row = await blocking.change_resource(session, resource_id, body.version, body)
    await audit.record(session, "resource.changed", f"resource:{resource_id}")
    return ResourceOut.model_validate(row)


@router.get("/blocked-times", operation_id="listBlockedTimes", summary="Time that is not offered")
async def list_blocked_times(
    _: Reader,
    session: Transaction,
    start: From = None,
    to: To = None,
    clinician_id: uuid.UUID | None = None,
    location_id: uuid.UUID | None = None,
) -> BlockedTimePage:
    """By time; a clinician's list holds what blocks everyone, too."""
    zone = await zone_of(session, location_id)
    begin = moment(start, zone, name="from") if start else None
    end = moment(to, zone, name="to", end=True) if to else None
    rows = await blocking.blocked_times(session, begin, end, clinician_id, location_id)
    return BlockedTimePage(items=[BlockedTimeOut.model_validate(row) for row in rows])


@router.post("/blocked-times", operation_id="createBlockedTime", summary="Block time", status_code=201)
async def create_blocked_time(
    body: NewBlockedTimeIn, caller: Blocker, session: Transaction, idempotency_key: Key = None
) -> BlockedTimeOut:
    """Never offered from now on; what is booked stays. Where it repeats, the first one is answered."""

    async def create() -> uuid.UUID:
        return (await blocking.add_blocked_time(session, body)).id

    made, _ = await idempotency.once(session, caller.id, idempotency_key, body.model_dump_json().encode(), create)
    await audit.record(session, "blocked_time.created", f"blocked_time:{made}")
    return BlockedTimeOut.model_validate(await blocking.blocked_time(session, made))


@router.put("/blocked-times/{blocked_id}", operation_id="updateBlockedTime", summary="Change blocked time")
async def update_blocked_time(
    blocked_id: uuid.UUID, body: BlockedTimeChange, _: Blocker, session: Transaction
) -> BlockedTimeOut:
    """All of it. Stale versions get 409."""
    row = await blocking.change_blocked_time(session, blocked_id, body.version, body)
    await audit.record(session, "blocked_time.changed", f"blocked_time:{blocked_id}")
    return BlockedTimeOut.model_validate(row)


@router.delete("/blocked-times/{blocked_id}", operation_id="deleteBlockedTime", summary="Unblock", status_code=204)
async def delete_blocked_time(blocked_id: uuid.UUID, _: Blocker, session: Transaction, following: bool = False) -> None:
    """Offered again; with `following`, so are the later weeks of what repeats."""
    await blocking.remove_blocked_time(session, blocked_id, following=following)
    await audit.record(session, "blocked_time.deleted", f"blocked_time:{blocked_id}")


@router.get("/booking-rules", operation_id="listBookingRules", summary="What may be booked")
async def list_rules(_: Reader, session: Transaction) -> BookingRulePage:
    """In the order in which they were made; all of them hold together."""
    return BookingRulePage(items=[BookingRuleOut.model_validate(row) for row in await blocking.rules(session)])


@router.post("/booking-rules", operation_id="createBookingRule", summary="Add a rule", status_code=201)
async def create_rule(
    body: BookingRuleIn, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> BookingRuleOut:
    """Checked whenever somebody offers or books."""

    async def create() -> uuid.UUID:
        return (await blocking.add_rule(session, body)).id

    made, _ = await idempotency.once(session, caller.id, idempotency_key, body.model_dump_json().encode(), create)
    await audit.record(session, "booking_rule.created", f"booking_rule:{made}")
    return BookingRuleOut.model_validate(next(row for row in await blocking.rules(session) if row.id == made))


@router.put("/booking-rules/{rule_id}", operation_id="updateBookingRule", summary="Change a rule")
async def update_rule(rule_id: uuid.UUID, body: BookingRuleChange, _: Writer, session: Transaction) -> BookingRuleOut:
    """All of it. Stale versions get 409."""
    row = await blocking.change_rule(session, rule_id, body.version, body)
    await audit.record(session, "booking_rule.changed", f"booking_rule:{rule_id}")
    return BookingRuleOut.model_validate(row)


@router.delete("/booking-rules/{rule_id}", operation_id="deleteBookingRule", summary="Remove a rule", status_code=204)
async def delete_rule(rule_id: uuid.UUID, _: Writer, session: Transaction) -> None:
    """Holds no longer."""
    await blocking.remove_rule(session, rule_id)
    await audit.record(session, "booking_rule.deleted", f"booking_rule:{rule_id}")


async def _settings(session: AsyncSession) -> SettingsOut:
    chosen = await settings.rows(session)
    held = settings.resolve(chosen)
    places = []
    for place in await locations(session):
        row = chosen.get(place.id)
        own = {name: getattr(row, name, None) for name in settings.NAMES}
        effective = OfferingOut.model_validate(held.at(place.id))
        version = row.version if row else 0
        places.append(ClinicSettingsOut(location_id=place.id, location_name=place.name, version=version,
                                        effective=effective, **own))  # fmt: skip
    practice = chosen.get(None)
    return SettingsOut(
        version=practice.version if practice else 0, practice=OfferingOut(**asdict(held.practice)), locations=places
    )


@router.get("/scheduling-settings", operation_id="getSchedulingSettings", summary="How times are offered")
async def get_settings(_: SettingsReader, session: Transaction) -> SettingsOut:
    """The practice's choice, and what each clinic does otherwise."""
    return await _settings(session)


@router.put("/scheduling-settings", operation_id="updateSchedulingSettings", summary="Change how times are offered")
async def update_settings(body: SettingsIn, _: Writer, session: Transaction) -> SettingsOut:
    """For every clinic that does not do otherwise. Stale versions get 409."""
    await settings.change(session, None, body.version, body.model_dump(exclude={"version"}))
    shown = await _settings(session)
    await audit.record(session, "scheduling_settings.changed", "scheduling_settings")
    return shown


@router.put(
    "/scheduling-settings/{location_id}", operation_id="updateClinicSchedulingSettings",
    summary="Change what a clinic does otherwise",
)  # fmt: skip
async def update_clinic_settings(
    location_id: uuid.UUID, body: ClinicSettingsIn, _: Writer, session: Transaction
) -> ClinicSettingsOut:
    """Null: as the practice. Stale versions get 409."""
    await settings.change(session, location_id, body.version, body.model_dump(exclude={"version"}))
    found = next((place for place in (await _settings(session)).locations if place.location_id == location_id), None)
    if found is None:
        raise NotFound("There is no such clinic in this practice.")
    await audit.record(session, "scheduling_settings.changed", f"location:{location_id}")
    return found
