"""Referrers for tests: invented people with NPIs whose check digits are right."""

from typing import Any

import httpx

from backend.referral_sources.npi import is_npi

LAKESIDE = {"practice_name": "Lakeside Orthopedics", "fax": "+13125550155", "phone": "+13125550154"}


def npi(number: int) -> str:
    """The NPI that begins with these nine digits."""
    nine = f"1{number:08d}"
    return next(f"{nine}{last}" for last in range(10) if is_npi(f"{nine}{last}"))


async def enter(client: httpx.AsyncClient, name: str, **facts: Any) -> dict[str, Any]:
    """A referrer entered by hand."""
    answer = await client.post("/api/v1/referrers", json={"name": name} | facts)
    assert answer.status_code == 201, answer.json()
    return dict(answer.json())


async def refer(client: httpx.AsyncClient, patient: str, name: str, **facts: Any) -> dict[str, Any]:
    """A lead with an order of this referrer."""
    body = {
        "source": "phone", "patient": {"first_name": patient, "last_name": "Sample"}, "separate": True,
        "order": {"referrer": {"name": name} | facts, "diagnosis_text": "Pain in right shoulder"},
    }  # fmt: skip
    answer = await client.post("/api/v1/leads", json=body)
    assert answer.status_code == 201, answer.json()
    return dict(answer.json())


def referrer_of(lead: dict[str, Any]) -> str:
    """Who ordered it."""
    return str(lead["orders"][0]["referrer"]["id"])
