"""Assemble the application. `create_app()` without a context serves only to print the OpenAPI document."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI

from backend.api import health, live, openapi, phone_callbacks, spa, text_webhooks, voice_webhooks, webhooks
from backend.api.middleware import RequestMiddleware, SecurityHeaders
from backend.audit.routes import router as audit_router
from backend.board.in_care import router as in_care_router
from backend.board.referrer_routes import router as referrers_router
from backend.board.routes import router as board_router
from backend.care.outcomes.routes import router as outcomes_router
from backend.care.outcomes.settings_routes import router as outcome_settings_router
from backend.care.plan_routes import router as plans_of_care_router
from backend.care.routes import router as care_router
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
from backend.identity.letterhead_routes import router as letterhead_router
from backend.identity.routes import router as identity_router
from backend.insurance.routes import router as insurance_router
from backend.insurance.settings_routes import router as insurance_settings_router
from backend.intake_forms.form_routes import router as intake_forms_router
from backend.intake_forms.routes import router as intake_router
from backend.lead_capture.hl7.question_routes import router as hl7_questions_router
from backend.lead_capture.hl7.routes import router as hl7_router
from backend.lead_capture.imports.routes import router as imports_router
from backend.lead_capture.mail.routes import router as mailboxes_router
from backend.lead_capture.public_routes import embed as lead_form_router
from backend.lead_capture.public_routes import router as public_leads_router
from backend.lead_capture.routes import router as lead_capture_router
from backend.leads.duplicate_routes import router as duplicates_router
from backend.leads.evaluation_routes import router as evaluations_router
from backend.leads.merge_routes import router as merges_router
from backend.leads.routes import router as leads_router
from backend.loop.routes import router as letters_router
from backend.loop.settings_routes import router as letter_settings_router
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
from backend.patient_links.routes import router as lead_links_router
from backend.patient_pages.intake_routes import desk as intake_here_router
from backend.patient_pages.intake_routes import router as patient_intake_router
from backend.patient_pages.measure_routes import router as patient_measures_router
from backend.patient_pages.paper_routes import router as papers_router
from backend.patient_pages.routes import router as patient_links_router
from backend.patient_pages.upload_routes import router as own_papers_router
from backend.patient_pages.visit_routes import router as own_visit_router
from backend.referral_sources.office_routes import router as referrer_offices_router
from backend.referral_sources.relation_routes import router as referrer_relations_router
from backend.referral_sources.routes import router as referrer_facts_router
from backend.referrer_portal.desk_routes import router as referrer_messages_router
from backend.referrer_portal.own_routes import router as referrers_own_router
from backend.referrer_portal.routes import router as referrer_links_router
from backend.referrer_portal.signature_routes import router as plan_signatures_router
from backend.reporting.routes import router as reports_router
from backend.reporting.saved_routes import router as saved_reports_router
from backend.reporting.scorecards.routes import router as scorecards_router
from backend.scheduling.feed_routes import public as calendar_feed_router
from backend.scheduling.feed_routes import router as calendar_feeds_router
from backend.scheduling.offer_routes import router as slot_offers_router
from backend.scheduling.routes import router as scheduling_router
from backend.scheduling.rule_routes import router as scheduling_rules_router
from backend.scheduling.setup_routes import router as scheduling_setup_router
from backend.scheduling.waitlist_routes import router as waitlist_router
from backend.wiring.text_carriers import text_carriers
from backend.wiring.voice_carriers import voice_carriers

ROUTERS = (
    identity_router,
    letterhead_router,
    calendar_router,
    board_router,
    duplicates_router,
    leads_router,
    merges_router,
    lead_capture_router,
    imports_router,
    mailboxes_router,
    hl7_router,
    hl7_questions_router,
    public_leads_router,
    lead_form_router,
    evaluations_router,
    referrers_router,
    referrer_facts_router,
    referrer_offices_router,
    referrer_relations_router,
    referrer_links_router,
    referrers_own_router,
    referrer_messages_router,
    plan_signatures_router,
    scheduling_router,
    scheduling_setup_router,
    slot_offers_router,
    scheduling_rules_router,
    waitlist_router,
    calendar_feeds_router,
    calendar_feed_router,
    sequences_router,
    lead_sequences_router,
    tasks_router,
    followup_settings_router,
    intake_forms_router,
    intake_router,
    intake_here_router,
    patient_intake_router,
    patient_measures_router,
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
    patient_links_router,
    lead_links_router,
    insurance_router,
    letters_router,
    letter_settings_router,
    care_router,
    in_care_router,
    plans_of_care_router,
    insurance_settings_router,
    outcomes_router,
    outcome_settings_router,
    own_papers_router,
    own_visit_router,
    papers_router,
    reports_router,
    saved_reports_router,
    scorecards_router,
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
