"""Write letters: one per kind and event, gathered with other news of the same hour, then sent by a job."""

import secrets
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.ids import new_id
from backend.core.jobs import set_timer
from backend.core.problems import NotFound
from backend.loop import rules
from backend.loop.kinds import NEWS, Kind
from backend.loop.models import Letter
from backend.referral_sources.models import Referrer

SEND: Final = "loop.send"
# Without the letters and digits that look alike after a fax.
LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH: Final = 20


def new_code() -> str:
    """Twenty letters and digits by chance, 98 bits: nobody guesses one, and it says nothing of anybody."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


async def write(
    session: AsyncSession,
    kind: Kind,
    *,
    referrer_id: uuid.UUID,
    lead_id: uuid.UUID | None = None,
    episode_id: uuid.UUID | None = None,
    ref_id: uuid.UUID | None = None,
    document: uuid.UUID | None = None,
    cause: str | None = None,
    asks: Sequence[dict[str, Any]] = (),
    note: str | None = None,
    at_once: bool = False,
) -> Letter:
    """Write a letter, once per `cause` (by default the kind and what it is about); a repeat returns the first.

    It is rendered and sent by a job, as the practice's rules and the referrer's preference say. `document` is a PDF
    that is there already. `at_once`: a person asked for it and sees it, so it neither waits nor gathers.
    """
    chosen, referrer = await rules.settings(session), await referrer_of(session, referrer_id)
    cause = cause or f"{kind}:{ref_id or episode_id or lead_id or referrer_id}"
    letter_id, made = new_id(), now()
    facts = {
        "practice_id": practice_of(session), "id": letter_id, "kind": kind, "cause": cause,
        "referrer_id": referrer.id, "lead_id": lead_id, "episode_id": episode_id, "ref_id": ref_id,
        "document_id": document, "asks": list(asks), "note": note, "code": new_code(), "state": "waiting",
        "due_at": made if at_once else made + timedelta(minutes=chosen.gather_minutes),
        "written_by": actor_of(session).name, "created_at": made,
    }  # fmt: skip
    written = insert(Letter).values(facts).on_conflict_do_nothing(index_elements=["practice_id", "cause"])
    new = (await session.execute(written.returning(Letter.id))).scalar()
    if new is None:
        return await _of_cause(session, cause)
    letter = await session.get_one(Letter, (practice_of(session), letter_id))
    await _place(session, letter, referrer, "automatic" if at_once else rules.rule_of(chosen, kind))
    await session.flush()
    tell(session, letter)
    return letter


async def _place(session: AsyncSession, letter: Letter, referrer: Referrer, rule: str) -> None:
    """What becomes of a new letter."""
    if reason := await rules.quiet(session, referrer, letter.kind):
        letter.state, letter.reason = "not_sent", reason
    elif rule == "off":
        letter.state, letter.reason = "not_sent", "off"
    elif (earlier := await _gathering(session, letter)) is not None:
        letter.state, letter.joined_into = "joined", earlier.id
        earlier.version += 1
        tell(session, earlier)
    elif rule == "review":
        letter.state = "review"
    else:
        await set_timer(session, SEND, letter.id, letter.due_at)


async def _gathering(session: AsyncSession, letter: Letter) -> Letter | None:
    """The letter of the same lead that waits for more news. One that is just being sent is left alone."""
    if letter.kind not in NEWS or letter.lead_id is None:
        return None
    return await session.scalar(
        select(Letter)
        .where(Letter.practice_id == letter.practice_id, Letter.lead_id == letter.lead_id, Letter.id != letter.id)
        .where(Letter.referrer_id == letter.referrer_id, Letter.kind.in_(NEWS))
        .where(Letter.state.in_(("waiting", "review")), Letter.document_id.is_(None))
        .order_by(Letter.created_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


async def referrer_of(session: AsyncSession, referrer_id: uuid.UUID) -> Referrer:
    """The referrer, or the one they were merged into."""
    found = await session.get(Referrer, (practice_of(session), referrer_id))
    if found is None:
        raise NotFound("There is no such referrer in this practice.")
    return found if found.merged_into is None else await referrer_of(session, found.merged_into)


async def _of_cause(session: AsyncSession, cause: str) -> Letter:
    found = await session.scalar(
        select(Letter).where(Letter.practice_id == practice_of(session), Letter.cause == cause)
    )
    assert found is not None
    return found


async def locked(session: AsyncSession, letter_id: uuid.UUID) -> Letter | None:
    """The letter as it is now, locked until commit."""
    return await session.scalar(
        select(Letter)
        .where(Letter.practice_id == practice_of(session), Letter.id == letter_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def tell(session: AsyncSession, letter: Letter) -> None:
    """Tell other screens, once committed."""
    tell_live(session, [LiveEvent("letter.changed", str(letter.id), letter.version, actor_of(session).mutation_id)])
