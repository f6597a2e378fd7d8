"""One file per carrier: its API as we use it, its callbacks, and how often it repeats them."""

from dataclasses import dataclass

from fastapi import HTTPException

from backend.sandbox.accounts import SandboxAccount
from backend.sandbox.store import SandboxFax, Store


@dataclass(frozen=True, slots=True)
class Callback:
    """One HTTP call to the product."""

    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Carriers:
    """What every carrier's routes share."""

    store: Store
    accounts: dict[str, SandboxAccount]
    base_url: str

    def fax(self, provider: str, fax_id: str) -> SandboxFax:
        """One fax of a carrier; 404 as theirs."""
        fax = self.store.faxes.get(fax_id)
        if fax is None or fax.provider != provider:
            raise HTTPException(404)
        self.trouble(provider)
        return fax

    def trouble(self, provider: str) -> None:
        """The API fault asked for, if any."""
        if self.store.fault(provider, "api_500"):
            raise HTTPException(500)
        if self.store.fault(provider, "api_429"):
            raise HTTPException(429, headers={"Retry-After": "1"})
