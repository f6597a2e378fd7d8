"""Insurance: payers, verification of benefits, authorizations, inquiries; more of what a coverage says."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import APP, protect

revision = "20261126_2400"
down_revision = "20261126_2300"

TABLES = (
    "payers", "payer_names", "insurance_rules", "verifications", "authorizations", "authorization_events",
    "counted_visits", "clearinghouse_accounts", "eligibility_checks",
)  # fmt: skip
COLUMNS = (
    "payer_said", "payer_id", "plan_name", "relationship", "subscriber_first_name", "subscriber_last_name",
    "subscriber_dob", "effective_from", "effective_until", "active", "source", "verified_at", "version", "created_at",
)  # fmt: skip
APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON authorization_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
CHECKS = {
    "rank": "rank IN ('primary','secondary','tertiary')",
    "relationship": "relationship IN ('self','spouse','child','other')",
    "source": "source IN ('fax','card','patient','desk')",
    "effective": "effective_from <= effective_until",
}
# Of several coverages of one rank only the newest counts.
ONE_ACTIVE = """
UPDATE coverages SET active = false WHERE EXISTS (
  SELECT 1 FROM coverages newer WHERE newer.practice_id = coverages.practice_id
    AND newer.patient_id = coverages.patient_id AND newer.rank = coverages.rank AND newer.id > coverages.id)
"""


def upgrade() -> None:
    op.create_table(
        "clearinghouse_accounts",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.String(), nullable=False),
        sa.Column("receiver_id", sa.String(), nullable=False),
        sa.Column("organization", sa.String(), nullable=False),
        sa.Column("npi", sa.String(), nullable=False),
        sa.Column("sealed_secrets", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_clearinghouse_accounts_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_clearinghouse_accounts")),
    )
    op.create_table(
        "insurance_rules",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reverify", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("reverify IN ('month','plan_year','never')", name=op.f("ck_insurance_rules_reverify")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_insurance_rules_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_insurance_rules")),
    )
    op.create_table(
        "payers",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("aliases", postgresql.ARRAY(sa.TEXT()), server_default="{}", nullable=False),
        sa.Column("clearinghouse_id", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("authorization_rule", sa.String(), server_default="ask", nullable=False),
        sa.Column("authorization_after", sa.Integer(), nullable=True),
        sa.Column("in_network", sa.Boolean(), nullable=True),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(authorization_rule = 'after_visits') = (authorization_after IS NOT NULL)",
            name=op.f("ck_payers_authorization_after"),
        ),
        sa.CheckConstraint(
            "authorization_rule IN ('never','always','after_visits','ask')", name=op.f("ck_payers_authorization_rule")
        ),
        sa.CheckConstraint("authorization_after BETWEEN 1 AND 200", name=op.f("ck_payers_after")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_payers_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_payers")),
    )
    op.create_table(
        "payer_names",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("plain", sa.String(), nullable=False),
        sa.Column("payer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "payer_id"],
            ["payers.practice_id", "payers.id"],
            name=op.f("fk_payer_names_practice_id_payer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "plain", name=op.f("pk_payer_names")),
    )
    op.create_index("ix_payer_names_payer_id", "payer_names", ["practice_id", "payer_id"], unique=False)
    op.create_table(
        "authorizations",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("coverage_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("counts", sa.String(), server_default="visits", nullable=False),
        sa.Column("approved", sa.Integer(), nullable=True),
        sa.Column("per_visit", sa.Integer(), server_default="1", nullable=False),
        sa.Column("used", sa.Integer(), server_default="0", nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("source", sa.String(), server_default="desk", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("counts IN ('visits','units')", name=op.f("ck_authorizations_counts")),
        sa.CheckConstraint(
            "source IN ('desk','fax','payer_rule','verification')", name=op.f("ck_authorizations_source")
        ),
        sa.CheckConstraint("state <> 'approved' OR number IS NOT NULL", name=op.f("ck_authorizations_number")),
        sa.CheckConstraint(
            "state IN ('needed','requested','approved','denied','not_needed')",
            name=op.f("ck_authorizations_state"),
        ),
        sa.CheckConstraint(
            "approved BETWEEN 1 AND 9999 AND per_visit BETWEEN 1 AND 100 AND used >= 0",
            name=op.f("ck_authorizations_amount"),
        ),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_authorizations_valid")),
        sa.ForeignKeyConstraint(
            ["practice_id", "coverage_id"],
            ["coverages.practice_id", "coverages.id"],
            name=op.f("fk_authorizations_practice_id_coverage_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patients.practice_id", "patients.id"],
            name=op.f("fk_authorizations_practice_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_authorizations")),
    )
    op.create_index("ix_authorizations_patient_id", "authorizations", ["practice_id", "patient_id"], unique=False)
    op.create_table(
        "eligibility_checks",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("coverage_id", sa.Uuid(), nullable=False),
        sa.Column("coverage_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), server_default="asking", nullable=False),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("sealed_raw", sa.LargeBinary(), nullable=True),
        sa.Column("sandbox", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asking','answered','mismatch','rejected','failed')", name=op.f("ck_eligibility_checks_state")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "coverage_id"],
            ["coverages.practice_id", "coverages.id"],
            name=op.f("fk_eligibility_checks_practice_id_coverage_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patients.practice_id", "patients.id"],
            name=op.f("fk_eligibility_checks_practice_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_eligibility_checks")),
    )
    op.create_index(
        "ix_eligibility_checks_coverage_id", "eligibility_checks", ["practice_id", "coverage_id", "id"], unique=False
    )
    op.create_index(
        "uq_eligibility_checks_asking",
        "eligibility_checks",
        ["practice_id", "coverage_id"],
        unique=True,
        postgresql_where=sa.text("state = 'asking'"),
    )
    op.create_table(
        "verifications",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("coverage_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), server_default="not_started", nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("told_by", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("current", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'verified') = (verified_at IS NOT NULL)", name=op.f("ck_verifications_verified")),
        sa.CheckConstraint(
            "coverage_id IS NOT NULL OR state IN ('not_started','self_pay')", name=op.f("ck_verifications_coverage")
        ),
        sa.CheckConstraint(
            "state IN ('not_started','in_progress','verified','problem','not_covered','self_pay')",
            name=op.f("ck_verifications_state"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "coverage_id"],
            ["coverages.practice_id", "coverages.id"],
            name=op.f("fk_verifications_practice_id_coverage_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patients.practice_id", "patients.id"],
            name=op.f("fk_verifications_practice_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_verifications")),
    )
    op.create_index(
        "uq_verifications_current",
        "verifications",
        ["practice_id", "patient_id", "coverage_id"],
        unique=True,
        postgresql_where=sa.text("current"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "authorization_events",
        sa.Column("authorization_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "authorization_id"],
            ["authorizations.practice_id", "authorizations.id"],
            name=op.f("fk_authorization_events_practice_id_authorization_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_authorization_events")),
    )
    op.create_index(
        "ix_authorization_events_authorization_id",
        "authorization_events",
        ["practice_id", "authorization_id", "at", "id"],
        unique=False,
    )
    op.create_table(
        "counted_visits",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=True),
        sa.Column("authorization_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "authorization_id"],
            ["authorizations.practice_id", "authorizations.id"],
            name=op.f("fk_counted_visits_practice_id_authorization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patients.practice_id", "patients.id"],
            name=op.f("fk_counted_visits_practice_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "visit_id", name=op.f("pk_counted_visits")),
    )
    op.create_index("ix_counted_visits_patient_id", "counted_visits", ["practice_id", "patient_id"], unique=False)
    for table in TABLES:
        protect(table)
    op.execute(APPEND_ONLY)
    op.execute(f"REVOKE UPDATE, DELETE ON authorization_events FROM {APP}")
    _coverages()


def _coverages() -> None:
    op.add_column("coverages", sa.Column("payer_said", sa.String(), nullable=True))
    op.add_column("coverages", sa.Column("payer_id", sa.Uuid(), nullable=True))
    op.add_column("coverages", sa.Column("plan_name", sa.String(), nullable=True))
    op.add_column("coverages", sa.Column("relationship", sa.String(), server_default="self", nullable=False))
    op.add_column("coverages", sa.Column("subscriber_first_name", sa.String(), nullable=True))
    op.add_column("coverages", sa.Column("subscriber_last_name", sa.String(), nullable=True))
    op.add_column("coverages", sa.Column("subscriber_dob", sa.Date(), nullable=True))
    op.add_column("coverages", sa.Column("effective_from", sa.Date(), nullable=True))
    op.add_column("coverages", sa.Column("effective_until", sa.Date(), nullable=True))
    op.add_column("coverages", sa.Column("active", sa.Boolean(), server_default="true", nullable=False))
    op.add_column("coverages", sa.Column("source", sa.String(), server_default="fax", nullable=False))
    op.add_column("coverages", sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("coverages", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column(
        "coverages",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.drop_constraint(op.f("ck_coverages_rank"), "coverages")
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_coverages_{name}"), "coverages", rule)
    # The owner of the table may not see its rows either, except for a moment here.
    op.execute("ALTER TABLE coverages NO FORCE ROW LEVEL SECURITY")
    op.execute(ONE_ACTIVE)
    op.execute("ALTER TABLE coverages FORCE ROW LEVEL SECURITY")
    op.create_index(
        "uq_coverages_active",
        "coverages",
        ["practice_id", "patient_id", "rank"],
        unique=True,
        postgresql_where=sa.text("active"),
    )
    op.create_foreign_key(
        op.f("fk_coverages_practice_id_payer_id"),
        "coverages",
        "payers",
        ["practice_id", "payer_id"],
        ["practice_id", "id"],
    )


def downgrade() -> None:
    # Nobody would know what these jobs are.
    op.execute("SELECT set_config('app.system', 'on', true)")
    op.execute("DELETE FROM jobs WHERE kind LIKE 'insurance.%'")
    op.drop_constraint(op.f("fk_coverages_practice_id_payer_id"), "coverages", type_="foreignkey")
    op.drop_index("uq_coverages_active", "coverages")
    for constraint in ("rank", "relationship", "source", "effective"):
        op.drop_constraint(op.f(f"ck_coverages_{constraint}"), "coverages")
    # What the version before cannot tell from the others would become a second insurance.
    op.execute("ALTER TABLE coverages NO FORCE ROW LEVEL SECURITY")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DELETE FROM coverages WHERE NOT active OR rank = 'tertiary'")
    op.execute("ALTER TABLE coverages FORCE ROW LEVEL SECURITY")
    op.create_check_constraint(op.f("ck_coverages_rank"), "coverages", "rank IN ('primary','secondary')")
    for column in reversed(COLUMNS):
        op.drop_column("coverages", column)
