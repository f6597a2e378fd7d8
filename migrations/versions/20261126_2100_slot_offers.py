"""Times offered by text, reminders, times that open for the waitlist, and what the practice chose about them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import protect

revision = "20261126_2100"
down_revision = "20261126_2500"

MOMENT = sa.DateTime(timezone=True)
PURPOSES = ("care", "appointment", "consent_request", "notice")


def _column(name: str, kind: object, *, null: bool = False, default: str | None = None) -> sa.Column:
    return sa.Column(name, kind, nullable=null, server_default=default)


def _key() -> tuple[sa.Column, ...]:
    return _column("practice_id", sa.Uuid()), _column("id", sa.Uuid())


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_practice_id_{column}")
    return sa.ForeignKeyConstraint(["practice_id", column], [f"{target}.practice_id", f"{target}.id"], name=name)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    _purposes(PURPOSES)
    _openings()
    _offers()
    _settings()
    for table in ("waitlist_openings", "slot_offers", "visit_text_settings"):
        protect(table)


def _purposes(allowed: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_messages_purpose"), "messages")
    op.create_check_constraint(op.f("ck_messages_purpose"), "messages", f"purpose IN {allowed}")


def _openings() -> None:
    table = "waitlist_openings"
    op.create_table(
        table,
        *_key(),
        *(_column(name, sa.Uuid()) for name in ("type_id", "clinician_id", "location_id")),
        _column("starts_at", MOMENT),
        _column("given_up_by", sa.Uuid(), null=True),
        _column("state", sa.String(), default="open"),
        _column("filled_by", sa.Uuid(), null=True),
        _column("created_at", MOMENT),
        _reference(table, "type_id", "appointment_types"),
        _reference(table, "clinician_id", "clinicians"),
        _reference(table, "location_id", "locations"),
        _reference(table, "given_up_by", "patients"),
        _reference(table, "filled_by", "appointments"),
        _check(table, "state", "state IN ('open','filled','closed')"),
        _check(table, "filled", "(state = 'filled') = (filled_by IS NOT NULL)"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f(f"pk_{table}")),
    )


def _offers() -> None:
    table = "slot_offers"
    op.create_table(
        table,
        *_key(),
        _column("kind", sa.String()),
        _column("conversation_id", sa.Uuid()),
        _column("patient_id", sa.Uuid()),
        *(
            _column(name, sa.Uuid(), null=True)
            for name in ("lead_id", "message_id", "appointment_id", "opening_id", "entry_id")
        ),
        _column("slots", postgresql.JSONB()),
        _column("words", sa.String(), default=""),
        _column("audience", sa.String(), default="patient"),
        _column("about_at", MOMENT, null=True),
        _column("hours", sa.Integer(), null=True),
        _column("state", sa.String(), default="open"),
        _column("choice", sa.Integer(), null=True),
        _column("answer_id", sa.Uuid(), null=True),
        _column("suggested", sa.Integer(), null=True),
        _column("created_at", MOMENT),
        _column("expires_at", MOMENT),
        _column("closed_at", MOMENT, null=True),
        _reference(table, "conversation_id", "conversations"),
        _reference(table, "message_id", "messages"),
        _reference(table, "answer_id", "messages"),
        _reference(table, "patient_id", "patients"),
        _reference(table, "lead_id", "leads"),
        _reference(table, "appointment_id", "appointments"),
        _reference(table, "opening_id", "waitlist_openings"),
        _reference(table, "entry_id", "waitlist_entries"),
        _check(table, "kind", "kind IN ('times','reminder','give_up','opening')"),
        _check(table, "audience", "audience IN ('patient','staff')"),
        _check(
            table,
            "state",
            "state IN ('open','replaced','taken','lost','done','declined','withdrawn','expired')",
        ),
        _check(table, "about", "kind IN ('times','opening') OR appointment_id IS NOT NULL"),
        _check(table, "opening", "(kind = 'opening') = (opening_id IS NOT NULL)"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("practice_id", "answer_id", name=op.f(f"uq_{table}_practice_id")),
    )
    thread = ["practice_id", "conversation_id", "created_at"]
    op.create_index("ix_slot_offers_open", table, thread, postgresql_where=sa.text("state = 'open'"))
    op.create_index("ix_slot_offers_conversation_id", table, thread)
    for name in ("lead_id", "message_id", "appointment_id"):
        op.create_index(f"ix_slot_offers_{name}", table, ["practice_id", name])
    op.create_index("uq_slot_offers_asked", table, ["practice_id", "opening_id", "entry_id"], unique=True)
    moment = ["practice_id", "appointment_id", "about_at", "hours"]
    which = sa.text("kind = 'reminder' AND state <> 'withdrawn'")
    op.create_index("uq_slot_offers_reminder", table, moment, unique=True, postgresql_where=which)


def _settings() -> None:
    table = "visit_text_settings"
    op.create_table(
        table,
        _column("practice_id", sa.Uuid()),
        _column("book_by_reply", sa.Boolean(), default="true"),
        _column("reminders", sa.Boolean(), default="true"),
        _column("reminder_hours", postgresql.ARRAY(sa.Integer()), default="{48,3}"),
        _column("waitlist", sa.Boolean(), default="true"),
        _column("waitlist_batch", sa.Integer(), default="2"),
        _column("waitlist_minutes", sa.Integer(), default="20"),
        _column("offer_hours", sa.Integer(), default="48"),
        _column("version", sa.Integer(), default="1"),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f(f"fk_{table}_practice_id")),
        _check(table, "reminder_hours", "cardinality(reminder_hours) BETWEEN 0 AND 4"),
        _check(table, "waitlist_batch", "waitlist_batch BETWEEN 1 AND 10"),
        _check(table, "waitlist_minutes", "waitlist_minutes BETWEEN 5 AND 1440"),
        _check(table, "offer_hours", "offer_hours BETWEEN 1 AND 168"),
        sa.PrimaryKeyConstraint("practice_id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    for table in ("visit_text_settings", "slot_offers", "waitlist_openings"):
        op.drop_table(table)
    op.execute("UPDATE messages SET purpose = 'care' WHERE purpose = 'appointment'")
    _purposes(tuple(name for name in PURPOSES if name != "appointment"))
