"""Help for who writes a text: the practice's templates filled in, and what should not be in it."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.problems import Conflict
from backend.identity.queries import practice
from backend.leads.models import Lead
from backend.messaging import consent, facts, service, standard
from backend.messaging.gate import Verdict
from backend.messaging.models import Conversation, Message
from backend.messaging.placeholders import samples
from backend.messaging.schemas import CheckOut, FilledTemplate, FilledTemplatePage, LeadTexting, VerdictOut
from backend.messaging.segments import segments
from backend.messaging.templates import FIRST, PLACEHOLDER, fill, lint
from backend.messaging.visit_templates import ANSWERS as VISIT_ANSWERS

# Sent by the rules in answer to a word of the patient; never chosen by a person.
ANSWERS: Final = frozenset({"stopped", "started", "help", "wrong_person"}) | VISIT_ANSWERS
CONSENT_REQUEST: Final = "consent_request"


async def templates(session: AsyncSession, conversation: Conversation) -> FilledTemplatePage:
    """Every text a person may pick, as this conversation would get it."""
    rows = await standard.templates(session)
    known, brand = await standard.facts(session, conversation), (await practice(session)).name
    items = []
    for row in rows:
        if row.key in ANSWERS:
            continue
        body = fill(row.body, known)
        problems = lint(body, first=row.key in FIRST, brand=brand)
        count = segments(fill(body, samples()))
        items.append(FilledTemplate(id=row.key, name=row.name, body=body, segments=count, problems=problems))
    return FilledTemplatePage(items=items)


async def check(session: AsyncSession, conversation: Conversation, body: str) -> CheckOut:
    """What the linter says about a text a person has written."""
    spoken = select(Message.id).where(
        Message.practice_id == practice_of(session), Message.conversation_id == conversation.id,
        Message.direction != "note", Message.status.not_in(("blocked", "canceled")),
    )  # fmt: skip
    return await checked(session, body, first=await session.scalar(spoken.limit(1)) is None)


async def checked(session: AsyncSession, body: str, *, first: bool) -> CheckOut:
    """Only the first text of a thread must name us and say STOP."""
    brand = (await practice(session)).name
    problems = [problem.replace("use {practice}", f"“{brand}”") for problem in lint(body, first=first, brand=brand)]
    filled = PLACEHOLDER.sub(lambda found: samples().get(found.group(1), found.group(0)), body)
    if found := PLACEHOLDER.search(filled):
        problems.append(f"{found.group(0)} would be sent as it stands. Write the words themselves.")
    return CheckOut(problems=problems, segments=segments(filled))


async def before_the_first(session: AsyncSession, lead: Lead) -> LeadTexting:
    """What texting this lead's patient would meet. Begins no conversation: all of it is rolled back."""
    if await service.line_for(session, lead.location_id) is None:
        verdict = VerdictOut.model_validate(Verdict("block", "no_line"))
        return LeadTexting(consent="none", verdict=verdict, templates=[])
    trial = await session.begin_nested()
    try:
        conversation = await service.of_lead(session, lead)
        return LeadTexting(
            consent=await consent.state(session, conversation.phone),
            verdict=VerdictOut.model_validate(await facts.verdict(session, conversation, "care")),
            templates=(await templates(session, conversation)).items,
        )
    finally:
        await trial.rollback()


async def may_ask(session: AsyncSession, conversation: Conversation) -> None:
    """A number is asked for consent once. Raises `Conflict` when it has been asked, or has answered."""
    if await consent.state(session, conversation.phone) != "none":
        raise Conflict("This number was asked already, or has answered. See its consent.")
