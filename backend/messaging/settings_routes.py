"""Settings of texting: policy, templates, numbers."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.problems import Invalid, NotFound, StaleVersion
from backend.identity.access import Allowed, Context, Transaction
from backend.identity.queries import practice_key
from backend.messaging import facts, lines, receiving, standard
from backend.messaging.calls import paths
from backend.messaging.models import MessageTemplate, PhoneLine
from backend.messaging.ports import OPTIONAL, SECRETS
from backend.messaging.schemas import (
    PhoneLineIn,
    PhoneLineOut,
    PhoneLinePage,
    PolicyIn,
    PolicyOut,
    TemplateIn,
    TemplateOut,
    TemplatePage,
)
from backend.messaging.templates import DEFAULTS, FIRST, lint

router = APIRouter(prefix="/api/v1", tags=["settings"])
Reader = Annotated[Actor, Depends(Allowed("settings:read"))]
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]
Texter = Annotated[Actor, Depends(Allowed("messages:read"))]


def _template(row: MessageTemplate) -> TemplateOut:
    problems = lint(row.body, first=row.key in FIRST)
    return TemplateOut(id=row.key, name=row.name, body=row.body, version=row.version, problems=problems)


@router.get("/message-templates", operation_id="listMessageTemplates", summary="Texts to reuse")
async def list_templates(_: Texter, session: Transaction) -> TemplatePage:
    """By name."""
    query = select(MessageTemplate).where(MessageTemplate.practice_id == practice_of(session))
    rows = (await session.scalars(query.order_by(MessageTemplate.name))).all()
    if not {template.key for template in DEFAULTS} <= {row.key for row in rows}:
        await standard.create_defaults(session)
        rows = (await session.scalars(query.order_by(MessageTemplate.name))).all()
    return TemplatePage(items=[_template(row) for row in rows])


@router.put("/message-templates/{key}", operation_id="updateMessageTemplate", summary="Change a text")
async def update_template(key: str, body: TemplateIn, _: Writer, session: Transaction) -> TemplateOut:
    """422 says what the linter found; stale versions get 409."""
    row = await session.get(MessageTemplate, (practice_of(session), key), with_for_update=True)
    if row is None:
        raise NotFound("There is no such template.")
    if row.version != body.version:
        raise StaleVersion(row.version)
    if problems := lint(body.body, first=key in FIRST):
        raise Invalid(" ".join(problems), errors=[("/body", "not allowed in a text")])
    row.body, row.version = body.body, row.version + 1
    await session.flush()
    await audit.record(session, "template.changed", f"template:{key}")
    return _template(row)


@router.get("/settings/messaging", operation_id="getMessagingPolicy", summary="Texting policy")
async def get_policy(_: Reader, session: Transaction) -> PolicyOut:
    """What the practice chose, or the careful defaults (`version` 0)."""
    return PolicyOut.model_validate(await facts.policy(session))


@router.put("/settings/messaging", operation_id="updateMessagingPolicy", summary="Change the texting policy")
async def update_policy(body: PolicyIn, _: Writer, session: Transaction) -> PolicyOut:
    """Knowingly: the choice is on record."""
    if body.opens >= body.closes:
        raise Invalid("Texting hours must end after they begin.", errors=[("/closes", "before opens")])
    policy = await facts.policy(session)
    if policy.version != body.version:
        raise StaleVersion(policy.version)
    for name, value in body.model_dump(exclude={"version"}).items():
        setattr(policy, name, value)
    policy.version = body.version + 1
    session.add(policy)
    await session.flush()
    await audit.record(session, f"messaging_policy.{body.first_text}", "messaging_policy")
    return PolicyOut.model_validate(policy)


def _line(line: PhoneLine, context: ProcessContext) -> PhoneLineOut:
    base, key = context.settings.base_url, line.account_key
    urls = {
        "sms_url": base + lines.sms_path(key), "voice_url": base + paths.of(key, "voice"),
        "voice_status_url": base + paths.of(key, "voice-status"),
    }  # fmt: skip
    known = {name: getattr(line, name) for name in PhoneLineOut.model_fields if name not in urls}
    return PhoneLineOut(**known, **urls)


async def _shown(session: AsyncSession, line: PhoneLine, context: ProcessContext, action: str) -> PhoneLineOut:
    await session.flush()
    await audit.record(session, action, f"phone_line:{line.id}")
    return _line(line, context)


@router.get("/settings/phone-lines", operation_id="listPhoneLines", summary="Numbers for texts")
async def list_phone_lines(_: Reader, session: Transaction, context: Context) -> PhoneLinePage:
    """By number."""
    query = select(PhoneLine).where(PhoneLine.practice_id == practice_of(session)).order_by(PhoneLine.number)
    return PhoneLinePage(items=[_line(line, context) for line in await session.scalars(query)])


@router.post("/settings/phone-lines", operation_id="createPhoneLine", summary="Add a number", status_code=201)
async def create_phone_line(body: PhoneLineIn, _: Writer, session: Transaction, context: Context) -> PhoneLineOut:
    """Then enter `sms_url`, `voice_url` and `voice_status_url` at the carrier, method POST."""
    needed = {name for name in SECRETS if name not in OPTIONAL}
    given = {name for name, value in body.secrets.items() if value}
    if not needed <= given or given - set(SECRETS):
        raise Invalid(f"Twilio needs: {', '.join(sorted(needed))}.", errors=[("/secrets", "incomplete")])
    line = await lines.add_line(
        session, await practice_key(session, context), account_key=uuid.uuid4().hex, number=body.number,
        secrets=body.secrets, location_id=body.location_id,
    )  # fmt: skip
    line.forward_to, line.ring_seconds = body.forward_to, body.ring_seconds
    await receiving.plan_reconcile(session, context, line)
    return await _shown(session, line, context, "phone_line.created")
