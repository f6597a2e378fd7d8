"""What comes next for a lead, by stage, and by when. Hours are working hours (see `core/working_time.py`)."""

from dataclasses import dataclass, replace
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
# Whoever called is at their phone now, and the next practice is one call away.
MISSED_CALL = Step("call_back", "Call back: missed call", 0.25)
VOICEMAIL = Step("call_back", "Call back: voicemail", 0.25)
WITHHELD_CALL = Step("call_back", "Missed call, number withheld", 0.25)
WITHHELD_VOICEMAIL = Step("call_back", "Listen: voicemail, number withheld", 0.25)
CALL_BACK = Step("call_back", "Call back: the patient asked for a call", 0.5)
AFTER_DECLINE = Step("follow_up", "Declined by text: close the lead, or call once", 3.0)
# A patient has filled in the intake form.
INTAKE_WARNING = Step("intake_warning", "Read the intake form: a warning sign was ticked", 1.0)
INTAKE_DIFFERS = Step("review_intake", "Intake form: some facts differ from the chart", DAY)
UNREACHABLE: Final = {
    "opted_out": Step("call", "Call: no texts to this patient", 2.0),
    "landline": Step("call", "Call: the number cannot take texts", 1.0),
    "bad_number": Step("find_number", "Find the right phone number", 3.0),
    "wrong_person": Step("find_number", "Find the right phone number: a stranger answered", 3.0),
    "undelivered": Step("call", "Call: the text did not arrive", 1.0),
}
MISSED_EVALUATION = Step("call", "Call: missed the evaluation", 2.0)
CANCELED_EVALUATION = Step("schedule", "Find a new time: the evaluation was canceled", 3.0)
LAST_ATTEMPT = Step("call", "Last attempt: call the patient", DAY)
REVIEW_FAX = Step("review_fax", "Review a fax", 1.0)
FAILED_FAX = Step("failed_fax", "Look at a fax that could not be read", 1.0)

# What must be done before another call makes sense.
BEFORE_CALLING: Final = frozenset({"reply", "find_number", "call_back"})
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
            MISSED_CALL,
            REVIEW_FAX,
            FAILED_FAX,
        )
    }
)


# Somebody waits for an answer: nothing is lost sooner. Talking to them settles it.
WAITING: Final = frozenset({REPLY.kind, MISSED_CALL.kind})


def call_back(*, voicemail: bool, shared: bool = False, withheld: bool = False) -> Step:
    """The step after a call that reached nobody."""
    if withheld:
        return WITHHELD_VOICEMAIL if voicemail else WITHHELD_CALL
    step = VOICEMAIL if voicemail else MISSED_CALL
    return replace(step, title=f"{step.title} (several patients have this phone)") if shared else step


def first_call(urgency: str) -> Step:
    """The step of a new lead; the first-contact clock says by when (see `breaches.py`)."""
    return Step("call", "Call the patient", CALL_WITHIN[urgency])


def after_reply(said: str | None, *, in_care: bool = False) -> Step:
    """The step after a patient's text. Where care has begun there is no referral to decline."""
    step = {"callback": CALL_BACK, "decline": AFTER_DECLINE}.get(said or "", REPLY)
    return REPLY if in_care and step is AFTER_DECLINE else step


def of_stage(stage: str, urgency: str) -> Step:
    """The step a lead gets when it enters a stage."""
    return first_call(urgency) if stage == "new" else BY_STAGE.get(stage, OTHERWISE)
