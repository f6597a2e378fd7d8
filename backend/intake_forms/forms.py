"""Write forms: a draft that may be unfinished, and versions that are published once and never change."""

import uuid
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.intake_forms import changes, problems
from backend.intake_forms.definition import Definition, Section, Words, stored
from backend.intake_forms.models import IntakeForm, IntakeFormVersion
from backend.intake_forms.standard.form import FORM, NAME

NO_FORM = "There is no such form in this practice."


async def ensure_standard(session: AsyncSession) -> IntakeForm:
    """The form that is sent where nobody chooses; a practice that has none yet gets ours, published."""
    practice_id = practice_of(session)
    query = select(IntakeForm).where(IntakeForm.practice_id == practice_id, IntakeForm.standard)
    if found := await session.scalar(query):
        return found
    form_id, numbered = new_id(), stored(changes.number_agreements([], FORM))
    row = {
        "practice_id": practice_id, "id": form_id, "name": NAME, "draft": numbered, "published": 1, "standard": True,
        "version": 1, "created_at": now(),
    }  # fmt: skip
    await session.execute(insert(IntakeForm).values(row).on_conflict_do_nothing())
    found = (await session.scalars(query)).one()
    if found.id == form_id:
        session.add(
            IntakeFormVersion(
                practice_id=practice_id, form_id=form_id, number=1, definition=numbered,
                changes=changes.summary(None, FORM), published_by="Frontdesk", published_at=now(),
            )
        )  # fmt: skip
        await session.flush()
    return found


async def get(session: AsyncSession, form_id: uuid.UUID, *, for_update: bool = False) -> IntakeForm:
    """One form in use. Raises `NotFound`."""
    found = await session.get(
        IntakeForm, (practice_of(session), form_id), with_for_update=for_update or None, populate_existing=for_update
    )
    if found is None or found.archived_at is not None:
        raise NotFound(NO_FORM)
    return found


async def published(session: AsyncSession, form_id: uuid.UUID, number: int) -> Definition:
    """A version as it was published. Raises `NotFound`."""
    found = await session.get(IntakeFormVersion, (practice_of(session), form_id, number))
    if found is None:
        raise NotFound("There is no such version of this form.")
    return Definition.model_validate(found.definition)


async def create(session: AsyncSession, name: str, copy_of: uuid.UUID | None) -> IntakeForm:
    """A new form: a copy of another one's draft, or one empty section."""
    await _free_name(session, name, None)
    draft = (await get(session, copy_of)).draft if copy_of else stored(_blank(name))
    form = IntakeForm(
        practice_id=practice_of(session), id=new_id(), name=name, draft=draft, published=None, standard=False, version=1
    )
    session.add(form)
    await session.flush()
    return form


def _blank(name: str) -> Definition:
    return Definition(title=Words(en=name), sections=[Section(id="section_1", title=Words(en="Section 1"))])


async def change(
    session: AsyncSession, form_id: uuid.UUID, version: int, name: str, definition: Definition
) -> IntakeForm:
    """Keep the draft as it stands, finished or not. Raises `StaleVersion` when somebody else changed it first."""
    form = await _locked(session, form_id, version)
    await _free_name(session, name, form.id)
    form.name, form.draft = name, stored(definition)
    return await _changed(session, form)


async def publish(session: AsyncSession, form_id: uuid.UUID, version: int) -> IntakeForm:
    """Make the draft a version. Raises `Invalid` with what is wrong at its place, `Conflict` if nothing changed."""
    form = await _locked(session, form_id, version)
    draft = Definition.model_validate(form.draft)
    if wrong := [one for one in problems.find(draft) if one.level == "error"]:
        errors = [(one.pointer, one.detail) for one in wrong]
        raise Invalid("The form is not finished. Correct what is marked, then publish.", errors=errors)
    earlier = await versions(session, form.id)
    numbered = changes.number_agreements([Definition.model_validate(one.definition) for one in earlier], draft)
    before = Definition.model_validate(earlier[0].definition) if earlier else None
    said = changes.summary(before, numbered)
    if not said:
        raise Conflict("Nothing has changed since the last version.")
    form.published = (earlier[0].number if earlier else 0) + 1
    form.draft = stored(numbered)
    row = IntakeFormVersion(
        practice_id=form.practice_id, form_id=form.id, number=form.published, definition=form.draft, changes=said,
        published_by=actor_of(session).name, published_at=now(),
    )  # fmt: skip
    session.add(row)
    return await _changed(session, form)


async def restore(session: AsyncSession, form_id: uuid.UUID, version: int, number: int) -> IntakeForm:
    """The draft is what a published version was."""
    form = await _locked(session, form_id, version)
    form.draft = stored(await published(session, form.id, number))
    return await _changed(session, form)


async def make_standard(session: AsyncSession, form_id: uuid.UUID) -> IntakeForm:
    """This one is sent where nobody chooses. Raises `Conflict` unless it is published."""
    form = await get(session, form_id, for_update=True)
    if form.published is None:
        raise Conflict("Publish the form first.")
    ours = (IntakeForm.practice_id == form.practice_id) & IntakeForm.standard & (IntakeForm.id != form.id)
    await session.execute(update(IntakeForm).where(ours).values(standard=False))
    form.standard = True
    return await _changed(session, form)


async def archive(session: AsyncSession, form_id: uuid.UUID) -> None:
    """It is sent no more; those who have it finish it. Raises `Conflict` for the standard one."""
    form = await get(session, form_id, for_update=True)
    if form.standard:
        raise Conflict("This form is sent by default. Make another one the default first.")
    form.archived_at = now()
    await _changed(session, form)


async def versions(session: AsyncSession, form_id: uuid.UUID) -> list[IntakeFormVersion]:
    """Newest first."""
    rows = await session.scalars(
        select(IntakeFormVersion)
        .where(IntakeFormVersion.practice_id == practice_of(session), IntakeFormVersion.form_id == form_id)
        .order_by(IntakeFormVersion.number.desc())
    )
    return list(rows)


async def every(session: AsyncSession) -> list[IntakeForm]:
    """All in use, the standard one first."""
    await ensure_standard(session)
    rows = await session.scalars(
        select(IntakeForm)
        .where(IntakeForm.practice_id == practice_of(session), IntakeForm.archived_at.is_(None))
        .order_by(IntakeForm.standard.desc(), func.lower(IntakeForm.name))
    )
    return list(rows)


async def _locked(session: AsyncSession, form_id: uuid.UUID, version: int) -> IntakeForm:
    form = await get(session, form_id, for_update=True)
    if form.version != version:
        raise StaleVersion(form.version)
    return form


async def _changed(session: AsyncSession, form: IntakeForm) -> IntakeForm:
    form.version += 1
    await session.flush()
    return form


async def _free_name(session: AsyncSession, name: str, own_id: uuid.UUID | None) -> None:
    same: Any = select(IntakeForm.id).where(
        IntakeForm.practice_id == practice_of(session), IntakeForm.archived_at.is_(None),
        func.lower(IntakeForm.name) == name.lower(), IntakeForm.id != (own_id or new_id()),
    )  # fmt: skip
    if await session.scalar(same) is not None:
        raise Conflict("Another form has this name. Choose another name.")
