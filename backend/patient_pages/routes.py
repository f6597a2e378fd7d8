"""Open a link from a text, and answer its question."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from backend.core import rates
from backend.core.problems import Forbidden
from backend.identity.access import Context, from_our_page
from backend.patient_pages import service, session
from backend.patient_pages.schemas import CheckIn, ExchangeIn, PatientPageOut
from backend.patient_pages.session import Opened, Resumed

router = APIRouter(prefix="/api/v1/public/links", tags=["patient pages"])
EXCHANGES_A_MINUTE = 10


async def _limited(request: Request, context: Context) -> None:
    await rates.limit(context, request, "links", EXCHANGES_A_MINUTE)


@router.post("/exchange", operation_id="exchangeLink", summary="Open a link from a text")
async def exchange_link(
    body: ExchangeIn, request: Request, response: Response, context: Context, _: Annotated[None, Depends(_limited)]
) -> PatientPageOut:
    """The token becomes a short session of this browser. 404 for any token that opens nothing, whatever the reason."""
    if not from_our_page(request, context):
        raise Forbidden("Open the link in your text.")
    cookie, page = await service.open_link(context, body.token)
    session.set_cookie(response, cookie)
    return page


@router.get("/session", operation_id="getPatientPage", summary="The page this browser has open")
async def get_patient_page(known: Resumed, context: Context) -> PatientPageOut:
    """For a reload: the address no longer holds the token."""
    async with session.transaction_of(context, known) as transaction:
        return await service.page_of(transaction, known)


@router.post("/check", operation_id="checkPatient", summary="Answer the page's question")
async def check_patient(body: CheckIn, known: Opened, context: Context) -> PatientPageOut:
    """422 `check-failed` with `tries_left`; after five wrong answers the link is dead."""
    return await service.answer_check(context, known, body)
