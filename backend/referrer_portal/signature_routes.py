"""Plans of care signed online, for the desk's files."""

import asyncio
import uuid
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.identity.access import Allowed, Context, transaction_of
from backend.loop import page
from backend.referrer_portal import signatures

router = APIRouter(prefix="/api/v1", tags=["care"])
Reader = Annotated[Actor, Depends(Allowed("care:read"))]
PRIVATE: Final = {
    "Cache-Control": "private, no-store", "Content-Disposition": 'inline; filename="signed-plan-of-care.pdf"',
}  # fmt: skip


@router.get(
    "/plans-of-care/{plan_id}/signature", operation_id="getPlanSignature",
    summary="A plan of care signed online, as PDF", response_class=Response,
)  # fmt: skip
async def get_plan_signature(plan_id: uuid.UUID, caller: Reader, context: Context) -> Response:
    """The plan as it was shown, who signed it and when, from the record. 404 for one signed in another way."""
    async with transaction_of(context, caller) as session:
        content, patient_id = await signatures.sheet(session, plan_id)
        await audit.record(session, "plan_signature.viewed", f"plan_of_care:{plan_id}", [patient_id])
    return Response(await asyncio.to_thread(page.build, content), media_type="application/pdf", headers=PRIVATE)
