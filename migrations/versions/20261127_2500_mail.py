"""Mailboxes that are read, and the mails that came in by them; how an import's dates are written."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import protect

revision = "20261127_2500"
down_revision = "20261127_2430"

MOMENT = sa.DateTime(timezone=True)


def _text(*names: str, null: bool = False) -> list[sa.Column]:
    return [sa.Column(name, sa.String(), nullable=null) for name in names]


def upgrade() -> None:
    op.create_table(
        "mailboxes",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_text("host", "security", "username", "folder", "done_folder"),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("sealed_password", sa.LargeBinary(), nullable=False),
        sa.Column("location_id", sa.Uuid()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("looked_at", MOMENT),
        sa.Column("worked_at", MOMENT),
        *_text("failure", null=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("security IN ('tls','starttls','none')", name=op.f("ck_mailboxes_security")),
        sa.CheckConstraint("port BETWEEN 1 AND 65535", name=op.f("ck_mailboxes_port")),
        sa.CheckConstraint("folder <> done_folder", name=op.f("ck_mailboxes_folders")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_mailboxes_practice_id")),
        sa.ForeignKeyConstraint(
            ["practice_id", "location_id"], ["locations.practice_id", "locations.id"],
            name=op.f("fk_mailboxes_practice_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_mailboxes")),
    )  # fmt: skip
    op.create_table(
        "mails",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mailbox_id", sa.Uuid(), nullable=False),
        *_text("folder", "state"),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("uid_validity", "uid", "size")),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("document_id", sa.Uuid()),
        *_text("reason", null=True),
        sa.Column("arrival_id", sa.Uuid()),
        sa.Column("fax_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("taken_at", MOMENT),
        sa.CheckConstraint("state IN ('waiting','taken','ignored','repeated')", name=op.f("ck_mails_state")),
        *(
            sa.ForeignKeyConstraint(
                ["practice_id", column], [f"{target}.practice_id", f"{target}.id"],
                name=op.f(f"fk_mails_practice_id_{column}"),
            )
            for column, target in (
                ("mailbox_id", "mailboxes"), ("document_id", "documents"), ("arrival_id", "arrivals"),
            )
        ),
        sa.UniqueConstraint(
            "practice_id", "mailbox_id", "folder", "uid_validity", "uid",
            name=op.f("uq_mails_practice_id_mailbox_id_folder_uid_validity_uid"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_mails")),
    )  # fmt: skip
    op.create_index(
        "uq_mails_digest", "mails", ["practice_id", "digest"], unique=True,
        postgresql_where=sa.text("state <> 'repeated'"),
    )  # fmt: skip
    op.create_index("ix_mails_arrival_id", "mails", ["practice_id", "arrival_id"])
    for table in ("mailboxes", "mails"):
        protect(table)
    op.add_column("imports", sa.Column("day_first", postgresql.JSONB(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("imports", "day_first")
    op.execute("ALTER TABLE jobs NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM jobs WHERE kind IN ('mail.poll','mail.take')")
    op.execute("ALTER TABLE jobs FORCE ROW LEVEL SECURITY")
    for table in ("mails", "mailboxes"):
        op.drop_table(table)
