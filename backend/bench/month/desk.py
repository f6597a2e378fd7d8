"""The desk of the simulated practice: works through the tasks over the API as people would, some better than others."""

import random
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx

from backend.bench.month.people import Person

PER_LOOK: Final = 12
BOOKS, DECLINES_BY_PHONE, KNOWS_NUMBER, SHOWS_UP = 0.6, 0.08, 0.5, 0.88
OFFER: Final = "Does Tuesday at 3:00 pm suit you?"
ANSWER: Final = "Happy to help, call us with any question. Which days and times suit you?"


class Desk:
    """One team working by the clock. `people` by lead id."""

    def __init__(self, http: httpx.AsyncClient, people: dict[str, Person], seed: int) -> None:
        self._http, self._people, self._rng = http, people, random.Random(seed)
        self.evaluations: list[tuple[datetime, str]] = []
        self.refused: dict[int, int] = {}

    async def look(self, at: datetime) -> None:
        """Do the most urgent things that are due."""
        await self._mark_visits(at)
        asked: dict[str, str | int] = {
            "due_before": (at + timedelta(minutes=30)).isoformat(),
            "limit": PER_LOOK,
            "order": "loss",
        }
        answer = await self._http.get("/api/v1/tasks", params=asked)
        if answer.is_success:
            for task in answer.json()["items"]:
                await self._do(task, at)

    async def _do(self, task: dict[str, Any], at: datetime) -> None:
        lead_id = task["lead_id"]
        lead = (await self._http.get(f"/api/v1/leads/{lead_id}")).json() if lead_id else {}
        person = self._people.get(lead_id or "")
        if not lead.get("id") or person is None:
            await self._done(task)
            return
        match task["kind"]:
            case "call" | "schedule":
                await self._call(lead, person, at)
            case "reply":
                await self._reply(lead, at)
            case "find_number":
                await self._find_number(lead, task, person, at)
            case "send_intake":
                await self._post(f"/api/v1/leads/{lead_id}/move", {"stage": "intake_sent", "version": lead["version"]})
            case _:
                await self._done(task)

    async def _call(self, lead: dict[str, Any], person: Person, at: datetime) -> None:
        lead_id = lead["id"]
        if person.temper in {"stranger", "no_number"}:
            await self._post(f"/api/v1/leads/{lead_id}/calls", {"outcome": "wrong_number"})
            return
        if self._rng.random() > person.answers_calls:
            outcome = self._rng.choice(("left_message", "no_answer"))
            await self._post(f"/api/v1/leads/{lead_id}/calls", {"outcome": outcome})
            return
        await self._post(f"/api/v1/leads/{lead_id}/calls", {"outcome": "reached"})
        chance = self._rng.random()
        if chance < BOOKS:
            await self._book(lead_id, at)
        elif chance < BOOKS + DECLINES_BY_PHONE or person.temper == "declines":
            await self._lose(lead_id, "patient declined")

    async def _reply(self, lead: dict[str, Any], at: datetime) -> None:
        lead_id = lead["id"]
        thread = (await self._http.get(f"/api/v1/leads/{lead_id}/conversation")).json()
        texts = (await self._http.get(f"/api/v1/conversations/{thread['id']}/messages", params={"limit": 10})).json()
        last: dict[str, Any] = next((text for text in texts["items"] if text["direction"] == "in"), {})
        kind = (last.get("understood") or {}).get("kind")
        if kind == "decline":
            await self._lose(lead_id, "goes elsewhere")
        elif kind == "yes" and any(OFFER in text["body"] for text in texts["items"]):
            await self._book(lead_id, at)
        else:
            body = OFFER if kind == "availability" else ANSWER
            headers = {"Idempotency-Key": f"{lead_id}:{last.get('id')}"}
            await self._post(f"/api/v1/leads/{lead_id}/messages", {"body": body}, headers)

    async def _book(self, lead_id: str, at: datetime) -> None:
        lead = (await self._http.get(f"/api/v1/leads/{lead_id}")).json()
        day = at.astimezone(ZoneInfo("America/Chicago")) + timedelta(days=self._rng.randint(2, 9))
        when = day.replace(hour=self._rng.randint(9, 16), minute=0, second=0, microsecond=0)
        said = {"at": when.isoformat(), "version": lead["version"]}
        if (await self._post(f"/api/v1/leads/{lead_id}/evaluation", said)).is_success:
            self.evaluations.append((when, lead_id))

    async def _mark_visits(self, at: datetime) -> None:
        """Who came is noted; who did not come is left for the rules to find."""
        due = [(when, lead_id) for when, lead_id in self.evaluations if when < at - timedelta(minutes=20)]
        for when, lead_id in due:
            self.evaluations.remove((when, lead_id))
            if self._rng.random() < SHOWS_UP:
                lead = (await self._http.get(f"/api/v1/leads/{lead_id}")).json()
                await self._post(f"/api/v1/leads/{lead_id}/evaluation/attended", {"version": lead["version"]})

    async def _find_number(self, lead: dict[str, Any], task: dict[str, Any], person: Person, at: datetime) -> None:
        if person.temper in {"stranger", "no_number"} and self._rng.random() > KNOWS_NUMBER:
            await self._lose(lead["id"], "no working number")
        else:
            await self._done(task)

    async def _lose(self, lead_id: str, reason: str) -> None:
        lead = (await self._http.get(f"/api/v1/leads/{lead_id}")).json()
        said = {"stage": "lost", "version": lead["version"], "lost_reason": reason}
        await self._post(f"/api/v1/leads/{lead_id}/move", said)

    async def _done(self, task: dict[str, Any]) -> None:
        await self._post(f"/api/v1/tasks/{task['id']}/done", {"version": task["version"]})

    async def _post(self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> httpx.Response:
        answer = await self._http.post(path, json=body, headers=headers)
        if not answer.is_success:
            self.refused[answer.status_code] = self.refused.get(answer.status_code, 0) + 1
        return answer
