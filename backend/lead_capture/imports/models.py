"""Tables of imports."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, desc, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow


class Import(TenantRow, Base):
    """One file. `state`: checking (nothing is written), checked, running, done, failed (`failure` says why)."""

    __tablename__ = "imports"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "document_id"], ["documents.practice_id", "documents.id"]),
        CheckConstraint("state IN ('checking','checked','running','done','failed')", name="state"),
        CheckConstraint("duplicates IN ('ask','skip','attach')", name="duplicates"),
        Index("ix_imports_newest", "practice_id", desc("created_at"), desc("id")),
    )

    kind: Mapped[str]
    state: Mapped[str]
    file_name: Mapped[str]
    document_id: Mapped[uuid.UUID]
    encoding: Mapped[str]
    delimiter: Mapped[str]
    columns: Mapped[list[Any]]
    # Field by column.
    mapping: Mapped[dict[str, Any]]
    # Columns whose dates are written day first, found out when its rows are gone through.
    day_first: Mapped[list[Any]] = mapped_column(default=list)
    duplicates: Mapped[str]
    total: Mapped[int]
    processed: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class ImportRow(Base):
    """What became of one row; `digest` is what it says, so that the same row of the same file is carried out once."""

    __tablename__ = "import_rows"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "import_id"], ["imports.practice_id", "imports.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        CheckConstraint("outcome IN ('created','updated','skipped','asked','failed')", name="outcome"),
        Index("ix_import_rows_outcome", "practice_id", "import_id", "outcome", "number"),
        Index("ix_import_rows_digest", "practice_id", "digest",
              postgresql_where=text("outcome IN ('created','updated')")),
        Index("ix_import_rows_patient_id", "practice_id", "patient_id"),
        Index("ix_import_rows_lead_id", "practice_id", "lead_id"),
    )  # fmt: skip

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    import_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[str]
    # {column, detail}: what is wrong, never the cell.
    errors: Mapped[list[Any]]
    detail: Mapped[str | None]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    patient_id: Mapped[uuid.UUID | None]
    lead_id: Mapped[uuid.UUID | None]


class ImportMapping(Base):
    """How the practice's files of a kind are read: remembered from the last one that was carried out."""

    __tablename__ = "import_mappings"
    __table_args__ = (ForeignKeyConstraint(["practice_id"], ["practices.id"]),)

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    mapping: Mapped[dict[str, Any]]
    duplicates: Mapped[str]
