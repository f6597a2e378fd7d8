"""What makes a message from outside suspicious. Pure; nothing is thrown away for it, a person looks instead."""

import re
from collections.abc import Iterable
from typing import Final

LINK: Final = re.compile(r"https?://|www\.|\[url|<a\s|\b[a-z0-9-]+\.(?:ru|cn|xyz|top|shop|click|site|online)\b", re.I)
SELLING: Final = re.compile(
    r"\b(?:seo|backlinks?|search engine|first page of google|rank(?:ing)? (?:your|on) |web ?design|web development|"
    r"guest post|casino|viagra|cialis|crypto|bitcoin|forex|loan offer|merchant cash|investment opportunity|"
    r"lead generation|marketing agency|explainer video|domain (?:name|authority)|business listing|invoice attached|"
    r"unsubscribe|click here|limited offer|dear (?:sir|webmaster|owner)|earn money)\b",
    re.I,
)  # fmt: skip
NOT_A_NAME: Final = re.compile(r"[\d<>{}\[\]@/\\|=]|https?:|\.com\b", re.I)
REASONS: Final = {
    "honeypot": "A field people cannot see was filled in",
    "no_token": "The form's own script did not send it",
    "bad_token": "The form was not one of ours, or older than a day",
    "too_fast": "It was sent faster than anybody types",
    "no_origin": "It does not say which website it comes from",
    "links": "It holds links",
    "selling": "It reads like advertising",
    "name": "The name does not look like one",
    "many": "Many came at once",
    "unsure": "It is not clear who wrote, or what they want",
    "not_authenticated": "The sender's address is not proven",
    "reply": "It answers an e-mail",
    "attachment": "It came with a file we cannot read; see it in the mailbox",
    "too_large": "It is too large to be taken in; see it in the mailbox",
    "unreadable": "It is built in a way nobody should open blindly; see it in the mailbox",
}


def suspicions(names: Iterable[str | None], texts: Iterable[str | None]) -> list[str]:
    """Why these words look like nobody who needs therapy."""
    given, words = [name for name in names if name], " ".join(filter(None, texts))
    found = []
    if any(NOT_A_NAME.search(name) or LINK.search(name) for name in given):
        found.append("name")
    if LINK.search(words):
        found.append("links")
    if SELLING.search(words):
        found.append("selling")
    return found
