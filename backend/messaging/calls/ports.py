"""The port of a voice carrier, and what crosses it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from backend.messaging.ports import Form, TextAccount

Language = Literal["en", "es"]


@dataclass(frozen=True, slots=True)
class IncomingCall:
    """A call to one of our numbers. `phone` is None where the caller withheld it."""

    external_id: str
    phone: str | None
    forwarded_from: str | None = None
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """What became of ringing the desk."""

    call: IncomingCall
    answered: bool
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over. `unanswered`: the carrier itself says that nobody took it."""

    call: IncomingCall
    unanswered: bool
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """News of a voicemail. `coming`: still being made; `failed`: the caller spoke, but there will be no recording."""

    call_external_id: str
    external_id: str
    state: Literal["completed", "coming", "absent", "failed", "transcribed"]
    seconds: int | None = None
    transcript: str | None = None


@dataclass(frozen=True, slots=True)
class CallReport:
    """A call as the carrier's own books have it; `answered` by a leg that somebody took."""

    call: IncomingCall
    over: bool
    answered: bool
    seconds: int | None = None
    recordings: Sequence[Recorded] = field(default=())


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the carrier brings what happens during a call."""

    after: str
    recording: str
    voicemail_done: str


class VoiceCarrier(Protocol):
    """Every method but the pure ones may raise `ProviderUnavailable`."""

    def incoming(self, form: Form) -> IncomingCall:
        """Parse a verified callback. Raise `MalformedWebhook`. Pure, as are the next three."""

    def rung(self, form: Form) -> Rung:
        """What `Urls.after` is told."""

    def ended(self, form: Form) -> Ended | None:
        """What the number's status callback is told; None while the call goes on."""

    def recorded(self, form: Form) -> Recorded | None:
        """What `Urls.recording` and `Urls.voicemail_done` are told; None where it says nothing yet."""

    def ring(self, number: str, seconds: int, urls: Urls) -> str:
        """The answer that rings the desk. Pure, as are the next two."""

    def record(self, greeting: Sequence[tuple[Language, str]], urls: Urls) -> str:
        """The answer that greets, and takes a voicemail after a tone."""

    def hang_up(self, words: Sequence[tuple[Language, str]] = ()) -> str:
        """The answer that ends the call."""

    async def look_up(self, account: TextAccount, external_id: str) -> CallReport:
        """Where a call is now."""

    async def recent(self, account: TextAccount, since: datetime) -> list[str]:
        """Ids of all calls to this number since then, oldest first."""

    async def fetch_recording(self, account: TextAccount, external_id: str) -> tuple[bytes, str]:
        """Bytes and content type. Raise `MediaGone`."""

    async def delete_recording(self, account: TextAccount, external_id: str) -> None:
        """Take it off the carrier; a repeat is harmless."""
