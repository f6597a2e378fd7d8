"""Let the month pass: arrivals, patients' replies, the desk's looks and due timers, in the order of their times."""

import heapq
import itertools
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from backend.bench.month.desk import Desk
from backend.bench.month.oracle import Sent, Verdicts, judge
from backend.bench.month.people import Person, invent
from backend.bench.month.world import World, open_world
from backend.core.context import ProcessContext
from backend.sandbox.carriers.twilio.texts import Text

# A Monday far enough ahead that no time of this machine is taken for a simulated one; summer time begins that Sunday.
BEGIN = datetime(2031, 3, 3, 6, tzinfo=UTC)
LOOK = timedelta(minutes=30)
# What the carrier did not tell us of is found by the next comparison with its list.
LISTED_AFTER = timedelta(hours=4)
DESK = ZoneInfo("America/Chicago")
FAULTS = ("callback_before_201", "reordered", "lost_callbacks", "duplicate", "api_500", "api_429", "inbound_lost")


@dataclass(frozen=True, slots=True)
class Chaos:
    """How much goes wrong. `kill`: share of jobs whose worker dies; the rest: times a day."""

    kill: float = 0.0
    faults: int = 0
    cut_connections: int = 0
    flush_redis: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """How the month ended."""

    leads: int
    open_leads: int
    without_next_step: int
    texts: int
    unlawful: list[str]
    duplicates: list[str]
    lost_texts: int
    attempted_24h: float
    contacted_24h: float
    booked: int
    won: int
    lost: int
    dead_jobs: int
    stuck_texts: int
    jobs: int
    kills: int


async def simulate(
    context: ProcessContext, admin_url: str, folder: Path, *, leads: int = 400, days: int = 30, seed: int = 1,
    chaos: Chaos | None = None,
) -> Figures:  # fmt: skip
    """One month. The database must hold nothing else."""
    people = invent(leads, seed, BEGIN, max(1, days - 4))
    async with open_world(context, admin_url, folder, BEGIN) as world:
        month = Month(world, people, seed, chaos or Chaos())
        await month.pass_by(BEGIN + timedelta(days=days))
        return await month.figures()


class Month:
    """The list of what will happen, and what has been said."""

    def __init__(self, world: World, people: list[Person], seed: int, chaos: Chaos) -> None:
        self._world, self._people, self._chaos = world, people, chaos
        self._dice, self._order = random.Random(seed), itertools.count()
        self._coming: list[tuple[datetime, int, Callable[[], Awaitable[None]]]] = []
        self._by_lead: dict[str, Person] = {}
        self._by_phone = {person.phone: person for person in people}
        self._said = defaultdict[str, list[tuple[datetime, str]]](list)
        self._seen: set[str] = set()
        self._lost: dict[str, tuple[str, str]] = {}
        self._desk = Desk(world.http, self._by_lead, seed)

    async def pass_by(self, end: datetime) -> None:
        """Until `end`."""
        for person in self._people:
            self._plan(person.opened_at, partial(self._arrive, person))
        self._plan(BEGIN, self._day)
        while (at := await self._next()) is not None and at < end:
            self._world.at = max(self._world.at, at)
            while self._coming and self._coming[0][0] <= self._world.at:
                await heapq.heappop(self._coming)[2]()
            await self._world.work(self._dice, self._chaos.kill)
            self._hear()
            await self._find_lost()

    def _plan(self, at: datetime, what: Callable[[], Awaitable[None]]) -> None:
        heapq.heappush(self._coming, (at, next(self._order), what))

    async def _next(self) -> datetime | None:
        due = await self._world.next_due()
        return min(filter(None, (due, self._coming[0][0] if self._coming else None)), default=None)

    async def _day(self) -> None:
        """A day's looks, and its troubles."""
        midnight = self._world.at.astimezone(DESK).replace(hour=0, minute=0, second=0, microsecond=0)
        morning = midnight.replace(hour=8)
        if morning.weekday() < 5:
            for number in range(20):
                self._plan(morning + number * LOOK, self._look)
        troubles = (
            (self._chaos.faults, self._fault), (self._chaos.cut_connections, self._cut),
            (self._chaos.flush_redis, self._flush),
        )  # fmt: skip
        for count, trouble in troubles:
            for _ in range(count):
                self._plan(morning + timedelta(minutes=self._dice.uniform(0, 700)), trouble)
        self._plan(midnight + timedelta(days=1), self._day)

    async def _look(self) -> None:
        await self._desk.look(self._world.at)

    async def _arrive(self, person: Person) -> None:
        body = {
            "source": person.source, "location_id": self._world.clinics[person.clinic], "urgency": person.urgency,
            "patient": {"first_name": person.first, "last_name": person.last, "phone": person.phone,
                        "address": person.address},
        }  # fmt: skip
        headers = {"Idempotency-Key": f"arrival-{person.number}"}
        answer = await self._world.http.post("/api/v1/leads", json=body, headers=headers)
        if answer.status_code >= 500:
            self._plan(self._world.at + timedelta(minutes=1), partial(self._arrive, person))
            return
        answer.raise_for_status()
        person.lead_id = answer.json()["id"]
        self._by_lead[person.lead_id] = person

    def _hear(self) -> None:
        """What arrived on phones since the last time, and what people will say to it."""
        for text in list(self._world.sandbox.twilio.texts.values()):
            if text.sid in self._seen:
                continue
            self._seen.add(text.sid)
            person = self._by_phone.get(text.to)
            if person is not None and text.direction != "inbound" and text.status == "delivered":
                for at, said in person.react(text.body, self._world.at):
                    self._plan(at, partial(self._say, person, said))

    async def _say(self, person: Person, said: str) -> None:
        carrier = self._world.sandbox.twilio
        losing = carrier.faults.left().get("inbound_lost", 0)
        text = carrier.bring(person.phone, said)
        if carrier.faults.left().get("inbound_lost", 0) < losing:
            self._lost[text.sid] = person.phone, said
        else:
            self._said[person.phone].append((self._world.at, said))
        await self._world.sandbox.twilio.quiet()

    async def _find_lost(self) -> None:
        """What the carrier never told us counts as said once its own list has: nobody can heed it before."""
        for sid in list(self._lost):
            if await self._world.admin.fetchval("SELECT count(*) FROM messages WHERE external_id = $1", sid):
                phone, said = self._lost.pop(sid)
                self._said[phone].append((self._world.at, said))

    async def _fault(self) -> None:
        self._world.sandbox.twilio.faults.ask(self._dice.choice(FAULTS), 1, None)

    async def _cut(self) -> None:
        """The database drops every connection of the application."""
        await self._world.admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'frontdesk%'"
        )

    async def _flush(self) -> None:
        await self._world.context.redis.flushall()

    def _judged(self) -> tuple[list[Sent], Verdicts]:
        ours = [text for text in self._world.sandbox.twilio.texts.values() if text.direction != "inbound"]
        sent = sorted((_sent(text) for text in ours), key=lambda text: text.at)
        return sent, judge(self._people, sent, self._said)

    async def figures(self) -> Figures:
        """Counted in the database and in the carrier's log."""
        sent, verdicts = self._judged()
        row = await self._world.admin.fetchrow(ENDED)
        heard = await self._world.admin.fetch("SELECT external_id FROM messages WHERE direction = 'in'")
        known, listed = {line["external_id"] for line in heard}, self._world.at - LISTED_AFTER
        lost = [
            text
            for text in self._world.sandbox.twilio.texts.values()
            if text.direction == "inbound" and text.at < listed and text.sid not in known
        ]
        return Figures(
            leads=row["leads"], open_leads=row["open"], without_next_step=row["aimless"], texts=len(sent),
            unlawful=verdicts.unlawful, duplicates=verdicts.duplicates, lost_texts=len(lost),
            attempted_24h=round(row["attempted"] / row["leads"], 3),
            contacted_24h=round(row["contacted"] / row["leads"], 3), booked=row["booked"], won=row["won"],
            lost=row["lost"], dead_jobs=row["dead"], stuck_texts=row["stuck"], jobs=self._world.jobs,
            kills=self._world.kills,
        )  # fmt: skip


def _sent(text: Text) -> Sent:
    return Sent(text.sid, text.to, text.body, text.at, lost=text.status == "undelivered")


ENDED = """
SELECT count(*) AS leads, count(*) FILTER (WHERE open) AS open,
  count(*) FILTER (WHERE open AND NOT EXISTS (
    SELECT 1 FROM tasks t WHERE t.practice_id = l.practice_id AND t.lead_id = l.id AND t.done_at IS NULL)) AS aimless,
  count(*) FILTER (WHERE first_attempt_at - opened_at < interval '24 h') AS attempted,
  count(*) FILTER (WHERE first_contact_at - opened_at < interval '24 h') AS contacted,
  count(*) FILTER (WHERE evaluation_at IS NOT NULL) AS booked,
  count(*) FILTER (WHERE NOT open AND stage <> 'lost') AS won, count(*) FILTER (WHERE stage = 'lost') AS lost,
  (SELECT count(*) FROM jobs WHERE state = 'dead') AS dead,
  (SELECT count(*) FROM messages WHERE status IN ('sending', 'unknown')) AS stuck
FROM leads l
"""
