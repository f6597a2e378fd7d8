"""The port of an eligibility clearinghouse, and what crosses it, in our words rather than in codes."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol

Kind = Literal[
    "active", "inactive", "copay", "coinsurance", "deductible", "out_of_pocket", "limit", "unlimited", "not_covered",
    "other_payer", "contact", "note",
]  # fmt: skip
Service = Literal["plan", "pt", "other"]
Period = Literal["visit", "day", "week", "month", "year", "lifetime", "episode", "remaining", "used", "other"]


@dataclass(frozen=True, slots=True)
class Account:
    """The practice at the clearinghouse; the credentials are in the clear only in memory."""

    sender_id: str
    receiver_id: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Who is meant."""

    first_name: str | None
    last_name: str | None
    dob: date | None = None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a payer is asked. `trace` comes back with the answer; the same trace is the same question."""

    trace: str
    asked_at: datetime
    payer_id: str
    payer_name: str
    provider_name: str
    npi: str
    subscriber: Person
    member_id: str | None
    service_date: date
    # The patient, where somebody else is insured.
    dependent: Person | None = None
    relationship: str = "self"

    @property
    def patient(self) -> Person:
        """Whom it is about."""
        return self.dependent or self.subscriber


@dataclass(frozen=True, slots=True)
class Benefit:
    """One line of an answer. `percent` is the patient's share in percent; `network` is `both` where it makes none."""

    kind: Kind
    service: Service
    services: tuple[str, ...] = ()
    level: Literal["individual", "family"] | None = None
    network: Literal["in", "out", "both"] | None = None
    period: Period | None = None
    amount: Decimal | None = None
    percent: Decimal | None = None
    visits: int | None = None
    authorization: bool | None = None
    plan: str | None = None
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a payer did not answer. `later`: the same question may be asked again in a while."""

    code: str
    reason: str
    later: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a payer said. `person` is whom the answer is about, as the payer has them."""

    trace: str | None
    payer_name: str | None
    person: Person
    member_id: str | None
    reference: str | None = None
    plan_name: str | None = None
    begins: date | None = None
    ends: date | None = None
    benefits: tuple[Benefit, ...] = ()
    rejections: tuple[Rejection, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with the bytes it was read from."""

    answer: Answer
    raw: bytes = field(repr=False)


class Unreadable(Exception):
    """Something came back that is no answer to the inquiry. `code` is safe to log, `raw` is not."""

    def __init__(self, code: str, raw: bytes = b"") -> None:
        super().__init__(code)
        self.code = code
        self.raw = raw


class Refused(Exception):
    """The clearinghouse does not take the inquiry: credentials, or an account that is set up wrongly."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class EligibilityClearinghouse(Protocol):
    """Asks payers. Asking twice with one trace is harmless: it changes nothing."""

    async def ask(self, account: Account, inquiry: Inquiry) -> Reply:
        """The payer's answer. Raises `ProviderUnavailable` (ask again), `Refused` or `Unreadable`."""
