"""Every table, imported for Alembic and the tests."""

from sqlalchemy.orm import configure_mappers

from backend.audit import models as audit
from backend.care import models as care
from backend.care.outcomes import models as outcomes
from backend.core import documents, idempotency, inbox, jobs
from backend.core.database import Base
from backend.faxes import models as faxes
from backend.followup import models as followup
from backend.followup.sequences import models as sequences
from backend.identity import models as identity
from backend.insurance import models as insurance
from backend.intake_forms import models as intake_forms
from backend.lead_capture import models as lead_capture
from backend.lead_capture.hl7 import models as hl7
from backend.lead_capture.imports import models as imports
from backend.lead_capture.mail import models as mail
from backend.leads import models as leads
from backend.loop import models as loop
from backend.messaging import attachment_models as attachments
from backend.messaging import models as messaging
from backend.messaging.calls import models as calls
from backend.patient_links import models as patient_links
from backend.patient_pages import models as patient_pages
from backend.patients import models as patients
from backend.referral_sources import models as referral_sources
from backend.referrer_portal import models as referrer_portal
from backend.reporting import models as reporting
from backend.reporting import saved_models as saved_reports
from backend.scheduling import appointment_models as appointments
from backend.scheduling import models as scheduling
from backend.scheduling import offer_models as slot_offers

MODULES = (
    attachments,
    audit,
    calls,
    care,
    outcomes,
    documents,
    idempotency,
    inbox,
    jobs,
    faxes,
    followup,
    sequences,
    hl7,
    identity,
    insurance,
    intake_forms,
    imports,
    lead_capture,
    mail,
    leads,
    loop,
    messaging,
    patient_links,
    patient_pages,
    patients,
    referral_sources,
    referrer_portal,
    reporting,
    saved_reports,
    appointments,
    scheduling,
    slot_offers,
)
metadata = Base.metadata


def resolve() -> None:
    """Resolve the foreign keys between all tables; once per process, before the first query."""
    configure_mappers()
