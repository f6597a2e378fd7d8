"""Leads and people that turned out to be the same."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import protect

revision = "20261126_2500"
down_revision = "20261126_2400"

INDEXES = (
    ("ix_patients_phone_alt", "patients", "phone_alt"),
    ("ix_patients_email", "patients", "email"),
    ("ix_patients_mrn", "patients", "mrn"),
    ("ix_coverages_member_id", "coverages", "member_id"),
)
# Who is there already and shares a phone or a date of birth is compared once.
COMPARE = """INSERT INTO jobs (id, practice_id, kind, ref_id, key, queue, run_at)
  SELECT gen_random_uuid(), p.practice_id, 'patients.compare', p.id, p.id::text, 'default', now()
  FROM patients p WHERE EXISTS (SELECT 1 FROM patients o WHERE o.practice_id = p.practice_id AND o.id <> p.id
    AND (o.phone = p.phone OR o.dob = p.dob)) ON CONFLICT DO NOTHING"""


def upgrade() -> None:
    for table in ("patients", "leads"):
        op.add_column(table, sa.Column("merged_into", sa.Uuid()))
        op.create_foreign_key(
            op.f(f"fk_{table}_practice_id_merged_into"),
            table,
            table,
            ["practice_id", "merged_into"],
            ["practice_id", "id"],
        )
        op.create_index(
            f"ix_{table}_merged", table, ["practice_id", "merged_into"],
            postgresql_where=sa.text("merged_into IS NOT NULL"),
        )  # fmt: skip
    op.create_check_constraint(op.f("ck_patients_merged"), "patients", "merged_into <> id")
    op.create_check_constraint(
        op.f("ck_leads_merged"), "leads", "merged_into IS NULL OR (NOT open AND merged_into <> id)"
    )
    op.create_table(
        "lead_merges",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("into_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("into_patient_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("undone_by", sa.String()),
        sa.CheckConstraint("lead_id <> into_id", name=op.f("ck_lead_merges_other")),
        *(
            sa.ForeignKeyConstraint(
                ["practice_id", column], [f"{target}.practice_id", f"{target}.id"],
                name=op.f(f"fk_lead_merges_practice_id_{column}"),
            )
            for column, target in (
                ("lead_id", "leads"), ("into_id", "leads"), ("patient_id", "patients"), ("into_patient_id", "patients"),
            )
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_lead_merges")),
    )  # fmt: skip
    op.create_index(
        "uq_lead_merges_standing", "lead_merges", ["practice_id", "lead_id"], unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )  # fmt: skip
    op.create_index("ix_lead_merges_into_id", "lead_merges", ["practice_id", "into_id"])
    protect("lead_merges")
    _pairs()
    _arrivals()
    _imports()


def _pairs() -> None:
    for name, table, column in INDEXES:
        op.create_index(name, table, ["practice_id", column])
    op.create_table(
        "patient_pairs",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True)),
        sa.Column("dismissed_by", sa.String()),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_patient_pairs_order")),
        *(
            sa.ForeignKeyConstraint(
                ["practice_id", column], ["patients.practice_id", "patients.id"],
                name=op.f(f"fk_patient_pairs_practice_id_{column}"),
            )
            for column in ("first_id", "second_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "first_id", "second_id", name=op.f("pk_patient_pairs")),
    )  # fmt: skip
    op.create_index("ix_patient_pairs_second_id", "patient_pairs", ["practice_id", "second_id"])
    protect("patient_pairs")
    for table in ("patients", "jobs"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(COMPARE)
    for table in ("patients", "jobs"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _arrivals() -> None:
    op.drop_constraint(op.f("ck_leads_source"), "leads")
    op.create_check_constraint(
        op.f("ck_leads_source"), "leads", "source IN ('fax','web_form','phone','walk_in','api','text','email')"
    )
    op.create_table(
        "web_forms",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("allowed_origins", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("consent_en", sa.String(), nullable=False),
        sa.Column("consent_es", sa.String(), nullable=False),
        sa.Column("thanks_url", sa.String()),
        sa.Column("per_hour", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("per_hour BETWEEN 1 AND 10000", name=op.f("ck_web_forms_per_hour")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_web_forms_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_web_forms")),
    )
    op.create_table(
        "arrivals",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reasons", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("message", sa.String()),
        sa.Column("origin", sa.String()),
        sa.Column("consent", postgresql.JSONB(astext_type=sa.Text())),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sender_hash", sa.LargeBinary()),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lead_id", sa.Uuid()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by", sa.String()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("channel IN ('web_form','email')", name=op.f("ck_arrivals_channel")),
        sa.CheckConstraint("state IN ('opened','held','discarded')", name=op.f("ck_arrivals_state")),
        sa.CheckConstraint("state <> 'opened' OR lead_id IS NOT NULL", name=op.f("ck_arrivals_lead")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_arrivals_practice_id")),
        sa.ForeignKeyConstraint(
            ["practice_id", "lead_id"], ["leads.practice_id", "leads.id"],
            name=op.f("fk_arrivals_practice_id_lead_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_arrivals")),
    )  # fmt: skip
    op.create_index("ix_arrivals_lead_id", "arrivals", ["practice_id", "lead_id"])
    op.create_index("ix_arrivals_received", "arrivals", ["practice_id", "channel", sa.text("received_at DESC")])
    op.create_index(
        "ix_arrivals_held", "arrivals", ["practice_id", sa.text("received_at DESC"), sa.text("id DESC")],
        postgresql_where=sa.text("state = 'held'"),
    )  # fmt: skip
    op.create_index("ix_arrivals_digest", "arrivals", ["practice_id", "digest", sa.text("received_at DESC")])
    for table in ("web_forms", "arrivals"):
        protect(table)


def _imports() -> None:
    op.create_table(
        "imports",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("encoding", sa.String(), nullable=False),
        sa.Column("delimiter", sa.String(), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("duplicates", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("processed", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String()),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('checking','checked','running','done','failed')", name=op.f("ck_imports_state")
        ),
        sa.CheckConstraint("duplicates IN ('ask','skip','attach')", name=op.f("ck_imports_duplicates")),
        sa.ForeignKeyConstraint(
            ["practice_id", "document_id"], ["documents.practice_id", "documents.id"],
            name=op.f("fk_imports_practice_id_document_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_imports")),
    )  # fmt: skip
    op.create_index("ix_imports_newest", "imports", ["practice_id", sa.text("created_at DESC"), sa.text("id DESC")])
    op.create_table(
        "import_rows",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("errors", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("detail", sa.String()),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.Uuid()),
        sa.Column("lead_id", sa.Uuid()),
        sa.CheckConstraint(
            "outcome IN ('created','updated','skipped','asked','failed')", name=op.f("ck_import_rows_outcome")
        ),
        *(
            sa.ForeignKeyConstraint(
                ["practice_id", column], [f"{target}.practice_id", f"{target}.id"],
                name=op.f(f"fk_import_rows_practice_id_{column}"),
            )
            for column, target in (("import_id", "imports"), ("patient_id", "patients"), ("lead_id", "leads"))
        ),
        sa.PrimaryKeyConstraint("practice_id", "import_id", "number", name=op.f("pk_import_rows")),
    )  # fmt: skip
    op.create_index("ix_import_rows_outcome", "import_rows", ["practice_id", "import_id", "outcome", "number"])
    op.create_index(
        "ix_import_rows_digest", "import_rows", ["practice_id", "digest"],
        postgresql_where=sa.text("outcome IN ('created','updated')"),
    )  # fmt: skip
    for column in ("patient_id", "lead_id"):
        op.create_index(f"ix_import_rows_{column}", "import_rows", ["practice_id", column])
    op.create_table(
        "import_mappings",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("duplicates", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_import_mappings_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "kind", name=op.f("pk_import_mappings")),
    )
    for table in ("imports", "import_rows", "import_mappings"):
        protect(table)


def downgrade() -> None:
    for table in ("import_mappings", "import_rows", "imports"):
        op.drop_table(table)
    op.drop_table("arrivals")
    op.drop_table("web_forms")
    op.drop_constraint(op.f("ck_leads_source"), "leads")
    op.create_check_constraint(
        op.f("ck_leads_source"), "leads", "source IN ('fax','web_form','phone','walk_in','api','text')"
    )
    op.execute("ALTER TABLE jobs NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM jobs WHERE kind = 'patients.compare'")
    op.execute("ALTER TABLE jobs FORCE ROW LEVEL SECURITY")
    op.drop_table("patient_pairs")
    for name, table, _ in INDEXES:
        op.drop_index(name, table)
    op.drop_table("lead_merges")
    for table in ("leads", "patients"):
        op.drop_constraint(op.f(f"ck_{table}_merged"), table)
        op.drop_index(f"ix_{table}_merged", table)
        op.drop_constraint(op.f(f"fk_{table}_practice_id_merged_into"), table)
        op.drop_column(table, "merged_into")
