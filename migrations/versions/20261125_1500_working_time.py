"""Working hours and holidays of the clinics."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import protect

revision = "20261125_1500"
down_revision = "20261125_1000"

TABLES = ("location_hours", "holidays")


def upgrade() -> None:
    op.create_table(
        "location_hours",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("weekly", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "location_id"],
            ["locations.practice_id", "locations.id"],
            name=op.f("fk_location_hours_practice_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "location_id", name=op.f("pk_location_hours")),
    )
    op.create_table(
        "holidays",
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("hours", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_holidays_practice_id")),
        sa.ForeignKeyConstraint(
            ["practice_id", "location_id"],
            ["locations.practice_id", "locations.id"],
            name=op.f("fk_holidays_practice_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_holidays")),
        sa.UniqueConstraint(
            "practice_id",
            "location_id",
            "date",
            name=op.f("uq_holidays_practice_id_location_id_date"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    for table in TABLES:
        protect(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
