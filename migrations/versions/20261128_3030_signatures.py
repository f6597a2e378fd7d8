"""How a plan of care was signed; what was shown above a signature online, and signatures that no longer count."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261128_3030"
down_revision = "20261128_3020"

PLANS, SIGNATURES = "plans_of_care", "plan_signatures"
HOW = f"""UPDATE {PLANS} p SET signed_how = CASE WHEN signed_fax_id IS NOT NULL THEN 'fax' WHEN EXISTS (
  SELECT 1 FROM {SIGNATURES} s WHERE s.practice_id = p.practice_id AND s.plan_id = p.id) THEN 'portal' ELSE 'hand' END
  WHERE signed_on IS NOT NULL"""


def _force(force: str) -> None:
    for table in (PLANS, SIGNATURES):
        op.execute(f"ALTER TABLE {table} {force} ROW LEVEL SECURITY")


def upgrade() -> None:
    op.add_column(PLANS, sa.Column("signed_how", sa.String()))
    _force("NO FORCE")
    op.execute(HOW)
    _force("FORCE")
    op.create_check_constraint(
        op.f(f"ck_{PLANS}_signed_how"), PLANS, "signed_how IN ('fax','portal','hand')"
    )  # fmt: skip
    op.create_check_constraint(op.f(f"ck_{PLANS}_signed"), PLANS, "(signed_on IS NULL) = (signed_how IS NULL)")
    op.add_column(SIGNATURES, sa.Column("content", postgresql.JSONB()))
    op.add_column(SIGNATURES, sa.Column("voided_at", sa.DateTime(timezone=True)))
    op.drop_constraint(op.f(f"uq_{SIGNATURES}_practice_id_plan_id"), SIGNATURES)
    op.create_index(
        f"uq_{SIGNATURES}_standing", SIGNATURES, ["practice_id", "plan_id"], unique=True,
        postgresql_where=sa.text("voided_at IS NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index(f"uq_{SIGNATURES}_standing", SIGNATURES)
    _force("NO FORCE")
    op.execute(f"DELETE FROM {SIGNATURES} WHERE voided_at IS NOT NULL")
    _force("FORCE")
    op.create_unique_constraint(op.f(f"uq_{SIGNATURES}_practice_id_plan_id"), SIGNATURES, ["practice_id", "plan_id"])
    for name in ("voided_at", "content"):
        op.drop_column(SIGNATURES, name)
    op.drop_column(PLANS, "signed_how")
