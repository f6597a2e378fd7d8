"""Which function runs which kind of job."""

from collections.abc import Mapping
from functools import partial

from backend.care.outcomes import settings as outcome_settings
from backend.care.outcomes import texts as outcome_texts
from backend.core.context import ProcessContext
from backend.core.jobs import JobHandler
from backend.faxes import pipeline, receiving, sent, service
from backend.faxes.ports import FaxProvider
from backend.followup import breaches, care, escalation, evaluations, inactivity
from backend.followup.sequences import engine
from backend.followup.sequences import service as sequences
from backend.insurance import asking, authorizations, eligibility, verification
from backend.intake_forms import filling as intake
from backend.intake_forms import texts as intake_texts
from backend.intake_forms.pdf import job as intake_pdf
from backend.integrations.hl7_mllp.reading import Hl7Reader
from backend.lead_capture.hl7 import receiving as hl7
from backend.lead_capture.hl7 import taking as hl7_taking
from backend.lead_capture.imports import jobs as import_jobs
from backend.lead_capture.imports import service as imports
from backend.lead_capture.mail import polling as mail
from backend.lead_capture.mail import taking as mail_taking
from backend.loop import letters
from backend.loop import reports as letter_reports
from backend.loop import sending as letter_sending
from backend.messaging import alarms, attachments, media, resuming, sending
from backend.messaging import receiving as texts
from backend.messaging import service as messages
from backend.messaging.calls import jobs as voice
from backend.messaging.calls import service as calls
from backend.operations import pruning
from backend.patient_pages import card_job, uploads
from backend.patient_pages.papers import SentPapers
from backend.patients import jobs as patient_jobs
from backend.patients import service as patients
from backend.reporting import refresh as reports
from backend.reporting import saved as saved_reports
from backend.reporting.scorecards import batches as scorecards
from backend.scheduling import acting, booking, filling, reminders, upkeep
from backend.wiring.eligibility import clearinghouse
from backend.wiring.mail import mailer
from backend.wiring.mailboxes import mail_tokens, mailbox
from backend.wiring.text_carriers import text_carriers
from backend.wiring.voice_carriers import voice_carriers


def job_handlers(context: ProcessContext, providers: Mapping[str, FaxProvider]) -> dict[str, JobHandler]:
    """Every job kind of the product."""
    carriers, voices = text_carriers(context.settings), voice_carriers(context.settings)
    return {
        patients.COMPARE: patient_jobs.compare,
        pruning.PRUNE: pruning.prune,
        imports.RUN: partial(import_jobs.run, context),
        hl7.TAKE: partial(hl7_taking.take, context, Hl7Reader()),
        mail.POLL: partial(mail.poll, context, mailbox(context.settings), mail_tokens(context.settings)),
        mail.TAKE: partial(mail_taking.take, context),
        messages.SEND: partial(sending.send, context, carriers),
        messages.RESOLVE: partial(sending.check, context, carriers),
        messages.RECEIVE: partial(texts.receive, context, carriers),
        messages.REPORT: partial(texts.report, context, carriers),
        messages.RECONCILE: partial(texts.reconcile, context, carriers),
        attachments.FETCH: partial(media.fetch, context, carriers),
        sequences.BEGIN: engine.begin,
        sequences.STEP: engine.step,
        evaluations.CHECK: evaluations.check,
        inactivity.CHECK: inactivity.check,
        care.CHECK: care.check,
        alarms.RESUME: resuming.resume,
        intake.MAKE_PDF: partial(intake_pdf.make, context, SentPapers()),
        intake_texts.REMIND: intake_texts.remind,
        outcome_texts.ASK: outcome_texts.ask,
        outcome_settings.LOOK_AGAIN: outcome_texts.look_again,
        **dict.fromkeys((calls.BEGAN, calls.RUNG, calls.ENDED, calls.RECORDED), partial(voice.take, context, voices)),
        calls.SETTLE: partial(voice.settle, context, voices),
        calls.FETCH: partial(voice.fetch, context, voices),
        calls.FORGET: partial(voice.forget, context, voices),
        calls.RECONCILE: partial(voice.reconcile, context, voices),
        booking.FORGET_HOLD: upkeep.forget_hold,
        eligibility.ASK: partial(asking.ask, context, clearinghouse(context.settings)),
        verification.PERIOD: verification.period_ends,
        authorizations.WATCH: authorizations.look,
        reminders.REMIND: reminders.remind,
        reminders.LOOK_AGAIN: reminders.look_again,
        filling.FILL: filling.fill,
        acting.TELL_GONE: filling.tell_gone,
        reports.REFRESH: partial(reports.refresh, context),
        saved_reports.RUN: saved_reports.run,
        scorecards.PREPARE: scorecards.prepare,
        scorecards.SEND: partial(scorecards.send_all, context),
        breaches.FIRST_CONTACT: breaches.fire,
        escalation.ESCALATE: escalation.fire,
        attachments.TIDY: partial(media.tidy, context),
        uploads.READ: partial(card_job.read_card, context),
        letters.SEND: partial(letter_sending.send, context, providers, mailer(context.settings)),
        letter_sending.CHECK: partial(letter_sending.check, context, providers),
        sent.REPORT: partial(letter_reports.take, context, providers),
        service.PROCESS: partial(pipeline.process, context, providers),
        service.RECEIVE: partial(receiving.receive, context),
        service.RECONCILE: partial(receiving.reconcile, context, providers),
        service.ACKNOWLEDGE: partial(receiving.acknowledge, context, providers),
    }
