"""The mail server of this process: the real one, the sandbox's when it is mounted, or none."""

from backend.core.settings import Settings
from backend.integrations.email_smtp import SmtpMailer
from backend.loop.ports import Mailer


def mailer(settings: Settings) -> Mailer | None:
    """The adapter, or None where no server is known."""
    if settings.sandbox:
        return SmtpMailer(f"smtp://127.0.0.1:{settings.sandbox_mail_port}", settings.mail_from)
    url = settings.smtp_url.get_secret_value()
    return SmtpMailer(url, settings.mail_from) if url else None
