"""Assemble the application. `create_app()` without a context serves only to print the OpenAPI document."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI

from backend.api import health, live, openapi, phone_callbacks, spa, text_webhooks, voice_webhooks, webhooks
from backend.api.middleware import RequestMiddleware, SecurityHeaders
from backend.audit.routes import router as audit_router
from backend.board.routes import router as board_router
from backend.core import problems
from backend.core.context import ProcessContext
from backend.faxes.line_routes import router as fax_lines_router
from backend.faxes.ports import FaxProvider
from backend.faxes.review_routes import router as fax_review_router
from backend.faxes.routes import router as faxes_router
from backend.followup.routes import router as tasks_router
from backend.followup.sequences.lead_routes import router as lead_sequences_router
from backend.followup.sequences.routes import router as sequences_router
from backend.followup.settings_routes import router as followup_settings_router
from backend.identity.calendar_routes import router as calendar_router
from backend.identity.routes import router as identity_router
from backend.leads.evaluation_routes import router as evaluations_router
from backend.leads.routes import router as leads_router
from backend.messaging.attachment_routes import public as linked_media_router
from backend.messaging.attachment_routes import router as attachments_router
from backend.messaging.calls.routes import router as calls_router
from backend.messaging.consent_routes import router as consents_router
from backend.messaging.inbox_routes import router as inbox_router
from backend.messaging.line_routes import router as phone_lines_router
from backend.messaging.routes import router as messages_router
from backend.messaging.settings_routes import router as messaging_settings_router
from backend.messaging.template_routes import router as templates_router
from backend.operations.routes import router as operations_router
from backend.scheduling.feed_routes import public as calendar_feed_router
from backend.scheduling.feed_routes import router as calendar_feeds_router
from backend.scheduling.routes import router as scheduling_router
from backend.scheduling.rule_routes import router as scheduling_rules_router
from backend.scheduling.setup_routes import router as scheduling_setup_router
from backend.scheduling.waitlist_routes import router as waitlist_router
from backend.wiring.text_carriers import text_carriers
from backend.wiring.voice_carriers import voice_carriers

ROUTERS = (
    identity_router,
    calendar_router,
    board_router,
    leads_router,
    evaluations_router,
    scheduling_router,
    scheduling_setup_router,
    scheduling_rules_router,
    waitlist_router,
    calendar_feeds_router,
    calendar_feed_router,
    sequences_router,
    lead_sequences_router,
    tasks_router,
    followup_settings_router,
    messages_router,
    attachments_router,
    linked_media_router,
    consents_router,
    calls_router,
    inbox_router,
    messaging_settings_router,
    phone_lines_router,
    templates_router,
    faxes_router,
    fax_review_router,
    fax_lines_router,
    operations_router,
    audit_router,
)
Providers = Mapping[str, FaxProvider]
Lifespan = Callable[[], AbstractAsyncContextManager[tuple[ProcessContext, Providers]]]


def create_app(open_process: Lifespan | None = None) -> FastAPI:
    """The application; `open_process` yields what the process needs and closes it at shutdown."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if open_process is None:
            yield
            return
        async with open_process() as (context, providers):
            serve_with(app, context, providers)
            yield

    app = FastAPI(
        title="Frontdesk",
        version="1.0.0",
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url="/api/docs",
        redoc_url=None,
        description=openapi.DESCRIPTION,
        responses=openapi.RESPONSES,
    )
    problems.install(app)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestMiddleware)
    # Callbacks first: carriers wait two seconds at most, and routers are tried in order.
    routers = (webhooks.router, text_webhooks.router, voice_webhooks.router, *ROUTERS, live.router, health.router)
    for router in routers:
        app.include_router(router)
    openapi.install(app, routers)
    return app


def serve_with(app: FastAPI, context: ProcessContext, providers: Providers) -> None:
    """Give the application what its requests borrow from."""
    app.state.context = context
    app.state.webhooks = webhooks.Lines(context, providers)
    app.state.text_carriers = text_carriers(context.settings)
    app.state.texts = phone_callbacks.Lines(context, app.state.text_carriers)
    app.state.voice = voice_carriers(context.settings)


def serve_spa(app: FastAPI) -> None:
    """Everything not named elsewhere is the SPA; call last."""
    spa.install(app)
