"""The emulated clearinghouse's address: CAQH CORE in, CAQH CORE out."""

import asyncio
import uuid
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request, Response

from backend.core.callbacks import MalformedWebhook
from backend.integrations.eligibility_x12 import envelope
from backend.integrations.eligibility_x12.interchange import BadInterchange, Envelope, Segment, read, write
from backend.integrations.multipart import parts_of
from backend.sandbox.clearinghouse import payer
from backend.sandbox.clearinghouse.account import load_clearinghouse
from backend.sandbox.clearinghouse.payer import Member

SLOW_SECONDS: Final = 3.0
TOO_LONG_SECONDS: Final = 40.0
REMEMBERED: Final = 500
PATH: Final = "/providers/clearinghouse"


class Clearinghouse:
    """Who may ask, and what was asked."""

    def __init__(self, folder: Path) -> None:
        self.login = load_clearinghouse(folder)
        self.asked: Counter[str] = Counter()
        self.log: list[dict[str, Any]] = []

    def note(self, trace: str, member: Member) -> None:
        """Remember a question; how often one was put decides some answers."""
        self.asked[trace] += 1
        found = {"trace": trace, "scenario": member.scenario, "times": self.asked[trace]}
        self.log = [*self.log[-REMEMBERED:], found]

    def welcome(self, parts: dict[str, str]) -> str:
        """The ErrorCode of the envelope."""
        if (parts.get("UserName"), parts.get("Password")) != (self.login.username, self.login.password):
            return "UnAuthorized"
        if parts.get("SenderID") != self.login.sender_id:
            return "SenderIDIllegal"
        if parts.get("PayloadType") != envelope.REQUEST:
            return "PayloadTypeIllegal"
        if parts.get("ProcessingMode") != envelope.REAL_TIME:
            return "ProcessingModeIllegal"
        return "Success" if parts.get("CORERuleVersion") == envelope.RULE_VERSION else "CORERuleVersionIllegal"


def router(house: Clearinghouse) -> APIRouter:
    """Its routes."""
    routes = APIRouter(tags=["clearinghouse"])

    @routes.post(f"{PATH}/core")
    async def real_time(request: Request) -> Response:
        try:
            found = parts_of(request.headers.get("content-type", ""), await request.body())
        except MalformedWebhook:
            raise HTTPException(400) from None
        parts = {name: value.decode("latin-1") for name, value in found.items()}
        code = house.welcome(parts)
        payload = await _answer(house, found.get("Payload", b"")) if code == "Success" else b""
        return _enveloped(parts, code, payload)

    @routes.get("/clearinghouse")
    async def shown() -> dict[str, Any]:
        scenarios = [{"begins": word, "answer": text} for word, text in payer.SCENARIOS.items()]
        return {"scenarios": scenarios, "asked": house.log}

    return routes


def _enveloped(parts: dict[str, str], code: str, payload: bytes) -> Response:
    fields = {
        "PayloadType": envelope.RESPONSE, "ProcessingMode": envelope.REAL_TIME,
        "PayloadID": parts.get("PayloadID", str(uuid.uuid4())), "TimeStamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "SenderID": parts.get("ReceiverID", ""), "ReceiverID": parts.get("SenderID", ""),
        "CORERuleVersion": envelope.RULE_VERSION, "ErrorCode": code,
        "ErrorMessage": "" if code == "Success" else "The envelope was not accepted.",
    }  # fmt: skip
    kind, body = envelope.multipart({name: value.encode() for name, value in fields.items()} | {"Payload": payload})
    return Response(body, media_type=kind)


async def _answer(house: Clearinghouse, payload: bytes) -> bytes:
    try:
        asked = read(payload, "270")
    except BadInterchange:
        raise HTTPException(400) from None
    member, trace = _member(asked), _value(asked, "TRN", 2)
    house.note(trace, member)
    match member.scenario:
        case "FAULT":
            raise HTTPException(503)
        case "SLOW":
            await asyncio.sleep(SLOW_SECONDS)
        case "TIMEOUT":
            await asyncio.sleep(TOO_LONG_SECONDS)
        case "GARBLED":
            return b"<html><body>Maintenance window</body></html>"
    whole = _written(asked, member, trace, house.asked[trace])
    return whole[: len(whole) * 2 // 3] if member.scenario == "CUT" else whole


def _member(asked: list[Segment]) -> Member:
    """The last person named: the dependent where there is one."""
    insured = next(one for one in asked if one.name == "NM1" and one[1] == "IL")
    people = [one for one in asked if one.name == "NM1" and one[1] in {"IL", "03"}]
    births = [one[2] for one in asked if one.name == "DMG" and one[1] == "D8"]
    last = people[-1]
    return Member(insured[9], last[3], last[4], births[-1] if births else "", last[1] == "03")


def _value(asked: list[Segment], name: str, place: int) -> str:
    return next((one[place] for one in asked if one.name == name), "")


def _written(asked: list[Segment], member: Member, trace: str, times: int) -> bytes:
    isa = asked[0]
    now = datetime.now(UTC)
    head = Envelope(isa[8].strip(), isa[6].strip(), now, int(isa[13]), test=True)
    source, provider = (next(one for one in asked if one.name == "NM1" and one[1] == role) for role in ("PR", "1P"))
    down = member.scenario == "DOWN" or (member.scenario == "BUSY" and times == 1)
    body = [
        ["BHT", "0022", "11", _value(asked, "BHT", 3), f"{now:%Y%m%d}", f"{now:%H%M}"],
        ["HL", "1", "", "20", "0" if down else "1"],
    ]
    if down:
        return write(head, "271", "HB", [*body, ["AAA", "Y", "", "42", "R"], ["NM1", *source.elements]])
    body += [["NM1", *source.elements], ["HL", "2", "1", "21", "1"], ["NM1", *provider.elements]]
    return write(head, "271", "HB", body + _person_rows(asked, member, trace, now))


def _person_rows(asked: list[Segment], member: Member, trace: str, now: datetime) -> list[list[str]]:
    echoed = "0" * 31 + "1" if member.scenario == "OTHER" else trace
    traces = [["TRN", "2", echoed, "9SANDBOX00"], ["TRN", "1", f"SB{now:%H%M%S%f}", "9SANDBOX00"]]
    last, first, dob = payer.person(member)
    insured = next(one for one in asked if one.name == "NM1" and one[1] == "IL")
    rows = [["HL", "3", "2", "22", "1" if member.dependent else "0"]]
    if member.dependent:
        rows += [["NM1", *insured.elements], ["HL", "4", "3", "23", "0"], *traces, ["NM1", "03", "1", last, first]]
    else:
        rows += [*traces, ["NM1", "IL", "1", last, first, "", "", "", "MI", member.member_id]]
    if member.scenario == "NOTFOUND":
        return [*rows, ["AAA", "N", "", "75", "C"]]
    if dob:
        rows.append(["DMG", "D8", dob])
    return rows + payer.benefits(member, now.date())
