"""Fill a form in on a phone: begin, save as one types, hand in. And hand the desk's own device to the patient."""

import uuid
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.problems import TooLarge
from backend.identity import sessions
from backend.identity.access import Allowed, Context, Transaction
from backend.identity.queries import practice_key
from backend.intake_forms import body as body_areas
from backend.intake_forms import filling, preparing
from backend.intake_forms.schemas import AreaOut
from backend.patient_links import service as links
from backend.patient_pages import session as patient_session
from backend.patient_pages.errors import LinkNotUsable
from backend.patient_pages.intake_schemas import (
    AnswersIn,
    AnswersOut,
    BeginIn,
    HandedInOut,
    HandedOver,
    PatientFormOut,
    SubmitIn,
)
from backend.patient_pages.session import PatientSession, PatientTransaction, Verified

MOST_BYTES = 256 * 1024


class SmallBody(APIRoute):
    """A route whose body is refused as soon as it is too large."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's way to look at a request before it is parsed."""
        handle = super().get_route_handler()

        async def limited(request: Request) -> Response:
            request = _LimitedRequest(request.scope, request.receive)
            await request.body()
            return await handle(request)

        return limited


class _LimitedRequest(Request):
    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            chunks, size = [], 0
            async for chunk in self.stream():
                size += len(chunk)
                if size > MOST_BYTES:
                    raise TooLarge("These answers are too long. Shorten them, or tell us when you come.")
                chunks.append(chunk)
            self._body = b"".join(chunks)
        return self._body


router = APIRouter(prefix="/api/v1/public/links/intake", tags=["patient pages"], route_class=SmallBody)
desk = APIRouter(prefix="/api/v1/intake", tags=["intake"])
Writer = Annotated[Actor, Depends(Allowed("intake:write"))]


def _intake_of(patient: PatientSession) -> uuid.UUID:
    if patient.purpose != "intake" or patient.ref_id is None:
        raise LinkNotUsable
    return patient.ref_id


@router.post("/begin", operation_id="beginIntake", summary="Open the form")
async def begin_intake(
    body: BeginIn, patient: Verified, session: PatientTransaction, context: Context
) -> PatientFormOut:
    """With what is answered already. The first time it takes today's version, for good. 409 once it is handed in."""
    found = await filling.begin(session, await practice_key(session, context), _intake_of(patient), body.language)
    await audit.record(session, "intake.opened", f"intake:{found.intake.id}", [patient.patient_id])
    return PatientFormOut(
        form=found.form, answers=found.answers, prefilled=sorted(found.prefilled), revision=found.intake.revision,
        percent=found.intake.percent, body=[AreaOut.model_validate(area) for area in body_areas.AREAS.values()],
    )  # fmt: skip


@router.patch("/answers", operation_id="saveIntake", summary="Save answers")
async def save_intake(body: AnswersIn, patient: Verified, session: PatientTransaction, context: Context) -> AnswersOut:
    """Only what changed. 422 names what can be no answer, and keeps nothing; `others` came from another device."""
    key = await practice_key(session, context)
    return AnswersOut.model_validate(
        await filling.save(session, key, _intake_of(patient), body.answers, body.revision)
    )  # fmt: skip


@router.post("/submit", operation_id="submitIntake", summary="Hand the form in")
async def submit_intake(_: SubmitIn, patient: Verified, session: PatientTransaction, context: Context) -> HandedInOut:
    """Once: a second time gives the same answer. 422 names what is missing."""
    intake = await filling.submit(session, await practice_key(session, context), _intake_of(patient))
    await audit.record(session, "intake.submitted", f"intake:{intake.id}", [patient.patient_id])
    assert intake.submitted_at is not None
    return HandedInOut(submitted_at=intake.submitted_at)


@desk.post("/{intake_id}/open-here", operation_id="openIntakeHere", summary="Hand this device to the patient")
async def open_here(
    intake_id: uuid.UUID, request: Request, response: Response, caller: Writer, session: Transaction, context: Context
) -> HandedOver:
    """The desk knows who stands there: the form opens without a question, and the desk is signed out here."""
    intake = await preparing.unfinished(session, intake_id)
    link = await preparing.new_link(session, intake)
    await links.tokens(session, [link.id], await practice_key(session, context))
    cookie, _ = patient_session.start(session, link, verified=True)
    await audit.record(session, "intake.opened_here", f"intake:{intake_id}", [intake.patient_id])
    if token := request.cookies.get(sessions.COOKIE):
        await sessions.end(session, caller.practice_id, token)
        sessions.clear_cookie(response)
    patient_session.set_cookie(response, cookie)
    return HandedOver(path="/p")
