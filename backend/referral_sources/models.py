"""Table of those who refer."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow


class Referrer(TenantRow, Base):
    """A provider who refers, with their practice; unique by NPI where it is known."""

    __tablename__ = "referrers"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        UniqueConstraint("practice_id", "npi"),
        Index("ix_referrers_name", "practice_id", text("lower(name)")),
    )

    name: Mapped[str]
    credential: Mapped[str | None]
    npi: Mapped[str | None]
    practice_name: Mapped[str | None]
    phone: Mapped[str | None]
    fax: Mapped[str | None]
    address: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
