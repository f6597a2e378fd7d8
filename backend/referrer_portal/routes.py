"""Open a referrer's link, and answer its question."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from backend.core import rates
from backend.core.problems import Forbidden
from backend.identity.access import Context, from_our_page
from backend.referrer_portal import service, session
from backend.referrer_portal.schemas import ReferrerCheckIn, ReferrerPageOut, ReferrerTokenIn
from backend.referrer_portal.session import Opened, Resumed

router = APIRouter(prefix="/api/v1/public/referrer", tags=["referrer portal"])
EXCHANGES_A_MINUTE: Final = 10


async def _limited(request: Request, context: Context) -> None:
    await rates.limit(context, request, "referrer-links", EXCHANGES_A_MINUTE)


@router.post("/exchange", operation_id="exchangeReferrerLink", summary="Open a referrer's link")
async def exchange_referrer_link(
    body: ReferrerTokenIn, request: Request, response: Response, context: Context,
    _: Annotated[None, Depends(_limited)],
) -> ReferrerPageOut:  # fmt: skip
    """The token becomes a short session of this browser. 404 for any token that opens nothing, whatever the reason."""
    if not from_our_page(request, context):
        raise Forbidden("Open the link you were sent.")
    cookie, page = await service.open_link(context, body.token)
    session.set_cookie(response, cookie)
    return page


@router.get("/session", operation_id="getReferrerPage", summary="The page this browser has open")
async def get_referrer_page(known: Resumed, context: Context) -> ReferrerPageOut:
    """For a reload: the address no longer holds the token."""
    async with session.transaction_of(context, known) as transaction:
        return await service.page_of(transaction, known)


@router.post("/check", operation_id="checkReferrer", summary="Answer the page's question")
async def check_referrer(body: ReferrerCheckIn, known: Opened, context: Context) -> ReferrerPageOut:
    """422 `check-failed` with `tries_left`; after five wrong answers the link is dead."""
    return await service.answer_check(context, known, body)
