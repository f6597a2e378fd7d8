"""Write and publish the practice's forms."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.identity.access import Allowed, Transaction
from backend.identity.calendars import may_change
from backend.intake_forms import body, form_queries, forms
from backend.intake_forms.models import IntakeForm
from backend.intake_forms.schemas import (
    AreaList,
    AreaOut,
    DraftIn,
    FormDetail,
    FormList,
    FormVersionIn,
    NewFormIn,
    PublishedForm,
    RestoreIn,
)

router = APIRouter(prefix="/api/v1/intake-forms", tags=["intake"])
Reader = Annotated[Actor, Depends(Allowed("intake:read"))]
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]


@router.get("", operation_id="listIntakeForms", summary="Intake forms")
async def list_forms(_: Reader, session: Transaction) -> FormList:
    """The default one first."""
    return FormList(items=await form_queries.every(session))


@router.post("", operation_id="createIntakeForm", summary="Write a form", status_code=201)
async def create_form(body: NewFormIn, _: Writer, session: Transaction) -> FormDetail:
    """Empty, or a copy."""
    await may_change(session, None)
    return await _written(session, "intake_form.created", await forms.create(session, body.name, body.copy_of))


@router.get("/body", operation_id="listBodyAreas", summary="Areas of the body diagram")
async def list_areas(_: Reader) -> AreaList:
    """The same for every form."""
    return AreaList(items=[AreaOut.model_validate(area) for area in body.AREAS.values()])


@router.get("/{form_id}", operation_id="getIntakeForm", summary="One form")
async def get_form(form_id: uuid.UUID, _: Reader, session: Transaction) -> FormDetail:
    """Draft, problems, changes since the last version, all versions."""
    return await form_queries.detail(session, await forms.get(session, form_id))


@router.put("/{form_id}", operation_id="updateIntakeForm", summary="Keep the draft")
async def update_form(form_id: uuid.UUID, body: DraftIn, _: Writer, session: Transaction) -> FormDetail:
    """Patients see nothing of it before it is published. Stale versions get 409."""
    await may_change(session, None)
    form = await forms.change(session, form_id, body.version, body.name, body.definition)
    return await _written(session, "intake_form.changed", form)


@router.post("/{form_id}/publish", operation_id="publishIntakeForm", summary="Publish the draft")
async def publish_form(form_id: uuid.UUID, body: FormVersionIn, _: Writer, session: Transaction) -> FormDetail:
    """422 with the place of everything that is not finished. Who has begun an earlier version finishes that one."""
    await may_change(session, None)
    return await _written(session, "intake_form.published", await forms.publish(session, form_id, body.version))


@router.post("/{form_id}/restore", operation_id="restoreIntakeForm", summary="Go back to a version")
async def restore_form(form_id: uuid.UUID, body: RestoreIn, _: Writer, session: Transaction) -> FormDetail:
    """It becomes the draft; publishing it makes it a new version."""
    await may_change(session, None)
    form = await forms.restore(session, form_id, body.version, body.number)
    return await _written(session, "intake_form.restored", form)


@router.post("/{form_id}/default", operation_id="chooseIntakeForm", summary="Send this form by default")
async def choose_form(form_id: uuid.UUID, _: Writer, session: Transaction) -> FormDetail:
    """409 unless it is published."""
    await may_change(session, None)
    return await _written(session, "intake_form.chosen", await forms.make_standard(session, form_id))


@router.delete("/{form_id}", operation_id="deleteIntakeForm", summary="Delete a form", status_code=204)
async def delete_form(form_id: uuid.UUID, _: Writer, session: Transaction) -> None:
    """Who has it finishes it; what was handed in stays."""
    await may_change(session, None)
    await forms.archive(session, form_id)
    await audit.record(session, "intake_form.deleted", f"intake_form:{form_id}")


@router.get("/{form_id}/versions/{number}", operation_id="getIntakeFormVersion", summary="A published version")
async def get_version(form_id: uuid.UUID, number: int, _: Reader, session: Transaction) -> PublishedForm:
    """As it was, and always will be."""
    return await form_queries.version(session, form_id, number)


async def _written(session: AsyncSession, action: str, form: IntakeForm) -> FormDetail:
    found = await form_queries.detail(session, form)
    await audit.record(session, action, f"intake_form:{form.id}")
    return found
