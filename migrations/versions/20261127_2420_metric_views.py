"""One view per metric and version: the rows it counts. What each means in words is in `backend/reporting/metrics`.

A view is never changed once released: another definition is another version, with a view of its own.
"""

from alembic import op
from tenancy import APP

revision = "20261127_2420"
down_revision = "20261127_2410"

SPLIT = "location_id, clinician_id, referrer_id, source, payer, body_region, procedure, post_op"
LEADS = f"lead_id AS row_id, lead_id, received_on AS on_day, {SPLIT}, excluded"
STARTED = f"episode_id AS row_id, lead_id, started_on AS on_day, {SPLIT}, NULL::text AS excluded"
ENDED = STARTED.replace("started_on AS", "ended_on AS")
FAXES = (
    "fax_id AS row_id, lead_id, received_on AS on_day, location_id, channel AS source, "
    "CASE status WHEN 'rejected' THEN 'rejected' WHEN 'failed' THEN 'unreadable' END AS excluded"
)
SCORES = (
    f"md5(episode_id::text || instrument || point)::uuid AS row_id, episode_id, lead_id, over_on AS on_day, {SPLIT}, "
    "instrument, point, main, excluded"
)
WITHIN = "1 AS tries, coalesce(({moment} < received_at + interval '{span}')::int, 0) AS hits"
EVER = "1 AS tries, ({moment} IS NOT NULL)::int AS hits"
WAIT = (
    "received_at AS began_at, {moment} AS ended_at, CASE WHEN {moment} IS NULL THEN closed_at END AS stopped_at, "
    "{minutes} AS minutes"
)
WALL = "NULL::int"
KNOWN_REASONS = (
    "'Went to another clinic','Could not be reached','Insurance not accepted','Declined therapy',"
    "'Too far or no suitable time','No response'"
)
REASON = (
    "1 AS tries, (lost_reason IS NOT NULL)::int AS hits, "
    f"CASE WHEN lost_reason IN ({KNOWN_REASONS}) THEN lost_reason WHEN lost_reason IS NOT NULL THEN 'Other reason' END "
    "AS part"
)
NOT_NOTED = "coalesce(excluded, CASE WHEN first_visit_outcome IS NULL THEN 'not_noted' END) AS excluded"
FIRST_VISIT = LEADS.replace("received_on AS on_day", "first_visit_on AS on_day").replace("excluded", NOT_NOTED)
NO_REFERRER = "coalesce(excluded, CASE WHEN referrer_id IS NULL THEN 'no_referrer' END) AS excluded"
REFERRED = LEADS.replace("excluded", NO_REFERRER)
# What happened to a referral, and the letter that told of it.
LAG = """
SELECT l.practice_id, md5(l.lead_id::text || told.what)::uuid AS row_id, l.lead_id, l.received_on AS on_day, l.location_id,
  l.clinician_id, l.referrer_id, l.source, l.payer, l.body_region, l.procedure, l.post_op,
  coalesce(l.excluded, CASE WHEN l.referrer_id IS NULL THEN 'no_referrer' END) AS excluded, told.happened_at AS began_at,
  told.at AS ended_at, NULL::timestamptz AS stopped_at, NULL::int AS minutes
FROM lead_facts l
CROSS JOIN LATERAL (VALUES ('received', l.received_at, l.received_letter_at),
  ('scheduled', l.booked_at, l.scheduled_letter_at), ('seen', l.evaluated_at, l.seen_letter_at)
) told(what, happened_at, at)
WHERE told.at IS NOT NULL AND told.happened_at IS NOT NULL
"""
KEPT = "attended + no_shows + late_cancels"
ALL = f"{KEPT} + cancels + clinic_cancels"
MISSED = "no_shows + late_cancels + cancels + clinic_cancels"
# Name: what identifies and splits its rows, what is counted, where from, which of them.
VIEWS: dict[str, tuple[str, str, str, str]] = {
    "time_to_first_attempt": (LEADS, WAIT.format(moment="attempt_at", minutes="attempt_minutes"), "lead_facts", ""),
    "time_to_first_attempt_wall": (LEADS, WAIT.format(moment="attempt_at", minutes=WALL), "lead_facts", ""),
    "time_to_contact": (LEADS, WAIT.format(moment="contact_at", minutes="contact_minutes"), "lead_facts", ""),
    "time_to_contact_wall": (LEADS, WAIT.format(moment="contact_at", minutes=WALL), "lead_facts", ""),
    "time_to_schedule": (LEADS, WAIT.format(moment="booked_at", minutes=WALL), "lead_facts", ""),
    "time_to_evaluation": (LEADS, WAIT.format(moment="evaluated_at", minutes=WALL), "lead_facts", ""),
    "attempted_within_1h": (LEADS, WITHIN.format(moment="attempt_at", span="1 hour"), "lead_facts", ""),
    "attempted_within_24h": (LEADS, WITHIN.format(moment="attempt_at", span="24 hours"), "lead_facts", ""),
    "contacted_within_1h": (LEADS, WITHIN.format(moment="contact_at", span="1 hour"), "lead_facts", ""),
    "contacted_within_24h": (LEADS, WITHIN.format(moment="contact_at", span="24 hours"), "lead_facts", ""),
    "contact_rate": (LEADS, EVER.format(moment="contact_at"), "lead_facts", ""),
    "schedule_rate": (LEADS, EVER.format(moment="booked_at"), "lead_facts", ""),
    "conversion_rate": (LEADS, EVER.format(moment="evaluated_at"), "lead_facts", ""),
    "acceptance_rate": (LEADS, EVER.format(moment="accepted_at"), "lead_facts", "evaluated_at IS NOT NULL"),
    "completion_rate": (LEADS, EVER.format(moment="completed_on"), "lead_facts", ""),
    "funnel": (LEADS, "reached AS step", "lead_facts", ""),
    "lost_reasons": (LEADS, REASON, "lead_facts", ""),
    "told_received": (REFERRED, EVER.format(moment="received_letter_at"), "lead_facts", ""),
    "told_scheduled": (REFERRED, EVER.format(moment="scheduled_letter_at"), "lead_facts", "booked_at IS NOT NULL"),
    "told_seen": (REFERRED, EVER.format(moment="seen_letter_at"), "lead_facts", "evaluated_at IS NOT NULL"),
    "told_outcome": (REFERRED, EVER.format(moment="outcome_letter_at"), "lead_facts", "discharged_on IS NOT NULL"),
    "evaluation_arrival_rate": (
        FIRST_VISIT, "1 AS tries, (first_visit_outcome = 'attended')::int AS hits", "lead_facts",
        "first_visit_on IS NOT NULL",
    ),
    "visits_per_case": (ENDED, "attended::float AS value", "episode_facts", "ended_on IS NOT NULL"),
    "plan_completion_rate": (
        ENDED, "1 AS tries, (discharge_reason IN ('goals_met','plan_finished'))::int AS hits", "episode_facts",
        "ended_on IS NOT NULL",
    ),
    "self_discharge_rate": (STARTED, "1 AS tries, quiet_since AS lapse_on", "episode_facts", ""),
    "early_dropout_rate": (
        STARTED,
        "1 AS tries, coalesce(attended <= 3 AND discharge_reason IN ('patient_choice','no_return'), false)::int AS hits",
        "episode_facts", "",
    ),
    "outcome_change": (SCORES, "improvement AS value", "outcome_facts", ""),
    "outcome_mcid_rate": (
        SCORES,
        "(reached IS NOT NULL)::int AS tries, coalesce(reached, false)::int AS hits, (score IS NULL)::int AS lost",
        "outcome_facts", "",
    ),
    "outcome_lost_rate": (SCORES, "1 AS tries, (score IS NULL)::int AS hits", "outcome_facts", ""),
    "fax_untouched_rate": (FAXES, "1 AS tries, (NOT reviewed)::int AS hits", "fax_facts", "status <> 'needs_review'"),
    "fax_field_accuracy": (
        FAXES, "fields AS tries, fields - corrected AS hits", "fax_facts", "reviewed AND status = 'filed' AND fields > 0"
    ),
    "fax_touches": (FAXES, "(reviewed::int + corrected)::float AS value", "fax_facts", "status <> 'needs_review'"),
    "time_to_file": (
        FAXES, "received_at AS began_at, filed_at AS ended_at, NULL::timestamptz AS stopped_at, NULL::int AS minutes",
        "fax_facts", "",
    ),
    "staff_touches": (
        "user_id AS row_id, NULL::uuid AS lead_id, day AS on_day, NULL::uuid AS location_id, user_id AS person_id, "
        "NULL::text AS excluded",
        "(calls + bookings + moves + other)::float AS value", "staff_days", "",
    ),
    "overdue_tasks": (
        "t.id AS row_id, t.lead_id, t.created_at::date AS on_day, l.location_id, t.owner_user_id AS person_id, "
        "NULL::text AS excluded",
        "1 AS tries, t.due_at AS lapse_at",
        "tasks t LEFT JOIN leads l ON l.practice_id = t.practice_id AND l.id = t.lead_id", "t.done_at IS NULL",
    ),
}  # fmt: skip
# Counted by month; whole months come from here, the days at a period's ends from the rows below.
VISITS = {
    "visit_arrival_rate": f"{KEPT} AS tries, attended AS hits",
    "no_show_rate": f"{KEPT} AS tries, no_shows AS hits",
    "cancel_no_show_rate": f"{ALL} AS tries, {MISSED} AS hits",
}
VISIT_MONTHS = f"NULL::uuid AS row_id, NULL::uuid AS lead_id, month AS on_day, {SPLIT}, NULL::text AS excluded"
VISIT_ROWS = """
SELECT v.practice_id, v.id AS row_id, f.lead_id, v.day AS on_day, v.location_id, v.clinician_id, f.referrer_id, f.source,
  f.payer, f.body_region, f.procedure, f.post_op, NULL::text AS excluded, {tries} AS tries, {hits} AS hits
FROM visits v LEFT JOIN episode_facts f ON f.practice_id = v.practice_id AND f.episode_id = v.episode_id
"""
HELD = "(v.state IN ('attended','no_show','late_cancel'))::int"
VISIT_CELLS = {
    "visit_arrival_rate": (HELD, "(v.state = 'attended')::int"),
    "no_show_rate": (HELD, "(v.state = 'no_show')::int"),
    "cancel_no_show_rate": ("1", "(v.state <> 'attended')::int"),
}
TEXTS = "NULL::uuid AS row_id, NULL::uuid AS lead_id, day AS on_day, location_id, NULL::text AS excluded"
TEXT_ROWS = """
SELECT m.practice_id, m.id AS row_id, m.lead_id, (m.sent_at AT TIME ZONE p.timezone)::date AS on_day, c.location_id,
  NULL::text AS excluded, 1 AS tries, (m.status = 'delivered')::int AS hits
FROM messages m JOIN practices p ON p.id = m.practice_id
JOIN conversations c ON c.practice_id = m.practice_id AND c.id = m.conversation_id
WHERE m.direction = 'out' AND m.sent_at IS NOT NULL AND m.status IN ('delivered','undelivered','failed')
"""


def _view(name: str, sql: str) -> None:
    op.execute(f"CREATE VIEW metric_{name} WITH (security_invoker = true) AS {sql}")
    op.execute(f"GRANT SELECT ON metric_{name} TO {APP}")


def _names() -> list[str]:
    rolled = [*VISITS, "text_delivery_rate"]
    return [*(f"{name}_v1" for name in (*VIEWS, "time_to_tell", *rolled)), *(f"{name}_v1_rows" for name in rolled)]


def upgrade() -> None:
    for name, (rows, counted, source, which) in VIEWS.items():
        practice = "t.practice_id" if " t " in source else "practice_id"
        where = f" WHERE {which}" if which else ""
        _view(f"{name}_v1", f"SELECT {practice}, {rows}, {counted} FROM {source}{where}")
    _view("time_to_tell_v1", LAG)
    for name, counted in VISITS.items():
        _view(f"{name}_v1", f"SELECT practice_id, {VISIT_MONTHS}, {counted} FROM visit_facts")
        tries, hits = VISIT_CELLS[name]
        _view(f"{name}_v1_rows", VISIT_ROWS.format(tries=tries, hits=hits))
    _view("text_delivery_rate_v1", f"SELECT practice_id, {TEXTS}, texts AS tries, delivered AS hits FROM text_days")
    _view("text_delivery_rate_v1_rows", TEXT_ROWS)


def downgrade() -> None:
    for name in _names():
        op.execute(f"DROP VIEW metric_{name}")
