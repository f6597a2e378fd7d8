"""Row-level security on every tenant table, and the promises the database itself keeps."""

from alembic import op
from tenancy import APP, protect

revision = "20261124_1010"
down_revision = "20261124_1005"

SYSTEM_READABLE = (
    "users",
    "memberships",
    "sessions",
    "api_keys",
    "fax_lines",
    "jobs",
    "webhook_deliveries",
    "security_events",
)
TENANT_ONLY = (
    "locations",
    "teams",
    "team_members",
    "documents",
    "idempotency_keys",
    "faxes",
    "fax_pages",
    "fax_segments",
    "fax_steps",
    "patients",
    "coverages",
    "referrers",
    "stages",
    "leads",
    "referral_orders",
    "lead_events",
    "tasks",
    "audit_events",
    "audit_heads",
)

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON lead_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# P3: checked when the transaction commits, so a lead and its task may be written in any order.
NEXT_STEP = """
CREATE FUNCTION require_next_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  practice uuid := COALESCE(NEW.practice_id, OLD.practice_id);
  lead uuid;
BEGIN
  IF TG_TABLE_NAME = 'leads' THEN
    lead := NEW.id;
  ELSIF TG_OP = 'DELETE' THEN
    lead := OLD.lead_id;
  ELSE
    lead := COALESCE(OLD.lead_id, NEW.lead_id);
  END IF;
  IF EXISTS (SELECT 1 FROM leads l WHERE l.practice_id = practice AND l.id = lead AND l.open)
     AND NOT EXISTS (SELECT 1 FROM tasks t
                     WHERE t.practice_id = practice AND t.lead_id = lead AND t.done_at IS NULL) THEN
    RAISE EXCEPTION 'open lead without a next step' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'open_lead_has_next_step';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER open_lead_has_next_step AFTER INSERT OR UPDATE ON leads
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_next_step();
CREATE CONSTRAINT TRIGGER open_lead_has_next_step AFTER UPDATE OR DELETE ON tasks
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_next_step();
"""


def _statements(script: str) -> list[str]:
    """asyncpg runs one statement at a time; functions end at `$$;`, the rest at `;` and a line end."""
    parts: list[str] = []
    for block in script.split("$$;"):
        if "$$" in block:
            before, _, body = block.partition("CREATE FUNCTION")
            parts += [piece for piece in before.split(";\n") if piece.strip()]
            parts.append(f"CREATE FUNCTION{body}$$")
        else:
            parts += [piece for piece in block.split(";\n") if piece.strip()]
    return parts


def upgrade() -> None:
    protect("practices", system=True, column="id")
    for table in SYSTEM_READABLE:
        protect(table, system=True)
    for table in TENANT_ONLY:
        protect(table)
    for script in (APPEND_ONLY, NEXT_STEP):
        for statement in _statements(script):
            op.execute(statement)
    op.execute(f"REVOKE UPDATE, DELETE ON audit_events, lead_events FROM {APP}")
    op.execute(f"GRANT SELECT ON alembic_version TO {APP}")


def downgrade() -> None:
    raise NotImplementedError("tenancy is not taken away; restore a backup instead")
