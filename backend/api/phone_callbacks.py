"""What every callback about one of the practice's numbers goes through: its line, its signature, the inbox."""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from fastapi import Request
from sqlalchemy import select

from backend.api.callbacks import REMEMBER_SECONDS, body_of, keep, refuse
from backend.core.callbacks import BadSignature, MalformedWebhook
from backend.core.context import ProcessContext
from backend.core.crypto import seal
from backend.core.ids import new_id
from backend.core.inbox import Delivery
from backend.core.metrics import WEBHOOKS
from backend.core.problems import Forbidden, Invalid, NotFound
from backend.identity.models import Practice
from backend.messaging import lines
from backend.messaging.models import PhoneLine
from backend.messaging.ports import Form, TextAccount, TextCarrier

MAX_BODY = 256 * 1024


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line ready to verify callbacks."""

    account: TextAccount
    carrier: TextCarrier
    practice_key: bytes
    until: float


class Lines:
    """Lines by account key, remembered for some seconds so that a burst of callbacks costs one lookup."""

    def __init__(self, context: ProcessContext, carriers: Mapping[str, TextCarrier]) -> None:
        self._context, self._carriers = context, carriers
        self._known: dict[str, OpenLine] = {}

    async def find(self, account_key: str) -> OpenLine:
        """The active line. Raises `NotFound`."""
        line = self._known.get(account_key)
        if line is None or line.until < time.monotonic():
            line = self._known[account_key] = await self._load(account_key)
        return line

    async def _load(self, account_key: str) -> OpenLine:
        async with self._context.database.system() as session:
            found = (
                await session.execute(
                    select(PhoneLine, Practice)
                    .join(Practice, Practice.id == PhoneLine.practice_id)
                    .where(PhoneLine.account_key == account_key, PhoneLine.active)
                )
            ).one_or_none()
        if found is None:
            raise NotFound("There is no such phone line.")
        row, practice = found
        key = self._context.keyring.practice_key(practice.id, practice.wrapped_key)
        return OpenLine(
            lines.open_account(row, key), self._carriers[row.provider], key, time.monotonic() + REMEMBER_SECONDS
        )


async def verified(account_key: str, request: Request, path: str) -> tuple[OpenLine, Form]:
    """The line and the form, once the signature holds for our configured address. Raises `Forbidden`."""
    found: Lines = request.app.state.texts
    line = await found.find(account_key)
    context: ProcessContext = request.app.state.context
    body = await body_of(request, MAX_BODY)
    headers = {name.lower(): value for name, value in request.headers.items()}
    query = f"?{request.url.query}" if request.url.query else ""
    try:
        form = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=500)
        line.carrier.verify(line.account, context.settings.base_url + path + query, form, headers)
    except (BadSignature, ValueError):
        await refuse(context, line.account.practice_id, "twilio")
        raise Forbidden("The signature of this callback is not right.") from None
    return line, form


async def keep_form(
    context: ProcessContext, line: OpenLine, kind: str, event_id: str, external_id: str, packed: bytes
) -> None:
    """Durable in the inbox when this returns."""
    delivery_id = new_id()
    delivery = Delivery(
        id=delivery_id, practice_id=uuid.UUID(line.account.practice_id), provider="twilio",
        account_key=line.account.account_key, event_id=event_id, external_id=external_id, job_kind=kind,
        sealed=seal(line.practice_key, packed, f"delivery:{delivery_id}"),
    )  # fmt: skip
    await keep(context, delivery)


def malformed(error: MalformedWebhook) -> Invalid:
    """An authentic callback that cannot be understood, as a problem."""
    WEBHOOKS.labels("twilio", "malformed").inc()
    return Invalid("This callback does not have the carrier's format.", errors=[("/", error.code)])
