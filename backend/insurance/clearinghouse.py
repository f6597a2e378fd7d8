"""The practice's account at the clearinghouse; its credentials are sealed."""

import json

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.crypto import open_sealed, seal
from backend.core.database import practice_of
from backend.core.problems import Invalid, StaleVersion
from backend.core.settings import Settings
from backend.identity.models import Practice
from backend.insurance.models import ClearinghouseAccount
from backend.insurance.ports import Account
from backend.insurance.settings_schemas import ClearinghouseIn, ClearinghouseOut


def _place(row: ClearinghouseAccount) -> str:
    return f"clearinghouse:{row.practice_id}"


async def account(session: AsyncSession) -> ClearinghouseAccount | None:
    """The account, if the practice has one."""
    return await session.get(ClearinghouseAccount, practice_of(session), populate_existing=True)


async def change(session: AsyncSession, key: bytes, body: ClearinghouseIn) -> ClearinghouseAccount:
    """Set the account up, or change it. Raises `StaleVersion`."""
    await session.get_one(Practice, practice_of(session), with_for_update={"key_share": True})
    row = await account(session)
    if body.version != (row.version if row else 0):
        raise StaleVersion(row.version if row else 0)
    if row is None and body.password is None:
        raise Invalid("Give the password.", errors=[("/password", "required the first time")])
    password = body.password.get_secret_value() if body.password else opened(row, key).password if row else ""
    row = row or ClearinghouseAccount(practice_id=practice_of(session), version=0)
    for name in ("sender_id", "receiver_id", "organization", "npi"):
        setattr(row, name, getattr(body, name))
    secrets = json.dumps({"username": body.username, "password": password}).encode()
    row.sealed_secrets = seal(key, secrets, _place(row))
    row.version = body.version + 1
    session.add(row)
    await session.flush()
    return row


def opened(row: ClearinghouseAccount, key: bytes) -> Account:
    """With the credentials in the clear, for an adapter."""
    secrets = json.loads(open_sealed(key, row.sealed_secrets, _place(row)))
    return Account(row.sender_id, row.receiver_id, secrets["username"], secrets["password"])


def reachable(settings: Settings) -> bool:
    """Whether this installation knows an address to ask."""
    return settings.sandbox or bool(settings.eligibility_url)


async def shown(session: AsyncSession, key: bytes, settings: Settings) -> ClearinghouseOut:
    """Without the password."""
    row = await account(session)
    return ClearinghouseOut(
        version=row.version if row else 0, sender_id=row.sender_id if row else None,
        receiver_id=row.receiver_id if row else None, organization=row.organization if row else None,
        npi=row.npi if row else None, username=opened(row, key).username if row else None,
        reachable=reachable(settings), sandbox=settings.sandbox,
    )  # fmt: skip
