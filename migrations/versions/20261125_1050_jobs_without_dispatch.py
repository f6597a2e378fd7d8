"""Jobs are rung once and swept afterwards: no dispatch number."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1050"
down_revision = "20261125_1000"


def upgrade() -> None:
    op.drop_column("jobs", "dispatch")


def downgrade() -> None:
    op.add_column("jobs", sa.Column("dispatch", sa.Integer(), server_default="1", nullable=False))
