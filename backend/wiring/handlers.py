"""Which function runs which kind of job."""

from collections.abc import Mapping
from functools import partial

from backend.core.context import ProcessContext
from backend.core.jobs import JobHandler
from backend.faxes import pipeline, receiving, service
from backend.faxes.ports import FaxProvider
from backend.messaging import attachments, media, sending
from backend.messaging import receiving as texts
from backend.messaging import service as messages
from backend.wiring.text_carriers import text_carriers


def job_handlers(context: ProcessContext, providers: Mapping[str, FaxProvider]) -> dict[str, JobHandler]:
    """Every job kind of the product."""
    carriers = text_carriers(context.settings)
    return {
        messages.SEND: partial(sending.send, context, carriers),
        messages.RESOLVE: partial(sending.check, context, carriers),
        messages.RECEIVE: partial(texts.receive, context, carriers),
        messages.REPORT: partial(texts.report, context, carriers),
        messages.RECONCILE: partial(texts.reconcile, context, carriers),
        attachments.FETCH: partial(media.fetch, context, carriers),
        attachments.TIDY: partial(media.tidy, context),
        service.PROCESS: partial(pipeline.process, context, providers),
        service.RECEIVE: partial(receiving.receive, context),
        service.RECONCILE: partial(receiving.reconcile, context, providers),
        service.ACKNOWLEDGE: partial(receiving.acknowledge, context, providers),
    }
