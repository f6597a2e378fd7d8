"""Tables of mailboxes and what came in by them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow


class MailAddress(TenantRow, Base):
    """A mailbox that is read. `failure`: why it could not be, at `looked_at`; `worked_at` is when it last could.

    Signed in to with a password, or as `oauth` says: then `sealed_oauth` holds the secrets, and `sealed_access` the
    token of now until `access_until`.
    """

    __tablename__ = "mailboxes"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        CheckConstraint("security IN ('tls','starttls','none')", name="security"),
        CheckConstraint("port BETWEEN 1 AND 65535", name="port"),
        CheckConstraint("folder <> done_folder", name="folders"),
        CheckConstraint(
            "num_nonnulls(sealed_password, sealed_oauth) = 1 AND (oauth IS NULL) = (sealed_oauth IS NULL)",
            name="signing_in",
        ),
    )

    host: Mapped[str]
    port: Mapped[int]
    security: Mapped[str]
    username: Mapped[str]
    sealed_password: Mapped[bytes | None] = mapped_column(LargeBinary)
    oauth: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    sealed_oauth: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_access: Mapped[bytes | None] = mapped_column(LargeBinary)
    access_until: Mapped[datetime | None]
    folder: Mapped[str]
    done_folder: Mapped[str]
    location_id: Mapped[uuid.UUID | None]
    active: Mapped[bool] = mapped_column(default=True)
    looked_at: Mapped[datetime | None]
    worked_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)


class Mail(TenantRow, Base):
    """One mail, kept sealed as it came (`document_id`; none where it was too large).

    `state`: waiting to be understood, taken (faxes or an arrival came of it), ignored (`reason` says why). The same
    mail again, under another number or in another mailbox, is `repeated`.
    """

    __tablename__ = "mails"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "mailbox_id"], ["mailboxes.practice_id", "mailboxes.id"]),
        ForeignKeyConstraint(["practice_id", "document_id"], ["documents.practice_id", "documents.id"]),
        ForeignKeyConstraint(["practice_id", "arrival_id"], ["arrivals.practice_id", "arrivals.id"]),
        UniqueConstraint("practice_id", "mailbox_id", "folder", "uid_validity", "uid"),
        CheckConstraint("state IN ('waiting','taken','ignored','repeated')", name="state"),
        Index("uq_mails_digest", "practice_id", "digest", unique=True, postgresql_where=text("state <> 'repeated'")),
        Index("ix_mails_arrival_id", "practice_id", "arrival_id"),
    )

    mailbox_id: Mapped[uuid.UUID]
    folder: Mapped[str]
    uid_validity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int] = mapped_column(BigInteger)
    size: Mapped[int] = mapped_column(BigInteger)
    # Message-ID with what it holds: providers send one mail twice, and two mails under one id.
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    document_id: Mapped[uuid.UUID | None]
    state: Mapped[str]
    reason: Mapped[str | None]
    arrival_id: Mapped[uuid.UUID | None]
    fax_ids: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(UUID(as_uuid=True)), default=list)
    received_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
