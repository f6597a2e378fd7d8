"""Calendar files and feeds."""

import uuid
from datetime import datetime
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Depends, Path, Response
from pydantic import Field, model_validator

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.identity.access import Allowed, Context, Transaction
from backend.scheduling import feeds, queries
from backend.scheduling.appointment_models import CalendarFeed
from backend.scheduling.schemas import EXAMPLE_ID, example

router = APIRouter(prefix="/api/v1", tags=["scheduling"])
public = APIRouter(tags=["scheduling"])
Reader = Annotated[Actor, Depends(Allowed("schedule:read"))]
SettingsReader = Annotated[Actor, Depends(Allowed("settings:read"))]
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]
CALENDAR = "text/calendar; charset=utf-8"
Names = Literal["none", "initials"]


class FeedIn(RequestModel):
    """Of a clinician or of a clinic; patients without names, or with their initials."""

    model_config = example(clinician_id=EXAMPLE_ID, names="none")

    clinician_id: uuid.UUID | None = None
    location_id: uuid.UUID | None = None
    names: Names = "none"

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.clinician_id is None) == (self.location_id is None):
            raise ValueError("either a clinician or a clinic")
        return self


class RotateIn(RequestModel):
    """Which one was meant."""

    model_config = example(version=1)

    version: int


class FeedOut(ResponseModel):
    """A feed in use. Its address is not kept: see `url` when it is made or rotated."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    clinician_id: uuid.UUID | None
    location_id: uuid.UUID | None
    names: Names
    created_at: datetime
    rotated_at: datetime | None
    last_read_at: datetime | None


class NewFeedOut(FeedOut):
    """Shown once."""

    url: str = Field(examples=["https://desk.example.org/calendars/….ics"])


class FeedPage(Page):
    """Newest first."""

    items: list[FeedOut]


def _shown_once(context: Context, feed: CalendarFeed, token: str) -> NewFeedOut:
    return NewFeedOut(**FeedOut.model_validate(feed).model_dump(), url=feeds.address(context, token))


@router.get("/calendar-feeds", operation_id="listCalendarFeeds", summary="Calendar feeds in use")
async def list_feeds(_: SettingsReader, session: Transaction) -> FeedPage:
    """Newest first."""
    return FeedPage(items=[FeedOut.model_validate(feed) for feed in await feeds.listed(session)])


@router.post("/calendar-feeds", operation_id="createCalendarFeed", summary="Make a feed", status_code=201)
async def create_feed(body: FeedIn, _: Writer, session: Transaction, context: Context) -> NewFeedOut:
    """`url` is secret: whoever has it reads the calendar. It is shown once, so a repeated call makes another."""
    feed, token = await feeds.add(session, body.clinician_id, body.location_id, body.names)
    await audit.record(session, "calendar_feed.created", f"calendar_feed:{feed.id}")
    return _shown_once(context, feed, token)


@router.post("/calendar-feeds/{feed_id}/rotate", operation_id="rotateCalendarFeed", summary="Another address")
async def rotate_feed(
    feed_id: uuid.UUID, body: RotateIn, _: Writer, session: Transaction, context: Context
) -> NewFeedOut:
    """The old address is gone at once."""
    feed, token = await feeds.rotate(session, feed_id, body.version)
    await audit.record(session, "calendar_feed.rotated", f"calendar_feed:{feed_id}")
    return _shown_once(context, feed, token)


@router.delete("/calendar-feeds/{feed_id}", operation_id="revokeCalendarFeed", summary="Take it back", status_code=204)
async def revoke_feed(feed_id: uuid.UUID, _: Writer, session: Transaction) -> None:
    """Its address is gone at once."""
    await feeds.revoke(session, feed_id)
    await audit.record(session, "calendar_feed.revoked", f"calendar_feed:{feed_id}")


@router.get(
    "/appointments/{appointment_id}/calendar.ics", operation_id="getAppointmentCalendar", summary="As iCalendar",
    response_class=Response, responses={200: {"content": {"text/calendar": {}}}},
)  # fmt: skip
async def get_calendar(appointment_id: uuid.UUID, _: Reader, session: Transaction) -> Response:
    """One visit for the patient's own calendar: time, place, clinician; nothing clinical."""
    shown = await queries.whole(session, appointment_id)
    body = await feeds.visit_file(session, shown)
    people = [shown.patient_id] if shown.patient_id else []
    await audit.record(session, "appointment.exported", f"appointment:{appointment_id}", people)
    return Response(body, media_type=CALENDAR, headers={"Content-Disposition": 'attachment; filename="visit.ics"'})


@public.get(
    "/calendars/{token}.ics", operation_id="readCalendarFeed", summary="A calendar feed",
    response_class=Response, responses={200: {"content": {"text/calendar": {}}}},
)  # fmt: skip
async def read_feed(token: Annotated[str, Path(max_length=64)], context: Context) -> Response:
    """For calendar programs: the address is the key, pure chance and revocable."""
    async with context.database.system() as session:
        feed = await feeds.of_token(session, token)
    async with context.database.transaction(feed.practice_id) as session:
        body, patients = await feeds.read(session, feed)
        await audit.record(session, "calendar_feed.read", f"calendar_feed:{feed.id}", patients)
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow"}
    return Response(body, media_type=CALENDAR, headers=headers)
