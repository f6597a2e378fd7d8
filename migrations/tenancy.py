"""Row-level security for migrations: one call per table.

Policies compare `practice_id` with the transaction's `app.practice_id`; an unset or empty setting matches nothing.
`system=True` adds the lookups that precede a tenant, open only to transactions that declared `app.system`.
"""

from alembic import op

APP = "frontdesk_app"
TENANT = "practice_id = NULLIF(current_setting('app.practice_id', true), '')::uuid"
SYSTEM = "current_setting('app.system', true) = 'on'"


def protect(table: str, *, system: bool = False, column: str = "practice_id") -> None:
    """Force row-level security on `table` and let the app role read and write its tenant's rows."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    rule = TENANT.replace("practice_id =", f"{column} =", 1)
    op.execute(f"CREATE POLICY tenant ON {table} USING ({rule}) WITH CHECK ({rule})")
    if system:
        op.execute(f"CREATE POLICY system ON {table} USING ({SYSTEM}) WITH CHECK ({SYSTEM})")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP}")
