"""Letters to referrers, every attempt to send one, and codes read on pages that come back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import protect

revision = "20261127_2300"
down_revision = "20261127_2200"

TABLES = ("letter_settings", "letters", "letter_sendings")
# Referrals from before letters were kept: their row says why nobody was told.
BEFORE = """INSERT INTO letters (practice_id, id, kind, cause, referrer_id, lead_id, state, reason, due_at, asks, code,
                            written_by, created_at)
  SELECT o.practice_id, gen_random_uuid(), 'received', 'received:' || o.id || ':' || o.referrer_id, o.referrer_id,
         o.lead_id, 'not_sent', 'before_letters', now(), '[]', upper(substr(md5(o.id::text), 1, 20)), 'Frontdesk', now()
  FROM referral_orders o WHERE o.referrer_id IS NOT NULL"""
KINDS = (
    "'received','contacted','unreachable','scheduled','seen','plan_of_care','progress','discharge','missing_info',"
    "'scorecard'"
)
STATES = "'waiting','review','sending','unknown','sent','failed','canceled','not_sent','joined'"
ALIVE = "'calling','unknown','accepted','transmitting'"


def _of(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["practice_id", column],
        [f"{target}.practice_id", f"{target}.id"],
        name=op.f(f"fk_{table}_practice_id_{column}"),
    )


def upgrade() -> None:
    op.create_table(
        "letter_settings",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("gather_minutes", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("gather_minutes BETWEEN 0 AND 1440", name=op.f("ck_letter_settings_gather_minutes")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_letter_settings_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_letter_settings")),
    )
    op.create_table(
        "letters",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("referrer_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid()),
        sa.Column("episode_id", sa.Uuid()),
        sa.Column("ref_id", sa.Uuid()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("way", sa.String()),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_into", sa.Uuid()),
        sa.Column("asks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.String()),
        sa.Column("document_id", sa.Uuid()),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("tries_from", sa.Integer(), server_default="0", nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("returned_at", sa.DateTime(timezone=True)),
        sa.Column("places", postgresql.JSONB(astext_type=sa.Text())),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text())),
        sa.Column("returned_fax_id", sa.Uuid()),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_letters_kind")),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_letters_state")),
        sa.CheckConstraint("way IN ('fax','email')", name=op.f("ck_letters_way")),
        sa.CheckConstraint("(state = 'joined') = (joined_into IS NOT NULL)", name=op.f("ck_letters_joined")),
        sa.CheckConstraint("state NOT IN ('failed','not_sent') OR reason IS NOT NULL", name=op.f("ck_letters_reason")),
        sa.CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name=op.f("ck_letters_sent")),
        _of("letters", "referrer_id", "referrers"),
        _of("letters", "lead_id", "leads"),
        _of("letters", "joined_into", "letters"),
        _of("letters", "document_id", "documents"),
        _of("letters", "returned_fax_id", "faxes"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_letters")),
        sa.UniqueConstraint("practice_id", "cause", name=op.f("uq_letters_practice_id_cause")),
        sa.UniqueConstraint("practice_id", "code", name=op.f("uq_letters_practice_id_code")),
    )
    for name, column in (("lead_id", "lead_id"), ("referrer_id", "referrer_id"), ("state", "state")):
        op.create_index(f"ix_letters_{name}", "letters", ["practice_id", column, "created_at", "id"])
    op.create_table(
        "letter_sendings",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("line_id", sa.Uuid()),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("from_address", sa.String(), nullable=False),
        sa.Column("to_address", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("facsimile_id", sa.Uuid()),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("external_id", sa.String()),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("pages", sa.Integer()),
        sa.Column("remote_station", sa.String()),
        sa.Column("code", sa.String()),
        sa.Column("reached", sa.String()),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("way IN ('fax','email')", name=op.f("ck_letter_sendings_way")),
        sa.CheckConstraint(f"state IN ({ALIVE},'delivered','failed')", name=op.f("ck_letter_sendings_state")),
        sa.CheckConstraint("(way = 'fax') = (line_id IS NOT NULL)", name=op.f("ck_letter_sendings_line")),
        sa.CheckConstraint("state <> 'failed' OR code IS NOT NULL", name=op.f("ck_letter_sendings_failed")),
        sa.CheckConstraint(
            "state NOT IN ('delivered','failed') OR finished_at IS NOT NULL", name=op.f("ck_letter_sendings_finished")
        ),
        _of("letter_sendings", "letter_id", "letters"),
        _of("letter_sendings", "line_id", "fax_lines"),
        _of("letter_sendings", "document_id", "documents"),
        _of("letter_sendings", "facsimile_id", "documents"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_letter_sendings")),
        sa.UniqueConstraint(
            "practice_id", "letter_id", "number", name=op.f("uq_letter_sendings_practice_id_letter_id_number")
        ),
        sa.UniqueConstraint("practice_id", "ref", name=op.f("uq_letter_sendings_practice_id_ref")),
    )
    op.create_index(
        "uq_letter_sendings_alive", "letter_sendings", ["practice_id", "letter_id"], unique=True,
        postgresql_where=sa.text(f"state IN ({ALIVE})"),
    )  # fmt: skip
    op.create_index(
        "uq_letter_sendings_external", "letter_sendings", ["practice_id", "line_id", "external_id"], unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )  # fmt: skip
    # The owner of the tables is bound by row-level security too, and belongs to no practice.
    op.execute("ALTER TABLE referral_orders NO FORCE ROW LEVEL SECURITY")
    op.execute(BEFORE)
    op.execute("ALTER TABLE referral_orders FORCE ROW LEVEL SECURITY")
    for table in TABLES:
        protect(table)
    op.add_column("fax_pages", sa.Column("letter_code", sa.String()))
    op.add_column("fax_pages", sa.Column("ticks", postgresql.JSONB(astext_type=sa.Text())))
    op.add_column("fax_pages", sa.Column("signed", sa.Boolean()))
    op.add_column("fax_segments", sa.Column("letter_code", sa.String()))


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE kind LIKE 'loop.%'")
    op.drop_column("fax_segments", "letter_code")
    for column in ("signed", "ticks", "letter_code"):
        op.drop_column("fax_pages", column)
    for table in reversed(TABLES):
        op.drop_table(table)
