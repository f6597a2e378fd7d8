"""Bring callbacks to the product as carriers do: again on failure, late, twice, out of order or spoilt when asked."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import httpx

from backend.core.logging import get_logger
from backend.faxes.receiving import webhook_path
from backend.sandbox.accounts import SandboxAccount
from backend.sandbox.carriers import Callback, Carriers, documo, sinch, srfax, telnyx
from backend.sandbox.store import SandboxFax

log = get_logger(__name__)
# How long the other machine takes, before the scale.
TRANSMISSION_SECONDS = 20.0
RETRIES: dict[str, Sequence[float]] = {
    "documo": documo.RETRIES,
    "sinch": sinch.RETRIES,
    "telnyx": telnyx.RETRIES,
    "srfax": srfax.RETRIES,
}


class Deliveries:
    """Delivers in the background. `time_scale` shortens the carriers' waits."""

    def __init__(self, carriers: Carriers, product_url: str, time_scale: float) -> None:
        self._carriers, self._url, self._scale = carriers, product_url, time_scale
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, fax: SandboxFax) -> None:
        """Start telling the product about a fax."""
        task = asyncio.create_task(self._tell(fax))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def resume(self) -> None:
        """Go on with what a restart interrupted."""
        for fax in self._carriers.store.faxes.values():
            if not fax.told:
                self.begin(fax)

    async def stop(self) -> None:
        """Stop for now; `resume` goes on."""
        for task in list(self._tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _tell(self, fax: SandboxFax) -> None:
        store = self._carriers.store
        account = self._carriers.accounts[fax.provider]
        if fax.direction == "outbound" and fax.status == "queued":
            await asyncio.sleep(TRANSMISSION_SECONDS * self._scale)
            fax = store.settle(fax.id)
        calls = [] if store.fault(fax.provider, "drop") else self._callbacks(fax, account)
        if store.fault(fax.provider, "out_of_order"):
            calls.reverse()
        if store.fault(fax.provider, "duplicate"):
            calls = [call for call in calls for _ in range(2)]
        async with httpx.AsyncClient(base_url=self._url, timeout=10) as http:
            for call in calls:
                await self._bring(http, fax, call)
        store.mark_told(fax.id)

    def _callbacks(self, fax: SandboxFax, account: SandboxAccount) -> list[Callback]:
        store = self._carriers.store
        if fax.provider == "telnyx":
            url = f"{self._carriers.base_url}/providers/telnyx/media/{fax.id}?expires=0"
            return telnyx.callbacks(store, fax, account, url)
        if fax.provider == "documo":
            return documo.callbacks(store, fax, account)
        if fax.provider == "srfax":
            return srfax.callbacks(store, fax) if fax.direction == "outbound" else []
        return sinch.callbacks(store, fax, account)

    async def _bring(self, http: httpx.AsyncClient, fax: SandboxFax, call: Callback) -> None:
        body = call.body
        if self._carriers.store.fault(fax.provider, "tampered"):
            body = body.replace(b"555", b"556", 1)
        for wait in (*RETRIES[fax.provider], None):
            try:
                place = fax.callback or webhook_path(fax.provider, fax.account_key)
                answer = await http.post(place, content=body, headers=call.headers)
                if answer.is_success:
                    return
            except httpx.HTTPError:
                log.info("callback_failed", provider=fax.provider)
            if wait is not None:
                await asyncio.sleep(wait * self._scale)
