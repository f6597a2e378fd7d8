"""A visit as an iCalendar file (RFC 5545). Says nothing about the care: calendars are shared."""

from datetime import UTC, datetime
from typing import Final

from backend.core.clock import now
from backend.patient_pages.visit_schemas import VisitOut

LONGEST_LINE: Final = 75


def of_visit(visit: VisitOut, practice: str, base_url: str) -> bytes:
    """One event; the same id whenever it is downloaded, so that calendars replace it."""
    host = base_url.partition("://")[2].partition(":")[0]
    where = ", ".join(part for part in (visit.place.name, visit.place.address) if part)
    canceled = visit.status == "canceled"
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Frontdesk//Visit//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        "BEGIN:VEVENT", f"UID:{visit.id}@{host}", f"SEQUENCE:{visit.version}", f"DTSTAMP:{_utc(now())}",
        f"DTSTART:{_utc(visit.starts_at)}", f"DTEND:{_utc(visit.ends_at)}", f"SUMMARY:{_text(f'Visit at {practice}')}",
        f"LOCATION:{_text(where)}", f"STATUS:{'CANCELLED' if canceled else 'CONFIRMED'}", "END:VEVENT",
        "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    plain = " ".join(value.split())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """Lines are at most 75 bytes; the rest goes on behind a space."""
    parts: list[str] = []
    part = ""
    for letter in line:
        if len((part + letter).encode()) > LONGEST_LINE - bool(parts):
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part])
