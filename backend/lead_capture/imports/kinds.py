"""What a row of a file can become. A new kind of file is one more entry here; everything else is shared."""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.lead_capture.imports import appointment_rows, fields, visit_rows
from backend.lead_capture.imports.done import Done, Duplicates
from backend.lead_capture.imports.fields import Field
from backend.leads import orders
from backend.leads import service as leads
from backend.patients import service as patients
from backend.patients.matching import Identity, Match
from backend.patients.models import Patient
from backend.patients.pool import Pool, made
from backend.patients.schemas import PatientFacts
from backend.patients.scoring import POSSIBLE
from backend.referral_sources.service import ReferrerFacts


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its fields, what a row must have, and what is done with some (`dry`: only found out).

    Rows are taken in the order of `order`, and those that begin alike in it together; else as they stand.
    """

    name: str
    fields: tuple[Field, ...]
    complaint: Callable[[dict[str, Any]], str | None]
    apply: Callable[[AsyncSession, list[dict[str, Any]], Duplicates, bool], Awaitable[list[Done]]]
    settle: Callable[[AsyncSession, dict[str, Any], uuid.UUID | None], Awaitable[Done]]
    order: Callable[[dict[str, Any]], tuple[str, ...]] | None = None
    batch: int = 200

    @property
    def by_name(self) -> Mapping[str, Field]:
        """Fields by name."""
        return {field.name: field for field in self.fields}


PERSON: Final = (
    Field("first_name", "First name", fields.text(100), ("first", "fname", "givenname", "patientfirstname", "nombre")),
    Field("last_name", "Last name", fields.text(100), ("last", "lname", "surname", "familyname", "patientlastname",
                                                       "apellido")),
    Field("full_name", "Full name", fields.text(200), ("name", "patient", "patientname", "fullname")),
    Field("middle_name", "Middle name", fields.text(100), ("middle", "mi", "middleinitial")),
    Field("suffix", "Suffix", fields.text(20), ("namesuffix",)),
    Field("dob", "Date of birth", fields.birth_date, ("birthdate", "dateofbirth", "birthday", "patientdob", "born"),
          day=True),
    Field("sex", "Sex", fields.sex, ("gender",)),
    Field("phone", "Phone", fields.phone, ("mobile", "cell", "cellphone", "mobilephone", "phonenumber", "primaryphone",
                                           "telephone", "homephone")),
    Field("phone_alt", "Other phone", fields.phone, ("phone2", "altphone", "secondaryphone", "workphone")),
    Field("email", "E-mail", fields.email, ("emailaddress", "mail")),
    Field("address", "Address", fields.text(300), ("address1", "street", "streetaddress", "addressline1")),
    Field("city", "City", fields.text(100), ("town",)),
    Field("state", "State", fields.text(40), ("st", "province")),
    Field("zip", "ZIP", fields.text(20), ("zipcode", "postalcode", "postcode")),
    Field("mrn", "Record number", fields.text(60), ("patientid", "chartnumber", "chart", "accountnumber", "id",
                                                    "patientnumber", "medicalrecordnumber")),
    Field("payer_name", "Insurance", fields.text(100), ("payer", "insurancename", "primaryinsurance", "insurer")),
    Field("member_id", "Member ID", fields.text(60), ("memberid", "policynumber", "subscriberid", "insuranceid")),
    Field("group_number", "Group number", fields.text(60), ("group",)),
)  # fmt: skip
REQUEST: Final = (
    Field("reason", "Reason for therapy", fields.text(300), ("diagnosis", "complaint", "bodypart", "reasonforvisit")),
    Field("referrer_name", "Referred by", fields.text(200), ("referrer", "referringprovider", "referringphysician",
                                                             "provider", "doctor")),
    Field("urgency", "Urgency", fields.one_of("routine", "urgent", "stat"), ("priority",)),
    Field("note", "Note", fields.text(2000), ("notes", "comment", "comments")),
)  # fmt: skip


def _person(values: dict[str, Any]) -> PatientFacts:
    place = ", ".join(filter(None, (values.get("city"), f"{values.get('state', '')} {values.get('zip', '')}".strip())))
    address = ", ".join(filter(None, (values.get("address"), place))) or None
    known = {name: values[name] for name in PatientFacts.model_fields if name in values}
    return PatientFacts.model_validate(known | {"address": address})


def _identity(facts: PatientFacts, member_id: str | None) -> Identity:
    return Identity(**facts.model_dump(), member_id=member_id)


def surely(matches: list[Match]) -> Match | None:
    """The one this must be: the same name with the same record number, or date of birth, and nothing against it."""
    sure = [match for match in matches if match.certain
            or ({"name", "mrn"} <= set(match.facts.agrees) and not match.facts.differs)]  # fmt: skip
    return sure[0] if len(sure) == 1 else None


def _known(matches: list[Match], duplicates: Duplicates) -> Done:
    """What becomes of a row about somebody who may be one of these."""
    known = surely(matches)
    if matches and duplicates == "skip":
        return Done("skipped", f"known already: {matches[0].facts.words}", matches[0].patient_id)
    if matches and (known is None or duplicates == "ask"):
        return Done("asked", matches[0].facts.words, matches[0].patient_id)
    return Done("updated", None, known.patient_id) if known else Done("created")


async def patient_rows(
    session: AsyncSession, rows: list[dict[str, Any]], duplicates: Duplicates, dry: bool
) -> list[Done]:
    """Many patients: compared with all who are known, and with each other, at once."""
    people = [_person(values) for values in rows]
    pool = await Pool.load(session, [_identity(facts, values.get("member_id"))
                                     for facts, values in zip(people, rows, strict=True)])  # fmt: skip
    found, new = list[Done](), list[Patient]()
    for facts, values in zip(people, rows, strict=True):
        matches = pool.find(_identity(facts, values.get("member_id")), POSSIBLE)
        done = _known(matches, duplicates)
        if done.outcome == "created":
            patient = made(practice_of(session), facts)
            pool.add(patient, frozenset(filter(None, [values.get("member_id")])))
            new.append(patient)
            done = Done("created", None, None if dry else patient.id)
        elif done.outcome == "updated" and not dry:
            await patients.create_many(session, new)
            new = []
            done = await settle_patient(session, values, done.patient_id)
        found.append(done)
    if dry:
        return found
    await patients.create_many(session, new)
    for values, done in zip(rows, found, strict=True):
        if done.outcome == "created" and done.patient_id:
            await _cover(session, done.patient_id, values)
    return found


async def _cover(session: AsyncSession, patient_id: uuid.UUID, values: dict[str, Any]) -> None:
    if values.get("payer_name"):
        cover = patients.CoverageFacts(
            "primary", values["payer_name"], values.get("member_id"), values.get("group_number")
        )
        await patients.cover(session, patient_id, [cover])


async def settle_patient(session: AsyncSession, values: dict[str, Any], known: uuid.UUID | None) -> Done:
    """Carry it out: a new patient, or what is unknown of a known one."""
    facts = _person(values)
    if known is None:
        patient_id = (await patients.create(session, facts)).id
    else:
        await patients.complete(session, patient_id := known, facts)
    await _cover(session, patient_id, values)
    return Done("created" if known is None else "updated", None, patient_id)


async def lead_row(session: AsyncSession, values: dict[str, Any], duplicates: Duplicates, dry: bool) -> Done:
    """A lead for a patient made or known; who has an open lead keeps that one."""
    (person,) = await patient_rows(session, [values], duplicates, dry)
    if person.outcome in {"asked", "skipped"} or dry:
        return person
    assert person.patient_id is not None
    return await settle_lead(session, values, person)


async def settle_lead(session: AsyncSession, values: dict[str, Any], person: Done) -> Done:
    """The lead itself."""
    assert person.patient_id is not None
    lead = await leads.open_lead_of(session, person.patient_id)
    if lead is not None:
        return Done("skipped", "has an open lead", person.patient_id, lead.id)
    urgency = values.get("urgency") or "routine"
    lead = await leads.open_lead(session, leads.NewLead(person.patient_id, "api", urgency=urgency))
    if values.get("reason") or values.get("referrer_name"):
        referrer = ReferrerFacts(name=values["referrer_name"]) if values.get("referrer_name") else None
        await orders.add(session, lead, orders.OrderFacts(referrer, diagnosis_text=values.get("reason")))
    if values.get("note"):
        await leads.add_note(session, lead.id, values["note"])
    return Done("created", None, person.patient_id, lead.id)


async def _patient_decided(session: AsyncSession, values: dict[str, Any], known: uuid.UUID | None) -> Done:
    return await settle_patient(session, values, known)


async def _lead_decided(session: AsyncSession, values: dict[str, Any], known: uuid.UUID | None) -> Done:
    return await settle_lead(session, values, await settle_patient(session, values, known))


def each(one: Callable[[AsyncSession, dict[str, Any], Duplicates, bool], Awaitable[Done]]) -> Any:
    """Row by row, each in a savepoint of its own."""

    async def apply(session: AsyncSession, rows: list[dict[str, Any]], duplicates: Duplicates, dry: bool) -> list[Done]:
        found = []
        for values in rows:
            try:
                async with session.begin_nested():
                    found.append(await one(session, dict(values), duplicates, dry))
            except (IntegrityError, DataError, ValueError):
                found.append(Done("failed", "could not be stored: check its cells"))
        return found

    return apply


KINDS: Final[dict[str, Kind]] = {
    "patients": Kind("patients", PERSON, fields.named, patient_rows, _patient_decided, batch=500),
    "leads": Kind("leads", (*PERSON, *REQUEST), fields.named, each(lead_row), _lead_decided),
    "visits": Kind("visits", visit_rows.FIELDS, visit_rows.complaint, visit_rows.apply, visit_rows.settle,
                   visit_rows.order, 1000),
    "appointments": Kind("appointments", appointment_rows.FIELDS, appointment_rows.complaint, appointment_rows.apply,
                         appointment_rows.settle, batch=100),
}  # fmt: skip
