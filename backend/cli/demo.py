"""The demo: a practice with people, fax lines in the sandbox, and referrals in every stage. All invented."""

import argparse
import asyncio
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.cli import demo_care, demo_insurance, demo_mailbox, demo_referrers
from backend.cli.demo_outcomes import seed_scores
from backend.cli.demo_schedule import seed_schedule
from backend.cli.environment import settings_with_servers
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.phones import e164
from backend.core.settings import Settings
from backend.faxes import lines, receiving
from backend.faxes.decoding import sniff
from backend.faxes.models import FaxLine
from backend.faxes.service import receive_document
from backend.identity import api_keys, permissions, service
from backend.identity.models import ApiKey, Location, Practice
from backend.identity.queries import practice_key
from backend.launcher.services import stop_services
from backend.leads import orders
from backend.leads import service as leads
from backend.leads.service import NewLead
from backend.loop import rules as letter_rules
from backend.messaging import lines as phone_lines
from backend.messaging import receiving as texts
from backend.messaging.models import PhoneLine
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from backend.patients.service import CoverageFacts
from backend.referral_sources.service import ReferrerFacts
from backend.sandbox import samples
from backend.sandbox.accounts import load_accounts, load_twilio
from backend.sandbox.samples.people import Person, invent
from backend.wiring.process import open_process

SLUG = "northside"
DESK_PHONE = "+12175550199"
PASSWORD = "frontdesk demo 2026"
PEOPLE = (
    ("owner@northside.example.org", "Olivia Owner", "owner"),
    ("dana@northside.example.org", "Dana Desk", "front_desk"),
    ("cleo@northside.example.org", "Cleo Clinician", "clinician"),
    ("lia@northside.example.org", "Lia Liaison", "liaison"),
)
CLINICS = {
    "Lakeside Clinic": ("25 Lake Drive, Springfield, IL 62703", "+12175550198"),
    "North Clinic": ("100 Main Street, Springfield, IL 62701", "+12175550199"),
}
# Nobody who tries it out waits half an hour for a letter.
GATHER_MINUTES = 1
PATHS = (
    (), (), ("no_answer",), ("reached",), ("left_message",), ("reached", "scheduled"), ("reached", "scheduled"),
    ("reached", "scheduled", "intake_sent"), ("reached", "scheduled", "intake_sent", "first_visit_complete"), (),
    ("reached",),
)  # fmt: skip
FAXES = (("packet", "text_pdf", 101), ("order_form", "fine", 102), ("doctor_letter", "standard_noisy", 103),
         ("two_patients", "fine", 104), ("advertisement", "fine", 105))  # fmt: skip


def no_options(_: argparse.ArgumentParser) -> None:
    """Steered by the environment."""


def seed_demo(_: argparse.Namespace) -> int:
    """Make the demo practice in the configured or embedded database."""
    settings, services = settings_with_servers()
    try:
        print(asyncio.run(seed(settings)))
    finally:
        if services:
            stop_services(services)
    return 0


async def seed(settings: Settings) -> str:
    """Make what is missing of the demo; returns how to sign in."""
    async with open_process(settings) as context:
        async with context.database.system() as session:
            practice_id = await session.scalar(select(Practice.id).where(Practice.slug == SLUG))
        if practice_id is None:
            practice_id = await _practice(context)
            await _referrals(context, practice_id)
            await _faxes(context, practice_id)
        async with context.database.transaction(practice_id) as session:
            await seed_schedule(session)
        await demo_insurance.seed(context, practice_id)
        await demo_care.seed(context, practice_id)
        async with context.database.transaction(practice_id) as session:
            await seed_scores(session)
        await demo_referrers.seed(context, practice_id)
        await _lines(context, practice_id)
        await _phone_line(context, practice_id)
        await demo_mailbox.seed(context, practice_id)
        await _api_key(context, practice_id)
    who = "\n".join(f"    {email:32} ({role.replace('_', ' ')})" for email, _, role in PEOPLE)
    return f"  demo sign-ins, all with the password “{PASSWORD}”:\n{who}"


async def _practice(context: ProcessContext) -> UUID:
    async with context.database.system() as session:
        practice = await service.create_practice(
            session, context.keyring, name="Northside Physical Therapy", slug=SLUG, timezone="America/Chicago"
        )
    async with context.database.transaction(practice.id) as session:
        for name, (address, phone) in CLINICS.items():
            await service.create_location(session, name=name, timezone="America/Chicago", address=address, phone=phone)
        await letter_rules.change(session, 0, {}, GATHER_MINUTES)
        for email, name, role in PEOPLE:
            await service.create_user(session, email=email, name=name, password=PASSWORD, role=role)
    return practice.id


async def _referrals(context: ProcessContext, practice_id: UUID) -> None:
    async with context.database.transaction(practice_id) as session:
        clinics = (await session.scalars(select(Location.id).where(Location.practice_id == practice_id))).all()
    for number, path in enumerate(PATHS):
        person = invent(number, now().date())
        async with context.database.transaction(practice_id) as session:
            await _referral(session, person, clinics[number % len(clinics)], path, number)


async def _referral(session: AsyncSession, person: Person, clinic: UUID, path: tuple[str, ...], number: int) -> None:
    facts = PatientFacts(
        first_name=person.first, middle_name=person.middle or None, last_name=person.last, dob=person.dob,
        sex="F" if person.sex == "Female" else "M", phone=person.phone,
        address=f"{person.street}, {person.city}, {person.state} {person.zip}",
    )  # fmt: skip
    patient = await patients.create(session, facts)
    await patients.cover(session, patient.id, [CoverageFacts("primary", person.payer, person.member_id, person.group)])
    source = ("fax", "phone", "fax", "web_form", "walk_in")[number % 5]
    lead = await leads.open_lead(
        session,
        NewLead(
            patient.id, source, clinic, "urgent" if number % 4 == 1 else "routine", now() - timedelta(hours=number * 7)
        ),
    )
    referrer = ReferrerFacts(person.provider, "MD", person.npi, person.office, fax=e164(person.office_fax))
    await orders.add(session, lead, orders.OrderFacts(
        referrer=referrer, referral_date=person.ordered, diagnosis_text=person.diagnosis, icd10_codes=(person.icd10,),
        body_part=person.body_part, side=person.side, discipline="PT", evaluate_and_treat=True, signed=True,
        frequency_per_week=person.frequency, duration_weeks=person.weeks, procedure=person.procedure,
        surgery_date=person.surgery, precautions=person.precautions or None,
    ))  # fmt: skip
    for step in path:
        if step in {"reached", "left_message", "no_answer"}:
            await leads.log_call(session, lead.id, step, None)
        else:
            await leads.move(session, lead.id, stage=step, version=lead.version)


async def _faxes(context: ProcessContext, practice_id: UUID) -> None:
    async with context.database.transaction(practice_id) as session:
        key = await practice_key(session, context)
    for layout, condition, seed_number in FAXES:
        data, _ = samples.draw(layout, condition, seed_number)
        stored = await context.documents.put(practice_id, key, data, sniff(data) or "application/pdf")
        async with context.database.transaction(practice_id) as session:
            await receive_document(session, stored, channel="upload", from_number="+13125550142")


async def _lines(context: ProcessContext, practice_id: UUID) -> None:
    accounts = load_accounts(context.settings.data / "sandbox")
    async with context.database.transaction(practice_id) as session:
        known = await session.scalars(select(FaxLine.account_key).where(FaxLine.practice_id == practice_id))
        missing = {account.account_key for account in accounts} - set(known)
        key = await practice_key(session, context)
        for account in accounts:
            if account.account_key in missing:
                line = await lines.add_line(
                    session, key, provider=account.provider, account_key=account.account_key, number=account.number,
                    secrets=account.secrets,
                )  # fmt: skip
                await receiving.plan_reconcile(session, context, line)


async def _phone_line(context: ProcessContext, practice_id: UUID) -> None:
    account = load_twilio(context.settings.data / "sandbox")
    async with context.database.transaction(practice_id) as session:
        known = await session.scalar(select(PhoneLine.id).where(PhoneLine.account_key == account.account_key))
        if known is None:
            line = await phone_lines.add_line(
                session, await practice_key(session, context), account_key=account.account_key, number=account.number,
                secrets=account.credentials,
            )  # fmt: skip
            line.forward_to = DESK_PHONE
            await texts.plan_reconcile(session, context, line)


async def _api_key(context: ProcessContext, practice_id: UUID) -> None:
    wanted = context.settings.demo_api_key.get_secret_value()
    if not wanted:
        return
    async with context.database.transaction(practice_id) as session:
        known = await session.scalar(select(ApiKey.id).where(ApiKey.key_hash == api_keys.hash_key(wanted)))
        if known is None:
            api_keys.create(session, "demo", sorted(permissions.ALL), wanted)
