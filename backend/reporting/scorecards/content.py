"""Gather what a scorecard says of one referrer's patients in a period."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.identity.queries import practice
from backend.loop import letters
from backend.referral_sources.models import Referrer
from backend.reporting import answering, asking
from backend.reporting.asking import Moment, Question
from backend.reporting.figures import Figure
from backend.reporting.metrics import named
from backend.reporting.scorecards import sentences
from backend.reporting.scorecards.sentences import FEWEST, Sentence


@dataclass(frozen=True, slots=True)
class Count:
    """One line of the small table; a number that could single somebody out is not printed."""

    label: str
    n: int

    @property
    def text(self) -> str:
        """As it is printed."""
        return str(self.n) if self.n == 0 or self.n >= FEWEST else f"fewer than {FEWEST}"


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Everything on the page."""

    practice: str
    referrer_id: uuid.UUID
    referrer: str
    office: str | None
    start: date
    end: date
    at: Moment | None
    sentences: Sequence[Sentence]
    counts: Sequence[Count]

    @property
    def said(self) -> int:
        """How many sentences state a figure."""
        return sum(sentence.said for sentence in self.sentences)


def usual_period(today: date) -> tuple[date, date]:
    """The twelve whole months before this one: long enough for results, whole so that months compare."""
    first = today.replace(day=1)
    return first.replace(year=first.year - 1), first - timedelta(days=1)


async def of(session: AsyncSession, referrer_id: uuid.UUID, start: date, end: date) -> Scorecard:
    """The scorecard. Raises `NotFound`; `Invalid` for a period that ends before it begins."""
    referrer = await letters.referrer_of(session, referrer_id)
    asking.check(_question("funnel", referrer, start, end))
    at = await asking.moment(session)
    told: list[Sentence] = []
    counts: list[Count] = []
    if at is not None:
        told = await _sentences(session, referrer, start, end, at)
        funnel = await _whole(session, _question("funnel", referrer, start, end), at)
        counts = [Count(part.label, part.n) for part in funnel.parts]
    ours = (await practice(session)).name
    return Scorecard(ours, referrer.id, named_as(referrer), referrer.practice_name, start, end, at, told, counts)


def named_as(referrer: Referrer) -> str:
    """`Alex Adams, MD`."""
    return ", ".join(filter(None, (referrer.name, referrer.credential)))


def _question(metric: str, referrer: Referrer, start: date, end: date, **more: Any) -> Question:
    split = more.pop("group_by", None)
    return Question(named(metric), start, end, split, {"referrer": referrer.id, **more})


async def _whole(session: AsyncSession, question: Question, at: Moment) -> Figure:
    found: Figure = (await answering.figures_of(session, question, at))[answering.WHOLE]
    return found


async def _sentences(
    session: AsyncSession, referrer: Referrer, start: date, end: date, at: Moment
) -> list[Sentence]:  # fmt: skip
    contacted = await _whole(session, _question("contacted_within_24h", referrer, start, end), at)
    visited = await _whole(session, _question("visits_per_case", referrer, start, end), at)
    improved: dict[tuple[str | None, bool], Figure] = {}
    for post_op in (True, False):
        question = _question("outcome_change", referrer, start, end, group_by="body_region", post_op=post_op)
        for region, figure in (await answering.figures_of(session, question, at)).items():
            if region is not answering.WHOLE:
                improved[(region, post_op)] = figure
    return [sentences.contact(contacted), sentences.visits(visited), sentences.outcome(improved)]
