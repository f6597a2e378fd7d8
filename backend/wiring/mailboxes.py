"""The mail servers of this process, and where tokens for them are fetched."""

from backend.core.settings import Settings
from backend.integrations.email_imap import ImapMailbox
from backend.integrations.oauth_tokens import OAuthTokens
from backend.lead_capture.mail.ports import Mailbox, Tokens


def mailbox(settings: Settings) -> Mailbox:
    """The adapter; each mailbox names its own server. The sandbox's is on this machine."""
    inner = frozenset(host.strip().lower() for host in settings.inner_mail_hosts.split(",")) - {""}
    return ImapMailbox(local=settings.environment != "production", inner=inner)


def mail_tokens(settings: Settings) -> Tokens:
    """The adapter; the sandbox's endpoint is on this machine."""
    return OAuthTokens(local=settings.environment != "production")
