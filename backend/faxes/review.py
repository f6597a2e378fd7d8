"""What a person decides about a fax: confirm, reject, retry, attach, split, merge."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import publish
from backend.core.jobs import later
from backend.core.problems import Conflict, Invalid, StaleVersion
from backend.faxes import filing, queries, service
from backend.faxes.events import FaxSettled
from backend.faxes.field_steps import REGROUPED
from backend.faxes.fields import normalize
from backend.faxes.models import Fax, FaxPage, FaxSegment
from backend.faxes.schemas import ConfirmedSegment

ACTIONS = {
    "needs_review": ("confirm", "attach", "reject", "retry", "split", "merge"),
    "failed": ("retry", "reject"),
}


def allowed(status: str) -> list[str]:
    """The verbs a person may use on a fax in this status."""
    return list(ACTIONS.get(status, ()))


async def _open(session: AsyncSession, fax_id: uuid.UUID, verb: str, version: int | None) -> Fax:
    """The fax, locked, when the verb fits its status. Raises `StaleVersion` or `Conflict`."""
    fax = await queries.fax(session, fax_id, permission="faxes:write", lock=True)
    if version is not None and version != fax.version:
        raise StaleVersion(fax.version)
    if verb not in allowed(fax.status):
        raise Conflict("This fax is " + STATES.get(fax.status, "being read now. Wait a moment."))
    return fax


STATES = {
    "filed": "filed already.",
    "rejected": "rejected already.",
    "failed": "not readable: try again, or reject it.",
}


async def confirm(
    session: AsyncSession, fax_id: uuid.UUID, version: int, confirmed: Sequence[ConfirmedSegment]
) -> None:
    """File every segment with a person's corrections; `lead_id` chooses a lead, else one is found or opened."""
    fax = await _open(session, fax_id, "confirm", version)
    segments = {row.index: row for row in await queries.segments(session, fax.id)}
    given = {item.index: item for item in confirmed}
    if set(given) - set(segments) or len(given) != len(confirmed):
        raise Invalid("Name each segment of the fax once.", errors=[("/segments", "unknown or repeated index")])
    for index, row in segments.items():
        item = given.get(index) or ConfirmedSegment(index=index)
        place = f"/segments/{confirmed.index(item) if item in confirmed else '-'}"
        correct(row, item.fields, f"{place}/fields")
        await _file(session, fax, row, item, place)
    await service.reach(session, fax, "filed")


async def _file(session: AsyncSession, fax: Fax, row: FaxSegment, item: ConfirmedSegment, place: str) -> None:
    if item.reject_reason:
        row.reject_reason, row.hold_reasons = item.reject_reason, []
    elif item.lead_id is not None:
        await filing.attach_segment(session, fax, row, item.lead_id)
    elif filing.has_name(row):
        row.patient_id = item.patient_id
        await filing.file_segment(session, fax, row)
    else:
        missing = [(f"{place}/fields/patient_{part}_name", "needed to open a lead") for part in ("first", "last")]
        raise Invalid("Give the patient's first and last name, or choose a lead.", errors=missing)


def correct(row: FaxSegment, corrections: dict[str, Any], pointer: str) -> None:
    """Put a person's values in place of what was read; what was read stays as a candidate."""
    fields = dict(row.fields)
    for name, normal in normalize(corrections, pointer).items():
        before = fields.pop(name, None)
        if normal is None:
            continue
        if before and before["normal"] == normal:
            fields[name] = before | {"confidence": 1.0, "source": "person"}
            continue
        candidates = [{key: value for key, value in before.items() if key != "candidates"}] if before else []
        where = before or {"page": row.pages[0], "box": None, "text": "", "candidates": []}
        fields[name] = {
            "value": _said(normal), "normal": normal, "confidence": 1.0, "source": "person", "page": where["page"],
            "box": where["box"], "text": where["text"], "candidates": candidates + where["candidates"],
        }  # fmt: skip
    row.fields = fields


def _said(normal: object) -> str:
    if isinstance(normal, bool):
        return "yes" if normal else "no"
    return ", ".join(map(str, normal)) if isinstance(normal, list) else str(normal)


async def attach(session: AsyncSession, fax_id: uuid.UUID, lead_id: uuid.UUID, version: int | None) -> None:
    """Put the whole fax under one lead."""
    fax = await _open(session, fax_id, "attach", version)
    for row in await queries.segments(session, fax.id):
        await filing.attach_segment(session, fax, row, lead_id)
    await service.reach(session, fax, "filed")


async def reject(session: AsyncSession, fax_id: uuid.UUID, reason: str, version: int | None) -> None:
    """Not a referral, not for us, junk: the pages stay, with the reason."""
    fax = await _open(session, fax_id, "reject", version)
    for row in await queries.segments(session, fax.id):
        row.hold_reasons = []
    _forget_failure(fax)
    fax.reject_reason = reason
    await service.reach(session, fax, "rejected")


async def retry(session: AsyncSession, fax_id: uuid.UUID, version: int | None) -> None:
    """Read it again from the original."""
    fax = await _open(session, fax_id, "retry", version)
    for table in (FaxSegment, FaxPage):
        await session.execute(delete(table).where(table.practice_id == fax.practice_id, table.fax_id == fax.id))
    await _again(session, fax, "received")


async def regroup(session: AsyncSession, fax_id: uuid.UUID, groups: list[list[int]], version: int | None) -> None:
    """Say which pages belong to one patient; fields are read anew, and a person looks again."""
    fax = await _open(session, fax_id, "split", version)
    pages = {page.number: page for page in await queries.pages(session, fax.id)}
    if sorted(number for group in groups for number in group) != sorted(pages) or not all(groups):
        raise Invalid("Every page must be in exactly one group.", errors=[("/segments", "not a partition")])
    kinds = {row.index: row.kind for row in await queries.segments(session, fax.id)}
    await session.execute(
        delete(FaxSegment).where(FaxSegment.practice_id == fax.practice_id, FaxSegment.fax_id == fax.id)
    )
    for index, group in enumerate(groups):
        kind = kinds.get(pages[group[0]].segment or 0, "other")
        session.add(
            FaxSegment(
                practice_id=fax.practice_id, fax_id=fax.id, index=index, kind=kind, pages=sorted(group), fields={},
                hold_reasons=[REGROUPED], matches=[],
            )
        )  # fmt: skip
        for number in group:
            pages[number].segment = index
    await _again(session, fax, "sorted")


async def merge(session: AsyncSession, fax_id: uuid.UUID, version: int | None) -> None:
    """All pages belong to one patient."""
    numbers = [page.number for page in await queries.pages(session, fax_id)]
    await regroup(session, fax_id, [numbers] if numbers else [], version)


def _forget_failure(fax: Fax) -> None:
    fax.failure_step = fax.failure_code = fax.failure_detail = None


async def _again(session: AsyncSession, fax: Fax, status: str) -> None:
    fax.tries += 1
    _forget_failure(fax)
    await service.reach(session, fax, status)
    await publish(session, FaxSettled(fax.id))
    await later(session, service.PROCESS, fax.id, key=f"{fax.id}:{fax.tries}", queue="documents")
