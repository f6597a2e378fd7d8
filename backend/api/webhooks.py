"""Where fax providers call: verify, write to the inbox, answer. Nothing else happens before the 2xx."""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from sqlalchemy import select

from backend.api.callbacks import REMEMBER_SECONDS, body_of, keep, refuse
from backend.core.callbacks import BadSignature, MalformedWebhook
from backend.core.context import ProcessContext
from backend.core.crypto import seal
from backend.core.ids import new_id
from backend.core.inbox import Delivery
from backend.core.metrics import WEBHOOKS
from backend.core.problems import Forbidden, Invalid, NotFound
from backend.faxes import lines, sent
from backend.faxes.models import FaxLine
from backend.faxes.ports import FaxAccount, FaxNotice, FaxProvider, WebhookRequest
from backend.faxes.sent import REPORT
from backend.faxes.service import RECEIVE
from backend.identity.models import Practice

router = APIRouter(prefix="/webhooks", tags=["webhooks"])
MAX_BODY = 40 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line ready to verify callbacks: account in the clear, and its practice's key."""

    account: FaxAccount
    practice_key: bytes
    until: float


class Lines:
    """Lines by account key, remembered for some seconds so that a burst of callbacks costs one lookup."""

    def __init__(self, context: ProcessContext, providers: Mapping[str, FaxProvider]) -> None:
        self._context = context
        self.providers = providers
        self._known: dict[str, OpenLine] = {}

    async def find(self, provider: str, account_key: str) -> OpenLine:
        """The active line. Raises `NotFound`."""
        line = self._known.get(account_key)
        if line is None or line.until < time.monotonic():
            line = await self._load(account_key)
            self._known[account_key] = line
        if line.account.provider != provider:
            raise NotFound("There is no such fax line.")
        return line

    async def _load(self, account_key: str) -> OpenLine:
        async with self._context.database.system() as session:
            found = (
                await session.execute(
                    select(FaxLine, Practice)
                    .join(Practice, Practice.id == FaxLine.practice_id)
                    .where(FaxLine.account_key == account_key, FaxLine.active)
                )
            ).one_or_none()
        if found is None:
            raise NotFound("There is no such fax line.")
        row, practice = found
        key = self._context.keyring.practice_key(practice.id, practice.wrapped_key)
        return OpenLine(lines.open_account(row, key), key, time.monotonic() + REMEMBER_SECONDS)


@router.post(
    "/fax/{provider}/{account_key}",
    operation_id="receiveFaxWebhook",
    summary="A fax provider's callback",
    responses={200: {"content": {"application/json": {"example": {"received": True}}}}},
)
async def receive_fax_webhook(provider: str, account_key: str, request: Request) -> Response:
    """Takes each provider's own format. 2xx only after the event is durable; a repeat is harmless."""
    found: Lines = request.app.state.webhooks
    line = await found.find(provider, account_key)
    callback = WebhookRequest(
        headers={name.lower(): value for name, value in request.headers.items()},
        query=dict(request.query_params),
        body=await body_of(request, MAX_BODY),
    )
    adapter = found.providers[provider]
    try:
        adapter.verify(line.account, callback)
        reports = adapter.reports(line.account, callback)
        notices = [] if reports else adapter.notices(line.account, callback)
    except BadSignature:
        await refuse(request.app.state.context, line.account.practice_id, provider)
        raise Forbidden("The signature or credentials of this callback are not right.") from None
    except MalformedWebhook as error:
        WEBHOOKS.labels(provider, "malformed").inc()
        raise Invalid("This callback does not have the provider's format.", errors=[("/", error.code)]) from None
    await _keep(request.app.state.context, line, notices, callback)
    for report in reports:
        packed = _delivery(line, report.event_id, report.external_id, REPORT, sent.pack(report))
        await keep(request.app.state.context, packed)
    return Response('{"received":true}', media_type="application/json")


async def _keep(context: ProcessContext, line: OpenLine, notices: list[FaxNotice], callback: WebhookRequest) -> None:
    for notice in notices:
        packed = lines.pack(notice, callback)
        await keep(context, _delivery(line, notice.event_id, notice.external_id, RECEIVE, packed))


def _delivery(line: OpenLine, event_id: str, external_id: str, job_kind: str, packed: bytes) -> Delivery:
    account, delivery_id = line.account, new_id()
    return Delivery(
        id=delivery_id,
        practice_id=uuid.UUID(account.practice_id),
        provider=account.provider,
        account_key=account.account_key,
        event_id=event_id,
        external_id=external_id,
        job_kind=job_kind,
        sealed=seal(line.practice_key, packed, f"delivery:{delivery_id}"),
    )
