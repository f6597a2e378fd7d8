"""Which function runs which kind of job."""

from functools import partial

from backend.core.context import ProcessContext
from backend.core.jobs import JobHandler
from backend.faxes import pipeline, service


def job_handlers(context: ProcessContext) -> dict[str, JobHandler]:
    """Every job kind of the product."""
    return {service.PROCESS: partial(pipeline.process, context)}
