"""The mail servers of this process."""

from backend.integrations.email_imap import ImapMailbox
from backend.lead_capture.mail.ports import Mailbox


def mailbox() -> Mailbox:
    """The adapter; each mailbox names its own server."""
    return ImapMailbox()
