"""Tables of the fax: account, fax, page, segment, and the step it reached when."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, INTEGER, JSONB, TEXT
from sqlalchemy.orm import Mapped, deferred, mapped_column

from backend.core.database import Base, TenantRow

STATUSES = (
    "received",
    "fetched",
    "decoded",
    "read",
    "sorted",
    "extracted",
    "matched",
    "filed",
    "needs_review",
    "rejected",
    "failed",
)
FINAL = ("filed", "needs_review", "rejected", "failed")


class FaxLine(TenantRow, Base):
    """A fax number at a provider with its sealed credentials. System-readable, for webhooks."""

    __tablename__ = "fax_lines"
    __table_args__ = (
        UniqueConstraint("account_key"),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        CheckConstraint("provider IN ('documo','sinch','telnyx','srfax')", name="provider"),
    )

    provider: Mapped[str]
    account_key: Mapped[str]
    number: Mapped[str]
    location_id: Mapped[uuid.UUID | None]
    sealed_secrets: Mapped[bytes] = mapped_column(LargeBinary)
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    last_reconciled_at: Mapped[datetime | None]


class Fax(TenantRow, Base):
    """One fax from its first notice on. `version` grows with every change a person can see."""

    __tablename__ = "faxes"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "line_id"], ["fax_lines.practice_id", "fax_lines.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        ForeignKeyConstraint(["practice_id", "document_id"], ["documents.practice_id", "documents.id"]),
        ForeignKeyConstraint(["practice_id", "duplicate_of"], ["faxes.practice_id", "faxes.id"]),
        ForeignKeyConstraint(["practice_id", "from_lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "from_referrer_id"], ["referrers.practice_id", "referrers.id"]),
        UniqueConstraint("practice_id", "line_id", "external_id"),
        CheckConstraint("status IN ('" + "','".join(STATUSES) + "')", name="status"),
        CheckConstraint("(status = 'failed') = (failure_code IS NOT NULL)", name="failure"),
        CheckConstraint("status <> 'filed' OR filed_at IS NOT NULL", name="filed"),
        Index("ix_faxes_list", "practice_id", "received_at", "id"),
        Index("ix_faxes_status", "practice_id", "status", "received_at", "id"),
    )

    status: Mapped[str] = mapped_column(default="received")
    channel: Mapped[str]
    line_id: Mapped[uuid.UUID | None]
    external_id: Mapped[str | None]
    location_id: Mapped[uuid.UUID | None]
    document_id: Mapped[uuid.UUID | None]
    from_number: Mapped[str | None]
    to_number: Mapped[str | None]
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    filed_at: Mapped[datetime | None]
    page_count: Mapped[int | None]
    duplicate_of: Mapped[uuid.UUID | None]
    # The lead whose patient sent it from their own page.
    from_lead_id: Mapped[uuid.UUID | None]
    # The referrer who sent it through their portal.
    from_referrer_id: Mapped[uuid.UUID | None]
    failure_step: Mapped[str | None]
    failure_code: Mapped[str | None]
    failure_detail: Mapped[str | None]
    reject_reason: Mapped[str | None]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class FaxPage(Base):
    """One page: its upright image, its words, its kind and the segment it belongs to."""

    __tablename__ = "fax_pages"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "fax_id"], ["faxes.practice_id", "faxes.id"]),
        ForeignKeyConstraint(["practice_id", "image_id"], ["documents.practice_id", "documents.id"]),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    fax_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    width: Mapped[int]
    height: Mapped[int]
    damage: Mapped[float]
    blank: Mapped[bool]
    inverted: Mapped[bool]
    rotation: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str | None]
    kind_confidence: Mapped[float | None]
    segment: Mapped[int | None]
    image_id: Mapped[uuid.UUID]
    # The letter of ours whose page it is, by the code on it; its ticks in the order they were drawn, and whether it
    # is signed, as far as that could be seen.
    letter_code: Mapped[str | None]
    ticks: Mapped[list[Any] | None]
    signed: Mapped[bool | None]
    source: Mapped[str | None]
    confidence: Mapped[float | None]
    # `[text, x0, y0, x1, y1, confidence]` per word; large, so loaded only when asked for.
    words: Mapped[list[Any] | None] = deferred(mapped_column(JSONB))


class FaxSegment(Base):
    """The pages of one patient in a fax, what was read there, and where it was filed."""

    __tablename__ = "fax_segments"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "fax_id"], ["faxes.practice_id", "faxes.id"]),
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        Index("ix_fax_segments_lead_id", "practice_id", "lead_id"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    fax_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    index: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    pages: Mapped[list[int]] = mapped_column(ARRAY(INTEGER))
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    hold_reasons: Mapped[list[str]] = mapped_column(ARRAY(TEXT), default=list)
    lead_id: Mapped[uuid.UUID | None]
    patient_id: Mapped[uuid.UUID | None]
    reject_reason: Mapped[str | None]
    # The letter of ours whose page this is, by the code on it.
    letter_code: Mapped[str | None]
    # What `matched` found: candidates with reasons and scores.
    matches: Mapped[list[Any]] = mapped_column(default=list)


class FaxStep(Base):
    """When a fax reached a step; what the fax page shows as its path."""

    __tablename__ = "fax_steps"
    __table_args__ = (ForeignKeyConstraint(["practice_id", "fax_id"], ["faxes.practice_id", "faxes.id"]),)

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    fax_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
