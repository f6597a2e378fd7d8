"""Who acts: a person, a program with an API key, a patient or a referrer on their own page, or Frontdesk itself."""

import uuid
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, true
from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True)
class Grant:
    """Permissions held at one clinic, or (None) at all of them."""

    location_id: uuid.UUID | None
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Actor:
    """The authenticated caller. `id` is a user, API key, patient, referrer or the string "frontdesk".

    `grants` limit a user's permissions to clinics; without any, the permissions hold everywhere.
    """

    practice_id: uuid.UUID
    kind: Literal["user", "api_key", "patient", "referrer", "system"]
    id: str
    name: str
    permissions: frozenset[str]
    mutation_id: str | None = None
    grants: tuple[Grant, ...] = ()

    @property
    def user_id(self) -> uuid.UUID | None:
        """The user's id when a person acts."""
        return uuid.UUID(self.id) if self.kind == "user" else None

    def may(self, permission: str) -> bool:
        """Whether the caller holds the permission."""
        return permission in self.permissions

    def places(self, permission: str) -> frozenset[uuid.UUID] | None:
        """The clinics where the caller holds the permission; None for everywhere."""
        at = [grant.location_id for grant in self.grants if permission in grant.permissions]
        if not self.grants or None in at:
            return None
        return frozenset(place for place in at if place is not None)


def frontdesk_itself(practice_id: uuid.UUID) -> Actor:
    """The actor of jobs and rules."""
    return Actor(practice_id, "system", "frontdesk", "Frontdesk", frozenset())


def the_patient(practice_id: uuid.UUID, patient_id: uuid.UUID) -> Actor:
    """The actor of a patient's page. It holds no permission: its routes are about this patient only."""
    return Actor(practice_id, "patient", str(patient_id), "Patient", frozenset())


def the_referrer(practice_id: uuid.UUID, referrer_id: uuid.UUID, name: str) -> Actor:
    """The actor of a referrer's portal. It holds no permission: its routes are about their own patients only."""
    return Actor(practice_id, "referrer", str(referrer_id), name, frozenset())


def actor_of(session: AsyncSession) -> Actor:
    """Who acts in this transaction; Frontdesk itself where nobody was set."""
    actor = session.info.get("actor")
    return actor if isinstance(actor, Actor) else frontdesk_itself(session.info["practice_id"])


def act_as(session: AsyncSession, actor: Actor) -> None:
    """Set who acts in this transaction."""
    session.info["actor"] = actor


def within(session: AsyncSession, permission: str, location: Any) -> ColumnElement[bool]:
    """SQL condition: the row's clinic is one where the caller holds the permission, or it has none yet."""
    places = actor_of(session).places(permission)
    if places is None:
        return true()
    allowed: ColumnElement[bool] = location.is_(None) | location.in_(places)
    return allowed
