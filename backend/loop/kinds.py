"""The kinds of letter, and what may become of one. Pure words shared by tables, rules and schemas."""

from typing import Final, Literal, get_args

Kind = Literal[
    "received", "contacted", "unreachable", "scheduled", "seen", "plan_of_care", "progress", "discharge",
    "missing_info", "scorecard", "answer",
]  # fmt: skip
Rule = Literal["automatic", "review", "off"]
Way = Literal["fax", "email"]
State = Literal["waiting", "review", "sending", "unknown", "sent", "failed", "canceled", "not_sent", "joined"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
STATES: Final[tuple[State, ...]] = get_args(State)
# News of where a referral stands: what is not sent yet goes out as one letter, in this order.
NEWS: Final[tuple[Kind, ...]] = ("received", "contacted", "unreachable", "scheduled", "seen")
# Nothing more happens to these by rule.
FINAL: Final = frozenset({"sent", "failed", "canceled", "not_sent", "joined"})
# What a practice has until it chooses: a doctor's office hears of the steps that matter to it, and is not flooded.
_SELDOM: Final[dict[Kind, Rule]] = {"contacted": "off", "progress": "review"}
USUAL: Final[dict[Kind, Rule]] = {kind: _SELDOM.get(kind, "automatic") for kind in KINDS}
GATHER_MINUTES: Final = 30
