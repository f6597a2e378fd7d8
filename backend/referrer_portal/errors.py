"""What may go wrong in the portal. The page has its own words for each `type`."""

from backend.core.problems import Forbidden, Invalid, NotFound, Unauthenticated


class LinkNotUsable(NotFound):
    """Unknown, expired, revoked or locked: all look alike."""

    type = "link-not-usable"
    title = "This link does not work"

    def __init__(self) -> None:
        super().__init__("This link does not work any more. Call the practice that sent it, or ask for a new one.")


class PageClosed(Unauthenticated):
    """No session, or it has ended."""

    type = "page-closed"
    title = "This page has closed"

    def __init__(self) -> None:
        super().__init__("For your patients’ safety this page has closed. Open the link you were sent again.")


class OtherPage(Forbidden):
    """Another link was opened in this browser meanwhile, or the request comes from elsewhere."""

    type = "other-page"
    title = "Another page is open"

    def __init__(self) -> None:
        super().__init__("Another page was opened in this browser. Open the link you were sent again.")


class CheckFirst(Forbidden):
    """The second check has not been passed."""

    type = "check-first"
    title = "One check first"

    def __init__(self) -> None:
        super().__init__("Answer the question on the page first.")


class CheckFailed(Invalid):
    """The answer does not match what the practice has on file. Carries `tries_left`."""

    type = "check-failed"
    title = "That does not match"

    def __init__(self, tries_left: int) -> None:
        super().__init__("That does not match what the practice has on file.", tries_left=tries_left)
