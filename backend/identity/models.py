"""Tables of identity. Rows marked system-readable are looked up before the tenant is known."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow
from backend.core.ids import new_id


class Practice(Base):
    """A tenant. `wrapped_key` is its data key, wrapped by the root key. System-readable."""

    __tablename__ = "practices"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    timezone: Mapped[str]
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Location(TenantRow, Base):
    """A clinic of the practice."""

    __tablename__ = "locations"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        UniqueConstraint("practice_id", "name"),
    )

    name: Mapped[str]
    timezone: Mapped[str]
    address: Mapped[str | None]
    phone: Mapped[str | None]
    fax: Mapped[str | None]


class Letterhead(Base):
    """What stands at the head of letters and pages; what is null is as the practice's and the clinic's rows say.

    `logo_id` is the document with the logo for screens, `paper_logo` the same in black and white for paper and fax.
    System-readable: a page shows the logo before anybody is known.
    """

    __tablename__ = "letterheads"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        ForeignKeyConstraint(["practice_id", "logo_id"], ["documents.practice_id", "documents.id"]),
        UniqueConstraint("logo_id"),
        CheckConstraint("(logo_id IS NULL) = (paper_logo IS NULL)", name="logo"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    tagline: Mapped[str | None]
    website: Mapped[str | None]
    address: Mapped[str | None]
    phone: Mapped[str | None]
    logo_id: Mapped[uuid.UUID | None]
    paper_logo: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int]


class LocationHours(Base):
    """When a clinic works: spans {weekday, opens, closes}, several a day possible. Without a row: the usual hours."""

    __tablename__ = "location_hours"
    __table_args__ = (ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),)

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    location_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    weekly: Mapped[list[Any]]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Holiday(TenantRow, Base):
    """A day that differs, at one clinic or (null) at all of them; `hours` are its own spans, none when closed."""

    __tablename__ = "holidays"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        UniqueConstraint("practice_id", "location_id", "date", postgresql_nulls_not_distinct=True),
    )

    location_id: Mapped[uuid.UUID | None]
    date: Mapped[date]
    name: Mapped[str]
    hours: Mapped[list[Any]]


class Team(TenantRow, Base):
    """Owners that are not one person, such as "Front desk". `location_id` null: the whole practice."""

    __tablename__ = "teams"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        UniqueConstraint("practice_id", "name"),
    )

    name: Mapped[str]
    location_id: Mapped[uuid.UUID | None]


class User(TenantRow, Base):
    """A person who signs in. E-mail is unique across the installation. System-readable."""

    __tablename__ = "users"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        Index("uq_users_email", text("lower(email)"), unique=True),
    )

    email: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    failed_sign_ins: Mapped[int] = mapped_column(default=0, server_default="0")
    blocked_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Membership(TenantRow, Base):
    """A role of a user, at one location or (null) at all of them."""

    __tablename__ = "memberships"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "user_id"], ["users.practice_id", "users.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        UniqueConstraint("practice_id", "user_id", "role", "location_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("role IN ('owner','manager','front_desk','clinician','liaison','auditor')", name="role"),
    )

    user_id: Mapped[uuid.UUID]
    role: Mapped[str]
    location_id: Mapped[uuid.UUID | None]


class TeamMember(Base):
    """Who belongs to a team."""

    __tablename__ = "team_members"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "team_id"], ["teams.practice_id", "teams.id"]),
        ForeignKeyConstraint(["practice_id", "user_id"], ["users.practice_id", "users.id"]),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    team_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class BrowserSession(TenantRow, Base):
    """A signed-in browser. Only the SHA-256 of its token is kept. System-readable."""

    __tablename__ = "sessions"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "user_id"], ["users.practice_id", "users.id"]),
        UniqueConstraint("token_hash"),
    )

    user_id: Mapped[uuid.UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    csrf_token: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]


class ApiKey(TenantRow, Base):
    """A program's key `fd_live_<id>_<secret>`; only the secret's SHA-256 is kept. System-readable."""

    __tablename__ = "api_keys"
    __table_args__ = (ForeignKeyConstraint(["practice_id"], ["practices.id"]), UniqueConstraint("key_hash"))

    name: Mapped[str]
    key_hash: Mapped[bytes] = mapped_column(LargeBinary)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SecurityEvent(Base):
    """Something refused: a bad signature, a failed sign-in. Holds no content of what was refused."""

    __tablename__ = "security_events"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    practice_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("practices.id"))
    kind: Mapped[str]
    subject: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
