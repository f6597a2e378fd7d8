"""What may go wrong with a provider: its callbacks and its API, whatever it carries."""


class BadSignature(Exception):
    """The callback does not prove that it comes from the provider; nothing of it may be kept."""


class MalformedWebhook(Exception):
    """The callback is authentic but cannot be understood. `code` is safe to log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ProviderUnavailable(Exception):
    """The provider cannot be reached or asks to wait; try again later. `retry_after` in seconds when it said so."""

    def __init__(self, code: str, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after


class MediaGone(Exception):
    """This picture, file or recording will never come; asking again is pointless. `code` is safe to show."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
