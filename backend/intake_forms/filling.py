"""Fill a form in: begin, save as one types, hand in once.

Two devices may write at the same time: every answer is a row of its own, so the last to write a question wins there
and nowhere else, and each save brings back what the other device wrote meanwhile.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import publish
from backend.core.ids import new_id
from backend.core.jobs import later
from backend.core.problems import Conflict, Invalid
from backend.intake_forms import answers, chart, evidence, forms, measuring, prefill, preparing
from backend.intake_forms.definition import Definition
from backend.intake_forms.events import IntakeMeasured, IntakeSubmitted
from backend.intake_forms.models import Intake, IntakeAnswer, IntakeDifference, IntakeForm
from backend.intake_forms.vault import Vault
from backend.leads import forms as lead_forms
from backend.patient_links import service as links

MAKE_PDF: Final = "intake.pdf"
# The lead hears of progress in steps, not of every word.
STEP: Final = 10


class Unfinished(Invalid):
    """Something required is missing or wrong; `errors` name the questions in order."""

    type = "intake-unfinished"
    title = "The form is not finished"


class HandedIn(Conflict):
    """The form has been handed in and can no longer be changed."""

    type = "intake-submitted"
    title = "The form has been handed in"


@dataclass(frozen=True, slots=True)
class Open:
    """A form being filled in: its pinned version and every answer so far."""

    intake: Intake
    form: Definition
    answers: dict[str, Any]
    prefilled: frozenset[str]


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save left. `others`: answers another device wrote since the revision this save was based on."""

    revision: int
    percent: int
    others: dict[str, Any]


async def begin(session: AsyncSession, practice_key: bytes, intake_id: uuid.UUID, language: str) -> Open:
    """Open the form; the first time it takes today's version, for good, and fills in what we know."""
    intake = await preparing.locked(session, intake_id)
    if intake.state == "submitted":
        raise HandedIn("You have sent this form. Call us if something must be changed.")
    intake.language = language
    if intake.state != "started":
        await _start(session, practice_key, intake)
    await session.flush()
    return await opened(session, practice_key, intake)


async def _start(session: AsyncSession, practice_key: bytes, intake: Intake) -> None:
    form = await session.get_one(IntakeForm, (intake.practice_id, intake.form_id))
    assert form.published is not None  # only published forms are sent
    await preparing.given(session, intake)
    intake.state, intake.started_at, intake.form_version = "started", now(), form.published
    definition = await forms.published(session, form.id, form.published)
    known = prefill.fill(definition, await prefill.facts(session, intake.lead_id, intake.patient_id))
    await _write(session, Vault(practice_key, intake), intake, known, prefilled=True)
    intake.percent = answers.percent(definition, known)
    intake.version += 1
    await session.flush()
    await lead_forms.note(session, intake.lead_id, "started", intake.percent, "intake_started")


async def opened(session: AsyncSession, practice_key: bytes, intake: Intake) -> Open:
    """Definition and answers of an intake that has begun."""
    assert intake.form_version is not None
    form = await forms.published(session, intake.form_id, intake.form_version)
    rows = await _rows(session, intake)
    vault = Vault(practice_key, intake)
    found = {row.question_id: vault.open(row.question_id, row.sealed) for row in rows}
    given = {name: value for name, value in found.items() if value is not None}
    return Open(intake, form, given, frozenset(row.question_id for row in rows if row.prefilled))


async def _rows(session: AsyncSession, intake: Intake, since: int = -1) -> list[IntakeAnswer]:
    rows = await session.scalars(
        select(IntakeAnswer).where(
            IntakeAnswer.practice_id == intake.practice_id, IntakeAnswer.intake_id == intake.id,
            IntakeAnswer.revision > since,
        )
    )  # fmt: skip
    return list(rows)


async def _write(
    session: AsyncSession, vault: Vault, intake: Intake, values: Mapping[str, Any], *, prefilled: bool = False
) -> None:
    """One more revision holds these answers. An answer that was taken back stays as a row that says so."""
    intake.revision += 1
    if not values:
        return
    rows = [
        {
            "practice_id": intake.practice_id, "intake_id": intake.id, "question_id": name,
            "sealed": vault.seal(name, value), "revision": intake.revision, "prefilled": prefilled,
        }
        for name, value in values.items()
    ]  # fmt: skip
    statement = insert(IntakeAnswer).values(rows)
    replaced = {name: statement.excluded[name] for name in ("sealed", "revision", "prefilled")}
    key = ["practice_id", "intake_id", "question_id"]
    await session.execute(
        statement.on_conflict_do_update(index_elements=key, set_=replaced),
        execution_options={"populate_existing": True},
    )


async def save(
    session: AsyncSession, practice_key: bytes, intake_id: uuid.UUID, given: Mapping[str, Any], revision: int
) -> Saved:
    """Keep these answers. Raises `Invalid` with the place of each that can be no answer; then nothing is kept."""
    intake = await _writable(session, intake_id)
    before = await opened(session, practice_key, intake)
    values = _accepted(before.form, given)
    vault = Vault(practice_key, intake)
    others = {row.question_id: row for row in await _rows(session, intake, revision) if row.question_id not in values}
    await _write(session, vault, intake, values)
    now_given = {name: value for name, value in (before.answers | values).items() if value is not None}
    await _progress(session, intake, answers.percent(before.form, now_given))
    brought = {name: vault.open(name, row.sealed) for name, row in others.items()}
    return Saved(intake.revision, intake.percent, brought)


async def _writable(session: AsyncSession, intake_id: uuid.UUID) -> Intake:
    intake = await preparing.locked(session, intake_id)
    if intake.state == "submitted":
        raise HandedIn("You have sent this form. Call us if something must be changed.")
    if intake.state != "started":
        raise Conflict("Open the form first.")
    return intake


def _accepted(form: Definition, given: Mapping[str, Any]) -> dict[str, Any]:
    values, errors = {}, []
    known = {question.id: question for question in form.questions()}
    for name, raw in given.items():
        if name not in known:
            # A key the caller made up is not repeated.
            errors.append(("/answers/?", "there is no such question on this form"))
            continue
        try:
            values[name] = answers.accept(known[name], raw)
        except answers.Wrong as wrong:
            errors.append((f"/answers/{name}", wrong.detail))
    if errors:
        raise Invalid("Some answers cannot be kept; see errors.", errors=errors)
    return values


async def _progress(session: AsyncSession, intake: Intake, percent: int) -> None:
    was, intake.percent, intake.saved_at = intake.percent, percent, now()
    await session.flush()
    if was // STEP != percent // STEP:
        await lead_forms.note(session, intake.lead_id, "started", percent)


async def submit(session: AsyncSession, practice_key: bytes, intake_id: uuid.UUID) -> Intake:
    """Hand the form in, once; a second time changes nothing. Raises `Unfinished` with what is missing."""
    # Links come before the form, as in news of the carrier; a text with one that waits is not sent any more. All of
    # it is undone if something is missing.
    for link_id in await preparing.link_ids(session, intake_id):
        await links.use(session, link_id)
    intake = await preparing.locked(session, intake_id)
    if intake.state == "submitted":
        return intake
    found = await opened(session, practice_key, await _writable(session, intake_id))
    if missing := answers.unfinished(found.form, found.answers):
        errors = [(f"/answers/{name}", detail) for name, detail in missing]
        raise Unfinished("Some answers are still missing; see errors.", errors=errors)
    final = answers.finished(found.form, found.answers)
    await _keep_only(session, practice_key, intake, final)
    evidence.agree(session, intake, found.form, final)
    intake.state, intake.submitted_at, intake.percent = "submitted", now(), 100
    intake.alerts = len(answers.alerts(found.form, final))
    intake.version += 1
    await session.flush()
    lead = await lead_forms.note(session, intake.lead_id, "done", 100, "intake_submitted")
    differing = await chart.take(session, lead, chart.said(found.form, final))
    _differ(session, Vault(practice_key, intake), intake, differing)
    await later(session, MAKE_PDF, intake.id, key=str(intake.id))
    await session.flush()
    await publish(session, IntakeSubmitted(intake.lead_id, intake.id, len(differing), warning=intake.alerts > 0))
    await _measured(session, intake, found.form, final)
    return intake


async def _measured(session: AsyncSession, intake: Intake, form: Definition, final: Mapping[str, Any]) -> None:
    pain, activities = measuring.pain(form, final), measuring.activities(form, final)
    if pain or activities:
        await publish(session, IntakeMeasured(intake.lead_id, intake.id, intake.language, pain, activities))


async def _keep_only(session: AsyncSession, practice_key: bytes, intake: Intake, final: dict[str, Any]) -> None:
    """What was hidden in the end is dropped; the rest is as it was handed in."""
    await session.execute(
        delete(IntakeAnswer).where(
            IntakeAnswer.practice_id == intake.practice_id, IntakeAnswer.intake_id == intake.id,
            IntakeAnswer.question_id.not_in(final),
        )
    )  # fmt: skip
    vault = Vault(practice_key, intake)
    rows = {row.question_id: row for row in await _rows(session, intake)}
    changed = {name: value for name, value in final.items() if vault.open(name, rows[name].sealed) != value}
    await _write(session, vault, intake, changed)


def _differ(session: AsyncSession, vault: Vault, intake: Intake, differing: list[chart.Difference]) -> None:
    for one in differing:
        sealed = vault.seal(f"difference:{one.field}", {"ours": one.ours, "theirs": one.theirs})
        row = IntakeDifference(
            practice_id=intake.practice_id, id=new_id(), intake_id=intake.id, field=one.field, sealed=sealed,
            state="open",
        )  # fmt: skip
        session.add(row)
