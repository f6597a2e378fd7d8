"""What a fax provider must be able to do for us; `integrations/fax_*` implement it, one folder per vendor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

ProviderName = Literal["documo", "sinch", "telnyx", "srfax"]
PROVIDERS: tuple[ProviderName, ...] = ("documo", "sinch", "telnyx", "srfax")

# The credentials each provider's account needs, by the names under which adapters look for them.
PROVIDER_SECRETS: dict[ProviderName, tuple[str, ...]] = {
    "documo": ("api_key", "webhook_username", "webhook_password"),
    "sinch": ("project_id", "key_id", "key_secret", "webhook_username", "webhook_password"),
    "telnyx": ("api_key", "public_key"),
    "srfax": ("access_id", "access_pwd"),
}
# What sending needs beyond that; a line without it only receives.
SENDING_SECRETS: dict[ProviderName, tuple[str, ...]] = {
    "documo": (),
    "sinch": (),
    "telnyx": ("connection_id",),
    "srfax": ("sender_email",),
}


@dataclass(frozen=True, slots=True)
class FaxAccount:
    """One line at one provider. `secrets` holds that provider's credentials by name, in the clear only in memory."""

    id: str
    practice_id: str
    provider: ProviderName
    account_key: str
    number: str
    secrets: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """A provider's callback exactly as it came over the wire. Header names are lower case."""

    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class FaxNotice:
    """A provider says something about one inbound fax.

    `event_id` names the event (a repeat of the same event has the same one), `external_id` the fax.
    Phones are as the provider gave them, E.164 where possible. `status` "received" means the document can be fetched,
    "failed" that the provider could not take the fax in full, "ignored" is everything that needs no work.
    """

    event_id: str
    external_id: str
    status: Literal["received", "failed", "ignored"]
    from_number: str | None = None
    to_number: str | None = None
    received_at: datetime | None = None
    page_count: int | None = None
    failure_code: str | None = None


class DocumentGone(Exception):
    """The provider answers definitely that it has no such document."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# Whether anything of a fax may have reached the other machine: only `before_data` may be sent again by itself.
Reached = Literal["before_data", "data_exchanged", "unknown"]
Progress = Literal["accepted", "transmitting", "delivered", "failed"]


@dataclass(frozen=True, slots=True)
class OutgoingFax:
    """A fax to be sent. `ref` (20 letters and digits) is ours, given to the provider so that both know it again."""

    ref: str
    to: str
    document: bytes
    media_type: Literal["image/tiff", "application/pdf"]
    # Where the provider says how it went.
    callback_url: str


@dataclass(frozen=True, slots=True)
class FaxReport:
    """How far a fax of ours has come, as its provider says. `event_id` names a callback.

    A report that only says "ask me" (an unsigned callback) has `state` None.
    """

    external_id: str
    state: Progress | None
    ref: str | None = None
    code: str | None = None
    reached: Reached | None = None
    pages: int | None = None
    remote_station: str | None = None
    at: datetime | None = None
    event_id: str = ""


class FaxRefused(Exception):
    """The provider will not take this fax, and has sent nothing. `code` is safe to show."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class FaxUncertain(Exception):
    """The provider was asked, and its answer never came: it may have the fax. `code` is safe to log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class FaxSender(Protocol):
    """Port of the outbound side. None of it touches the database; ids and refs say which fax is meant."""

    takes: Literal["image/tiff", "application/pdf"]

    async def send(self, account: "FaxAccount", fax: OutgoingFax) -> FaxReport:
        """Hand it over. Raises `FaxRefused`, `FaxUncertain`, or `ProviderUnavailable` when nothing can have left."""

    async def find_sent(self, account: "FaxAccount", ref: str, to: str, since: datetime) -> FaxReport | None:
        """The fax with our `ref` in the provider's own books, None when it has none. Raises `ProviderUnavailable`."""

    async def look_up(self, account: "FaxAccount", external_id: str) -> FaxReport:
        """How one fax stands. Raises `ProviderUnavailable`, or `DocumentGone` when there is no such fax."""

    def reports(self, account: "FaxAccount", request: "WebhookRequest") -> list[FaxReport]:
        """What a verified callback says of faxes of ours. Pure. Raises `MalformedWebhook`."""


class FaxProvider(FaxSender, Protocol):
    """Port of a fax provider: what comes in. Any method may raise `ProviderUnavailable`; none touches the database."""

    name: ProviderName

    def verify(self, account: FaxAccount, request: WebhookRequest) -> None:
        """Raise `BadSignature` unless the request is authentic; constant-time comparisons. Pure, no network."""

    def notices(self, account: FaxAccount, request: WebhookRequest) -> list[FaxNotice]:
        """Parse a verified callback. Raise `MalformedWebhook` when it makes no sense. Pure, no network."""

    async def download(self, account: FaxAccount, external_id: str) -> bytes:
        """The document as the provider keeps it (PDF or TIFF). Raise `DocumentGone` when it will never come."""

    async def list_received(self, account: FaxAccount, since: datetime) -> list[FaxNotice]:
        """Everything received since then, by the provider's own list: what webhooks missed."""

    def enclosed(self, content_type: str, body: bytes) -> bytes | None:
        """The document a callback brought along, if it did. Pure, no network."""

    async def acknowledge(self, account: FaxAccount, external_id: str) -> None:
        """Tell the provider the document is safely stored (SRFax: mark viewed). Others do nothing."""
