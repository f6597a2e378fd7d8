"""Sign-in, the people of a practice, and API keys."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.problems import Unauthenticated
from backend.identity import api_keys, queries, service, sessions
from backend.identity.access import Allowed, Caller, Context, Transaction
from backend.identity.permissions import of_roles
from backend.identity.schemas import (
    ApiKeyOut,
    ApiKeyPage,
    CreatedApiKey,
    LocationOut,
    LocationPage,
    Me,
    NewApiKey,
    PracticeOut,
    SignIn,
    TeamOut,
    TeamPage,
    UserPage,
)

router = APIRouter(prefix="/api/v1")
Directory = Annotated[Actor, Depends(Allowed("directory:read"))]
KeyReader = Annotated[Actor, Depends(Allowed("settings:read"))]
KeyMaker = Annotated[Actor, Depends(Allowed("api_keys:write"))]


async def _me(session: AsyncSession, user_id: uuid.UUID, csrf_token: str, sandbox: bool) -> Me:
    user = await queries.user(session, user_id)
    return Me(
        user=user,
        practice=PracticeOut.model_validate(await queries.practice(session)),
        permissions=sorted(of_roles([user.role])),
        locations=[LocationOut.model_validate(row) for row in await queries.locations(session)],
        csrf_token=csrf_token,
        sandbox=sandbox,
    )


@router.post("/session", operation_id="signIn", tags=["session"], summary="Sign in")
async def sign_in(body: SignIn, response: Response, context: Context) -> Me:
    """Open a browser session; the cookie carries it. Failures slow the account down."""
    user, token, row = await service.sign_in(context.database, body.email, body.password)
    sessions.set_cookie(response, token, context.settings)
    async with context.database.transaction(user.practice_id) as session:
        return await _me(session, user.id, row.csrf_token, context.settings.sandbox)


@router.get("/session", operation_id="getSession", tags=["session"], summary="Who is signed in")
async def get_session(request: Request, caller: Caller, context: Context, session: Transaction) -> Me:
    """The signed-in person with permissions and CSRF token."""
    token = request.cookies.get(sessions.COOKIE)
    if caller.user_id is None or token is None:
        raise Unauthenticated("Only a signed-in person has a session.")
    _, csrf_token = await sessions.actor(context.database, token, context.settings)
    return await _me(session, caller.user_id, csrf_token, context.settings.sandbox)


@router.delete("/session", operation_id="signOut", tags=["session"], summary="Sign out", status_code=204)
async def sign_out(request: Request, response: Response, caller: Caller, session: Transaction) -> None:
    """End the session for good, on the server too."""
    await sessions.end(session, caller.practice_id, request.cookies.get(sessions.COOKIE, ""))
    sessions.clear_cookie(response)


@router.get("/users", operation_id="listUsers", tags=["people"], summary="People of the practice")
async def list_users(_: Directory, session: Transaction) -> UserPage:
    """Everyone, by name."""
    return UserPage(items=await queries.users(session))


@router.get("/teams", operation_id="listTeams", tags=["people"], summary="Teams that can own work")
async def list_teams(_: Directory, session: Transaction) -> TeamPage:
    """Teams, by name."""
    return TeamPage(items=[TeamOut.model_validate(row) for row in await queries.teams(session)])


@router.get("/locations", operation_id="listLocations", tags=["people"], summary="Clinics")
async def list_locations(_: Directory, session: Transaction) -> LocationPage:
    """Clinics, by name."""
    return LocationPage(items=[LocationOut.model_validate(row) for row in await queries.locations(session)])


@router.get("/settings/api-keys", operation_id="listApiKeys", tags=["settings"], summary="API keys in use")
async def list_api_keys(_: KeyReader, session: Transaction) -> ApiKeyPage:
    """Keys without their secrets."""
    return ApiKeyPage(items=[ApiKeyOut.model_validate(row) for row in await queries.api_keys(session)])


@router.post(
    "/settings/api-keys",
    operation_id="createApiKey",
    tags=["settings"],
    summary="Make an API key",
    status_code=201,
)
async def create_api_key(body: NewApiKey, caller: KeyMaker, session: Transaction) -> CreatedApiKey:
    """The answer holds the secret, once. A key cannot hold more than its maker may do."""
    row, key = api_keys.create(session, body.name, [scope for scope in body.scopes if caller.may(scope)])
    await session.flush()
    await session.refresh(row)
    await audit.record(session, "api_key.created", f"api_key:{row.id}")
    return CreatedApiKey(**ApiKeyOut.model_validate(row).model_dump(), secret=key)


@router.delete(
    "/settings/api-keys/{key_id}",
    operation_id="revokeApiKey",
    tags=["settings"],
    summary="Revoke an API key",
    status_code=204,
)
async def revoke_api_key(key_id: uuid.UUID, _: KeyMaker, session: Transaction) -> None:
    """The key stops working at once."""
    await service.revoke_api_key(session, key_id)
    await audit.record(session, "api_key.revoked", f"api_key:{key_id}")
