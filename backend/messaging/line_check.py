"""What a check of a line found, in plain words. Pure: the carrier was asked before."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from backend.messaging.ports import LineState, SenderPool

Level = Literal["ok", "warning", "error"]
ACCOUNT = {
    "refused": ("Twilio does not accept the credentials", "Check the account SID, and rotate the auth token."),
    "suspended": ("Twilio has suspended this account", "Sign in at Twilio and settle what it asks for."),
    "closed": ("This Twilio account is closed", "Add the number again with the account that owns it now."),
}
CAMPAIGN = {
    "VERIFIED": None,
    "FAILED": "Carriers have refused the campaign. Correct it in Twilio: without it they refuse texts (30034).",
    "SUSPENDED": "Carriers have suspended the campaign. Settle it in Twilio: they refuse texts meanwhile.",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing looked at, and what to do when it is not right."""

    level: Level
    title: str
    advice: str | None = None


def findings(state: LineState, sms_url: str, voice_url: str | None = None) -> list[Checked]:
    """All that was looked at, in the order a person would settle it."""
    if state.account != "active":
        return [Checked("error", *ACCOUNT[state.account])]
    found = [Checked("ok", "Twilio accepts the credentials")]
    if not state.owned:
        advice = "Check the number, or use the credentials of the account that owns it."
        return [*found, Checked("error", "This number does not belong to the Twilio account", advice)]
    found.append(Checked("ok", "The number belongs to the account"))
    if not state.can_text:
        found.append(Checked("error", "This number cannot send texts", "Choose a number with the capability SMS."))
    found += _pool(state.pool)
    found += _inbound(state, sms_url)
    if voice_url is not None:
        found.append(_voice(state.voice_url, voice_url))
    return found


def _pool(pool: SenderPool | None) -> Iterator[Checked]:
    if pool is None:
        yield Checked(
            "warning", "No Messaging Service is named for this line",
            "US carriers want a registered campaign (10DLC). Enter its Messaging Service SID to have it checked.",
        )  # fmt: skip
    elif not pool.found:
        yield Checked("error", "The Messaging Service does not exist in this account", "Correct its SID (MG…).")
    else:
        if pool.holds_number:
            yield Checked("ok", "The number is in the sender pool of the Messaging Service")
        else:
            yield Checked(
                "error", "The number is not in the sender pool of the Messaging Service",
                "Add it in Twilio (Messaging → Services → Sender pool). Else carriers refuse texts (30034, 21703).",
            )  # fmt: skip
        yield _campaign(pool.campaign)


def _campaign(status: str | None) -> Checked:
    if status == "VERIFIED":
        return Checked("ok", "The campaign is approved (10DLC)")
    if status is None:
        advice = "Register one in Twilio (Regulatory compliance); toll-free numbers need a verification instead."
        return Checked("warning", "The Messaging Service has no campaign (10DLC)", advice)
    advice = CAMPAIGN.get(status) or "Approval takes some days. Until then carriers refuse texts (30034)."
    return Checked("error", f"The campaign is not approved: {status.lower()}", advice)


def _inbound(state: LineState, sms_url: str) -> Iterator[Checked]:
    pool = state.pool
    of_service = pool is not None and pool.found and pool.holds_number and not pool.uses_number_url
    url, method = (pool.inbound_url, pool.inbound_method) if pool and of_service else (state.sms_url, state.sms_method)
    where = "the Messaging Service (Integration)" if of_service else "the number (Messaging configuration)"
    if state.application and not of_service:
        advice = "Remove the TwiML app from the number's messaging configuration, and enter our address."
        yield Checked("error", "A TwiML app takes this number's texts", advice)
    elif url is None:
        advice = f"Copy the address for texts below and enter it at {where}, method POST."
        yield Checked("error", "Texts of patients do not reach us: no address is set", advice)
    elif url != sms_url:
        advice = f"Copy the address for texts below and enter it at {where}, method POST."
        yield Checked("error", "Texts of patients go to another address", advice)
    elif (method or "POST").upper() != "POST":
        yield Checked("error", "Texts are brought by GET", f"Choose the method POST at {where}.")
    else:
        yield Checked("ok", "Texts of patients reach us")


def _voice(url: str | None, wanted: str) -> Checked:
    if url == wanted:
        return Checked("ok", "Calls reach us")
    advice = "Copy the address for calls below and enter it at the number (Voice configuration), method POST."
    return Checked("warning", "Calls do not reach us: another or no address is set", advice)
