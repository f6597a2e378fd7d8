"""Whether those who refer hear what became of their patients."""

from backend.reporting.metrics.contact import RECEIVED
from backend.reporting.metrics.definition import NO_REFERRALS, Metric

REFERRED = (*NO_REFERRALS, "leads nobody referred")
LETTER = "Told: a letter went out by fax, as e-mail or to the portal, and was delivered there."


def _told(key: str, title: str, of: str, matured_days: int) -> Metric:
    return Metric(
        key=key, title=title, words=f"Of the {of}, the share whose referrer was told. {LETTER}",
        formula=f"referrals with a letter sent ÷ {of}", cohort=RECEIVED, family="loop", kind="share", unit="share",
        matured_days=matured_days, exclusions=REFERRED, better="higher",
    )  # fmt: skip


METRICS = (
    _told("told_received", "Referrer told: received", "referrals received", 1),
    _told("told_scheduled", "Referrer told: scheduled", "referrals given a first visit", 30),
    _told("told_seen", "Referrer told: seen", "referrals whose first visit took place", 60),
    _told("told_outcome", "Referrer told: outcome", "referrals discharged from care", 60),
    Metric(
        key="time_to_tell", title="Time until the referrer is told",
        words="How long after it happened (received, scheduled, seen) the letter that told of it went out, by the "
        "clock. Only news that was told is counted; how much was not, the shares beside say.",
        formula="median of (letter sent − what it tells of)", cohort=RECEIVED, family="loop", kind="wait",
        unit="minutes", exclusions=REFERRED, better="lower",
    ),
)  # fmt: skip
