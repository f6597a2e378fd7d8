"""Work on patients that follows a change."""

from backend.core.database import publish
from backend.core.jobs import JobRun
from backend.patients import duplicates
from backend.patients.events import PairsChanged


async def compare(run: JobRun) -> None:
    """Who else may be this person?"""
    async with run.transaction() as session:
        changed = await duplicates.refresh(session, run.ref_id)
        if changed:
            await publish(session, PairsChanged(tuple(changed)))
        await run.finish(session)
