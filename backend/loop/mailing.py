"""A letter by e-mail: a few words and a secure link, sent until the mail server has taken it.

Sending the same mail again does no harm, other than with a fax: it carries the same Message-ID and the same link.
"""

import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.faxes.ports import FaxReport
from backend.identity.queries import practice
from backend.loop import letters
from backend.loop.models import Letter, LetterSending
from backend.loop.ports import Mail, Mailer, MailRefused
from backend.loop.storing import Drawn, next_number
from backend.referral_sources import links
from backend.referral_sources.models import LinkPurpose, ReferrerLink

PROVIDER: Final = "smtp"
BODY: Final = """{greeting}

{what} For the patient's privacy it is not in this e-mail:

{link}

The link is for you alone and works for seven days. You may also tell us on that page how you wish to hear from us.

{practice}
"""


LETTER: Final = "there is a letter for you about a patient you referred to us."
ANSWER: Final = "somebody has answered what you wrote to us."
PURPOSES: Final[dict[str, LinkPurpose]] = {"plan_of_care": "plan", "answer": "message"}


@dataclass(frozen=True, slots=True)
class MailAttempt:
    """A mail that is written down and may go, however often that takes."""

    sending_id: uuid.UUID
    mail: Mail


async def write_down(
    session: AsyncSession, letter: Letter, drawn: Drawn, addresses: tuple[str, str], key: bytes
) -> MailAttempt:  # fmt: skip
    """The attempt, from our address to the one the referrer has now. The letter is locked."""
    if drawn.pdf is not None:
        documents.record(session, drawn.pdf)
        await session.flush()
    document_id = drawn.pdf.id if drawn.pdf else letter.document_id
    assert document_id is not None
    await links.create(session, letter.referrer_id, PURPOSES.get(letter.kind, "letter"), letter.id)
    sending = LetterSending(
        practice_id=letter.practice_id, id=new_id(), letter_id=letter.id, number=await next_number(session, letter),
        way="email", provider=PROVIDER, from_address=addresses[0], to_address=addresses[1], ref=letters.new_code(),
        state="calling", started_at=now(), document_id=document_id, page_count=drawn.page_count,
    )  # fmt: skip
    session.add(sending)
    letter.state, letter.reason, letter.way = "sending", None, "email"
    letter.version += 1
    await session.flush()
    letters.tell(session, letter)
    return await again(session, letter, sending, key)


async def again(session: AsyncSession, letter: Letter, sending: LetterSending, key: bytes) -> MailAttempt:
    """The same mail, word for word: its link is made again from what made it first."""
    link = await session.scalar(
        select(ReferrerLink)
        .where(ReferrerLink.practice_id == practice_of(session), ReferrerLink.ref_id == letter.id)
        .order_by(ReferrerLink.created_at.desc(), ReferrerLink.id.desc())
        .limit(1)
    )
    assert link is not None
    ours, referrer = await practice(session), await letters.referrer_of(session, letter.referrer_id)
    name = ", ".join(filter(None, (referrer.name, referrer.credential)))
    answer = letter.kind == "answer"
    body = BODY.format(
        greeting=f"Dear {name},", what=ANSWER if answer else LETTER, practice=ours.name,
        link=await links.address_of(session, link, key),
    )  # fmt: skip
    subject = f"{'An answer' if answer else 'A letter'} from {ours.name}"
    mail = Mail(f"<{sending.ref.lower()}@frontdesk.invalid>", sending.to_address, ours.name, subject, body)
    return MailAttempt(sending.id, mail)


async def call(mailer: Mailer | None, attempt: MailAttempt) -> FaxReport:
    """Hand it over; in the words of a report. Raises `ProviderUnavailable`."""
    if mailer is None:
        return FaxReport("", "failed", code="no_mail_server", reached="before_data")
    try:
        said = await mailer.send(attempt.mail)
    except MailRefused as refusal:
        return FaxReport("", "failed", code=refusal.code, reached="before_data")
    return FaxReport(attempt.mail.message_id, "delivered", remote_station=said, pages=None)
