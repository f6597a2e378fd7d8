"""Leads and people that turned out to be the same."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import protect

revision = "20261126_2500"
down_revision = "20261125_1300"


def upgrade() -> None:
    for table in ("patients", "leads"):
        op.add_column(table, sa.Column("merged_into", sa.Uuid()))
        op.create_foreign_key(
            op.f(f"fk_{table}_practice_id_merged_into"),
            table,
            table,
            ["practice_id", "merged_into"],
            ["practice_id", "id"],
        )
        op.create_index(
            f"ix_{table}_merged", table, ["practice_id", "merged_into"],
            postgresql_where=sa.text("merged_into IS NOT NULL"),
        )  # fmt: skip
    op.create_check_constraint(op.f("ck_patients_merged"), "patients", "merged_into <> id")
    op.create_check_constraint(
        op.f("ck_leads_merged"), "leads", "merged_into IS NULL OR (NOT open AND merged_into <> id)"
    )
    op.create_table(
        "lead_merges",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("into_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("into_patient_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("undone_by", sa.String()),
        sa.CheckConstraint("lead_id <> into_id", name=op.f("ck_lead_merges_other")),
        *(
            sa.ForeignKeyConstraint(
                ["practice_id", column], [f"{target}.practice_id", f"{target}.id"],
                name=op.f(f"fk_lead_merges_practice_id_{column}"),
            )
            for column, target in (
                ("lead_id", "leads"), ("into_id", "leads"), ("patient_id", "patients"), ("into_patient_id", "patients"),
            )
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_lead_merges")),
    )  # fmt: skip
    op.create_index(
        "uq_lead_merges_standing", "lead_merges", ["practice_id", "lead_id"], unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )  # fmt: skip
    op.create_index("ix_lead_merges_into_id", "lead_merges", ["practice_id", "into_id"])
    protect("lead_merges")


def downgrade() -> None:
    op.drop_table("lead_merges")
    for table in ("leads", "patients"):
        op.drop_constraint(op.f(f"ck_{table}_merged"), table)
        op.drop_index(f"ix_{table}_merged", table)
        op.drop_constraint(op.f(f"fk_{table}_practice_id_merged_into"), table)
        op.drop_column(table, "merged_into")
