"""P7: nobody sees another practice's rows, and every look at a patient is on record."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.service import first_broken_link
from backend.operations.checks.naming import Named, Violation, ask, name

# A public register, such as that of NPIs, belongs to no practice, and the application can only read it.
TABLES = """
SELECT 'table' AS kind, c.relname::text AS id,
       CASE WHEN NOT c.relrowsecurity THEN 'row-level security is off'
            WHEN NOT c.relforcerowsecurity THEN 'row-level security is not forced'
            ELSE 'no policy that keeps practices apart' END AS note
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version'
  AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity OR (
    EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'practice_id' AND NOT a.attisdropped)
    AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid
                    AND pg_get_expr(p.polqual, c.oid) LIKE '%app.practice_id%'
                    AND pg_get_expr(p.polwithcheck, c.oid) LIKE '%app.practice_id%')))
  AND (has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE') OR EXISTS (
    SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'practice_id' AND NOT a.attisdropped))
ORDER BY c.relname
"""
ROLE = """
SELECT 'role' AS kind, rolname::text AS id, 'may pass row-level security by' AS note FROM pg_roles
WHERE rolname = current_user AND (rolsuper OR rolbypassrls)
"""


async def tables(session: AsyncSession) -> Named:
    """Tables whose rows are not kept apart."""
    return await ask(session, TABLES)


async def role(session: AsyncSession) -> Named:
    """A database role that is not bound by the policies."""
    return await ask(session, ROLE)


async def audit_chain(session: AsyncSession) -> Named:
    """The first broken link; nothing after it can be trusted."""
    broken = await first_broken_link(session)
    return name([] if broken is None else [Violation("audit_event", str(broken), "the chain breaks here")])
