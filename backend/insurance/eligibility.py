"""Ask the clearinghouse: one inquiry is a row and a job; what comes back is a suggestion a person confirms."""

import uuid
from datetime import timedelta
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.jobs import later
from backend.core.problems import Conflict, Invalid, NotFound
from backend.core.settings import Settings
from backend.insurance import clearinghouse, people, reading
from backend.insurance.models import EligibilityCheck, Payer
from backend.insurance.ports import Answer, Inquiry, Person
from backend.insurance.schemas import BenefitOut, ClearinghouseState, EligibilityOut, PayerOut, SuggestionOut
from backend.patients import service as patients
from backend.patients.models import Coverage, Patient

ASK: Final = "insurance.ask"
LONGEST: Final = timedelta(minutes=10)
INQUIRY: Final = TypeAdapter(Inquiry)
ANSWER: Final = TypeAdapter(Answer)
FAILURES: Final = {
    "unreachable": "The clearinghouse could not be reached. Ask again later, or call the payer.",
    "unreadable": "What came back could not be read. Call the payer.",
    "another_answer": "The clearinghouse sent an answer to another question. Ask again, or call the payer.",
    "not_accepted": "The clearinghouse does not accept our account. Ask a manager to look at Settings, Insurance.",
}


async def state_of(session: AsyncSession, settings: Settings) -> ClearinghouseState:
    """Whether the practice can ask."""
    connected = clearinghouse.reachable(settings) and await clearinghouse.account(session) is not None
    return ClearinghouseState(connected=connected, sandbox=settings.sandbox)


async def begin(session: AsyncSession, coverage: Coverage, settings: Settings) -> uuid.UUID:
    """Write the inquiry and its job; one that is under way already is this one. Raises `Conflict` or `Invalid`."""
    if not (await state_of(session, settings)).connected:
        raise Conflict("No clearinghouse is connected. Ask a manager to set it up under Settings, Insurance.")
    under_way = await session.scalar(
        select(EligibilityCheck).where(
            EligibilityCheck.practice_id == practice_of(session), EligibilityCheck.coverage_id == coverage.id,
            EligibilityCheck.state == "asking",
        )
    )  # fmt: skip
    if under_way is not None and under_way.asked_at > now() - LONGEST:
        return under_way.id
    if under_way is not None:
        # Its job is dead: a person may look at that, the desk asks again.
        under_way.state, under_way.code = "failed", "unreachable"
        await session.flush()
    check_id = new_id()
    inquiry = await _inquiry(session, coverage, check_id)
    row = {
        "practice_id": practice_of(session), "id": check_id, "patient_id": coverage.patient_id,
        "coverage_id": coverage.id, "coverage_version": coverage.version, "asked_by": actor_of(session).name,
        "asked_at": now(), "asked": INQUIRY.dump_python(inquiry, mode="json"), "sandbox": settings.sandbox,
    }  # fmt: skip
    await session.execute(insert(EligibilityCheck).values(row))
    await later(session, ASK, check_id, key=str(check_id))
    await people.changed(session, coverage.patient_id)
    return check_id


async def _inquiry(session: AsyncSession, coverage: Coverage, check_id: uuid.UUID) -> Inquiry:
    account = await clearinghouse.account(session)
    payer = await session.get(Payer, (coverage.practice_id, coverage.payer_id)) if coverage.payer_id else None
    patient = await patients.get(session, coverage.patient_id)
    missing = _missing(coverage, payer, patient)
    if missing or account is None or payer is None or payer.clearinghouse_id is None:
        raise Invalid("Fill in what the payer must be told first.", errors=missing)
    whom = Person(patient.first_name, patient.last_name, patient.dob)
    insured = Person(coverage.subscriber_first_name, coverage.subscriber_last_name, coverage.subscriber_dob)
    own = coverage.relationship == "self"
    return Inquiry(
        trace=check_id.hex.upper(), asked_at=now(), payer_id=payer.clearinghouse_id, payer_name=payer.name,
        provider_name=account.organization, npi=account.npi, subscriber=whom if own else insured,
        member_id=coverage.member_id, service_date=await people.today(session), dependent=None if own else whom,
        relationship=coverage.relationship,
    )  # fmt: skip


def _missing(coverage: Coverage, payer: Payer | None, patient: Patient) -> list[tuple[str, str]]:
    found = []
    if payer is None:
        found.append(("/payer_name", "the payer is not in the practice's list (Settings, Insurance)"))
    elif payer.clearinghouse_id is None:
        found.append(("/payer_name", "the payer has no clearinghouse ID yet (Settings, Insurance)"))
    if not coverage.member_id:
        found.append(("/member_id", "the member ID is needed"))
    if patient.dob is None:
        found.append(("/dob", "the patient's date of birth is needed"))
    if coverage.relationship != "self" and not coverage.subscriber_last_name:
        found.append(("/subscriber_last_name", "the subscriber's name is needed"))
    return found


async def latest(session: AsyncSession, patient_id: uuid.UUID) -> dict[uuid.UUID, EligibilityCheck]:
    """By coverage, the inquiry that was made last."""
    rows = await session.scalars(
        select(EligibilityCheck)
        .ext(distinct_on(EligibilityCheck.coverage_id))
        .where(EligibilityCheck.practice_id == practice_of(session), EligibilityCheck.patient_id == patient_id)
        .order_by(EligibilityCheck.coverage_id, EligibilityCheck.id.desc())
        .execution_options(populate_existing=True)
    )
    return {row.coverage_id: row for row in rows}


def shown(check: EligibilityCheck, coverage: Coverage, payer: PayerOut | None) -> EligibilityOut:
    """In words. Of an answer about somebody else only that it is, never what it says."""
    answer = ANSWER.validate_python(check.answer) if check.answer else None
    inquiry = INQUIRY.validate_python(check.asked)
    usable = answer if check.state == "answered" else None
    suggestions = reading.suggest(usable, payer.in_network if payer else None) if usable else {}
    return EligibilityOut(
        id=check.id, state=_literal(check.state), code=check.code, message=_message(check, answer),
        asked_by=check.asked_by, asked_at=check.asked_at, answered_at=check.answered_at,
        reference=answer.reference if answer else None, payer_name=answer.payer_name if answer else None,
        plan_name=usable.plan_name if usable else None,
        mismatches=reading.mismatches(inquiry, answer) if answer and check.state == "mismatch" else [],
        suggestions={key: SuggestionOut(value=one.value, because=one.because) for key, one in suggestions.items()},
        benefits=_lines(usable) if usable else [], sandbox=check.sandbox,
        stale=check.coverage_version != coverage.version,
    )  # fmt: skip


def _literal(value: str) -> Any:
    """The table's CHECK keeps the value inside the literal."""
    return value


def _lines(answer: Answer) -> list[BenefitOut]:
    return [
        BenefitOut(label=reading.label(line), value=reading.value(line), message=" ".join(line.messages) or None)
        for line in answer.benefits[: reading.MOST_LINES]
    ]


def _message(check: EligibilityCheck, answer: Answer | None) -> str | None:
    match check.state:
        case "failed":
            return FAILURES.get(check.code or "", FAILURES["unreadable"])
        case "rejected" if answer is not None:
            return " ".join(rejection.reason for rejection in answer.rejections)
        case "mismatch":
            return "The payer answered for another person. Check name, date of birth and member ID, then ask again."
    return None


async def to_confirm(
    session: AsyncSession, coverage: Coverage, check_id: uuid.UUID, state: str
) -> tuple[EligibilityCheck, dict[str, str]]:
    """The answer a person confirms, and what it suggests. Raises `NotFound`, or `Conflict` when it is no proof."""
    check = await session.scalar(
        select(EligibilityCheck).where(
            EligibilityCheck.practice_id == practice_of(session), EligibilityCheck.coverage_id == coverage.id,
            EligibilityCheck.id == check_id,
        )
    )  # fmt: skip
    if check is None:
        raise NotFound("There is no such inquiry for this insurance.")
    if state == "verified" and check.state != "answered":
        raise Conflict("This answer verifies nothing: ask again, or call the payer and say who told you.")
    if state == "verified" and check.coverage_version != coverage.version:
        raise Conflict("The insurance was changed after the payer was asked. Ask again.")
    if check.answer is None or check.state != "answered":
        return check, {}
    payer = await session.get(Payer, (coverage.practice_id, coverage.payer_id)) if coverage.payer_id else None
    found = reading.suggest(ANSWER.validate_python(check.answer), payer.in_network if payer else None)
    return check, {key: one.value for key, one in found.items()}
