"""Settings of texting: the policy, and who chose it with which words."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import Actor, actor_of
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import Invalid, StaleVersion
from backend.identity.access import Allowed, Transaction
from backend.identity.calendars import may_change
from backend.messaging import facts
from backend.messaging.choices import BY_NAME, CHOICES
from backend.messaging.models import MessagingPolicy, MessagingPolicyChange
from backend.messaging.settings_schemas import ConsequenceOut, PolicyChangeOut, PolicyIn, PolicyOut

router = APIRouter(prefix="/api/v1", tags=["settings"])
Reader = Annotated[Actor, Depends(Allowed("settings:read"))]
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]
CHOSEN = ("first_text", "opens", "closes", "sundays", "per_day", "per_week")


@router.get("/settings/messaging", operation_id="getMessagingPolicy", summary="Texting policy")
async def get_policy(_: Reader, session: Transaction) -> PolicyOut:
    """What the practice chose, or the careful defaults (`version` 0), what each choice means, and who chose last."""
    return await _out(session, await facts.policy(session))


@router.put("/settings/messaging", operation_id="updateMessagingPolicy", summary="Change the texting policy")
async def update_policy(body: PolicyIn, _: Writer, session: Transaction) -> PolicyOut:
    """Knowingly: the choice is on record, with the words that were agreed to."""
    await may_change(session, None)
    if body.opens >= body.closes:
        raise Invalid("Texting hours must end after they begin.", errors=[("/closes", "before opens")])
    policy = await facts.policy(session)
    if policy.version != body.version:
        raise StaleVersion(policy.version)
    agreed_to = _agreed(policy.first_text, body)
    for name in CHOSEN:
        setattr(policy, name, getattr(body, name))
    policy.version = body.version + 1
    session.add(policy)
    chosen: dict[str, Any] = {name: getattr(body, name) for name in CHOSEN}
    change = MessagingPolicyChange(
        practice_id=practice_of(session), at=now(), by=actor_of(session).name, agreed_to=agreed_to, **chosen
    )
    session.add(change)
    await session.flush()
    await audit.record(session, f"messaging_policy.{body.first_text}", "messaging_policy")
    return await _out(session, policy)


def _agreed(before: str, body: PolicyIn) -> str | None:
    agreement = BY_NAME[body.first_text].agreement
    if agreement is None or (before == body.first_text and body.agreed_to is None):
        return None
    if body.agreed_to != agreement.id:
        raise Invalid(
            "This choice has legal consequences. Read and agree to its wording first.",
            errors=[("/agreed_to", "must name the agreement of this choice")],
        )
    return agreement.text


async def _out(session: AsyncSession, policy: MessagingPolicy) -> PolicyOut:
    query = select(MessagingPolicyChange).where(MessagingPolicyChange.practice_id == practice_of(session))
    return PolicyOut(
        **{name: getattr(policy, name) for name in CHOSEN}, version=policy.version,
        choices=[ConsequenceOut.model_validate(choice) for choice in CHOICES],
        last_change=await _newest(session, query),
        last_agreement=await _newest(session, query.where(MessagingPolicyChange.agreed_to.is_not(None))),
    )  # fmt: skip


async def _newest(session: AsyncSession, query: Select[MessagingPolicyChange]) -> PolicyChangeOut | None:
    newest = query.order_by(MessagingPolicyChange.at.desc(), MessagingPolicyChange.id.desc()).limit(1)
    found = await session.scalar(newest)
    return PolicyChangeOut.model_validate(found) if found else None
