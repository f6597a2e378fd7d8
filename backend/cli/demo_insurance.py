"""Insurance of the demo: payers, an account at the sandbox's clearinghouse, benefits in several states."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.context import ProcessContext
from backend.core.ids import new_id
from backend.identity.queries import practice_key
from backend.insurance import authorizations, clearinghouse, payers, people, service, verification
from backend.insurance.models import Payer
from backend.insurance.schemas import AuthorizationIn, PayerIn, VerificationIn
from backend.insurance.settings_schemas import ClearinghouseIn
from backend.patients.models import Coverage
from backend.sandbox.clearinghouse.account import load_clearinghouse

PAYERS = (
    PayerIn(name="Blue Prairie PPO", clearinghouse_id="BPPPO", authorization_rule="never", in_network=True,
            aliases=["Blue Prairie", "BluePrairie PPO Plan"], phone="(312) 555-0151"),
    PayerIn(name="Lakeside Mutual", clearinghouse_id="LKSD1", authorization_rule="after_visits", authorization_after=12,
            in_network=True, aliases=["Lakeside Mut. Ins."], phone="(312) 555-0152"),
    PayerIn(name="Great Rivers Health", clearinghouse_id="GRHLT", authorization_rule="always", in_network=True,
            phone="(312) 555-0153", notes="Requests by portal only; answers within two working days."),
    PayerIn(name="Summit Medicare Advantage", clearinghouse_id="SMTMA", in_network=False, phone="(312) 555-0154"),
)  # fmt: skip
ANSWERS = {"active_coverage": "yes", "pt_benefit": "yes", "copay": "30", "visit_limit": "30", "visits_used": "4"}


async def seed(context: ProcessContext, practice_id: UUID) -> None:
    """Make what is missing of it."""
    login = load_clearinghouse(context.settings.data / "sandbox")
    async with context.database.transaction(practice_id) as session:
        if await clearinghouse.account(session) is None:
            body = ClearinghouseIn(
                version=0, sender_id=login.sender_id, receiver_id=login.receiver_id,
                organization="Northside Physical Therapy", npi="1234567893", username=login.username,
                password=login.password,
            )  # fmt: skip
            await clearinghouse.change(session, await practice_key(session, context), body)
        if await session.scalar(select(Payer.id).where(Payer.practice_id == practice_id).limit(1)) is not None:
            return
        for payer in PAYERS:
            await payers.create(session, payer)
        await session.flush()
        rows = await session.scalars(
            select(Coverage)
            .where(Coverage.practice_id == practice_id, Coverage.active, Coverage.rank == "primary")
            .order_by(Coverage.id)
            .execution_options(populate_existing=True)
        )
        for number, coverage in enumerate(rows.all()):
            await _settle(session, coverage, number)


async def _settle(session: AsyncSession, coverage: Coverage, number: int) -> None:
    """Every second one is verified, every third has an authorization that visits have begun to use up."""
    await people.hold(session, coverage.patient_id)
    await service.detect(session, coverage.patient_id)
    if number % 2:
        authorized = await authorizations.of_patient(session, coverage.patient_id)
        payer = await payers.match(session, coverage.payer_name)
        answers = ANSWERS | {
            "in_network": "yes" if payer and payer.in_network else "no",
            "authorization_required": "yes" if authorized or number % 3 == 2 else "no",
        }
        body = VerificationIn(
            coverage_id=coverage.id, version=0, state="verified", answers=answers, told_by="Provider line",
            reference=f"C-{20700 + number}",
        )  # fmt: skip
        await verification.decide(session, coverage.patient_id, coverage, body)
    if number % 3 == 2:
        today = await people.today(session)
        leave = AuthorizationIn(
            coverage_id=coverage.id, state="approved", number=f"A-{55500 + number}", approved=12,
            valid_from=today - timedelta(days=30), valid_until=today + timedelta(days=50),
        )  # fmt: skip
        await authorizations.create(session, coverage, leave)
        for visit in range(4 if number % 2 else 10):
            await service.count_visit(session, coverage.patient_id, new_id(), today - timedelta(days=2 * visit))
    await people.changed(session, coverage.patient_id)
