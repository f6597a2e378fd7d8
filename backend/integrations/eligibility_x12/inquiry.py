"""The 270: one subscriber, perhaps one dependent, asked for the plan and for physical therapy."""

from backend.insurance.ports import Account, Inquiry, Person
from backend.integrations.eligibility_x12.interchange import Envelope, clean, write

RELATIONS = {"spouse": "01", "child": "19", "other": "34"}
MOST_CONTROL = 10**9


def control_of(trace: str) -> int:
    """A control number that is the same whenever the same question is asked."""
    return int(trace, 16) % (MOST_CONTROL - 1) + 1


def build(account: Account, inquiry: Inquiry, *, test: bool) -> bytes:
    """The interchange to send."""
    own = inquiry.dependent is None
    at = inquiry.asked_at
    body = [
        ["BHT", "0022", "13", inquiry.trace, f"{at:%Y%m%d}", f"{at:%H%M}"],
        ["HL", "1", "", "20", "1"],
        ["NM1", "PR", "2", clean(inquiry.payer_name, 60), "", "", "", "", "PI", clean(inquiry.payer_id, 80)],
        ["HL", "2", "1", "21", "1"],
        ["NM1", "1P", "2", clean(inquiry.provider_name, 60), "", "", "", "", "XX", inquiry.npi],
        ["HL", "3", "2", "22", "0" if own else "1"],
    ]
    trace = ["TRN", "1", inquiry.trace, f"9{inquiry.npi[:9]}"]
    if own:
        body.append(trace)
    body += _person("IL", inquiry.subscriber, inquiry.member_id)
    if inquiry.dependent is not None:
        body += [["HL", "4", "3", "23", "0"], trace, *_person("03", inquiry.dependent, None)]
        body.append(["INS", "N", RELATIONS.get(inquiry.relationship, "34")])
    body.append(["DTP", "291", "D8", f"{inquiry.service_date:%Y%m%d}"])
    body += [["EQ", "30"], ["EQ", "PT"]]
    envelope = Envelope(
        clean(account.sender_id, 15), clean(account.receiver_id, 15), at, control_of(inquiry.trace), test
    )
    return write(envelope, "270", "HS", body)


def _person(role: str, person: Person, member_id: str | None) -> list[list[str]]:
    """Name, and date of birth where it is known."""
    name = [clean(person.last_name, 60), clean(person.first_name, 35)]
    member = clean(member_id, 80)
    identifier = ["MI", member] if member else ["", ""]
    rows = [["NM1", role, "1", *name, "", "", "", *identifier]]
    if person.dob is not None:
        rows.append(["DMG", "D8", f"{person.dob:%Y%m%d}"])
    return rows
