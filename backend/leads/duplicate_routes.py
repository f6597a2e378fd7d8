"""Who may be the same person: found, explained, ruled out."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.identity.access import Allowed, Transaction
from backend.leads import duplicates, queries, stages
from backend.leads.duplicate_schemas import DuplicateList, FactOut, LeadDuplicates, SomebodyIn, WorthOut
from backend.patients import matching, scoring

router = APIRouter(prefix="/api/v1/leads", tags=["leads"])
Reader = Annotated[Actor, Depends(Allowed("leads:read"))]
Writer = Annotated[Actor, Depends(Allowed("leads:write"))]
# A name alone is worth a look while somebody types, though not a warning on the board.
WORTH_A_LOOK = scoring.WORTH["name"]


@router.get("/duplicates/table", operation_id="getDuplicateTable", summary="What the score is made of")
async def get_duplicate_table(_: Reader) -> WorthOut:
    """The same for every practice."""
    return WorthOut(
        worth=[FactOut(fact=fact, words=scoring.AGREES[fact], value=value) for fact, value in scoring.WORTH.items()],
        at_most=[FactOut(fact=each, words=scoring.DIFFERS[each], value=most) for each, most in scoring.AT_MOST.items()],
        same=scoring.SAME, possible=scoring.POSSIBLE,
    )  # fmt: skip


@router.post("/duplicates", operation_id="findDuplicates", summary="Who somebody may be")
async def find_duplicates(body: SomebodyIn, _: Writer, session: Transaction) -> DuplicateList:
    """While a lead is typed in: people known already, with their newest lead."""
    found = await duplicates.like(session, matching.Identity(**body.model_dump()), WORTH_A_LOOK)
    if found:
        await audit.record(session, "duplicates.searched", "leads", {item.patient.id for item in found})
    return DuplicateList(items=found)


@router.get("/{lead_id}/duplicates", operation_id="listDuplicates", summary="Who a lead's patient may be too")
async def list_duplicates(lead_id: uuid.UUID, _: Reader, session: Transaction) -> LeadDuplicates:
    """Other leads of people who may be the same, with the score explained, and those a person has ruled out."""
    lead = await queries.lead(session, lead_id)
    found = await duplicates.of_lead(session, lead)
    people = {lead.patient_id, *(item.patient.id for item in found)}
    await audit.record(session, "duplicates.viewed", f"lead:{lead_id}", people)
    return LeadDuplicates(items=found, position=(await stages.named(session, lead.stage)).position)


@router.put("/{lead_id}/duplicates/{other_id}/dismissal", operation_id="dismissDuplicate", summary="Two people",
            status_code=204)  # fmt: skip
async def dismiss_duplicate(lead_id: uuid.UUID, other_id: uuid.UUID, _: Writer, session: Transaction) -> None:
    """Remembered for this pair of people, until it is taken back."""
    people = await duplicates.dismiss(session, lead_id, other_id, same=False)
    await audit.record(session, "duplicate.dismissed", f"lead:{lead_id}", people)


@router.delete("/{lead_id}/duplicates/{other_id}/dismissal", operation_id="reconsiderDuplicate", summary="Maybe one",
               status_code=204)  # fmt: skip
async def reconsider_duplicate(lead_id: uuid.UUID, other_id: uuid.UUID, _: Writer, session: Transaction) -> None:
    """They may be one person after all."""
    people = await duplicates.dismiss(session, lead_id, other_id, same=True)
    await audit.record(session, "duplicate.reconsidered", f"lead:{lead_id}", people)
