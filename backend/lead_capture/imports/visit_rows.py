"""Files of visits: what a row may say, in which order rows are taken, and what they become."""

import uuid
from datetime import date, time
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from backend.lead_capture.emr import directory, people, visits, words, writing
from backend.lead_capture.emr.endings import ending
from backend.lead_capture.emr.visits import Said
from backend.lead_capture.imports import fields
from backend.lead_capture.imports.done import Done, Duplicates
from backend.lead_capture.imports.fields import BadCell, Field
from backend.patients.matching import Identity


def day(cell: str) -> str:
    """A day, perhaps with its time, as ISO."""
    found = words.day_and_time(cell)
    if found is None or not date(1990, 1, 1) <= found[0] <= date(2100, 1, 1):
        raise BadCell("not a date (use MM/DD/YYYY or YYYY-MM-DD)")
    return found[0].isoformat() + (f"T{found[1]:%H:%M}" if found[1] else "")


def on(cell: str) -> str:
    """A day, whatever its time."""
    return day(cell)[:10]


def clock(cell: str) -> str:
    """A time of day."""
    found = words.time_of(cell)
    if found is None:
        raise BadCell("not a time (use 9:30 AM or 09:30)")
    return f"{found:%H:%M}"


def state(cell: str) -> str:
    """What became of it."""
    found = words.state_of(cell)
    if found is None:
        raise BadCell("not a state we know (attended, no-show, canceled, late cancel, canceled by clinic)")
    return found


WHO: Final = (
    Field("mrn", "Record number", fields.text(60), ("patientid", "chartnumber", "chart", "accountnumber",
                                                    "patientnumber", "medicalrecordnumber", "patientmrn")),
    Field("full_name", "Full name", fields.text(200), ("name", "patient", "patientname", "fullname")),
    Field("first_name", "First name", fields.text(100), ("first", "fname", "patientfirstname", "patientfirst")),
    Field("last_name", "Last name", fields.text(100), ("last", "lname", "surname", "patientlastname", "patientlast")),
    Field("dob", "Date of birth", fields.birth_date, ("birthdate", "dateofbirth", "patientdob"), day=True),
    Field("phone", "Phone", fields.phone, ("mobile", "cell", "cellphone", "patientphone")),
)  # fmt: skip
WHEN: Final = (
    Field("day", "Date", day, ("dateofservice", "dos", "visitdate", "appointmentdate", "apptdate", "servicedate",
                               "datetime", "scheduledat", "start", "startdate", "startdatetime", "appointmentdatetime"),
          day=True),
    Field("time", "Time", clock, ("starttime", "appointmenttime", "appttime", "visittime", "timein")),
)  # fmt: skip
WHERE: Final = (
    Field("clinician", "Clinician", fields.text(200), ("therapist", "provider", "treatingprovider", "treatingtherapist",
                                                       "providername", "renderingprovider", "staff")),
    Field("clinic", "Clinic", fields.text(200), ("location", "facility", "office", "site", "locationname",
                                                 "facilityname", "department")),
)  # fmt: skip
FIELDS: Final = (
    *WHO,
    Field("external_id", "Visit number", fields.text(100), ("visitid", "visitnumber", "appointmentid", "apptid",
                                                            "encounterid", "appointmentnumber", "externalid")),
    Field("case", "Case number", fields.text(100), ("caseid", "casenumber", "episode", "episodeid", "episodenumber",
                                                    "caseno")),
    *WHEN,
    Field("state", "State", state, ("status", "visitstatus", "appointmentstatus", "apptstatus", "attendance")),
    Field("kind", "Kind of visit", words.kind_of, ("type", "visittype", "appointmenttype", "appttype", "service",
                                                   "visitkind", "encountertype")),
    *WHERE,
    Field("discharged_on", "Discharge date", on, ("dischargedate", "dcdate", "dateofdischarge", "casecloseddate",
                                                  "caseclosed", "dischargedate"), day=True),
    Field("discharge_reason", "Discharge reason", fields.text(300), ("dcreason", "reasonfordischarge",
                                                                     "dischargedisposition", "caseclosedreason")),
)  # fmt: skip


def complaint(values: dict[str, Any]) -> str | None:
    """A visit has a patient, a day and a state. The name is taken apart."""
    missing = fields.named(values) if values.get("full_name") or not values.get("mrn") else None
    if missing and not values.get("mrn"):
        return missing
    lacking = [label for name, label in (("day", "date"), ("state", "state")) if not values.get(name)]
    return f"{' and '.join(lacking)} missing" if lacking else None


def order(values: dict[str, Any]) -> tuple[str, ...]:
    """Patient by patient, each from their first visit on; of one day the evaluation first."""
    who = values.get("mrn") or f"{values.get('last_name', '')} {values.get('first_name', '')} {values.get('dob', '')}"
    first = "0" if values.get("kind") == "evaluation" else "1"
    return (str(who).lower(), str(values.get("day", ""))[:10], first, str(values.get("time") or values.get("day", "")))


def identity(values: dict[str, Any]) -> Identity:
    """Whose row it is."""
    dob = date.fromisoformat(values["dob"]) if values.get("dob") else None
    return Identity(
        values.get("first_name"), None, values.get("last_name"), None, dob, values.get("phone"), mrn=values.get("mrn")
    )


def moment_of(values: dict[str, Any]) -> tuple[date, time | None]:
    """The day, and the time of its own column or of the same cell."""
    on, _, at = values["day"].partition("T")
    said = values.get("time") or at
    return date.fromisoformat(on), time.fromisoformat(said) if said else None


def said(values: dict[str, Any]) -> Said:
    """The row as a visit."""
    on, at = moment_of(values)
    return Said(
        identity(values), on, at, values["state"], values.get("kind") or "treatment", values.get("external_id"),
        values.get("case"), values.get("clinician"), values.get("clinic"),
        ending(values.get("discharged_on"), values.get("discharge_reason")),
    )  # fmt: skip


async def apply(session: AsyncSession, rows: list[dict[str, Any]], _: Duplicates, dry: bool) -> list[Done]:
    """Many at once: read, decide, write."""
    found = [said(values) for values in rows]
    batch = await visits.load(session, found, await directory.read(session), "import", dry=dry)
    done = [await visits.take(batch, each) for each in found]
    await writing.write(batch)
    return done


async def settle(session: AsyncSession, values: dict[str, Any], known: uuid.UUID | None) -> Done:
    """Of the person that was found, or of somebody new."""
    one = said(values)
    batch = await visits.load(
        session, [one], await directory.read(session), "import", known=[known] if known else []
    )  # fmt: skip
    done = await visits.take(batch, one, people.Whose(known, new=known is None))
    await writing.write(batch)
    return done
