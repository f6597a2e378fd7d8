"""The sandbox's fax lines, one per carrier, made once per data folder and kept in a file."""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.faxes.ports import PROVIDER_SECRETS, PROVIDERS, SENDING_SECRETS, ProviderName

NUMBERS: dict[ProviderName, str] = {
    "documo": "+12175550101",
    "sinch": "+12175550102",
    "telnyx": "+12175550103",
    "srfax": "+12175550104",
}


TEXT_NUMBER = "+12175550110"


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """A number at the emulated Twilio, with all a program needs to play it."""

    account_key: str
    number: str
    credentials: dict[str, str]


@dataclass(frozen=True, slots=True)
class SandboxAccount:
    """A line at an emulated carrier. `credentials` are all a program needs to play that carrier."""

    provider: ProviderName
    account_key: str
    number: str
    credentials: dict[str, str]

    @property
    def secrets(self) -> dict[str, str]:
        """The part the product knows."""
        names = (*PROVIDER_SECRETS[self.provider], *SENDING_SECRETS[self.provider])
        return {name: self.credentials[name] for name in names if name in self.credentials}


def load_accounts(folder: Path) -> list[SandboxAccount]:
    """The accounts of this folder, made on first use."""
    file = folder / "accounts.json"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = [_make(provider) for provider in PROVIDERS]
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump([asdict(account) for account in made], out, indent=1)
    return [SandboxAccount(**account) for account in json.loads(file.read_text())]


def load_twilio(folder: Path) -> TwilioAccount:
    """The number for texts, made on first use."""
    file = folder / "twilio.json"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = {"account_sid": f"AC{secrets.token_hex(16)}", "auth_token": secrets.token_hex(16)}
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump({"account_key": secrets.token_hex(12), "number": TEXT_NUMBER, "credentials": made}, out)
    return TwilioAccount(**json.loads(file.read_text()))


def _make(provider: ProviderName) -> SandboxAccount:
    names = (*PROVIDER_SECRETS[provider], *SENDING_SECRETS[provider])
    credentials = {name: f"{name}-{secrets.token_hex(8)}" for name in names}
    if provider == "telnyx":
        key = Ed25519PrivateKey.generate()
        credentials["public_key"] = base64.b64encode(key.public_key().public_bytes_raw()).decode()
        credentials["private_key"] = base64.b64encode(key.private_bytes_raw()).decode()
    return SandboxAccount(provider, secrets.token_hex(12), NUMBERS[provider], credentials)
