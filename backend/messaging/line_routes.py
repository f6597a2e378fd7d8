"""Settings of texting: phone lines. Adding, editing, rotating a token, asking the carrier, going on after a pause."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.callbacks import ProviderUnavailable
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.phones import e164
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion, Unavailable
from backend.identity.access import Allowed, Caller, Context, Transaction, transaction_of
from backend.identity.calendars import may_change
from backend.identity.models import Location
from backend.identity.queries import practice_key
from backend.messaging import alarms, line_check, lines, receiving
from backend.messaging.calls import paths
from backend.messaging.models import Conversation, Message, PhoneLine
from backend.messaging.ports import OPTIONAL, SECRETS, TextCarrier
from backend.messaging.settings_schemas import (
    CheckedOut,
    LineCheckOut,
    LineVersionIn,
    PausedOut,
    PhoneLineChanges,
    PhoneLineIn,
    PhoneLineOut,
    PhoneLinePage,
    RotateIn,
)

router = APIRouter(prefix="/api/v1/settings/phone-lines", tags=["settings"])
Reader = Annotated[Actor, Depends(Allowed("settings:read"))]
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]


def carriers_of(request: Request) -> dict[str, TextCarrier]:
    """The text carriers of this process, by name."""
    return dict(request.app.state.text_carriers)


Carriers = Annotated[dict[str, TextCarrier], Depends(carriers_of)]


async def _out(session: AsyncSession, line: PhoneLine, context: ProcessContext, key: bytes) -> PhoneLineOut:
    secrets = lines.open_account(line, key).secrets
    urls = _urls(line, context)
    computed = {*urls, "account_sid", "messaging_service_sid", "paused"}
    known = {name: getattr(line, name) for name in PhoneLineOut.model_fields if name not in computed}
    return PhoneLineOut(
        **known, **urls, account_sid=f"…{secrets['account_sid'][-4:]}",
        messaging_service_sid=secrets.get("messaging_service_sid") or None, paused=await _paused(session, line),
    )  # fmt: skip


def _urls(line: PhoneLine, context: ProcessContext) -> dict[str, str]:
    base, key = context.settings.base_url, line.account_key
    return {
        "sms_url": base + lines.sms_path(key), "voice_url": base + paths.of(key, "voice"),
        "voice_status_url": base + paths.of(key, "voice-status"),
    }  # fmt: skip


async def _paused(session: AsyncSession, line: PhoneLine) -> PausedOut | None:
    if line.paused_at is None or line.paused_code is None:
        return None
    waiting = await session.scalar(
        select(func.count())
        .select_from(Message)
        .join(
            Conversation,
            (Conversation.practice_id == Message.practice_id) & (Conversation.id == Message.conversation_id),
        )
        .where(Message.practice_id == line.practice_id, Conversation.line_id == line.id)
        .where(Message.status == "held", Message.reason == "line_paused")
    )
    meaning = alarms.meaning(line.paused_code)
    return PausedOut(
        at=line.paused_at, code=line.paused_code, title=meaning.title, advice=meaning.advice, waiting=waiting or 0
    )


async def _changed(session: AsyncSession, line: PhoneLine, context: ProcessContext, action: str) -> PhoneLineOut:
    await session.flush()
    tell_live(session, [LiveEvent("phone_line.changed", str(line.id), line.version)])
    shown = await _out(session, line, context, await practice_key(session, context))
    await audit.record(session, f"phone_line.{action}", f"phone_line:{line.id}")
    return shown


async def _line(session: AsyncSession, line_id: uuid.UUID, version: int | None = None) -> PhoneLine:
    """A number the caller may change."""
    line = await session.get(PhoneLine, (practice_of(session), line_id), with_for_update=version is not None)
    if line is None:
        raise NotFound("There is no such phone line.")
    await may_change(session, line.location_id)
    if version is not None and line.version != version:
        raise StaleVersion(line.version)
    return line


async def _clinic(session: AsyncSession, location_id: uuid.UUID | None) -> None:
    if location_id is not None and await session.get(Location, (practice_of(session), location_id)) is None:
        raise Invalid("Choose a clinic of this practice.", errors=[("/location_id", "unknown")])


@router.get("", operation_id="listPhoneLines", summary="Numbers for texts")
async def list_phone_lines(_: Reader, session: Transaction, context: Context) -> PhoneLinePage:
    """By number."""
    query = select(PhoneLine).where(PhoneLine.practice_id == practice_of(session)).order_by(PhoneLine.number)
    key = await practice_key(session, context)
    return PhoneLinePage(
        items=[await _out(session, line, context, key) for line in (await session.scalars(query)).all()]
    )


@router.post("", operation_id="createPhoneLine", summary="Add a number", status_code=201)
async def create_phone_line(body: PhoneLineIn, _: Writer, session: Transaction, context: Context) -> PhoneLineOut:
    """Then enter `sms_url`, `voice_url` and `voice_status_url` at the carrier, method POST."""
    needed = {name for name in SECRETS if name not in OPTIONAL}
    given = {name for name, value in body.secrets.items() if value.strip()}
    if not needed <= given or given - set(SECRETS):
        raise Invalid(f"Twilio needs: {', '.join(sorted(needed))}.", errors=[("/secrets", "incomplete")])
    number = e164(body.number)
    if number is None:
        raise Invalid("Enter the whole number, with its area code.", errors=[("/number", "not a phone number")])
    await _clinic(session, body.location_id)
    await may_change(session, body.location_id)
    same = select(PhoneLine.id).where(PhoneLine.practice_id == practice_of(session), PhoneLine.number == number)
    if await session.scalar(same):
        raise Conflict("This number is here already. Edit it, or rotate its token.")
    line = await lines.add_line(
        session, await practice_key(session, context), account_key=uuid.uuid4().hex, number=number,
        secrets={name: body.secrets[name].strip() for name in given}, location_id=body.location_id,
    )  # fmt: skip
    line.forward_to, line.ring_seconds = body.forward_to, body.ring_seconds
    await receiving.plan_reconcile(session, context, line)
    return await _changed(session, line, context, "created")


@router.patch("/{line_id}", operation_id="updatePhoneLine", summary="Edit a number, or take it out of use")
async def update_phone_line(
    line_id: uuid.UUID, body: PhoneLineChanges, _: Writer, session: Transaction, context: Context
) -> PhoneLineOut:
    """Out of use: nothing is sent, but what patients write is still taken in."""
    line = await _line(session, line_id, body.version)
    given = body.model_fields_set
    if "location_id" in given:
        await _clinic(session, body.location_id)
        await may_change(session, body.location_id)
        line.location_id = body.location_id
    if body.active is not None:
        line.active = body.active
    if "messaging_service_sid" in given:
        key = await practice_key(session, context)
        lines.change_secrets(line, key, messaging_service_sid=body.messaging_service_sid or None)
    line.version += 1
    return await _changed(session, line, context, "changed")


@router.post("/{line_id}/rotate", operation_id="rotatePhoneLineToken", summary="Enter a new auth token")
async def rotate_token(
    line_id: uuid.UUID, body: RotateIn, _: Writer, session: Transaction, context: Context
) -> PhoneLineOut:
    """We call with the new token at once; callbacks signed with either are good until the rotation is finished."""
    line = await _line(session, line_id, body.version)
    lines.rotate(line, await practice_key(session, context), body.auth_token)
    line.version += 1
    return await _changed(session, line, context, "token_rotated")


@router.post("/{line_id}/rotate/finish", operation_id="finishTokenRotation", summary="Forget the old auth token")
async def finish_rotation(
    line_id: uuid.UUID, body: LineVersionIn, _: Writer, session: Transaction, context: Context
) -> PhoneLineOut:
    """When Twilio signs with the new one."""
    line = await _line(session, line_id, body.version)
    if line.rotating_since is None:
        raise Conflict("No token is being rotated.")
    lines.finish_rotation(line, await practice_key(session, context))
    line.version += 1
    return await _changed(session, line, context, "rotation_finished")


@router.post("/{line_id}/resume", operation_id="resumePhoneLine", summary="Send automatic texts again")
async def resume_phone_line(
    line_id: uuid.UUID, body: LineVersionIn, _: Writer, session: Transaction, context: Context
) -> PhoneLineOut:
    """After what the carrier complained about is settled. What waited passes the gate again."""
    line = await _line(session, line_id, body.version)
    if line.paused_at is None:
        raise Conflict("This line is not paused.")
    await alarms.resume(session, line)
    return await _changed(session, line, context, "resumed")


@router.post("/{line_id}/check", operation_id="checkPhoneLine", summary="Ask the carrier about a number")
async def check_phone_line(
    line_id: uuid.UUID, _: Writer, caller: Caller, context: Context, carriers: Carriers
) -> LineCheckOut:
    """Whether the credentials work, the number is theirs, and texts reach us. 503 when the carrier cannot be asked."""
    async with transaction_of(context, caller) as session:
        line = await _line(session, line_id)
        account = lines.open_account(line, await practice_key(session, context))
        await audit.record(session, "phone_line.checked", f"phone_line:{line.id}")
    # No transaction is open while the carrier is asked.
    try:
        state = await carriers[line.provider].check(account)
    except ProviderUnavailable:
        raise Unavailable from None
    urls = _urls(line, context)
    found = line_check.findings(state, urls["sms_url"], urls["voice_url"])
    return LineCheckOut(at=now(), findings=[CheckedOut.model_validate(item) for item in found])
