"""The eligibility clearinghouse of this process: the real one, the sandbox's when it is mounted, or none."""

from backend.core.settings import Settings
from backend.insurance.ports import EligibilityClearinghouse
from backend.integrations.eligibility_x12 import X12Eligibility


def clearinghouse(settings: Settings) -> EligibilityClearinghouse | None:
    """The adapter, or None where no address is known."""
    url = f"{settings.sandbox_url}/providers/clearinghouse/core" if settings.sandbox else settings.eligibility_url
    return X12Eligibility(url, test=settings.sandbox) if url else None
