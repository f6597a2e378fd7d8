"""What the practice chose about evaluations, silence and the pace of texts."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.problems import Invalid, StaleVersion
from backend.followup.sequences.models import FollowupRules
from backend.followup.sequences.schemas import FollowupRulesIn
from backend.leads import stages


async def of_practice(session: AsyncSession) -> FollowupRules:
    """The practice's rules, or the careful defaults (`version` 0)."""
    found = await session.get(FollowupRules, practice_of(session))
    return found or FollowupRules(
        practice_id=practice_of(session), scheduled_stage="scheduled", scheduling_window_days=90, missed_after_days=1,
        missed_stage=stages.CONTACTED, attended_stage="first_visit_complete", inactivity_days=15, lost_after_days=7,
        lost_reason="No response", texts_per_hour=30, text_windows=[], version=0,
    )  # fmt: skip


async def is_booked(session: AsyncSession, stage: str) -> bool:
    """Whether this stage is that of a booked evaluation, or a later one."""
    known, chosen = await stages.of_practice(session), await of_practice(session)
    booked = known.get(chosen.scheduled_stage)
    return booked is not None and known[stage].position >= booked.position


async def change(session: AsyncSession, body: FollowupRulesIn) -> FollowupRules:
    """Knowingly. Raises `StaleVersion`, and `Invalid` for a stage that cannot mean what the rule says."""
    rules = await of_practice(session)
    if rules.version != body.version:
        raise StaleVersion(rules.version)
    known = await stages.of_practice(session)
    for name, group in (("scheduled_stage", {"in_progress"}), ("missed_stage", {"open", "in_progress"}),
                        ("attended_stage", {"in_progress", "won"})):  # fmt: skip
        stage = known.get(getattr(body, name))
        if stage is None or stage.group not in group:
            raise Invalid("Choose a stage of this practice that fits.", errors=[(f"/{name}", "not a fitting stage")])
    for window in body.text_windows:
        if window.opens >= window.closes:
            raise Invalid("A time of day must end after it begins.", errors=[("/text_windows", "closes before opens")])
    for name, value in body.model_dump(exclude={"version", "text_windows"}).items():
        setattr(rules, name, value)
    rules.text_windows = [
        {"opens": f"{row.opens:%H:%M}", "closes": f"{row.closes:%H:%M}", "per_hour": row.per_hour}
        for row in body.text_windows
    ]
    rules.version = body.version + 1
    session.add(rules)
    await session.flush()
    return rules
