"""What was agreed to, kept word by word: version, language, name, time. No address of a device is needed for it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.ids import new_id
from backend.intake_forms.definition import Agreement, Definition, Signature
from backend.intake_forms.models import Intake, IntakeAgreement


def agree(session: AsyncSession, intake: Intake, form: Definition, answers: Mapping[str, Any]) -> None:
    """One row for each agreement the finished answers hold."""
    for question in form.questions():
        if not isinstance(question, Agreement) or question.id not in answers:
            continue
        answer = answers[question.id]
        read = "es" if answer["language"] == "es" and question.text.es else "en"
        words = question.text.text(read)
        row = IntakeAgreement(
            practice_id=intake.practice_id, id=new_id(), intake_id=intake.id, question_id=question.id,
            agreement_version=question.version, language=read,
            title=question.label.text(read), words=words,
            words_sha256=hashlib.sha256(words.encode()).hexdigest(),
            name_typed=answer["name"] or signer(form, answers), agreed_at=now(),
        )  # fmt: skip
        session.add(row)


def signer(form: Definition, answers: Mapping[str, Any]) -> str:
    """The name the patient typed with the signature."""
    for question in form.questions():
        if isinstance(question, Signature) and question.id in answers:
            return str(answers[question.id]["name"])
    return ""
