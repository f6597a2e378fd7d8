"""Mailboxes are signed in to with tokens where their provider takes no password."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261128_3200"
down_revision = "20261128_3102"


def upgrade() -> None:
    op.alter_column("mailboxes", "sealed_password", nullable=True)
    op.add_column("mailboxes", sa.Column("oauth", postgresql.JSONB()))
    op.add_column("mailboxes", sa.Column("sealed_oauth", sa.LargeBinary()))
    op.add_column("mailboxes", sa.Column("sealed_access", sa.LargeBinary()))
    op.add_column("mailboxes", sa.Column("access_until", sa.DateTime(timezone=True)))
    op.create_check_constraint(
        op.f("ck_mailboxes_signing_in"), "mailboxes",
        "num_nonnulls(sealed_password, sealed_oauth) = 1 AND (oauth IS NULL) = (sealed_oauth IS NULL)",
    )  # fmt: skip


def downgrade() -> None:
    op.drop_constraint(op.f("ck_mailboxes_signing_in"), "mailboxes")
    op.execute("ALTER TABLE mailboxes NO FORCE ROW LEVEL SECURITY")
    # Nothing the version before could sign in with: closed, with a password nobody has.
    op.execute("UPDATE mailboxes SET active = false, sealed_password = '\\x00' WHERE sealed_password IS NULL")
    op.execute("ALTER TABLE mailboxes FORCE ROW LEVEL SECURITY")
    for name in ("access_until", "sealed_access", "sealed_oauth", "oauth"):
        op.drop_column("mailboxes", name)
    op.alter_column("mailboxes", "sealed_password", nullable=False)
