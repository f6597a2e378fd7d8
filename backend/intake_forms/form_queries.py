"""Read forms for the settings page."""

import uuid
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.intake_forms import changes, forms, problems
from backend.intake_forms.definition import Definition
from backend.intake_forms.models import Intake, IntakeForm, IntakeFormVersion
from backend.intake_forms.schemas import FormDetail, FormFinding, FormOut, FormVersionOut, PublishedForm

RUNNING = ("prepared", "sent", "started")


async def every(session: AsyncSession) -> list[FormOut]:
    """In the order of the list."""
    rows = await forms.every(session)
    ids = [row.id for row in rows]
    running = await _running(session, ids)
    latest = await session.scalars(
        select(IntakeFormVersion)
        .join(
            IntakeForm,
            (IntakeForm.practice_id == IntakeFormVersion.practice_id)
            & (IntakeForm.id == IntakeFormVersion.form_id)
            & (IntakeForm.published == IntakeFormVersion.number),
        )
        .where(IntakeFormVersion.practice_id == practice_of(session), IntakeFormVersion.form_id.in_(ids))
    )
    published = {row.form_id: row for row in latest}
    return [FormOut(**_facts(row, published.get(row.id), running.get(row.id, 0))) for row in rows]


async def _running(session: AsyncSession, ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    rows = await session.execute(
        select(Intake.form_id, func.count().label("running"))
        .where(Intake.practice_id == practice_of(session), Intake.form_id.in_(ids), Intake.state.in_(RUNNING))
        .group_by(Intake.form_id)
    )
    return {row.form_id: row.running for row in rows}


def _facts(row: IntakeForm, published: IntakeFormVersion | None, running: int) -> dict[str, Any]:
    draft = row.draft["sections"]
    return {
        "id": row.id, "name": row.name, "version": row.version, "published": row.published, "standard": row.standard,
        "published_at": published.published_at if published else None,
        "changed": published is None or published.definition != row.draft, "sections": len(draft),
        "questions": sum(len(section["questions"]) for section in draft), "running": running,
    }  # fmt: skip


async def detail(session: AsyncSession, row: IntakeForm) -> FormDetail:
    """With everything the builder shows."""
    draft = Definition.model_validate(row.draft)
    versions = await forms.versions(session, row.id)
    latest = versions[0] if versions else None
    before = Definition.model_validate(latest.definition) if latest else None
    return FormDetail(
        **_facts(row, latest, (await _running(session, [row.id])).get(row.id, 0)), draft=draft,
        problems=[FormFinding.model_validate(one) for one in problems.find(draft)],
        changes=changes.summary(before, draft), versions=[FormVersionOut.model_validate(one) for one in versions],
    )  # fmt: skip


async def version(session: AsyncSession, form_id: uuid.UUID, number: int) -> PublishedForm:
    """Of a form in use or not: what was handed in by it is still read. Raises `NotFound`."""
    found = await session.get(IntakeFormVersion, (practice_of(session), form_id, number))
    if found is None:
        raise NotFound("There is no such version of this form.")
    return PublishedForm.model_validate(found)
