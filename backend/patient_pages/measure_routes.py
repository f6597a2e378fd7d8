"""How a patient is doing, on their phone: open the questions, save as one taps, hand in."""

import uuid

from fastapi import APIRouter

from backend.audit import service as audit
from backend.care.measures.catalog import INSTRUMENTS
from backend.care.outcomes import filling
from backend.care.outcomes.filling import Given, Opened
from backend.patient_pages.errors import LinkNotUsable
from backend.patient_pages.intake_routes import SmallBody
from backend.patient_pages.measure_schemas import (
    MeasureAnswers,
    MeasuresSavedOut,
    MeasuresSaveIn,
    MeasuresSentOut,
    MeasuresSubmitIn,
    MeasureWordsOut,
    PatientMeasureOut,
    PatientMeasuresOut,
)
from backend.patient_pages.session import PatientSession, PatientTransaction, Verified

router = APIRouter(prefix="/api/v1/public/links/measures", tags=["patient pages"], route_class=SmallBody)


def _asked(patient: PatientSession) -> uuid.UUID:
    if patient.purpose != "measure" or patient.ref_id is None:
        raise LinkNotUsable
    return patient.ref_id


def _out(found: Opened) -> PatientMeasuresOut:
    measures = []
    for asked in found.request.measures:
        one = INSTRUMENTS[asked["key"]]
        words = {
            language: MeasureWordsOut.model_validate(row)
            for language, row in found.wordings.get(one.key, {}).items()
        }  # fmt: skip
        measures.append(
            PatientMeasureOut(
                key=one.key, name=one.name, items=filling.most_items(asked), lowest=one.lowest, highest=one.highest,
                activities=asked.get("activities"), words=words,
            )
        )  # fmt: skip
    answers = {key: MeasureAnswers.model_validate(value) for key, value in found.request.answers.items()}
    return PatientMeasuresOut(occasion=found.request.occasion, measures=measures, answers=answers)


@router.post("/begin", operation_id="beginMeasures", summary="Open the questions")
async def begin_measures(patient: Verified, session: PatientTransaction) -> PatientMeasuresOut:
    """With what is answered already. 409 once they are handed in."""
    found = await filling.begin(session, _asked(patient))
    await audit.record(session, "measures.opened", f"outcome_request:{found.request.id}", [patient.patient_id])
    return _out(found)


@router.patch("/answers", operation_id="saveMeasures", summary="Save answers")
async def save_measures(body: MeasuresSaveIn, patient: Verified, session: PatientTransaction) -> MeasuresSavedOut:
    """422 names what can be no answer, and keeps nothing."""
    given = {key: Given(answers.items, answers.activities) for key, answers in body.answers.items()}
    request = await filling.save(session, _asked(patient), given)
    return MeasuresSavedOut(percent=filling.percent(request))


@router.post("/submit", operation_id="submitMeasures", summary="Hand the answers in")
async def submit_measures(body: MeasuresSubmitIn, patient: Verified, session: PatientTransaction) -> MeasuresSentOut:
    """Once: a second time gives the same answer. 422 where nothing is answered."""
    request = await filling.submit(session, _asked(patient), body.language)
    await audit.record(session, "measures.submitted", f"outcome_request:{request.id}", [patient.patient_id])
    assert request.submitted_at is not None
    return MeasuresSentOut(submitted_at=request.submitted_at)
