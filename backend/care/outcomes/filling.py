"""The patient's side: open the questions, keep answers as they are given, hand them in once.

Who writes on two phones at a time: the later answer to a measure wins, and nothing else is touched.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from backend.care.measures.catalog import INSTRUMENTS, Key
from backend.care.measures.scoring import problems
from backend.care.outcomes import asking, recording, settings
from backend.care.outcomes.models import OutcomeRequest
from backend.care.outcomes.recording import Taken, Whose
from backend.care.outcomes.settings import Wordings
from backend.core.clock import now
from backend.core.problems import Conflict, Invalid
from backend.leads import history
from backend.patient_links import service as links

LONGEST_ACTIVITY: Final = 120


class HandedIn(Conflict):
    """The answers have been handed in and can no longer be changed."""

    type = "measure-submitted"
    title = "The answers have been sent"

    def __init__(self) -> None:
        super().__init__("You have sent these answers. Call us if something must be changed.")


class NothingAnswered(Invalid):
    """Not one answer is there."""

    type = "measure-empty"
    title = "Nothing is answered"

    def __init__(self) -> None:
        super().__init__("Answer at least one question first.")


@dataclass(frozen=True, slots=True)
class Given:
    """What is answered of one measure so far."""

    items: list[int | None]
    activities: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A request with the questions of its licensed measures."""

    request: OutcomeRequest
    wordings: Wordings


async def begin(session: AsyncSession, request_id: uuid.UUID) -> Opened:
    """Open it. Raises `HandedIn`."""
    request = await _writable(session, request_id)
    if request.state != "started":
        request.state, request.sent_at = "started", request.sent_at or now()
        await session.flush()
        asking.tell(session, request)
    return Opened(request, await settings.wordings(session))


async def _writable(session: AsyncSession, request_id: uuid.UUID) -> OutcomeRequest:
    request = await asking.locked(session, request_id)
    if request.state == "done":
        raise HandedIn
    if request.state == "canceled":
        raise Conflict("These questions need not be answered any more.")
    return request


async def save(session: AsyncSession, request_id: uuid.UUID, given: Mapping[str, Given]) -> OutcomeRequest:
    """Keep these answers, whole measures at a time. Raises `Invalid`; then nothing is kept."""
    request = await _writable(session, request_id)
    asked = {one["key"]: one for one in request.measures}
    if errors := [error for key, answers in given.items() for error in _wrong(asked.get(key), key, answers)]:
        raise Invalid("Some answers cannot be kept; see errors.", errors=errors)
    kept = {key: {"items": answers.items, "activities": answers.activities} for key, answers in given.items()}
    request.answers = request.answers | kept
    request.revision += 1
    await session.flush()
    return request


def _wrong(asked: Mapping[str, Any] | None, key: str, given: Given) -> list[tuple[str, str]]:
    if asked is None:
        return [("/answers/?", "this is not asked here")]
    found = []
    one = INSTRUMENTS[asked["key"]]
    if len(given.items) > most_items(asked):
        found.append((f"/answers/{key}/items", f"at most {most_items(asked)}"))
    elif given.items:
        wrong = problems(one.key, [*given.items, *[None] * (most_items(asked) - len(given.items))])
        found += [(f"/answers/{key}/items/{index}", what) for index, what in wrong if index is not None]
    if given.activities is not None and (key != "psfs" or len(given.activities) != len(given.items)):
        found.append((f"/answers/{key}/activities", "as many as items, and only of own activities"))
    return found


def most_items(asked: Mapping[str, Any]) -> int:
    """How many answers this measure has as it is asked."""
    if asked["key"] == "nprs":
        return 3
    return len(asked.get("activities") or ()) or INSTRUMENTS[asked["key"]].most_items


def percent(request: OutcomeRequest) -> int:
    """How much of it is answered."""
    if request.state == "done":
        return 100
    wanted = given = 0
    for asked in request.measures:
        # Of own activities three are enough.
        count = 3 if asked["key"] == "psfs" and not asked.get("activities") else most_items(asked)
        items = (request.answers.get(asked["key"]) or {}).get("items", [])
        wanted += count
        given += min(sum(item is not None for item in items), count)
    return 100 * given // wanted if wanted else 0


async def submit(session: AsyncSession, request_id: uuid.UUID, language: str) -> OutcomeRequest:
    """Hand it in, once; a second time changes nothing. Raises `NothingAnswered`."""
    # Links before the request, as in news of the carrier; all of it is undone if something is missing.
    for link_id in await asking.link_ids(session, request_id):
        await links.use(session, link_id)
    request = await asking.locked(session, request_id)
    if request.state == "done":
        return request
    request = await _writable(session, request_id)
    taken = [found for asked in request.measures if (found := await _taken(session, request, asked, language))]
    if not taken:
        raise NothingAnswered
    for one in taken:
        await recording.record(session, Whose(request.patient_id, request.episode_id, request.lead_id), one)
    request.state, request.submitted_at = "done", now()
    await session.flush()
    if request.lead_id is not None:
        history.note(session, request.lead_id, "questions_answered")
    asking.tell(session, request)
    return request


async def _taken(
    session: AsyncSession, request: OutcomeRequest, asked: Mapping[str, Any], language: str
) -> Taken | None:
    """What was answered of one measure; None where nothing was."""
    key: Key = asked["key"]
    kept = request.answers.get(key) or {}
    items, activities = kept.get("items", []), kept.get("activities")
    if all(item is None for item in items):
        return None
    if key == "psfs":
        items, activities = _rated(items, asked.get("activities") or activities)
    else:
        items = [*items, *[None] * (most_items(asked) - len(items))]
    return Taken(
        instrument=key, items=items, source="patient", version=asked["version"], activities=activities,
        occasion=request.occasion, language=await _language(session, key, request, language), request_id=request.id,
    )  # fmt: skip


def _rated(items: Sequence[int | None], activities: Sequence[str] | None) -> tuple[list[int | None], list[str]]:
    """Activities that have words, with their ratings; an empty line is no activity."""
    pairs = [
        (item, name.strip()[:LONGEST_ACTIVITY])
        for item, name in zip([*items, *[None] * 5], activities or (), strict=False)
        if name.strip()
    ]
    return [item for item, _ in pairs], [name for _, name in pairs]


async def _language(session: AsyncSession, key: Key, request: OutcomeRequest, language: str) -> str:
    """That of the words the patient read: licensed ones may exist in one language alone."""
    known = (await settings.wordings(session)).get(key)
    return language if known is None or language in known else request.language
