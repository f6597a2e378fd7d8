"""Marks in texts. A body holds `{link:<id>}`, never a token; the sending job alone puts the address in its place."""

import re
import uuid
from collections.abc import Mapping
from typing import Final

from backend.core.settings import get_settings

MARK: Final = re.compile(r"\{link:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}")
# A preview may end in the middle of a mark.
CUT: Final = re.compile(r"\{(?:l(?:i(?:n(?:k(?::[0-9a-f-]{0,36})?)?)?)?)?$")
SHOWN: Final = "[link]"
TOKEN_LENGTH: Final = 26


def mark(link_id: uuid.UUID) -> str:
    """What stands for this link in a body."""
    return f"{{link:{link_id}}}"


def marked(body: str) -> list[uuid.UUID]:
    """The links in a body, each once."""
    return list(dict.fromkeys(uuid.UUID(found) for found in MARK.findall(body)))


def shown(body: str) -> str:
    """A body as people read it."""
    return MARK.sub(SHOWN, body)


def shown_cut(body: str) -> str:
    """The same for the beginning of a body that goes on."""
    return CUT.sub(SHOWN, shown(body))


def addressed(body: str, addresses: Mapping[uuid.UUID, str]) -> str:
    """A body as it is sent."""
    return MARK.sub(lambda found: addresses[uuid.UUID(found.group(1))], body)


def address(base_url: str, token: str) -> str:
    """Where the link leads. Nothing after `#` ever reaches a server's log."""
    return f"{base_url}/p#{token}"


def sample() -> str:
    """An address as long as the real ones."""
    return address(get_settings().base_url, "x" * TOKEN_LENGTH)
