"""Appointments known by the EMR's number; who sends HL7 messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import protect

revision = "20261127_2510"
down_revision = "20261127_2500"


def upgrade() -> None:
    op.add_column("appointments", sa.Column("external_id", sa.String()))
    op.create_index(
        "uq_appointments_external_id", "appointments", ["practice_id", "external_id"], unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        "hl7_senders",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("application", sa.String(), nullable=False),
        sa.Column("facility", sa.String(), nullable=False),
        sa.Column("port", sa.Integer()),
        sa.Column("peers", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("location_id", sa.Uuid()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("port BETWEEN 1024 AND 65535", name=op.f("ck_hl7_senders_port")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_hl7_senders_practice_id")),
        sa.ForeignKeyConstraint(
            ["practice_id", "location_id"], ["locations.practice_id", "locations.id"],
            name=op.f("fk_hl7_senders_practice_id_location_id"),
        ),
        sa.UniqueConstraint(
            "port", "application", "facility", name=op.f("uq_hl7_senders_port_application_facility"),
            postgresql_nulls_not_distinct=True,
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_hl7_senders")),
    )  # fmt: skip
    protect("hl7_senders", system=True)


def downgrade() -> None:
    op.execute("ALTER TABLE jobs NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM jobs WHERE kind = 'hl7.take'")
    op.execute("ALTER TABLE jobs FORCE ROW LEVEL SECURITY")
    op.drop_table("hl7_senders")
    op.drop_index("uq_appointments_external_id", "appointments")
    op.drop_column("appointments", "external_id")
