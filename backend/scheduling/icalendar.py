"""Appointments as iCalendar (RFC 5545) with their time zones. Nothing clinical, no names unless asked for."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from backend.core.clock import now
from backend.scheduling.schemas import AppointmentOut

PRODUCT: Final = "-//Frontdesk//Appointments//EN"
STATES: Final = {"held": "TENTATIVE", "canceled": "CANCELLED", "no_show": "CANCELLED"}


def one_visit(shown: AppointmentOut, practice: str, address: str | None, phone: str | None) -> bytes:
    """What a patient puts into their own calendar."""
    calendar = _calendar("CANCEL" if shown.status == "canceled" else "PUBLISH")
    event = _event(shown, f"Visit at {practice}")
    event.add("location", ", ".join(part for part in (shown.location_name, address) if part))
    lines = [f"With {shown.clinician_name}.", f"Questions or another time: call {phone}." if phone else ""]
    event.add("description", "\n".join(line for line in lines if line))
    calendar.add_component(event)
    return _bytes(calendar)


def feed(visits: Iterable[AppointmentOut], name: str, *, initials: bool) -> bytes:
    """What a clinician's or clinic's calendar program reads again and again."""
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(minutes=15), parameters={"VALUE": "DURATION"})
    for shown in visits:
        short = "".join(word[0] for word in (shown.patient_display_name or "").split() if word[0].isalpha())
        kind = shown.appointment_type_name
        event = _event(shown, f"{kind} {short}".strip() if initials else kind)
        event.add("location", shown.location_name)
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return _bytes(calendar)


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    for name, value in (("prodid", PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN"), ("method", method)):
        calendar.add(name, value)
    return calendar


def _event(shown: AppointmentOut, summary: str) -> Event:
    event, zone = Event(), ZoneInfo(shown.timezone)
    event.add("uid", f"{shown.id}@frontdesk")
    event.add("sequence", shown.sequence)
    event.add("dtstamp", now())
    event.add("dtstart", _local(shown.starts_at, zone))
    event.add("dtend", _local(shown.ends_at, zone))
    event.add("summary", summary)
    event.add("status", STATES.get(shown.status, "CONFIRMED"))
    return event


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone)


def _bytes(calendar: Calendar) -> bytes:
    calendar.add_missing_timezones()
    text: bytes = calendar.to_ical()
    return text
