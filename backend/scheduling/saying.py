"""How texts and cards say times: `Tue Dec 1 3:00 PM`; in Spanish without the accents an SMS lacks. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from backend.messaging.languages import Language
from backend.scheduling.words import Slot

DAYS: Final = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "es": ("lun", "mar", "mie", "jue", "vie", "sab", "dom"),
}  # fmt: skip
MONTHS: Final = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
}  # fmt: skip


def when(at: datetime, timezone: str, language: Language | None = None) -> str:
    """`Tue Dec 1 3:00 PM`, `mar 1 dic 3:00 PM`."""
    local, spoken = at.astimezone(ZoneInfo(timezone)), language or "en"
    day, month = DAYS[spoken][local.weekday()], MONTHS[spoken][local.month - 1]
    date = f"{day} {local.day} {month}" if spoken == "es" else f"{day} {month} {local.day}"
    return f"{date} {clock(local)}"


def clock(local: datetime) -> str:
    """`3:00 PM`."""
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'PM' if local.hour >= 12 else 'AM'}"


def numbered(slots: Sequence[Slot], language: Language | None = None) -> str:
    """`1) Tue Dec 1 3:00 PM, 2) Wed Dec 2 9:15 AM`; with the clinic where there are several."""
    several = len({slot.location_id for slot in slots}) > 1
    return ", ".join(
        f"{number}) {when(slot.starts_at, slot.timezone, language)}{f' {slot.location_name}' if several else ''}"
        for number, slot in enumerate(slots, 1)
    )


def short(slot: Slot, today: datetime) -> str:
    """`Tue 3:00 PM Lee`, with the date when it is not within six days."""
    zone = ZoneInfo(slot.timezone)
    local = slot.starts_at.astimezone(zone)
    near = (local.date() - today.astimezone(zone).date()).days < 7
    day = DAYS["en"][local.weekday()]
    date = day if near else f"{day} {MONTHS['en'][local.month - 1]} {local.day}"
    names = slot.clinician_name.split(",")[0].split()
    return f"{date} {clock(local)} {' '.join(names[: 2 if names[0].startswith('Dr') else 1])}"
