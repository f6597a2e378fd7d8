"""What comes next for a lead, by stage, and by when. Hours are working hours (see `core/working_time.py`)."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Step:
    """A task the rules make."""

    kind: str
    title: str
    hours: float


# The first call decides: product research puts the drop at hours, so the clock is short.
CALL_WITHIN: Final = {"stat": 0.5, "urgent": 1.0, "routine": 2.0}
DAY = 10.0

BY_STAGE: Final = {
    "contacted": Step("schedule", "Schedule the evaluation", DAY),
    "scheduled": Step("send_intake", "Send the intake forms", DAY),
    "intake_sent": Step("confirm_visit", "Confirm the first visit", 2 * DAY),
}
OTHERWISE = Step("follow_up", "Follow up with the patient", DAY)

AFTER_CALL: Final = {
    "left_message": Step("call", "Call again: left a message", DAY),
    "no_answer": Step("call", "Call again: no answer", 3.0),
    "wrong_number": Step("find_number", "Find the right phone number", 3.0),
}
# A patient who writes is waiting now.
REPLY = Step("reply", "Answer the patient's text", 0.5)
CALL_BACK = Step("call_back", "Call back: the patient asked for a call", 0.5)
AFTER_DECLINE = Step("follow_up", "Declined by text: close the lead, or call once", 3.0)
UNREACHABLE: Final = {
    "opted_out": Step("call", "Call: no texts to this patient", 2.0),
    "landline": Step("call", "Call: the number cannot take texts", 1.0),
    "bad_number": Step("find_number", "Find the right phone number", 3.0),
    "wrong_person": Step("find_number", "Find the right phone number: a stranger answered", 3.0),
    "undelivered": Step("call", "Call: the text did not arrive", 1.0),
}
REVIEW_FAX = Step("review_fax", "Review a fax", 1.0)
FAILED_FAX = Step("failed_fax", "Look at a fax that could not be read", 1.0)

# Kinds the rules make and may therefore replace; a task a person wrote stays.
AUTOMATIC: Final = frozenset(
    {
        step.kind
        for step in (
            *BY_STAGE.values(),
            OTHERWISE,
            *AFTER_CALL.values(),
            *UNREACHABLE.values(),
            REPLY,
            CALL_BACK,
            REVIEW_FAX,
            FAILED_FAX,
        )
    }
)


# Somebody waits for an answer: nothing is lost sooner.
WAITING: Final = frozenset({REPLY.kind, CALL_BACK.kind})


def first_call(urgency: str) -> Step:
    """The step of a new lead; the first-contact clock says by when (see `breaches.py`)."""
    return Step("call", "Call the patient", CALL_WITHIN[urgency])


def after_reply(said: str | None) -> Step:
    """The step after a patient's text."""
    return {"callback": CALL_BACK, "decline": AFTER_DECLINE}.get(said or "", REPLY)


def of_stage(stage: str, urgency: str) -> Step:
    """The step a lead gets when it enters a stage."""
    return first_call(urgency) if stage == "new" else BY_STAGE.get(stage, OTHERWISE)
