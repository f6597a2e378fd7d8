"""A fortnight of a practice in a minute or two: nothing slips, no text is unlawful, none is doubled. Also under faults.

`make bench` runs a month with 400 leads; here it is smaller, with the same code and the same judge.
"""

from dataclasses import asdict
from pathlib import Path

import pytest

from backend.bench.month import Chaos, Figures, simulate
from backend.core.context import ProcessContext
from backend.launcher.services import Services

pytestmark = [pytest.mark.timeout(900)]
TROUBLE = Chaos(kill=0.1, faults=8, cut_connections=1, flush_redis=2)


def check(figures: Figures, leads: int, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{leads} leads: { ({name: value for name, value in asdict(figures).items() if value}) }")
    assert figures.leads == leads
    assert figures.unlawful == []
    assert figures.duplicates == []
    assert figures.without_next_step == 0
    assert figures.lost_texts == 0, "every text of a patient was taken in"
    assert figures.dead_jobs == 0
    assert figures.stuck_texts == 0
    assert figures.attempted_24h >= 0.95
    assert figures.booked > leads * 0.4, "the desk works with what the product tells it"


async def test_a_month(
    context: ProcessContext, services: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    admin = services.admin_database_url.replace("+asyncpg", "")
    check(await simulate(context, admin, tmp_path, leads=24, days=14), 24, capsys)


@pytest.mark.chaos
async def test_a_month_of_trouble(
    context: ProcessContext, services: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    admin = services.admin_database_url.replace("+asyncpg", "")
    figures = await simulate(context, admin, tmp_path, leads=16, days=10, seed=7, chaos=TROUBLE)
    assert figures.kills > 0
    check(figures, 16, capsys)
