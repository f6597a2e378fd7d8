"""Every table, imported for Alembic and the tests."""

from sqlalchemy.orm import configure_mappers

from backend.audit import models as audit
from backend.core import documents, idempotency, inbox, jobs
from backend.core.database import Base
from backend.faxes import models as faxes
from backend.followup import models as followup
from backend.followup.sequences import models as sequences
from backend.identity import models as identity
from backend.lead_capture import models as lead_capture
from backend.lead_capture.imports import models as imports
from backend.leads import models as leads
from backend.messaging import attachment_models as attachments
from backend.messaging import models as messaging
from backend.messaging.calls import models as calls
from backend.patients import models as patients
from backend.referral_sources import models as referral_sources

MODULES = (
    attachments,
    audit,
    calls,
    documents,
    idempotency,
    inbox,
    jobs,
    faxes,
    followup,
    sequences,
    identity,
    imports,
    lead_capture,
    leads,
    messaging,
    patients,
    referral_sources,
)
metadata = Base.metadata


def resolve() -> None:
    """Resolve the foreign keys between all tables; once per process, before the first query."""
    configure_mappers()
