"""Settings: the practice's fax lines."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.pages import Page
from backend.core.problems import Invalid
from backend.core.schemas import RequestModel, ResponseModel
from backend.faxes import lines, receiving
from backend.faxes.models import FaxLine
from backend.faxes.ports import PROVIDER_SECRETS, SENDING_SECRETS, ProviderName
from backend.identity.access import Allowed, Context, Transaction
from backend.identity.queries import practice_key

router = APIRouter(prefix="/api/v1/settings/fax-accounts", tags=["settings"])
Reader = Annotated[Actor, Depends(Allowed("settings:read"))]
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]


class FaxAccountOut(ResponseModel):
    """A fax line without its credentials. Give `webhook_url` to the provider."""

    id: uuid.UUID
    provider: ProviderName
    account_key: str
    number: str = Field(examples=["+13125550142"])
    location_id: uuid.UUID | None
    active: bool
    webhook_url: str | None = Field(examples=["https://desk.example.org/webhooks/fax/telnyx/9f2c"])
    last_reconciled_at: datetime | None


class FaxAccountPage(Page):
    """Fax lines."""

    items: list[FaxAccountOut]


class NewFaxAccount(RequestModel):
    """A line at a provider. `secrets` are the provider's credentials by name; they are stored sealed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"provider": "telnyx", "number": "+13125550142", "secrets": {"api_key": "KEY0", "public_key": "cGs="}}
            ]
        }
    )

    provider: ProviderName
    number: str = Field(pattern=r"^\+\d{8,15}$")
    location_id: uuid.UUID | None = None
    secrets: dict[str, str] = Field(max_length=10)


class FaxAccountChanges(RequestModel):
    """Take a line out of use, or back; `secrets` takes the place of those of the same names."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"active": True, "secrets": {"connection_id": "1494"}}]})

    active: bool
    secrets: dict[str, str] = Field(default={}, max_length=10)


def _check(provider: ProviderName, secrets: Mapping[str, str]) -> None:
    """Receiving needs all of its credentials; those of sending may come later."""
    needed, sending = PROVIDER_SECRETS[provider], SENDING_SECRETS[provider]
    if set(needed) <= set(secrets) <= {*needed, *sending} and all(secrets.values()):
        return
    also = f" To send, it also takes: {', '.join(sending)}." if sending else ""
    raise Invalid(f"{provider} needs: {', '.join(needed)}.{also}", errors=[("/secrets", "incomplete, or unknown")])


def _out(line: FaxLine, context: ProcessContext) -> FaxAccountOut:
    url = None
    if line.provider not in receiving.POLLED:
        url = context.settings.base_url + receiving.webhook_path(line.provider, line.account_key)
    facts = {name: getattr(line, name) for name in FaxAccountOut.model_fields if name != "webhook_url"}
    return FaxAccountOut(**facts, webhook_url=url)


@router.get("", operation_id="listFaxAccounts", summary="Fax lines")
async def list_fax_accounts(_: Reader, session: Transaction, context: Context) -> FaxAccountPage:
    """By number."""
    rows = await session.scalars(
        select(FaxLine).where(FaxLine.practice_id == practice_of(session)).order_by(FaxLine.number, FaxLine.id)
    )
    return FaxAccountPage(items=[_out(line, context) for line in rows])


@router.post("", operation_id="createFaxAccount", summary="Add a fax line", status_code=201)
async def create_fax_account(body: NewFaxAccount, _: Writer, session: Transaction, context: Context) -> FaxAccountOut:
    """Then enter `webhook_url` at the provider. Faxes are fetched from its list as well."""
    _check(body.provider, body.secrets)
    line = await lines.add_line(
        session,
        await practice_key(session, context),
        provider=body.provider,
        account_key=receiving.new_account_key(),
        number=body.number,
        secrets=body.secrets,
        location_id=body.location_id,
    )
    await receiving.plan_reconcile(session, context, line)
    return await _shown(session, line, context, "fax_account.created")


@router.patch("/{account_id}", operation_id="updateFaxAccount", summary="Take a fax line out of use, or back")
async def update_fax_account(
    account_id: uuid.UUID, body: FaxAccountChanges, _: Writer, session: Transaction, context: Context
) -> FaxAccountOut:
    """Callbacks of a line out of use are refused."""
    line = await lines.line_by_id(session, account_id)
    if body.secrets:
        key = await practice_key(session, context)
        account = lines.open_account(line, key)
        secrets = {**account.secrets, **body.secrets}
        _check(account.provider, secrets)
        lines.keep_secrets(line, key, secrets)
    line.active = body.active
    if body.active:
        await receiving.plan_reconcile(session, context, line)
    return await _shown(session, line, context, "fax_account.changed")


async def _shown(session: AsyncSession, line: FaxLine, context: ProcessContext, action: str) -> FaxAccountOut:
    await session.flush()
    await session.refresh(line)
    await audit.record(session, action, f"fax_account:{line.id}")
    return _out(line, context)
