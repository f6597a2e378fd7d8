"""Prometheus metrics of all processes; names follow prometheus.io/docs/practices/naming."""

from prometheus_client import Counter, Histogram

REQUESTS = Histogram(
    "frontdesk_http_request_seconds",
    "Time to answer",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
WEBHOOKS = Counter("frontdesk_webhooks_total", "Provider callbacks", ["provider", "outcome"])
JOBS = Counter("frontdesk_jobs_total", "Job attempts", ["kind", "outcome"])
JOB_SECONDS = Histogram("frontdesk_job_seconds", "Time of a job attempt", ["kind"])
RINGS_LOST = Counter("frontdesk_rings_lost_total", "Announcements Redis did not take; the sweep made up for them")
RECONCILED = Counter("frontdesk_reconciled_total", "Faxes found on a provider's own list only", ["provider"])
FAX_STEPS = Counter("frontdesk_fax_steps_total", "Fax pipeline steps", ["step", "outcome"])
