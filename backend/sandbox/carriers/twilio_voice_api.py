"""The part of Twilio's Voice API that we use, and the caller's phone of the sandbox."""

import base64
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, HTTPException, Query, Response
from pydantic import BaseModel, Field

from backend.sandbox.carriers.twilio_voice import VERSION, Outcome, TwilioVoice, played, shown, shown_recording

Credentials = Annotated[str, Header()]
Callback = Literal["voice", "after", "done", "recording", "status"]


class CallIn(BaseModel):
    """A patient calls. `drop`: callbacks that get lost."""

    sender: str = Field(alias="from", max_length=40)
    to: str = ""
    outcome: Outcome
    seconds: int = Field(default=3, ge=1, le=120)
    drop: list[Callback] = Field(default_factory=list)


def phone(voice: TwilioVoice) -> APIRouter:
    """`/calls`: call us, and see what was said and rung."""
    routes = APIRouter()

    @routes.post("/calls", status_code=201)
    async def call(body: CallIn) -> dict[str, Any]:
        made = await voice.play(body.sender, body.outcome, seconds=body.seconds, drop=frozenset(body.drop))
        return played(made)

    @routes.get("/calls")
    async def calls(sender: Annotated[str, Query(alias="from")] = "") -> list[dict[str, Any]]:
        inbound = [call for call in voice.calls.values() if call.direction == "inbound"]
        return [played(call) for call in inbound if sender in {"", call.sender}]

    return routes


def router(voice: TwilioVoice) -> APIRouter:
    """Calls and Recordings as Twilio shows them."""
    sid, token = voice.account.credentials["account_sid"], voice.account.credentials["auth_token"]
    routes = APIRouter(prefix=f"/providers/twilio/{VERSION}/Accounts/{sid}")
    basic = "Basic " + base64.b64encode(f"{sid}:{token}".encode()).decode()

    def check(authorization: str, known: bool = True) -> None:
        if authorization != basic:
            raise HTTPException(401)
        if not known:
            raise HTTPException(404)

    @routes.get("/Calls.json")
    async def listed(
        to: Annotated[str, Query(alias="To")] = "", parent: Annotated[str, Query(alias="ParentCallSid")] = "",
        since: Annotated[datetime | None, Query(alias="StartTime>")] = None, authorization: Credentials = "",
    ) -> dict[str, Any]:  # fmt: skip
        check(authorization)
        found = [
            shown(call, sid)
            for call in reversed(voice.calls.values())
            if to in {"", call.to} and parent in {"", call.parent_sid} and (since is None or call.at >= since)
        ]
        return {"calls": found, "page": 0, "page_size": 50, "next_page_uri": None}

    @routes.get("/Calls/{call_sid}.json")
    async def call(call_sid: str, authorization: Credentials = "") -> dict[str, Any]:
        check(authorization, call_sid in voice.calls)
        return shown(voice.calls[call_sid], sid)

    @routes.get("/Calls/{call_sid}/Recordings.json")
    async def recordings(call_sid: str, authorization: Credentials = "") -> dict[str, Any]:
        check(authorization, call_sid in voice.calls)
        found = [shown_recording(each, sid) for each in voice.recordings.values() if each.call_sid == call_sid]
        return {"recordings": found, "page": 0, "page_size": 50, "next_page_uri": None}

    @routes.get("/Recordings/{recording_sid}.wav")
    async def sound(recording_sid: str, authorization: Credentials = "") -> Response:
        check(authorization, recording_sid in voice.recordings and voice.recordings[recording_sid].ready)
        return Response(voice.recordings[recording_sid].wav, media_type="audio/x-wav")

    @routes.delete("/Recordings/{recording_sid}.json", status_code=204)
    async def delete(recording_sid: str, authorization: Credentials = "") -> None:
        check(authorization, recording_sid in voice.recordings)
        del voice.recordings[recording_sid]

    return routes
