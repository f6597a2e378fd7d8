"""The referrer's portal: short sessions, messages, signatures under plans of care."""

import sqlalchemy as sa
from alembic import op
from tenancy import protect

revision = "20261127_2220"
down_revision = "20261127_2210"

MOMENT = sa.DateTime(timezone=True)


def _column(name: str, kind: object, *, null: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=null)


def _key() -> tuple[sa.Column, ...]:
    return _column("practice_id", sa.Uuid()), _column("id", sa.Uuid())


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_practice_id_{column}")
    return sa.ForeignKeyConstraint(["practice_id", column], [f"{target}.practice_id", f"{target}.id"], name=name)


def upgrade() -> None:
    table = "referrer_sessions"
    op.create_table(
        table,
        *_key(),
        _column("link_id", sa.Uuid()),
        _column("token_hash", sa.LargeBinary()),
        _column("csrf_token", sa.String()),
        _column("created_at", MOMENT),
        _column("last_seen_at", MOMENT),
        _column("verified_at", MOMENT, null=True),
        _reference(table, "link_id", "referrer_links"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("token_hash", name=op.f(f"uq_{table}_token_hash")),
    )
    op.create_index(f"ix_{table}_link_id", table, ["practice_id", "link_id"])
    protect(table, system=True)
    _messages()
    _signatures()


def _messages() -> None:
    table = "referrer_messages"
    op.create_table(
        table,
        *_key(),
        _column("referrer_id", sa.Uuid()),
        _column("lead_id", sa.Uuid(), null=True),
        _column("link_id", sa.Uuid()),
        _column("at", MOMENT),
        _column("text", sa.String()),
        _reference(table, "referrer_id", "referrers"),
        _reference(table, "lead_id", "leads"),
        _reference(table, "link_id", "referrer_links"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_referrer_id", table, ["practice_id", "referrer_id", "at", "id"])
    op.create_index(f"ix_{table}_lead_id", table, ["practice_id", "lead_id"])
    protect(table)


def _signatures() -> None:
    table = "plan_signatures"
    op.create_table(
        table,
        *_key(),
        _column("plan_id", sa.Uuid()),
        _column("referrer_id", sa.Uuid()),
        _column("link_id", sa.Uuid()),
        _column("typed_name", sa.String()),
        _column("signed_on", sa.Date()),
        _column("statement", sa.String()),
        _column("digest", sa.LargeBinary()),
        _column("at", MOMENT),
        _reference(table, "plan_id", "plans_of_care"),
        _reference(table, "referrer_id", "referrers"),
        _reference(table, "link_id", "referrer_links"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("practice_id", "plan_id", name=op.f(f"uq_{table}_practice_id_plan_id")),
    )
    op.create_index(f"ix_{table}_referrer_id", table, ["practice_id", "referrer_id"])
    protect(table)


def downgrade() -> None:
    for table in ("plan_signatures", "referrer_messages", "referrer_sessions"):
        op.drop_table(table)
