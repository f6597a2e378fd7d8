"""What the rows of the consent ledger say together, per scope. Pure; `consent.py` reads and writes them.

A plain STOP revokes all; a revoke of marketing leaves care. "All" was given for care: advertising and requests for
reviews need consent that names them (47 CFR 64.1200(f)(9)). A question asked never undoes an answer.
"""

from collections.abc import Iterable
from typing import Literal

from backend.messaging.gate import Consent

Scope = Literal["all", "care", "scheduling", "feedback", "marketing"]
SCOPES: tuple[Scope, ...] = ("care", "scheduling", "feedback", "marketing")
NAMED_ONLY: frozenset[Scope] = frozenset({"feedback", "marketing"})


def state_of(rows: Iterable[tuple[str, str]], scope: Scope = "care") -> Consent:
    """State of one scope after these (status, scope), oldest first."""
    state: Consent = "none"
    for status, named in rows:
        if named not in {scope, "all"}:
            continue
        if status == "revoked":
            state = "revoked"
        elif status == "granted" and (named == scope or scope not in NAMED_ONLY):
            state = "granted"
        elif status == "asked" and state == "none" and scope not in NAMED_ONLY:
            state = "asked"
    return state
