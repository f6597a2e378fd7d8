"""Send patients their questions: by the practice's plan, or because somebody wants to know now.

One timer per episode, which reads the episode when it fires. Nothing is written that could not go out at once, so a
patient who wakes up after the weekend finds one question, not three.
"""

import uuid
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import service as care
from backend.care.measures.catalog import Key
from backend.care.models import Episode, Visit
from backend.care.outcomes import asking, settings
from backend.care.outcomes.due import Course, due, next_day
from backend.care.outcomes.models import OutcomeRequest
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.jobs import JobRun, set_timer
from backend.core.problems import Conflict, NotFound
from backend.leads import history
from backend.leads.models import Lead
from backend.messaging import facts, placeholders, standard
from backend.messaging import service as messages
from backend.messaging.models import Conversation
from backend.messaging.service import NewText
from backend.patient_links import marks
from backend.patients.models import Patient

ASK: Final = "outcomes.ask"
TEMPLATE: Final = "measure_link"
# When time alone makes something due, at an hour at which people look at their phones.
AT: Final = time(10)
AGAIN: Final = timedelta(days=1)
NO_THREAD: Final = "This patient has no phone number, or the practice no line for texts. Enter the answers here."


async def watch(session: AsyncSession, episode_id: uuid.UUID) -> None:
    """Something about the episode is otherwise: its timer looks at once."""
    if (await settings.of_practice(session)).by_text:
        await set_timer(session, ASK, episode_id, now())


async def look_again(run: JobRun) -> None:
    """The practice chose otherwise: every episode it may still concern is looked at."""
    async with run.transaction() as session:
        recent = now().date() - timedelta(days=31)
        rows = await session.scalars(
            select(Episode.id).where(
                Episode.practice_id == run.practice_id, (Episode.state == "active") | (Episode.ended_on >= recent)
            )
        )
        for episode_id in rows:
            await watch(session, episode_id)
        await run.finish(session)


async def ask(run: JobRun) -> None:
    """The timer: ask what is due, and wait for what comes next."""
    async with run.transaction() as session:
        following = await _look(session, run.ref_id)
        if following is None:
            await run.finish(session)
        else:
            await run.again(session, following)


async def _look(session: AsyncSession, episode_id: uuid.UUID) -> datetime | None:
    """When to look again. A thread that would be begun for a text that does not go now is undone."""
    chosen = await settings.of_practice(session)
    seen = await session.get(Episode, (practice_of(session), episode_id))
    if seen is None or not chosen.by_text:
        return None
    undo = await session.begin_nested()
    sent, following = await _act(session, seen)
    await (undo.commit() if sent else undo.rollback())
    return following


async def _act(session: AsyncSession, seen: Episode) -> tuple[bool, datetime | None]:
    """Locks the thread first, as every text does; then the lead and the episode."""
    conversation = await _thread(session, seen)
    episode = await care.locked(session, seen.id)
    plan, course = settings.plan_of(await settings.of_practice(session)), await _course(session, episode)
    while conversation is not None and (found := due(plan, course)) is not None:
        verdict = await facts.verdict(session, conversation, "appointment", automatic=True)
        if verdict.action != "send":
            return False, verdict.until or now() + AGAIN
        request = await asking.prepare(session, episode, found)
        if request is not None:
            await send(session, request, conversation, automatic=True)
            return True, await _moment(session, episode, next_day(plan, await _course(session, episode)))
        # Nothing to ask for this reason; there may be another.
        course = replace(course, asked={*course.asked, found.key})
    return False, await _moment(session, episode, next_day(plan, course))


async def _course(session: AsyncSession, episode: Episode) -> Course:
    attended = await session.scalar(
        select(func.count()).where(
            Visit.practice_id == episode.practice_id, Visit.episode_id == episode.id, Visit.state == "attended"
        )
    )
    known = await asking.of_episode(session, episode.id)
    zone = await care.zone_of(session, episode.location_id)
    days = [one.created_at.astimezone(zone).date() for one in known if one.state != "canceled"]
    return Course(
        day=now().astimezone(zone).date(), started_on=episode.started_on, ended_on=episode.ended_on,
        attended=attended or 0, asked=frozenset(one.due_key for one in known), last_asked=max(days, default=None),
    )  # fmt: skip


async def _moment(session: AsyncSession, episode: Episode, day: date | None) -> datetime | None:
    return datetime.combine(day, AT, await care.zone_of(session, episode.location_id)) if day else None


async def _thread(session: AsyncSession, episode: Episode) -> Conversation | None:
    """The patient's thread with the clinic, locked; None without a phone or a line."""
    patient = await session.get(Patient, (practice_of(session), episode.patient_id))
    line = await messages.line_for(session, episode.location_id)
    if patient is None or patient.phone is None or line is None:
        return None
    conversation = await messages.with_phone(session, line, patient.phone, episode.location_id)
    await messages.link(session, conversation.id, [patient.id])
    return conversation


async def send(
    session: AsyncSession, request: OutcomeRequest, conversation: Conversation, *, automatic: bool = False
) -> None:
    """Text the request's link, in its language. The conversation is locked."""
    mark = marks.mark((await asking.new_link(session, request)).id)
    template = f"{TEMPLATE}_es" if request.language == "es" else TEMPLATE
    body = await standard.text(session, template, conversation, exact=True, more={TEMPLATE: mark})
    text = NewText(body, "appointment", request.lead_id, automatic=automatic)
    request.message_id = (await messages.write(session, conversation, text)).id
    await session.flush()
    if request.lead_id is not None:
        history.note(session, request.lead_id, "questions_sent")
    asking.tell(session, request)


async def send_now(session: AsyncSession, episode_id: uuid.UUID, wanted: list[Key] | None) -> OutcomeRequest:
    """What a person wants asked now. Raises `NotFound`, `Invalid`, `Conflict` where no text can be written."""
    conversation = await _thread(session, await care.get(session, episode_id))
    if conversation is None:
        raise Conflict(NO_THREAD)
    request = await asking.ask_now(session, episode_id, wanted)
    await send(session, request, conversation)
    return request


async def send_again(session: AsyncSession, request_id: uuid.UUID) -> OutcomeRequest:
    """The same questions once more, with a fresh link. Raises `NotFound`, `Conflict`."""
    seen = await session.get(OutcomeRequest, (practice_of(session), request_id))
    if seen is None or seen.episode_id is None:
        raise NotFound(asking.MISSING)
    conversation = await _thread(session, await care.get(session, seen.episode_id))
    request = await asking.locked(session, request_id)
    if request.state not in asking.RUNNING:
        raise Conflict("These questions are answered or canceled. Send new ones.")
    if conversation is None:
        raise Conflict(NO_THREAD)
    await send(session, request, conversation)
    return request


def provide() -> None:
    """`{measure_link}` is a fresh link to the questions of the lead's episode, prepared if need be."""
    placeholders.provide(TEMPLATE, _link, marks.sample)


async def _link(session: AsyncSession, _: Conversation, lead: Lead) -> str:
    episode = await care.of_lead(session, lead.id)
    if episode is None:
        raise Conflict("This patient is not in care yet: there is nothing to ask them about.")
    known = [one for one in await asking.of_episode(session, episode.id) if one.state in asking.RUNNING]
    request = known[0] if known else await asking.ask_now(session, episode.id, None)
    return marks.mark((await asking.new_link(session, request)).id)
