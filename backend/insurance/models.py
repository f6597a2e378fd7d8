"""Tables of insurance; the coverage itself belongs to the patient (`patients/models.py`)."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, func, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow


class Payer(TenantRow, Base):
    """A payer the practice knows. `clearinghouse_id` addresses inquiries; without one nobody can be asked.

    `authorization_rule`: never, always, after_visits (`authorization_after` of them are free), ask.
    """

    __tablename__ = "payers"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        CheckConstraint("authorization_rule IN ('never','always','after_visits','ask')", name="authorization_rule"),
        CheckConstraint(
            "(authorization_rule = 'after_visits') = (authorization_after IS NOT NULL)", name="authorization_after"
        ),
        CheckConstraint("authorization_after BETWEEN 1 AND 200", name="after"),
    )

    name: Mapped[str]
    aliases: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default="{}")
    clearinghouse_id: Mapped[str | None]
    phone: Mapped[str | None]
    authorization_rule: Mapped[str] = mapped_column(default="ask", server_default="ask")
    authorization_after: Mapped[int | None]
    in_network: Mapped[bool | None]
    notes: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class PayerName(Base):
    """A name or alias in plain form, which belongs to one payer only: matching never has to guess."""

    __tablename__ = "payer_names"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "payer_id"], ["payers.practice_id", "payers.id"], ondelete="CASCADE"),
        Index("ix_payer_names_payer_id", "practice_id", "payer_id"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    plain: Mapped[str] = mapped_column(primary_key=True)
    payer_id: Mapped[uuid.UUID]


class InsuranceRules(Base):
    """What is verified, and for how long that holds (`reverify`: month, plan_year, never). No row: the usual ones."""

    __tablename__ = "insurance_rules"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        CheckConstraint("reverify IN ('month','plan_year','never')", name="reverify"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    items: Mapped[list[Any]]
    reverify: Mapped[str]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Verification(TenantRow, Base):
    """The checklist of one coverage, or of a patient without any (self-pay). One is current; the others are history.

    `answers` holds {key: {value, source}}; `reason` says why it must be verified again.
    """

    __tablename__ = "verifications"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "coverage_id"], ["coverages.practice_id", "coverages.id"]),
        CheckConstraint(
            "state IN ('not_started','in_progress','verified','problem','not_covered','self_pay')", name="state"
        ),
        CheckConstraint("coverage_id IS NOT NULL OR state IN ('not_started','self_pay')", name="coverage"),
        CheckConstraint("(state = 'verified') = (verified_at IS NOT NULL)", name="verified"),
        Index(
            "uq_verifications_current", "practice_id", "patient_id", "coverage_id", unique=True,
            postgresql_where=text("current"), postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip

    patient_id: Mapped[uuid.UUID]
    coverage_id: Mapped[uuid.UUID | None]
    state: Mapped[str] = mapped_column(default="not_started", server_default="not_started")
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    told_by: Mapped[str | None]
    reference: Mapped[str | None]
    told_at: Mapped[datetime | None]
    note: Mapped[str | None]
    reason: Mapped[str | None]
    decided_by: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    valid_until: Mapped[date | None]
    current: Mapped[bool] = mapped_column(default=True, server_default="true")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Authorization(TenantRow, Base):
    """A payer's leave for so many visits (or units, `per_visit` of them each). `used` is counted from `counted_visits`.

    `state` is what a person or rule noted; that an approved one is past its dates is seen when it is read.
    """

    __tablename__ = "authorizations"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "coverage_id"], ["coverages.practice_id", "coverages.id"]),
        CheckConstraint(
            "state IN ('needed','requested','approved','denied','not_needed')", name="state"
        ),
        CheckConstraint("counts IN ('visits','units')", name="counts"),
        CheckConstraint("approved BETWEEN 1 AND 9999 AND per_visit BETWEEN 1 AND 100 AND used >= 0", name="amount"),
        CheckConstraint("valid_from <= valid_until", name="valid"),
        CheckConstraint("state <> 'approved' OR number IS NOT NULL", name="number"),
        CheckConstraint("source IN ('desk','fax','payer_rule','verification')", name="source"),
        Index("ix_authorizations_patient_id", "practice_id", "patient_id"),
    )  # fmt: skip

    patient_id: Mapped[uuid.UUID]
    coverage_id: Mapped[uuid.UUID]
    state: Mapped[str]
    number: Mapped[str | None]
    counts: Mapped[str] = mapped_column(default="visits", server_default="visits")
    approved: Mapped[int | None]
    per_visit: Mapped[int] = mapped_column(default=1, server_default="1")
    used: Mapped[int] = mapped_column(default=0, server_default="0")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    note: Mapped[str | None]
    source: Mapped[str] = mapped_column(default="desk", server_default="desk")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AuthorizationEvent(TenantRow, Base):
    """One thing that happened to an authorization; only ever added."""

    __tablename__ = "authorization_events"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "authorization_id"], ["authorizations.practice_id", "authorizations.id"]),
        Index("ix_authorization_events_authorization_id", "practice_id", "authorization_id", "at", "id"),
    )

    authorization_id: Mapped[uuid.UUID]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    by: Mapped[str]
    kind: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class CountedVisit(Base):
    """A visit that took place, known by its appointment, and the authorization it uses up (none: it had none)."""

    __tablename__ = "counted_visits"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "authorization_id"], ["authorizations.practice_id", "authorizations.id"]),
        Index("ix_counted_visits_patient_id", "practice_id", "patient_id"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[uuid.UUID]
    day: Mapped[date]
    units: Mapped[int | None]
    authorization_id: Mapped[uuid.UUID | None]
    amount: Mapped[int] = mapped_column(default=0, server_default="0")


class ClearinghouseAccount(Base):
    """How the practice signs its inquiries: who asks, and the sealed credentials."""

    __tablename__ = "clearinghouse_accounts"
    __table_args__ = (ForeignKeyConstraint(["practice_id"], ["practices.id"]),)

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    sender_id: Mapped[str]
    receiver_id: Mapped[str]
    organization: Mapped[str]
    npi: Mapped[str]
    sealed_secrets: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class EligibilityCheck(TenantRow, Base):
    """One inquiry. `state`: asking, answered, mismatch (another person came back), rejected, failed.

    `answer` is what was read of the 271, `sealed_raw` the answer as it came, `asked` what the inquiry said of the
    patient (a later correction must not make an old answer fit).
    """

    __tablename__ = "eligibility_checks"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "coverage_id"], ["coverages.practice_id", "coverages.id"]),
        CheckConstraint("state IN ('asking','answered','mismatch','rejected','failed')", name="state"),
        Index("ix_eligibility_checks_coverage_id", "practice_id", "coverage_id", "id"),
        Index(
            "uq_eligibility_checks_asking", "practice_id", "coverage_id", unique=True,
            postgresql_where=text("state = 'asking'"),
        ),
    )  # fmt: skip

    patient_id: Mapped[uuid.UUID]
    coverage_id: Mapped[uuid.UUID]
    coverage_version: Mapped[int]
    state: Mapped[str] = mapped_column(default="asking", server_default="asking")
    asked: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked_by: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    answered_at: Mapped[datetime | None]
    code: Mapped[str | None]
    answer: Mapped[dict[str, Any] | None]
    sealed_raw: Mapped[bytes | None] = mapped_column(LargeBinary)
    sandbox: Mapped[bool] = mapped_column(default=False, server_default="false")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
