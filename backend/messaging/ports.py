"""The port of a text carrier, and what crosses it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Form = Sequence[tuple[str, str]]
SECRETS: tuple[str, ...] = ("account_sid", "auth_token", "messaging_service_sid")
OPTIONAL: frozenset[str] = frozenset({"messaging_service_sid"})

# What a carrier's code means for us (provider research §2.5).
Policy = Literal["opted_out", "bad_number", "landline", "retry", "alarm", "failed"]


@dataclass(frozen=True, slots=True)
class TextAccount:
    """One line. `secrets` holds the carrier's credentials, in the clear only in memory."""

    id: str
    practice_id: str
    account_key: str
    number: str
    secrets: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InboundText:
    """A text that came in. `opt_out` is what the carrier itself made of it: STOP, START, HELP."""

    external_id: str
    from_number: str
    to_number: str
    body: str
    received_at: datetime | None = None
    opt_out: str | None = None
    media: int = 0
    # As far as the callback told; the carrier's own list knows the rest.
    media_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextReport:
    """Where a text of ours is, in our words (`states.RANK`)."""

    external_id: str
    status: str
    error_code: str | None = None


class Refused(Exception):
    """The carrier will not send this. `policy` says what follows from it."""

    def __init__(self, code: str, policy: Policy) -> None:
        super().__init__(code)
        self.code = code
        self.policy: Policy = policy


class Uncertain(Exception):
    """Nobody knows whether the text went out: ask the carrier before trying again."""


class TextCarrier(Protocol):
    """Every method but the pure ones may raise `ProviderUnavailable` (nothing was sent)."""

    def verify(self, account: TextAccount, url: str, form: Form, headers: Mapping[str, str]) -> None:
        """Raise `BadSignature` unless the callback to `url` is authentic. Pure."""

    def inbound(self, account: TextAccount, form: Form) -> InboundText:
        """Parse a verified callback. Raise `MalformedWebhook`. Pure."""

    def report(self, form: Form) -> TextReport:
        """Parse a verified status callback. Raise `MalformedWebhook`. Pure."""

    def policy(self, code: str | None) -> Policy:
        """What a failure's code means. Pure."""

    async def send(
        self, account: TextAccount, to: str, body: str, callback: str, media_urls: Sequence[str] = ()
    ) -> TextReport:
        """Hand one text over, once. Raise `Refused`, `Uncertain`."""

    async def find(
        self, account: TextAccount, to: str, body: str, since: datetime, media: int = 0, known: Collection[str] = ()
    ) -> TextReport | None:
        """A text with this body and so many media in the carrier's own list, sent since then, none of the `known`."""

    async def look_up(self, account: TextAccount, external_id: str) -> TextReport:
        """Where a text is now."""

    async def received(self, account: TextAccount, since: datetime) -> list[InboundText]:
        """Everything that came in since then, by the carrier's own list."""

    async def media_ids(self, account: TextAccount, external_id: str) -> list[str]:
        """What the carrier keeps for a text, in order."""

    async def media(self, account: TextAccount, external_id: str, media_id: str) -> bytes:
        """One picture or file of a text. Raise `MediaGone`."""

    async def forget_media(self, account: TextAccount, external_id: str, media_id: str) -> None:
        """Have the carrier delete it, now that we keep it."""
