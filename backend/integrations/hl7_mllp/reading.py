"""SIU and ADT as systems really write them: any line ends, small letters, repeated and missing fields.

Segments we do not use are dropped before anything is taken apart, so ten megabytes of OBX cost nothing.
"""

import logging
import re
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

import hl7

from backend.core.clock import now
from backend.core.phones import e164
from backend.lead_capture.hl7.ports import MESSAGES, Content, Envelope, Refused, Slot
from backend.patients.matching import Identity

USED: Final = frozenset({"MSH", "EVN", "PID", "PV1", "MRG", "SCH", "TQ1", "AIS", "AIG", "AIL", "AIP", "RGS"})
LONGEST: Final = 20_000
MOST_SEGMENTS: Final = 500
CHARSETS: Final = {
    "": "utf-8", "ASCII": "ascii", "UNICODE UTF-8": "utf-8", "UTF-8": "utf-8", "UNICODE": "utf-8",
    "8859/1": "latin-1", "8859/15": "iso8859-15", "UNICODE UTF-16": "utf-16",
}  # fmt: skip
ESCAPED: Final = re.compile(r"\\([^\\\r]{0,60})\\")
# The library logs what it cannot decode, which is a patient's.
logging.getLogger("hl7").disabled = True
logging.getLogger("hl7.util").disabled = True


class Hl7Reader:
    """Stateless."""

    def envelope(self, raw: bytes) -> Envelope:
        """The head. Raises `Refused`."""
        return _envelope(_Message(raw))

    def content(self, raw: bytes) -> Content:
        """All of it. Raises `Refused` for what is missing."""
        message = _Message(raw)
        head = _envelope(message)
        for needed in ("PID",) if head.message == "ADT" else ("SCH", "PID"):
            if not message.has(needed):
                raise Refused("AE", 100, f"segment {needed} missing", needed)
        person, slot, prior = _person(message), None, None
        if not person.mrn and not (person.first_name and person.last_name):
            raise Refused("AE", 101, "neither record number nor name in PID", "PID^1^3")
        if head.message == "SIU":
            slot = _slot(message)
            if slot.starts_at is None and head.event in {"S12", "S13", "S14"}:
                raise Refused("AE", 101, "no start time in SCH-11, TQ1-7 or AIS-4", "SCH^1^11")
        if head.event == "A40":
            if not message.has("MRG"):
                raise Refused("AE", 100, "segment MRG missing", "MRG")
            prior = _record(message, "MRG", 1)
        return Content(head, person, prior, slot)


class _Message:
    """Text by segment, field, repetition and component, empty where there is none."""

    def __init__(self, raw: bytes) -> None:
        text = _text(raw)
        lines = [line for line in re.split(r"\r\n|\r|\n", text) if line]
        if not lines or not re.match(r"(?i)MSH\W{4,5}", lines[0]):
            raise Refused("AR", 100, "not an HL7 message: no MSH segment", "MSH")
        mark = lines[0][3]
        kept = [line[:3].upper() + line[3:LONGEST] for line in lines if line[:3].upper() in USED and line[3:4] == mark]
        if len(kept) > MOST_SEGMENTS:
            raise Refused("AE", 207, "too many segments")
        try:
            self._parsed = hl7.parse("\r".join(kept) + "\r")
        except (hl7.ParseException, ValueError, IndexError, KeyError, AttributeError, TypeError, RecursionError):
            raise Refused("AR", 207, "not an HL7 message", "MSH") from None
        self._marks = {"F": mark, **dict(zip("SRET", lines[0][4:8], strict=False))}

    def has(self, segment: str) -> bool:
        return any(str(each[0]) == segment for each in self._parsed)

    def fields(self, segment: str, field: int) -> list[Any]:
        """Its repetitions, of the first such segment that says anything there."""
        for each in self._parsed:
            if str(each[0]) == segment and len(each) > field and str(each[field]):
                return list(each[field])
        return []

    def get(self, segment: str, field: int, component: int = 1, repetition: Any = None) -> str:
        repeated = self.fields(segment, field)
        one = repetition if repetition is not None else (repeated[0] if repeated else "")
        if isinstance(one, str):
            return self._plain(one) if component == 1 else ""
        if len(one) < component:
            return ""
        part = one[component - 1]
        return self._plain(str(part if isinstance(part, str) else part[0]))

    def _plain(self, text: str) -> str:
        """Without escape sequences, control characters and HL7's `""` for "nothing"."""
        text = ESCAPED.sub(self._unescaped, text)
        text = " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())
        return "" if text == '""' else text

    def _unescaped(self, match: "re.Match[str]") -> str:
        said = match[1]
        if said in self._marks:
            return str(self._marks[said])
        if said.startswith("X") and re.fullmatch(r"X(?:[0-9A-Fa-f]{2})+", said):
            return bytes.fromhex(said[1:]).decode("latin-1")
        return " " if said == ".br" else ""


def _text(raw: bytes) -> str:
    head = raw[:2000].split(b"\r")[0].split(b"\n")[0]
    fields = head.decode("latin-1").split(chr(head[3])) if len(head) > 3 else []
    said = fields[17].split("~")[0].strip().upper() if len(fields) > 17 else ""
    for charset in (CHARSETS.get(said, "utf-8"), "utf-8"):
        try:
            return raw.decode(charset).lstrip("\ufeff")
        except UnicodeError:
            continue
    return raw.decode("cp1252", "replace")


def _envelope(message: _Message) -> Envelope:
    found = Envelope(
        message.get("MSH", 10)[:199], message.get("MSH", 3), message.get("MSH", 4), message.get("MSH", 5),
        message.get("MSH", 6), message.get("MSH", 9, 1).upper(), message.get("MSH", 9, 2).upper(),
        message.get("MSH", 12) or "2.3", (message.get("MSH", 11) or "P").upper(),
    )  # fmt: skip
    if not found.control_id:
        raise Refused("AR", 101, "no control id in MSH-10", "MSH^1^10", found)
    if found.message not in MESSAGES:
        raise Refused("AR", 200, "only SIU and ADT messages are taken", "MSH^1^9", found)
    if found.event not in MESSAGES[found.message]:
        taken = ", ".join(sorted(MESSAGES[found.message]))
        raise Refused("AR", 201, f"of {found.message} only {taken} are taken", "MSH^1^9", found)
    if not re.match(r"2\.[1-8]", found.version):
        raise Refused("AR", 203, "only versions 2.1 to 2.8 are taken", "MSH^1^12", found)
    return found


def _person(message: _Message) -> Identity:
    # The legal name where several are given.
    names = message.fields("PID", 5)
    name = next((each for each in names if message.get("PID", 5, 7, each) in {"L", ""}), names[0] if names else "")
    phones = [
        phone for field in (13, 14) for each in message.fields("PID", field) if (phone := _phone(message, field, each))
    ]
    address = [message.get("PID", 11, part) for part in (1, 3, 4, 5)]
    place = " ".join(filter(None, address[2:]))
    sex = message.get("PID", 8).upper()
    return Identity(
        first_name=message.get("PID", 5, 2, name)[:100] or None,
        middle_name=message.get("PID", 5, 3, name)[:100] or None,
        last_name=message.get("PID", 5, 1, name)[:100] or None, suffix=message.get("PID", 5, 4, name)[:20] or None,
        dob=_day(message.get("PID", 7)), phone=phones[0] if phones else None,
        phone_alt=next((each for each in phones[1:] if each != phones[0]), None), mrn=_record(message, "PID", 3),
        sex={"F": "F", "M": "M", "O": "X", "X": "X", "A": "X"}.get(sex),
        address=", ".join(filter(None, (address[0], address[1], place)))[:300] or None,
    )  # fmt: skip


def _record(message: _Message, segment: str, field: int) -> str | None:
    """The record number: the one called MR, else the first that is no other kind of number."""
    repeated = message.fields(segment, field)
    kinds = [(message.get(segment, field, 5, each).upper(), message.get(segment, field, 1, each)) for each in repeated]
    for wanted in ({"MR"}, {"PI", "PT", ""}):
        for kind, number in kinds:
            if kind in wanted and number:
                return number[:60]
    return (message.get("PID", 2)[:60] or None) if segment == "PID" else None


def _phone(message: _Message, field: int, each: Any) -> str | None:
    said = message.get("PID", field, 1, each) or message.get("PID", field, 12, each)
    parts = "".join(message.get("PID", field, part, each) for part in (6, 7))
    return e164(said) if said and "@" not in said else e164(parts) if parts else None


def _slot(message: _Message) -> Slot:
    number = message.get("SCH", 2) or message.get("SCH", 1)
    if not number:
        raise Refused("AE", 101, "no appointment number in SCH-1 or SCH-2", "SCH^1^2")
    starts = (
        message.get("TQ1", 7) or message.get("SCH", 11, 4) or message.get("AIS", 4) or message.get("AIG", 8)
        or message.get("AIP", 6) or message.get("AIL", 6)
    )  # fmt: skip
    called = (
        message.get("SCH", 8, 2)
        or message.get("SCH", 8)
        or message.get("AIS", 3, 2)
        or message.get("AIS", 3)
        or (message.get("SCH", 7, 2) or message.get("SCH", 7))
    )
    clinic = message.get("AIL", 3, 4) or message.get("AIL", 3) or message.get("PV1", 3, 4) or message.get("PV1", 3)
    return Slot(
        number=number[:100], starts_at=_moment(starts),
        status=message.get("SCH", 25, 2) or message.get("SCH", 25) or None, called=called[:200] or None,
        clinician=_clinician(message), clinic=clinic[:200] or None,
        reason=(message.get("SCH", 6, 2) or message.get("SCH", 6))[:300] or None,
    )  # fmt: skip


def _clinician(message: _Message) -> str | None:
    for segment, field in (("AIP", 3), ("AIG", 3), ("PV1", 7), ("SCH", 12)):
        last, first = message.get(segment, field, 2), message.get(segment, field, 3)
        if last and first:
            return f"{first} {last}"[:200]
        if last:
            return last[:200]
    return None


def _day(said: str) -> date | None:
    try:
        found = datetime.strptime(said[:8], "%Y%m%d").date()
    except ValueError:
        return None
    return found if date(1900, 1, 1) <= found <= now().date() else None


def _moment(said: str) -> datetime | None:
    """`YYYYMMDDHHMM[SS[.S]][+ZZZZ]`; without a time it is none."""
    match = re.fullmatch(r"(\d{12})(\d\d)?(?:\.\d+)?([+-]\d{4})?", said)
    if match is None:
        return None
    try:
        at = datetime.strptime(match[1], "%Y%m%d%H%M")
        if match[3]:
            away = timedelta(hours=int(match[3][1:3]), minutes=int(match[3][3:]))
            at = at.replace(tzinfo=timezone(-away if match[3][0] == "-" else away))
    except ValueError:
        return None
    return at
