"""Mails taken apart and understood, whatever they are made of."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.lead_capture.mail import reading, understanding
from backend.lead_capture.mail.polling import identity
from backend.lead_capture.mail.reading import Contents, Sender, TooTangled

PIECES = st.sampled_from([
    b"From: a@b.c\r\n", b"Content-Type: multipart/mixed; boundary=x\r\n", b"Content-Type: message/rfc822\r\n", b"\r\n",
    b"--x\r\n", b"--x--\r\n", b"Content-Transfer-Encoding: base64\r\n", b"Content-Type: text/html; charset=utf-16\r\n",
    b"Content-Disposition: attachment; filename*=utf-8''%ff\r\n", b"=?utf-8?b?//?=", b"<b", b"%PDF-1.4", b"II*\0",
    b"Subject: =?x?q?=C3?=\r\n", b"Content-Type: message/delivery-status\r\n",
])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=40)), max_size=40))
def test_anything_is_read_or_refused(pieces: list[bytes]) -> None:
    try:
        found = reading.read(b"".join(pieces))
    except TooTangled:
        return
    request = understanding.understand(found)
    for text in (found.subject, found.text, request.message, *map(str, request.facts.values())):
        assert "\0" not in text
        text.encode()


def test_depth_is_refused_without_recursion() -> None:
    with pytest.raises(TooTangled):
        reading.read(b"Content-Type: message/rfc822\r\n\r\n" * 5000)
    with pytest.raises(TooTangled):
        reading.read(b"From: a@example.org\r\n\r\n" + b"\n" * 1_600_000)


def test_the_way_it_took_is_not_part_of_it() -> None:
    mail = b"Message-ID:\r\n <a@example.org>\r\nFrom: a@example.org\r\n\r\nbody"
    assert identity(mail) == identity(b"Received: elsewhere\r\n" + mail)
    assert identity(mail) != identity(mail + b"!") and identity(mail) != identity(mail.replace(b"a@e", b"b@e", 1))


@pytest.mark.parametrize(
    ("head", "unproven"),
    [
        ("mx.example.org; dmarc=pass", False),
        ("mx.example.org; spf=fail; dkim=pass; dmarc=pass", False),
        ("mx.example.org; spf=fail smtp.mailfrom=x", True),
        ("mx.example.org; spf=pass; dmarc=fail", True),
    ],
)
def test_whose_address_is_not_proven_is_said(head: str, unproven: bool) -> None:
    raw = f"Authentication-Results: {head}\r\nAuthentication-Results: forged; dmarc=pass\r\nFrom: a@b.org\r\n\r\nx"
    assert reading.read(raw.encode()).unproven is unproven


def asked(text: str, name: str = "Ada Sample", **facts: object) -> understanding.Request:
    mail = Contents(sender=Sender(name, "ada@example.org"), subject="Appointment", text=text)
    for key, value in facts.items():
        setattr(mail, key, value)
    return understanding.understand(mail)


@pytest.mark.parametrize(
    ("text", "name", "facts"),
    [
        ("my knee hurts, (312) 555-0142", "Ada Sample", {"first_name": "Ada", "last_name": "Sample",
                                                         "phone": "+13125550142", "email": "ada@example.org"}),
        ("Name: Bo Other\nPhone: 312.555.0143", "Forms", {"first_name": "Bo", "last_name": "Other",
                                                          "phone": "+13125550143"}),
        ("Nombre: Luz\nApellido: Vega\nTeléfono: 3125550144\nCorreo: luz@example.org\ndolor", "x",
         {"first_name": "Luz", "last_name": "Vega", "phone": "+13125550144", "email": "luz@example.org"}),
        ("Patient Name: Sample, Ada\nDOB: 04/09/1961", "Dr Rowan", {"first_name": "Ada", "last_name": "Sample",
                                                                    "dob": "1961-04-09"}),
        ("my knee", "Rowan Orthopedics", {"email": "ada@example.org"}),
    ],
)  # fmt: skip
def test_what_is_said_is_understood_and_nothing_made_up(text: str, name: str, facts: dict[str, str]) -> None:
    assert asked(text, name).facts == facts


def test_only_a_clear_request_opens_a_lead() -> None:
    assert asked("my knee hurts").reasons == []
    assert asked("my knee hurts", answers=True).reasons == ["reply"]
    assert asked("my knee hurts", unproven=True).reasons == ["not_authenticated"]
    assert asked("my knee hurts", left_out=1).reasons == ["attachment"]
    assert asked("my knee hurts", name="").reasons == ["unsure"]
    assert asked("Name: Bo Other\nknee").reasons == ["unsure"]


def test_what_they_answer_to_is_not_theirs() -> None:
    request = asked("my knee hurts\n\nOn Tue, Dana <d@example.org> wrote:\n> Phone: 312 555 0199\n")
    assert "phone" not in request.facts and "0199" not in request.message
