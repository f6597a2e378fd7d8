"""An invented letter that shows how letters look."""

from datetime import date

from backend.loop.content import Content, Sender


def letter(sender: Sender, today: date) -> Content:
    """Of nobody, to nobody."""
    return Content(
        sender, to="Rowan Ortho, MD", to_office="Lakeside Orthopedics", to_fax="(312) 555-0155",
        date=f"{today:%B} {today.day}, {today.year}", title="First visit is scheduled",
        about=(("Patient", "Ada B. Sample"), ("Born", "February 3, 1970"), ("Referred", "by you")),
        text=(
            "Thank you for referring this patient to us. The first visit is scheduled.",
            "This is a sample: it shows how your letters look, on paper and after a fax.",
        ),
        facts=(("First visit", "Tuesday at 9:00 AM"), ("Reached", "on the day of your referral")),
    )  # fmt: skip
