"""What a person may do with a letter: send it now, hold it, cancel it, send it again."""

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.jobs import set_timer
from backend.core.problems import Conflict, StaleVersion
from backend.loop import letters
from backend.loop.letters import SEND
from backend.loop.models import Letter, LetterSending

ALLOWED: Final[dict[str, tuple[str, ...]]] = {
    "waiting": ("send", "hold", "cancel"), "review": ("send", "cancel"), "failed": ("resend", "cancel"),
    "canceled": ("send",),
}  # fmt: skip
# Left out by the practice's own doing, so the practice may want it all the same.
BY_RULE: Final = frozenset({"off", "no_fax_line"})
WISHES: Final = "This referrer wishes not to be written to about this. First change how they hear from us."


class MayArriveTwice(Conflict):
    """Part of it may have reached the other machine. Carries nothing; `may_arrive_twice` says to go on."""

    type = "may-arrive-twice"
    title = "It may have arrived"


def allowed(letter: Letter) -> list[str]:
    """The verbs a person may use on it now."""
    if letter.state == "not_sent":
        return ["send"] if letter.reason in BY_RULE else []
    return list(ALLOWED.get(letter.state, ()))


def check(letter: Letter, version: int, *any_of: str) -> None:
    """Raise `StaleVersion` or `Conflict` unless one of these verbs fits."""
    if version != letter.version:
        raise StaleVersion(letter.version)
    if set(any_of) & set(allowed(letter)):
        return
    if letter.state == "not_sent":
        raise Conflict(WISHES)
    raise Conflict(SAYS.get(letter.state, "This letter is on its way."))


SAYS: Final = {
    "sent": "This letter has arrived. Write another one if there is news.",
    "joined": "This news goes out with another letter of the same patient.",
    "canceled": "This letter was canceled.",
}


async def send(session: AsyncSession, letter: Letter, version: int, *, may_arrive_twice: bool = False) -> None:
    """Now, or again. What may have arrived goes again only when a person says so. The letter is locked."""
    check(letter, version, "send", "resend")
    last = await _last(session, letter)
    if last is not None and last.reached in {"data_exchanged", "unknown"} and not may_arrive_twice:
        raise MayArriveTwice(
            "Part of this letter may have reached them. Ask them, or send it again with may_arrive_twice."
        )
    letter.state, letter.reason, letter.due_at = "waiting", None, now()
    letter.tries_from = last.number if last else 0
    await _changed(session, letter)
    await set_timer(session, SEND, letter.id, letter.due_at)


async def hold(session: AsyncSession, letter: Letter, version: int) -> None:
    """It waits for a look. The letter is locked."""
    check(letter, version, "hold")
    letter.state, letter.reason = "review", None
    await _changed(session, letter)


async def cancel(session: AsyncSession, letter: Letter, version: int) -> None:
    """It does not go. The letter is locked."""
    check(letter, version, "cancel")
    letter.state, letter.reason = "canceled", None
    await _changed(session, letter)


async def _changed(session: AsyncSession, letter: Letter) -> None:
    letter.version += 1
    await session.flush()
    letters.tell(session, letter)


async def _last(session: AsyncSession, letter: Letter) -> LetterSending | None:
    newest = (
        select(func.max(LetterSending.number))
        .where(LetterSending.practice_id == letter.practice_id, LetterSending.letter_id == letter.id)
        .scalar_subquery()
    )
    return await session.scalar(
        select(LetterSending).where(
            LetterSending.practice_id == letter.practice_id, LetterSending.letter_id == letter.id,
            LetterSending.number == newest,
        )
    )  # fmt: skip
