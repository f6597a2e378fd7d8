"""Which function runs which kind of job."""

from collections.abc import Mapping
from functools import partial

from backend.core.context import ProcessContext
from backend.core.jobs import JobHandler
from backend.faxes import pipeline, receiving, service
from backend.faxes.ports import FaxProvider


def job_handlers(context: ProcessContext, providers: Mapping[str, FaxProvider]) -> dict[str, JobHandler]:
    """Every job kind of the product."""
    return {
        service.PROCESS: partial(pipeline.process, context, providers),
        service.RECEIVE: partial(receiving.receive, context),
        service.RECONCILE: partial(receiving.reconcile, context, providers),
        service.ACKNOWLEDGE: partial(receiving.acknowledge, context, providers),
    }
