"""Files of appointments: those to come are made and moved as in the EMR, and those that are over get their outcome."""

import uuid
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from backend.lead_capture.emr import appointments, directory, people, words
from backend.lead_capture.emr.appointments import Planned
from backend.lead_capture.imports import fields, visit_rows
from backend.lead_capture.imports.done import Done, Duplicates
from backend.lead_capture.imports.fields import Field

FIELDS: Final = (
    *visit_rows.WHO,
    Field("external_id", "Appointment number", fields.text(100), ("appointmentid", "apptid", "appointmentno", "visitid",
                                                                  "externalid", "apptnumber")),
    *visit_rows.WHEN,
    Field("state", "State", visit_rows.state, ("status", "appointmentstatus", "apptstatus", "visitstatus")),
    Field("called", "Kind of appointment", fields.text(200), ("type", "appointmenttype", "appttype", "visittype",
                                                              "service")),
    Field("reason", "Reason", fields.text(300), ("cancelreason", "cancellationreason", "note", "notes")),
    *visit_rows.WHERE,
)  # fmt: skip


def complaint(values: dict[str, Any]) -> str | None:
    """Who, its number, its day and time."""
    missing = fields.named(values) if values.get("full_name") or not values.get("mrn") else None
    if missing and not values.get("mrn"):
        return missing
    lacking = [
        label for name, label in (("external_id", "appointment number"), ("day", "date")) if not values.get(name)
    ]
    if values.get("day") and visit_rows.moment_of(values)[1] is None:
        lacking.append("time")
    return f"{' and '.join(lacking)} missing" if lacking else None


def planned(values: dict[str, Any]) -> Planned:
    """The row as an appointment; without a state it is to come."""
    on, at = visit_rows.moment_of(values)
    called = values.get("called")
    return Planned(
        visit_rows.identity(values), values["external_id"], on, at, values.get("state") or "to_come",
        words.kind_of(called or ""), called, values.get("clinician"), values.get("clinic"), values.get("reason"),
    )  # fmt: skip


async def apply(session: AsyncSession, rows: list[dict[str, Any]], _: Duplicates, dry: bool) -> list[Done]:
    """One after the other: each is a booking like any other."""
    found = await directory.read(session)
    return [await appointments.take(session, planned(values), found, "import", dry=dry) for values in rows]


async def settle(session: AsyncSession, values: dict[str, Any], known: uuid.UUID | None) -> Done:
    """Of the person that was found, or of somebody new."""
    found = await directory.read(session)
    who = people.Whose(known, new=known is None)
    return await appointments.take(session, planned(values), found, "import", decided=who)
