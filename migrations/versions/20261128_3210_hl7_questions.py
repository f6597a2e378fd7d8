"""Whose HL7 messages are, asked of people, and what they said."""

import sqlalchemy as sa
from alembic import op
from tenancy import protect

revision = "20261128_3210"
down_revision = "20261128_3200"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "hl7_questions",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("said", sa.LargeBinary()),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("patient_id", sa.Uuid()),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by", sa.String()),
        sa.Column("outcome", sa.String()),
        sa.Column("detail", sa.String()),
        sa.CheckConstraint("state IN ('open','decided','left','settled')", name=op.f("ck_hl7_questions_state")),
        sa.CheckConstraint(
            "state <> 'decided' OR patient_id IS NOT NULL", name=op.f("ck_hl7_questions_decided")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "sender_id"], ["hl7_senders.practice_id", "hl7_senders.id"],
            name=op.f("fk_hl7_questions_practice_id_sender_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"], ["patients.practice_id", "patients.id"],
            name=op.f("fk_hl7_questions_practice_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_hl7_questions")),
    )  # fmt: skip
    op.create_index("ix_hl7_questions_said", "hl7_questions", ["practice_id", "sender_id", "said", "id"])
    op.create_index(
        "ix_hl7_questions_open", "hl7_questions", ["practice_id", "id"], postgresql_where=sa.text("state = 'open'")
    )
    op.create_index("ix_hl7_questions_patient_id", "hl7_questions", ["practice_id", "patient_id"])
    protect("hl7_questions")


def downgrade() -> None:
    op.drop_table("hl7_questions")
