"""Settings of texting: the texts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.identity.access import Allowed, Transaction
from backend.identity.calendars import may_change
from backend.messaging import standard
from backend.messaging.linting import findings
from backend.messaging.models import MessageTemplate
from backend.messaging.segments import encoding, length, segments
from backend.messaging.settings_schemas import (
    CheckedTemplate,
    CheckTemplateIn,
    FindingOut,
    NewTemplateIn,
    TemplateIn,
    TemplateOut,
    TemplatePage,
)
from backend.messaging.templates import FIRST, STANDARD, fill, lint

router = APIRouter(prefix="/api/v1/message-templates", tags=["settings"])
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]
Texter = Annotated[Actor, Depends(Allowed("messages:read"))]


def _out(row: MessageTemplate, sample: dict[str, str]) -> TemplateOut:
    filled, first = fill(row.body, sample), row.key in FIRST
    found = findings(row.body, first=first, sample=filled)
    standard_one = STANDARD.get(row.key)
    return TemplateOut(
        id=row.key, name=row.name, body=row.body, version=row.version, first=first, segments=segments(filled),
        problems=[item.detail for item in found if item.level == "error"],
        warnings=[item.detail for item in found if item.level == "warning"], standard=standard_one is not None,
        standard_body=standard_one.body if standard_one else None,
    )  # fmt: skip


@router.get("", operation_id="listMessageTemplates", summary="Texts to reuse")
async def list_templates(_: Texter, session: Transaction) -> TemplatePage:
    """By name."""
    rows = await standard.templates(session)
    sample = await standard.sample(session)
    return TemplatePage(items=[_out(row, sample) for row in rows])


@router.post("/check", operation_id="checkMessageTemplate", summary="What the linter says about a text")
async def check_template(body: CheckTemplateIn, _: Texter, session: Transaction) -> CheckedTemplate:
    """For the editor, while somebody types. Nothing is kept."""
    filled = fill(body.body, await standard.sample(session))
    found = findings(body.body, first=body.key in FIRST, sample=filled) if body.body else []
    return CheckedTemplate(
        problems=[FindingOut.model_validate(item) for item in found], segments=segments(filled),
        encoding=encoding(filled), letters=length(filled), preview=filled,
    )  # fmt: skip


@router.post("", operation_id="createMessageTemplate", summary="Add a text", status_code=201)
async def create_template(body: NewTemplateIn, _: Writer, session: Transaction) -> TemplateOut:
    """422 says what the linter found."""
    await may_change(session, None)
    _refuse(lint(body.body, first=False))
    await _refuse_name(session, body.name, None)
    row = MessageTemplate(
        practice_id=practice_of(session), key=f"own_{new_id().hex}", name=body.name, body=body.body, version=1
    )
    session.add(row)
    return await _changed(session, row, "template.created")


@router.put("/{key}", operation_id="updateMessageTemplate", summary="Change a text")
async def update_template(key: str, body: TemplateIn, _: Writer, session: Transaction) -> TemplateOut:
    """422 says what the linter found; stale versions get 409."""
    row = await _locked(session, key, body.version)
    _refuse(lint(body.body, first=key in FIRST))
    if body.name is not None and body.name != row.name:
        if key in STANDARD:
            raise Invalid("Standard texts keep their names.", errors=[("/name", "fixed")])
        await _refuse_name(session, body.name, key)
        row.name = body.name
    row.body, row.version = body.body, row.version + 1
    return await _changed(session, row, "template.changed")


@router.delete("/{key}", operation_id="deleteMessageTemplate", summary="Remove a text of one's own", status_code=204)
async def delete_template(
    key: str, _: Writer, session: Transaction, version: Annotated[int, Query(description="the one you saw")]
) -> None:
    """409 for standard texts: Frontdesk sends them itself."""
    row = await _locked(session, key, version)
    if key in STANDARD:
        raise Conflict("Frontdesk sends this text itself, so it cannot be removed. Change it, or reset it.")
    await session.delete(row)
    await session.flush()
    await audit.record(session, "template.removed", f"template:{key}")


async def _locked(session: AsyncSession, key: str, version: int) -> MessageTemplate:
    await may_change(session, None)
    row = await session.get(MessageTemplate, (practice_of(session), key), with_for_update=True)
    if row is None:
        raise NotFound("There is no such template.")
    if row.version != version:
        raise StaleVersion(row.version)
    return row


def _refuse(problems: list[str]) -> None:
    if problems:
        raise Invalid(" ".join(problems), errors=[("/body", "not allowed in a text")])


async def _refuse_name(session: AsyncSession, name: str, key: str | None) -> None:
    """Two texts of one name could not be told apart in a menu."""
    query = select(MessageTemplate.key).where(
        MessageTemplate.practice_id == practice_of(session), MessageTemplate.name == name, MessageTemplate.key != key
    )
    if key is None:
        query = select(MessageTemplate.key).where(
            MessageTemplate.practice_id == practice_of(session), MessageTemplate.name == name
        )
    if await session.scalar(query.limit(1)):
        raise Conflict("There is a text of this name already. Choose another name.")


async def _changed(session: AsyncSession, row: MessageTemplate, action: str) -> TemplateOut:
    await session.flush()
    await audit.record(session, action, f"template:{row.key}")
    return _out(row, await standard.sample(session))
