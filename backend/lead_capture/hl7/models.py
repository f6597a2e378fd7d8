"""Table of who sends HL7 messages."""

import uuid

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow


class Hl7Sender(TenantRow, Base):
    """An interface of an EMR: known by the names it gives itself (MSH-3, MSH-4), perhaps on a port of its own, and
    only from these addresses where some are named. System-readable, as messages arrive before there is a tenant.
    """

    __tablename__ = "hl7_senders"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        UniqueConstraint("port", "application", "facility", postgresql_nulls_not_distinct=True),
        CheckConstraint("port BETWEEN 1024 AND 65535", name="port"),
    )

    name: Mapped[str]
    application: Mapped[str]
    facility: Mapped[str]
    port: Mapped[int | None]
    peers: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    location_id: Mapped[uuid.UUID | None]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
