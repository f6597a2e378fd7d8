"""A port, and on the shared port a facility, belongs to one practice: nobody takes another's messages."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_3220"
down_revision = "20261128_3210"

CONSTRAINTS = (
    ("hl7_port_of_one_practice", "port", "active AND port IS NOT NULL"),
    ("hl7_facility_of_one_practice", "facility", "active AND port IS NULL"),
)


def upgrade() -> None:
    for name, column, where in CONSTRAINTS:
        op.create_exclude_constraint(
            name, "hl7_senders", (column, "="), ("practice_id", "<>"), where=sa.text(where), using="gist"
        )


def downgrade() -> None:
    for name, _, _ in CONSTRAINTS:
        op.drop_constraint(name, "hl7_senders")
