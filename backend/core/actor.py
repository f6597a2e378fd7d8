"""Who acts: a person, a program with an API key, or Frontdesk itself."""

import uuid
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True)
class Actor:
    """The authenticated caller. `id` is a user, API key or the string "frontdesk"."""

    practice_id: uuid.UUID
    kind: Literal["user", "api_key", "system"]
    id: str
    name: str
    permissions: frozenset[str]
    mutation_id: str | None = None

    @property
    def user_id(self) -> uuid.UUID | None:
        """The user's id when a person acts."""
        return uuid.UUID(self.id) if self.kind == "user" else None

    def may(self, permission: str) -> bool:
        """Whether the caller holds the permission."""
        return permission in self.permissions


def frontdesk_itself(practice_id: uuid.UUID) -> Actor:
    """The actor of jobs and rules."""
    return Actor(practice_id, "system", "frontdesk", "Frontdesk", frozenset())


def actor_of(session: AsyncSession) -> Actor:
    """Who acts in this transaction; Frontdesk itself where nobody was set."""
    actor = session.info.get("actor")
    return actor if isinstance(actor, Actor) else frontdesk_itself(session.info["practice_id"])


def act_as(session: AsyncSession, actor: Actor) -> None:
    """Set who acts in this transaction."""
    session.info["actor"] = actor
