"""Everything a process holds for its lifetime; `wiring` builds it, requests and jobs borrow from it."""

from dataclasses import dataclass

from arq.connections import ArqRedis
from fastapi import Request

from backend.core.clock import Clock
from backend.core.crypto import Keyring
from backend.core.database import Database
from backend.core.documents import DocumentStore
from backend.core.inbox import Inbox
from backend.core.settings import Settings


@dataclass(frozen=True, slots=True)
class ProcessContext:
    """Settings and the shared, connection-holding parts."""

    settings: Settings
    database: Database
    redis: ArqRedis
    keyring: Keyring
    documents: DocumentStore
    inbox: Inbox | None
    clock: Clock


def context_of(request: Request) -> ProcessContext:
    """FastAPI dependency: the process this request is served by."""
    context = request.app.state.context
    assert isinstance(context, ProcessContext)
    return context
