"""What the carriers remember: faxes with their documents, and the faults asked for. Kept in a folder."""

import json
import os
import uuid
from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SandboxFax:
    """One fax at a carrier, received for us or sent by us. `told` once its callbacks were delivered or given up."""

    id: str
    provider: str
    account_key: str
    from_number: str
    to_number: str
    media_type: str
    received_at: str
    viewed: bool = False
    told: bool = False
    direction: str = "inbound"
    # Of a fax sent by us: queued, delivered or failed with a reason; our ref; where the carrier calls back.
    status: str = "received"
    outcome: str = ""
    ref: str = ""
    callback: str = ""
    pages: int = 1


class Store:
    """Faxes by id, in memory and on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "faxes.json"
        rows = json.loads(file.read_text()) if file.exists() else []
        self.faxes: dict[str, SandboxFax] = {row["id"]: SandboxFax(**row) for row in rows}
        self.faults: Counter[tuple[str, str]] = Counter()

    def add(
        self, provider: str, account_key: str, from_number: str, to_number: str, document: bytes, media_type: str
    ) -> SandboxFax:
        """Take a document in."""
        fax = SandboxFax(
            str(uuid.uuid4()), provider, account_key, from_number, to_number, media_type, datetime.now(UTC).isoformat()
        )
        self._document(fax.id).write_bytes(document)
        self.faxes[fax.id] = fax
        self._save()
        return fax

    def send(self, fax: SandboxFax, document: bytes) -> SandboxFax:
        """Take over a fax to be sent."""
        self._document(fax.id).write_bytes(document)
        self.faxes[fax.id] = fax
        self._save()
        return fax

    def settle(self, fax_id: str) -> SandboxFax:
        """The other machine took it, or not."""
        fax = self.faxes[fax_id]
        self.faxes[fax_id] = replace(fax, status="failed" if fax.outcome else "delivered")
        self._save()
        return self.faxes[fax_id]

    def mark_viewed(self, fax_id: str) -> None:
        """Somebody, or the product, has seen it."""
        self.faxes[fax_id] = replace(self.faxes[fax_id], viewed=True)
        self._save()

    def mark_told(self, fax_id: str) -> None:
        """Its callbacks were delivered or given up."""
        self.faxes[fax_id] = replace(self.faxes[fax_id], told=True)
        self._save()

    def document(self, fax: SandboxFax) -> bytes:
        """The document, cut short when that fault was asked for."""
        data = self._document(fax.id).read_bytes()
        return data[: len(data) // 3] if self.fault(fax.provider, "truncated_document") else data

    def of(self, provider: str, direction: str = "inbound") -> list[SandboxFax]:
        """A carrier's faxes, newest first."""
        return sorted(
            (fax for fax in self.faxes.values() if fax.provider == provider and fax.direction == direction),
            key=lambda fax: fax.received_at,
            reverse=True,
        )

    def ask(self, provider: str, fault: str, count: int) -> None:
        """Ask for a fault in the next `count` occasions."""
        self.faults[provider, fault] += count

    def fault(self, provider: str, name: str) -> bool:
        """Whether the fault is due now; using it up."""
        if self.faults[provider, name] <= 0:
            return False
        self.faults[provider, name] -= 1
        return True

    def _document(self, fax_id: str) -> Path:
        return self._folder / f"{uuid.UUID(fax_id)}.bin"

    def _save(self) -> None:
        new = self._folder / "faxes.json.new"
        new.write_text(json.dumps([asdict(fax) for fax in self.faxes.values()]))
        os.replace(new, self._folder / "faxes.json")
