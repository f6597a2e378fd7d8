"""The forty referrals, written once for all tests of this folder: every test only asks."""

import asyncpg
import pytest

from backend.core.context import ProcessContext
from tests.conftest import emptied, make_practice
from tests.integration.reporting.forty_referrals import LAKEVIEW, NORTHSIDE
from tests.integration.reporting.world import World


@pytest.fixture(scope="module")
async def world(process: ProcessContext, admin: "asyncpg.Connection") -> World:
    """Northside, with Lakeview beside it."""
    context, found = await emptied(process, admin), []
    for slug, clinics, referrals in (("lakeview", ("Hill",), LAKEVIEW), ("northside", ("North", "West"), NORTHSIDE)):
        world = World(context, await make_practice(context, slug), admin)
        for clinic in clinics:
            await world.clinic(clinic)
        for one in referrals:
            await world.refer(one)
        await world.fresh()
        found.append(world)
    found[1].other = found[0]
    return found[1]
