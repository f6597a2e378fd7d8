"""FastAPI dependencies: who is calling, may they, and the transaction their request runs in.

Every route states its permission with `Allowed("leads:read")`; a test fails on a route that doesn't.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import Actor, act_as
from backend.core.context import ProcessContext, context_of
from backend.core.problems import Forbidden, Unauthenticated
from backend.identity import api_keys, sessions

Context = Annotated[ProcessContext, Depends(context_of)]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


async def authenticate(request: Request, context: Context) -> Actor:
    """The caller, by API key or session cookie. Raises `Unauthenticated`, and `Forbidden` on a CSRF failure."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        actor = await api_keys.actor(context.database, key)
    elif token := request.cookies.get(sessions.COOKIE):
        actor, csrf_token = await sessions.actor(context.database, token, context.settings)
        if request.method not in SAFE and not same_site(request, csrf_token, context):
            raise Forbidden("The page is out of date. Reload it and try again.")
    else:
        raise Unauthenticated("Sign in, or send an API key as a bearer token.")
    mutation_id = request.headers.get("x-mutation-id", "")[:64]
    return replace(actor, mutation_id=mutation_id or None)


def same_site(request: Request, csrf_token: str, context: ProcessContext) -> bool:
    """Whether the request comes from our own page and knows its session's token."""
    return from_our_page(request, context) and sessions.same(request.headers.get("x-csrf-token", ""), csrf_token)


def from_our_page(request: Request, context: ProcessContext) -> bool:
    """What browsers say of where a request comes from; programs say nothing."""
    fetch_site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    same_origin = origin is None or origin in {context.settings.base_url, str(request.base_url).rstrip("/")}
    return fetch_site in {"same-origin", "none"} and same_origin


Caller = Annotated[Actor, Depends(authenticate)]


class Allowed:
    """Dependency that yields the caller when they hold `permission`, else raises `Forbidden`."""

    def __init__(self, permission: str) -> None:
        self.permission = permission

    def __call__(self, caller: Caller) -> Actor:
        """Check the permission."""
        if not caller.may(self.permission):
            raise Forbidden("Your role does not allow this. Ask a manager of your practice.")
        return caller


@asynccontextmanager
async def transaction_of(context: ProcessContext, caller: Actor) -> AsyncIterator[AsyncSession]:
    """A transaction for routes that must call the object store before or after it, never inside."""
    async with context.database.transaction(caller.practice_id) as session:
        act_as(session, caller)
        yield session


async def transaction(context: Context, caller: Caller) -> AsyncIterator[AsyncSession]:
    """One transaction per request, for the caller's practice; committed before the answer leaves."""
    async with transaction_of(context, caller) as session:
        yield session


Transaction = Annotated[AsyncSession, Depends(transaction, scope="function")]
