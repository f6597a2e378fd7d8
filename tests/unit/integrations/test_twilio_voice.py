"""Twilio's forms as calls, and our answers as TwiML."""

from xml.etree import ElementTree

import pytest

from backend.core.callbacks import MalformedWebhook
from backend.integrations.voice_twilio import WITHHELD, TwilioCalls
from backend.messaging.calls.ports import Urls

CALLS = TwilioCalls()
SID, RECORDING = "CA" + "0" * 32, "RE" + "1" * 32
URLS = Urls("https://desk.example.org/after?a=1&b=2", "https://desk.example.org/rec", "https://desk.example.org/done")


def form(**said: str) -> list[tuple[str, str]]:
    return [("CallSid", SID), ("From", "+12175550142"), *said.items()]


@pytest.mark.parametrize("sender", [*sorted(WITHHELD), "", "anonymous", "Restricted", "sip:somebody@example.org"])
def test_a_withheld_number_is_none(sender: str) -> None:
    assert CALLS.incoming([("CallSid", SID), ("From", sender)]).phone is None


def test_unknown_parameters_are_welcome_and_missing_ones_are_not() -> None:
    call = CALLS.incoming(form(ForwardedFrom="2175550199", StirVerstat="TN-Validation-Passed-A", New="x"))
    assert (call.external_id, call.phone, call.forwarded_from) == (SID, "+12175550142", "+12175550199")
    for said in ([], [("CallSid", "")], [("CallSid", "../x")], [("CallSid", SID + "/../y")]):
        with pytest.raises(MalformedWebhook):
            CALLS.incoming(said)
    with pytest.raises(MalformedWebhook):
        CALLS.rung(form())
    with pytest.raises(MalformedWebhook):
        CALLS.ended(form())


@pytest.mark.parametrize(
    ("status", "answered"),
    [
        ("completed", True),
        ("answered", True),
        ("busy", False),
        ("no-answer", False),
        ("failed", False),
        ("canceled", False),
    ],
)
def test_the_desk_took_it_or_not(status: str, answered: bool) -> None:
    assert CALLS.rung(form(DialCallStatus=status, DialCallDuration="65")).answered is answered


def test_completed_alone_does_not_say_that_anybody_answered() -> None:
    over = CALLS.ended(form(CallStatus="completed", CallDuration="12"))
    assert over is not None and (over.unanswered, over.seconds) == (False, 12)
    over = CALLS.ended(form(CallStatus="no-answer"))
    assert over is not None and over.unanswered
    assert CALLS.ended(form(CallStatus="in-progress")) is None


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"RecordingSid": RECORDING, "RecordingStatus": "completed", "RecordingDuration": "42"}, "completed"),
        ({"RecordingSid": RECORDING, "RecordingDuration": "42"}, "coming"),
        ({"RecordingSid": RECORDING, "RecordingDuration": "0"}, "absent"),
        ({"RecordingSid": RECORDING, "RecordingStatus": "completed", "RecordingDuration": "0"}, "absent"),
        ({"RecordingSid": RECORDING, "RecordingStatus": "absent"}, "absent"),
        ({"RecordingSid": RECORDING, "RecordingStatus": "failed"}, "failed"),
        ({"RecordingSid": RECORDING, "TranscriptionText": "hello"}, "transcribed"),
        ({"RecordingSid": RECORDING, "RecordingStatus": "in-progress"}, None),
        ({"Digits": "hangup"}, None),
    ],
)
def test_news_of_a_recording(said: dict[str, str], state: str | None) -> None:
    news = CALLS.recorded(form(**said))
    assert (news.state if news else None) == state


def test_ringing_bridges_on_answer_and_comes_back_to_us() -> None:
    dial = ElementTree.fromstring(CALLS.ring("+12175550199", 20, URLS))[0]
    assert (dial.tag, dial.get("timeout"), dial.get("answerOnBridge"), dial.get("action")) == (
        "Dial", "20", "true", URLS.after,
    )  # fmt: skip
    assert [number.text for number in dial] == ["+12175550199"]


def test_the_greeting_is_spoken_in_its_languages_and_cannot_be_markup() -> None:
    words = (("en", "Call <Dial>1</Dial> & wait"), ("es", "Gracias"))
    answer = ElementTree.fromstring(CALLS.record(words, URLS))  # type: ignore[arg-type]
    assert [verb.tag for verb in answer] == ["Say", "Say", "Record", "Hangup"]
    assert [verb.get("language") for verb in answer[:2]] == ["en-US", "es-MX"]
    assert answer[0].text == "Call <Dial>1</Dial> & wait"
    record = answer[2]
    assert (record.get("maxLength"), record.get("playBeep")) == ("120", "true")
    assert (record.get("action"), record.get("recordingStatusCallback")) == (URLS.voicemail_done, URLS.recording)
