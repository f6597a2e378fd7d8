"""X12 code lists of a 271 as far as they matter to a clinic, in our words.

Source: ASC X12 external and internal code lists 1390 (EB01), 1365 (EB03), 615 (EB06), 673 (EB09), 901 (AAA03), 889
(AAA04), as payers' public companion guides to 005010X279A1 print them.
"""

from typing import Final

from backend.insurance.ports import Kind, Period, Service

KINDS: Final[dict[str, Kind]] = {
    **dict.fromkeys("12345", "active"), **dict.fromkeys("678", "inactive"), "A": "coinsurance", "B": "copay",
    "C": "deductible", "G": "out_of_pocket", "F": "limit", "H": "unlimited", "I": "not_covered", "E": "not_covered",
    "R": "other_payer", "U": "contact",
}  # fmt: skip
THERAPY: Final = frozenset({"PT", "AE"})
PLAN: Final = "30"
SERVICES: Final = {
    "1": "medical care", "30": "plan", "33": "chiropractic", "35": "dental", "47": "hospital", "48": "inpatient",
    "50": "outpatient", "86": "emergency", "88": "pharmacy", "98": "office visit", "A9": "rehabilitation",
    "AD": "occupational therapy", "AE": "physical medicine", "AF": "speech therapy", "AL": "vision",
    "BB": "acupuncture", "MH": "mental health", "PT": "physical therapy", "UC": "urgent care",
}  # fmt: skip
PERIODS: Final[dict[str, Period]] = {
    "7": "day", "13": "day", "21": "year", "22": "year", "23": "year", "25": "year", "26": "episode", "27": "visit",
    "29": "remaining", "24": "used", "32": "lifetime", "33": "remaining", "34": "month", "35": "week",
}  # fmt: skip
VISITS: Final = frozenset({"VS", "P6"})
USED: Final = "99"
LEVELS: Final = {"IND": "individual", "FAM": "family"}
NETWORKS: Final = {"Y": "in", "N": "out", "W": "both"}
YES_NO: Final = {"Y": True, "N": False}

REASONS: Final = {
    "04": "More than the payer allows was asked for.",
    "15": "The payer wants more facts than were sent.",
    "33": "The payer could not use what was sent.",
    "35": "The payer has us as out of network.",
    "41": "The payer does not let us ask. Our account is not enrolled with it.",
    "42": "The payer cannot answer at the moment.",
    "43": "The payer does not know our NPI.",
    "50": "The payer does not let us ask about eligibility.",
    "51": "The payer does not have us on file.",
    "52": "We were not enrolled with the payer on this date.",
    "56": "A date was not accepted.",
    "57": "The date of service was not accepted.",
    "58": "The payer wants another date of birth, or one at all.",
    "60": "The date of birth is after the date of service.",
    "62": "The payer does not answer for this date.",
    "63": "The payer does not answer for dates to come.",
    "64": "The payer does not accept this member ID.",
    "65": "The payer does not accept this name.",
    "67": "The payer does not know this patient.",
    "68": "The payer has this member ID more than once.",
    "71": "The payer has another date of birth for this patient.",
    "72": "The payer does not accept this member ID.",
    "73": "The payer does not accept the subscriber's name.",
    "75": "The payer does not know this member ID and name.",
    "76": "The payer has this member ID more than once.",
    "77": "The payer knows the subscriber, but not this patient under them.",
    "78": "The member is not in the group that was named.",
    "79": "The payer ID is not right. Look at it under Settings, Insurance.",
    "80": "The payer did not answer.",
    "T4": "The payer ID is missing. Look at it under Settings, Insurance.",
}
# The payer is out of reach for a moment: the same question may be put again.
LATER: Final = frozenset({"42", "80"})


def service_of(codes: tuple[str, ...]) -> Service:
    """Physical therapy, the plan as a whole (also where no service is named), or something else."""
    if THERAPY & set(codes):
        return "pt"
    return "plan" if not codes or PLAN in codes else "other"
