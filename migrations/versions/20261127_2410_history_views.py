"""What facts are made of: one view per kind of fact, over the history. `refresh.py` copies their rows into tables."""

from alembic import op
from tenancy import APP

revision = "20261127_2410"
down_revision = "20261127_2400"

# Everything that happened to a lead, also to those that became part of it.
EVENTS = "lead_events e WHERE e.practice_id = l.practice_id AND e.lead_id = ANY (own.ids)"
CONTACT = """(e.kind = 'replied' AND e.detail ->> 'said' IS DISTINCT FROM 'wrong_person')
        OR (e.kind = 'call' AND e.detail ->> 'outcome' = 'reached')
        OR (e.kind = 'called_us' AND e.detail ->> 'outcome' = 'answered')"""
# A lead that was merged, opened twice, or asked for what the practice does not do is no referral.
EXCLUDED = """CASE WHEN l.merged_into IS NOT NULL THEN 'merged'
         WHEN lower(l.lost_reason) = 'duplicate referral' THEN 'duplicate'
         WHEN lower(l.lost_reason) = 'not for this practice' THEN 'out_of_scope' END"""
LEADS = f"""
CREATE VIEW history_of_leads WITH (security_invoker = true) AS
SELECT l.practice_id, l.id AS lead_id, l.location_id, coalesce(ep.clinician_id, visit.clinician_id) AS clinician_id,
  came.referrer_id, l.source, cover.payer_name AS payer, coalesce(ep.body_region, ordered.body_part) AS body_region,
  coalesce(ep.procedure, ordered.procedure) AS procedure,
  coalesce(ep.procedure, ordered.procedure) IS NOT NULL
    OR coalesce(ep.surgery_date, ordered.surgery_date) IS NOT NULL AS post_op,
  {EXCLUDED} AS excluded,
  CASE WHEN s."group" = 'lost' THEN l.lost_reason END AS lost_reason,
  first.outcome AS first_visit_outcome,
  l.opened_at AS received_at, (l.opened_at AT TIME ZONE zone.name)::date AS received_on,
  least(h.attempt_at, contact.at) AS attempt_at, contact.at AS contact_at,
  least(booked.at, evaluated.at) AS booked_at, evaluated.at AS evaluated_at, care.came_back_at AS accepted_at,
  CASE WHEN l.merged_into IS NOT NULL OR s."group" = 'lost' THEN l.closed_at END AS closed_at,
  CASE WHEN ep.discharge_reason IN ('goals_met','plan_finished') THEN ep.ended_on END AS completed_on,
  ep.ended_on AS discharged_on,
  (first.starts_at AT TIME ZONE zone.name)::date AS first_visit_on,
  CASE WHEN ep.discharge_reason IN ('goals_met','plan_finished') THEN 5
       WHEN care.came_back_at IS NOT NULL THEN 4 WHEN evaluated.at IS NOT NULL THEN 3
       WHEN booked.at IS NOT NULL THEN 2 WHEN contact.at IS NOT NULL THEN 1 ELSE 0 END AS reached,
  told.received_letter_at, told.scheduled_letter_at, told.seen_letter_at, told.outcome_letter_at
FROM leads l
JOIN practices p ON p.id = l.practice_id
JOIN stages s ON s.practice_id = l.practice_id AND s.key = l.stage
LEFT JOIN locations place ON place.practice_id = l.practice_id AND place.id = l.location_id
LEFT JOIN episodes ep ON ep.practice_id = l.practice_id AND ep.lead_id = l.id
CROSS JOIN LATERAL (SELECT coalesce(place.timezone, p.timezone) AS name) zone
CROSS JOIN LATERAL (SELECT ARRAY(
  SELECT l.id UNION ALL SELECT m.id FROM leads m WHERE m.practice_id = l.practice_id AND m.merged_into = l.id) AS ids) own
LEFT JOIN LATERAL (
  SELECT o.referrer_id FROM referral_orders o WHERE o.practice_id = l.practice_id AND o.lead_id = l.id
    AND o.referrer_id IS NOT NULL ORDER BY o.created_at, o.id LIMIT 1) came ON true
LEFT JOIN LATERAL (
  SELECT o.body_part, o.procedure, o.surgery_date FROM referral_orders o WHERE o.practice_id = l.practice_id
    AND o.lead_id = l.id ORDER BY o.created_at DESC, o.id DESC LIMIT 1) ordered ON true
LEFT JOIN LATERAL (
  SELECT c.payer_name FROM coverages c WHERE c.practice_id = l.practice_id AND c.patient_id = l.patient_id
    AND c.rank = 'primary' AND c.active LIMIT 1) cover ON true
LEFT JOIN LATERAL (
  SELECT a.clinician_id FROM appointments a WHERE a.practice_id = l.practice_id AND a.lead_id = l.id
    AND a.status <> 'held' ORDER BY a.starts_at, a.id LIMIT 1) visit ON true
LEFT JOIN LATERAL (
  SELECT min(v.scheduled_at) AS evaluated_at, (array_agg(v.scheduled_at ORDER BY v.scheduled_at, v.id))[2] AS came_back_at
  FROM visits v WHERE v.practice_id = ep.practice_id AND v.episode_id = ep.id AND v.state = 'attended') care ON true
CROSS JOIN LATERAL (
  SELECT min(w.at) FILTER (WHERE w.kind = 'received') AS received_letter_at,
    min(w.at) FILTER (WHERE w.kind = 'scheduled') AS scheduled_letter_at,
    min(w.at) FILTER (WHERE w.kind = 'seen') AS seen_letter_at,
    min(w.at) FILTER (WHERE w.kind = 'discharge') AS outcome_letter_at
  FROM (SELECT w.kind, coalesce(w.sent_at, j.sent_at) AS at FROM letters w
        LEFT JOIN letters j ON j.practice_id = w.practice_id AND j.id = w.joined_into
        WHERE w.practice_id = l.practice_id AND w.lead_id = l.id) w) told
CROSS JOIN LATERAL (
  SELECT min(e.at) FILTER (WHERE e.kind IN ('call','texted') OR e.detail ->> 'attempt' = 'true') AS attempt_at,
    min(e.at) FILTER (WHERE {CONTACT}) AS contact_at,
    min(e.at) FILTER (WHERE e.kind = 'evaluation_booked') AS visit_booked_at,
    min(e.at) FILTER (WHERE e.to_stage = 'scheduled') AS moved_at,
    min(e.at) FILTER (WHERE e.kind = 'evaluation_attended') AS attended_at,
    max(e.at) FILTER (WHERE e.to_stage IS NOT NULL) AS stage_at
  FROM {EVENTS}) h
LEFT JOIN LATERAL (
  SELECT e.kind, e.at FROM {EVENTS} AND e.at >= h.visit_booked_at
    AND e.kind IN ('evaluation_attended','evaluation_missed','evaluation_canceled') ORDER BY e.at, e.id LIMIT 1
  ) ended ON true
LEFT JOIN LATERAL (
  SELECT (e.detail ->> 'at')::timestamptz AS starts_at, replace(ended.kind, 'evaluation_', '') AS outcome
  FROM {EVENTS} AND e.kind = 'evaluation_booked' AND e.at <= coalesce(ended.at, 'infinity')
  ORDER BY e.at DESC, e.id DESC LIMIT 1) first ON true
LEFT JOIN LATERAL (
  SELECT (e.detail ->> 'at')::timestamptz AS starts_at FROM {EVENTS} AND e.kind = 'evaluation_booked'
    AND e.at <= h.attended_at ORDER BY e.at DESC, e.id DESC LIMIT 1) came_to ON true
CROSS JOIN LATERAL (SELECT least(h.visit_booked_at, h.moved_at) AS at) booked
CROSS JOIN LATERAL (SELECT coalesce(care.evaluated_at, came_to.starts_at, h.attended_at,
    ep.started_on::timestamp AT TIME ZONE zone.name, CASE WHEN s."group" = 'won' THEN h.stage_at END) AS at) evaluated
CROSS JOIN LATERAL (SELECT coalesce(h.contact_at, least(booked.at, evaluated.at)) AS at) contact
"""
EPISODES = """
CREATE VIEW history_of_episodes WITH (security_invoker = true) AS
SELECT ep.practice_id, ep.id AS episode_id, ep.lead_id, coalesce(ep.location_id, lead.location_id) AS location_id,
  coalesce(ep.clinician_id, lead.clinician_id) AS clinician_id, coalesce(ep.referrer_id, lead.referrer_id) AS referrer_id,
  coalesce(lead.source, 'import') AS source, cover.payer_name AS payer, ep.body_region, ep.procedure,
  ep.procedure IS NOT NULL OR ep.surgery_date IS NOT NULL AS post_op,
  ep.started_on, ep.ended_on, ep.discharge_reason, coalesce(seen.attended, 0) AS attended, seen.last_on AS last_visit_on,
  CASE WHEN ep.state = 'active' THEN greatest(ep.started_on, seen.last_on, ahead.booked_until) END AS quiet_since
FROM episodes ep
JOIN practices p ON p.id = ep.practice_id
LEFT JOIN locations place ON place.practice_id = ep.practice_id AND place.id = ep.location_id
LEFT JOIN lead_facts lead ON lead.practice_id = ep.practice_id AND lead.lead_id = ep.lead_id
LEFT JOIN LATERAL (
  SELECT c.payer_name FROM coverages c WHERE c.practice_id = ep.practice_id AND c.patient_id = ep.patient_id
    AND c.rank = 'primary' AND c.active LIMIT 1) cover ON true
LEFT JOIN LATERAL (
  SELECT count(*) AS attended, max(v.day) AS last_on FROM visits v
  WHERE v.practice_id = ep.practice_id AND v.episode_id = ep.id AND v.state = 'attended') seen ON true
LEFT JOIN LATERAL (
  SELECT max((a.starts_at AT TIME ZONE coalesce(place.timezone, p.timezone))::date) AS booked_until FROM appointments a
  WHERE a.practice_id = ep.practice_id AND a.patient_id = ep.patient_id AND a.status IN ('booked','confirmed')) ahead
  ON true
"""
VISITS = """
CREATE VIEW history_of_visits WITH (security_invoker = true) AS
SELECT v.practice_id, v.episode_id, date_trunc('month', v.day)::date AS month,
  row_number() OVER (PARTITION BY v.practice_id, v.episode_id, date_trunc('month', v.day)
                     ORDER BY v.location_id, v.clinician_id) AS part,
  v.location_id, v.clinician_id, f.referrer_id, f.source, f.payer, f.body_region, f.procedure, f.post_op,
  count(*) FILTER (WHERE v.state = 'attended') AS attended, count(*) FILTER (WHERE v.state = 'no_show') AS no_shows,
  count(*) FILTER (WHERE v.state = 'late_cancel') AS late_cancels,
  count(*) FILTER (WHERE v.state = 'canceled') AS cancels,
  count(*) FILTER (WHERE v.state = 'clinic_canceled') AS clinic_cancels
FROM visits v JOIN episode_facts f ON f.practice_id = v.practice_id AND f.episode_id = v.episode_id
GROUP BY v.practice_id, v.episode_id, date_trunc('month', v.day), v.location_id, v.clinician_id, f.referrer_id, f.source,
  f.payer, f.body_region, f.procedure, f.post_op
"""
# A field a person changed keeps what was read at its place as the first candidate; one they added has no text.
FAXES = """
CREATE VIEW history_of_faxes WITH (security_invoker = true) AS
SELECT x.practice_id, x.id AS fax_id, read.lead_id, x.location_id, x.channel, x.status, x.received_at,
  (x.received_at AT TIME ZONE coalesce(place.timezone, p.timezone))::date AS received_on, x.filed_at,
  EXISTS (SELECT 1 FROM fax_steps t WHERE t.practice_id = x.practice_id AND t.fax_id = x.id AND t.step = 'needs_review')
    AS reviewed,
  coalesce(read.fields, 0) AS fields, coalesce(read.corrected, 0) AS corrected
FROM faxes x
JOIN practices p ON p.id = x.practice_id
LEFT JOIN locations place ON place.practice_id = x.practice_id AND place.id = x.location_id
LEFT JOIN LATERAL (
  SELECT (array_agg(g.lead_id ORDER BY g.index) FILTER (WHERE g.lead_id IS NOT NULL))[1] AS lead_id,
    sum(k.fields) AS fields, sum(k.corrected) AS corrected
  FROM fax_segments g CROSS JOIN LATERAL (
    SELECT count(*) AS fields, count(*) FILTER (WHERE f.value ->> 'source' = 'person'
        AND (f.value ->> 'text' = '' OR (f.value #> '{candidates,0,text}' = f.value -> 'text'
          AND f.value #> '{candidates,0,box}' = f.value -> 'box'
          AND f.value #> '{candidates,0,normal}' <> f.value -> 'normal'))) AS corrected
    FROM jsonb_each(g.fields) f) k
  WHERE g.practice_id = x.practice_id AND g.fax_id = x.id) read ON true
WHERE x.status IN ('filed','needs_review','rejected','failed') AND x.duplicate_of IS NULL
"""
VIEWS = ("history_of_leads", "history_of_episodes", "history_of_visits", "history_of_faxes")


def upgrade() -> None:
    for statement in (LEADS, EPISODES, VISITS, FAXES):
        op.execute(statement)
    op.execute(f"GRANT SELECT ON {', '.join(VIEWS)} TO {APP}")


def downgrade() -> None:
    for view in reversed(VIEWS):
        op.execute(f"DROP VIEW {view}")
