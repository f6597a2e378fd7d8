"""Links for patients and the short sessions they open."""

import sqlalchemy as sa
from alembic import op
from tenancy import protect

revision = "20261126_2200"
down_revision = "20261125_1300"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _links()
    _sessions()


def _links() -> None:
    op.create_table(
        "patient_links",
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("ref_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("failed_checks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('schedule','reschedule','intake','upload','visit')", name=op.f("ck_patient_links_purpose")
        ),
        sa.CheckConstraint("failed_checks BETWEEN 0 AND 5", name=op.f("ck_patient_links_failed_checks")),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patients.practice_id", "patients.id"],
            name=op.f("fk_patient_links_practice_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "lead_id"],
            ["leads.practice_id", "leads.id"],
            name=op.f("fk_patient_links_practice_id_lead_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_patient_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_patient_links_token_hash")),
    )
    op.create_index("ix_patient_links_lead_id", "patient_links", ["practice_id", "lead_id", "purpose"])
    op.create_index("ix_patient_links_patient_id", "patient_links", ["practice_id", "patient_id"])
    protect("patient_links", system=True)


def _sessions() -> None:
    op.create_table(
        "patient_sessions",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("csrf_token", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("verified_at", MOMENT, nullable=True),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "link_id"],
            ["patient_links.practice_id", "patient_links.id"],
            name=op.f("fk_patient_sessions_practice_id_link_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_patient_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_patient_sessions_token_hash")),
    )
    op.create_index("ix_patient_sessions_link_id", "patient_sessions", ["practice_id", "link_id"])
    protect("patient_sessions", system=True)


def downgrade() -> None:
    op.drop_table("patient_sessions")
    op.drop_table("patient_links")
