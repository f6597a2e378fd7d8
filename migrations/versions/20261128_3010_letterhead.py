"""The letterhead of a practice, with its logo."""

import sqlalchemy as sa
from alembic import op
from tenancy import protect

revision = "20261128_3010"
down_revision = "20261128_3000"


def upgrade() -> None:
    table = "letterheads"
    op.create_table(
        table,
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String()) for name in ("name", "tagline", "website", "address", "phone")),
        sa.Column("logo_id", sa.Uuid()),
        sa.Column("paper_logo", sa.LargeBinary()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f(f"fk_{table}_practice_id")),
        sa.ForeignKeyConstraint(
            ["practice_id", "logo_id"], ["documents.practice_id", "documents.id"],
            name=op.f(f"fk_{table}_practice_id_logo_id"),
        ),
        sa.UniqueConstraint("logo_id", name=op.f(f"uq_{table}_logo_id")),
        sa.CheckConstraint("(logo_id IS NULL) = (paper_logo IS NULL)", name=op.f(f"ck_{table}_logo")),
        sa.PrimaryKeyConstraint("practice_id", name=op.f(f"pk_{table}")),
    )  # fmt: skip
    protect(table, system=True)


def downgrade() -> None:
    op.drop_table("letterheads")
