"""Links for patients, the short sessions they open, and the papers they send."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import protect

revision = "20261126_2200"
down_revision = "20261126_2010"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _links()
    _sessions()
    _papers()
    _cards()
    op.add_column("faxes", sa.Column("from_lead_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_faxes_practice_id_from_lead_id"), "faxes", "leads",
        ["practice_id", "from_lead_id"], ["practice_id", "id"],
    )  # fmt: skip


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


def _papers() -> None:
    op.create_table(
        "patient_uploads",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=True),
        sa.Column("fax_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('card_front','card_back','order')", name=op.f("ck_patient_uploads_kind")),
        sa.CheckConstraint("state IN ('reading','read','failed')", name=op.f("ck_patient_uploads_state")),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_patient_uploads_failure")),
        sa.CheckConstraint("(kind = 'order') = (fax_id IS NOT NULL)", name=op.f("ck_patient_uploads_fax")),
        *(
            sa.ForeignKeyConstraint(
                ["practice_id", column],
                [f"{table}.practice_id", f"{table}.id"],
                name=op.f(f"fk_patient_uploads_practice_id_{column}"),
            )
            for column, table in (
                ("patient_id", "patients"), ("lead_id", "leads"), ("link_id", "patient_links"),
                ("document_id", "documents"), ("image_id", "documents"), ("fax_id", "faxes"),
            )
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_patient_uploads")),
    )  # fmt: skip
    op.create_index("ix_patient_uploads_lead_id", "patient_uploads", ["practice_id", "lead_id", "created_at", "id"])
    op.create_index("ix_patient_uploads_patient_id", "patient_uploads", ["practice_id", "patient_id"])
    protect("patient_uploads")


def _cards() -> None:
    op.create_table(
        "card_readings",
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("candidates", postgresql.JSONB(), nullable=False),
        sa.Column("payer_name", sa.String(), nullable=True),
        sa.Column("member_id", sa.String(), nullable=True),
        sa.Column("group_number", sa.String(), nullable=True),
        sa.Column("patient_confirmed_at", MOMENT, nullable=True),
        sa.Column("staff_confirmed_at", MOMENT, nullable=True),
        sa.Column("staff_confirmed_by", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "lead_id"], ["leads.practice_id", "leads.id"],
            name=op.f("fk_card_readings_practice_id_lead_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"], ["patients.practice_id", "patients.id"],
            name=op.f("fk_card_readings_practice_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_card_readings")),
        sa.UniqueConstraint("practice_id", "lead_id", name=op.f("uq_card_readings_practice_id_lead_id")),
    )  # fmt: skip
    protect("card_readings")


def downgrade() -> None:
    op.drop_column("faxes", "from_lead_id")
    op.drop_table("card_readings")
    op.drop_table("patient_uploads")
    op.drop_table("patient_sessions")
    op.drop_table("patient_links")
