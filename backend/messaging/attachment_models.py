"""Tables of pictures and files in texts."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow


class Attachment(TenantRow, Base):
    """A picture or file of a text. One a colleague uploaded has no message until it is sent.

    `content_type` is what the bytes are, never what the carrier said. `external_id` is None while only the number of
    media is known: the carrier's list gives it.
    """

    __tablename__ = "message_attachments"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "conversation_id"], ["conversations.practice_id", "conversations.id"]),
        ForeignKeyConstraint(["practice_id", "message_id"], ["messages.practice_id", "messages.id"]),
        ForeignKeyConstraint(["practice_id", "document_id"], ["documents.practice_id", "documents.id"]),
        UniqueConstraint("practice_id", "message_id", "position"),
        CheckConstraint("state IN ('pending','stored','failed')", name="state"),
        CheckConstraint("(state = 'stored') = (document_id IS NOT NULL)", name="stored"),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failed"),
        Index("ix_message_attachments_conversation_id", "practice_id", "conversation_id"),
    )

    conversation_id: Mapped[uuid.UUID]
    message_id: Mapped[uuid.UUID | None]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    document_id: Mapped[uuid.UUID | None]
    content_type: Mapped[str | None]
    size: Mapped[int | None]
    state: Mapped[str]
    failure: Mapped[str | None]
    external_id: Mapped[str | None]
    tries: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MediaLink(TenantRow, Base):
    """An address the carrier may fetch an attachment from, for as long as its text is on its way. System-readable."""

    __tablename__ = "media_links"
    __table_args__ = (
        ForeignKeyConstraint(
            ["practice_id", "attachment_id"], ["message_attachments.practice_id", "message_attachments.id"]
        ),
        UniqueConstraint("token_hash"),
        Index("ix_media_links_attachment_id", "practice_id", "attachment_id"),
    )

    attachment_id: Mapped[uuid.UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]
