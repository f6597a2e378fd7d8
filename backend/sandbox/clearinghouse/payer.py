"""What the emulated payers know: by the word a member ID begins with, one way for an inquiry to end."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

Row = list[str]

SCENARIOS: Final = {
    "ACTIVE": "active, in network, copay and visit limit (also every other member ID)",
    "AUTH": "active, physical therapy needs an authorization",
    "COINS": "active, coinsurance and a deductible instead of a copay",
    "INACTIVE": "the coverage has ended",
    "NOPT": "active, but physical therapy is not covered",
    "OUTNET": "active, benefits out of network only",
    "MEDICARE": "Medicare Part B: deductible and 20 % coinsurance",
    "NOTFOUND": "the payer does not know the member (AAA 75)",
    "DOWN": "the payer is down, however often it is asked (AAA 42)",
    "BUSY": "the payer is down the first time it is asked (AAA 42)",
    "WRONGDOB": "the answer has another date of birth",
    "TWIN": "the answer is about a brother or sister of the same day",
    "OTHER": "the answer is one to another question",
    "GARBLED": "what comes back is no X12",
    "CUT": "the answer is cut off in the middle",
    "SLOW": "the answer takes three seconds",
    "TIMEOUT": "the answer takes longer than anybody waits",
    "FAULT": "the clearinghouse itself answers with an error",
}


@dataclass(frozen=True, slots=True)
class Member:
    """Whom the 270 asked about, as it said it."""

    member_id: str
    last_name: str
    first_name: str
    dob: str
    dependent: bool

    @property
    def scenario(self) -> str:
        """The word the member ID begins with."""
        return next(
            (word for word in sorted(SCENARIOS, key=len, reverse=True) if self.member_id.startswith(word)), "ACTIVE"
        )


def benefits(member: Member, today: date) -> list[Row]:
    """DTP and EB rows."""
    year = f"{today.year}0101"
    dice = zlib.crc32(member.member_id.encode())
    copay, used = f"{20 + 5 * (dice % 6)}", dice % 9
    match member.scenario:
        case "INACTIVE":
            return [["DTP", "347", "D8", f"{today.year - 1}1231"], _eb("6", "30", plan="SANDBOX PPO")]
        case "NOPT":
            return [["DTP", "346", "D8", year], _eb("1", "30", plan="SANDBOX BASIC"), _eb("I", "PT", network="Y")]
        case "OUTNET":
            return [
                ["DTP", "346", "D8", year], _eb("1", "30", plan="SANDBOX HMO"),
                _eb("A", "PT", share=".5", network="N"), _eb("C", "PT", period="29", amount="2500", network="N"),
            ]  # fmt: skip
        case "MEDICARE":
            return [
                ["DTP", "356", "D8", "20150401"], _eb("1", "30", insurance="MB", plan="MEDICARE PART B"),
                _eb("C", "30", insurance="MB", period="23", amount="257"),
                _eb("C", "30", insurance="MB", period="29", amount="0"),
                _eb("A", "PT", insurance="MB", period="27", share=".2", network="W", authorization="N"),
                ["MSG", "THERAPY IS REVIEWED ABOVE THE YEARLY THRESHOLD"],
            ]  # fmt: skip
        case "COINS":
            return [
                ["DTP", "346", "D8", year], _eb("1", "30", plan="SANDBOX HIGH DEDUCTIBLE"),
                _eb("1", "PT", network="Y", authorization="N"), _eb("A", "PT", share=".2", network="Y"),
                _eb("C", "30", period="23", amount="1500", network="Y"),
                _eb("C", "30", period="29", amount="412.5", network="Y"),
                _eb("C", "30", level="FAM", period="29", amount="1800", network="Y"),
            ]  # fmt: skip
    wants = "Y" if member.scenario == "AUTH" else "N"
    return [
        ["DTP", "346", "D8", year], _eb("1", "30", plan="SANDBOX PPO 500"),
        _eb("1", "PT", network="Y", authorization=wants),
        _eb("B", "PT", period="27", amount=copay, network="Y"), _eb("B", "PT", period="27", amount="80", network="N"),
        _eb("C", "30", period="29", amount="0", network="Y"),
        _eb("F", "PT", period="23", counts="VS", quantity="30", network="Y"),
        _eb("F", "PT", period="29", counts="VS", quantity=str(30 - used), network="Y"),
        ["MSG", "COMBINED LIMIT FOR PT AND OT"],
    ]  # fmt: skip


def _eb(
    kind: str, service: str, *, level: str = "IND", insurance: str = "", plan: str = "", period: str = "",
    amount: str = "", share: str = "", counts: str = "", quantity: str = "", authorization: str = "", network: str = "",
) -> Row:  # fmt: skip
    return [
        "EB",
        kind,
        level,
        service,
        insurance,
        plan,
        period,
        amount,
        share,
        counts,
        quantity,
        authorization,
        network,
    ]


def person(member: Member) -> Sequence[str]:
    """Last name, first name and date of birth as the payer has them."""
    match member.scenario:
        case "WRONGDOB":
            return member.last_name, member.first_name, f"{int(member.dob[:4] or 1950) - 1}{member.dob[4:]}"
        case "TWIN":
            return member.last_name, "JORDAN" if member.first_name != "JORDAN" else "TAYLOR", member.dob
    return member.last_name, member.first_name, member.dob
