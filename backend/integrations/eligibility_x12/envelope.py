"""The envelope of CAQH CORE connectivity (rule 270, version 2.2.0): HTTP with MIME multipart, real time, by password.

Field names and values as the rule's table of envelope metadata and its HTTP MIME examples give them.
"""

import secrets
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from backend.insurance.ports import Account

REQUEST: Final = "X12_270_Request_005010X279A1"
RESPONSE: Final = "X12_271_Response_005010X279A1"
# A payer that finds the 270 itself malformed answers with an acknowledgement instead.
ACKNOWLEDGED: Final = "X12_999_Response_005010X231A1"
RULE_VERSION: Final = "2.2.0"
REAL_TIME: Final = "RealTime"


def multipart(fields: Mapping[str, bytes]) -> tuple[str, bytes]:
    """Content type and body."""
    boundary = secrets.token_hex(16)
    parts = [
        b'--%b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (boundary.encode(), name.encode(), value)
        for name, value in fields.items()
    ]
    return f"multipart/form-data; boundary={boundary}", b"".join(parts) + b"--" + boundary.encode() + b"--\r\n"


def request(account: Account, trace: str, payload: bytes, at: datetime) -> tuple[str, bytes]:
    """Content type and body of a question. The same trace is the same PayloadID."""
    fields = {
        "PayloadType": REQUEST, "ProcessingMode": REAL_TIME, "PayloadID": str(uuid.UUID(trace)),
        "TimeStamp": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "UserName": account.username,
        "Password": account.password, "SenderID": account.sender_id, "ReceiverID": account.receiver_id,
        "CORERuleVersion": RULE_VERSION,
    }  # fmt: skip
    return multipart({name: value.encode() for name, value in fields.items()} | {"Payload": payload})
