"""AUTHENTICATE XOAUTH2 for the sandbox's mail server, refusing as Gmail does: a challenge that says why, then NO."""

import json
from collections.abc import Sequence
from typing import Any

from pymap.backend.maildir import Config, Identity, Login
from pymap.exceptions import InvalidAuth
from pysasl import SASLAuth
from pysasl.creds.external import ExternalCredentials
from pysasl.creds.server import ServerCredentials
from pysasl.mechanism import ChallengeResponse, ServerChallenge
from pysasl.mechanism.oauth import OAuth2Mechanism

from backend.sandbox.mailbox.tokens import TokenServer

WHY = json.dumps({"status": "401", "schemes": "bearer", "scope": "https://mail.google.com/"}).encode()


class TokenCredentials(ExternalCredentials):
    """Who it says it is, with the token."""

    def __init__(self, user: str, token: str) -> None:
        super().__init__(user)
        self.token = token


class XOAuth2(OAuth2Mechanism):
    """The mechanism, which knows the tokens of one address."""

    def __init__(self, tokens: TokenServer, address: str) -> None:
        super().__init__()
        self._tokens, self._address = tokens, address

    def server_attempt(self, responses: Sequence[ChallengeResponse]) -> Any:
        """Raises `ServerChallenge` for the token, and once more with the reason where it is not good."""
        super().server_attempt(responses)
        found = self._pattern.match(responses[0].response)
        assert found is not None
        creds = TokenCredentials(found[1].decode(), found[2].decode())
        if len(responses) == 1 and not self.good(creds):
            raise ServerChallenge(WHY)
        return creds, None

    def good(self, creds: TokenCredentials) -> bool:
        """Whether the token opens this mailbox."""
        return creds.authzid == self._address and self._tokens.valid(creds.token)


def mechanisms(mechanism: XOAuth2) -> SASLAuth:
    """Passwords as before, and tokens."""
    return SASLAuth([*SASLAuth.defaults().server_mechanisms, mechanism])


class TokenConfig(Config):
    """Offers tokens too."""

    mechanism: XOAuth2

    @property
    def tls_auth(self) -> SASLAuth:
        """On this machine, as if it were TLS."""
        return mechanisms(self.mechanism)


class TokenLogin(Login):
    """Takes tokens too."""

    async def authenticate(self, credentials: ServerCredentials) -> Identity:
        """Raises `InvalidAuth`."""
        if not isinstance(credentials, TokenCredentials):
            return await super().authenticate(credentials)
        assert isinstance(self.config, TokenConfig)
        if not self.config.mechanism.good(credentials):
            raise InvalidAuth
        return Identity(self.config, self.tokens, credentials.authzid, None, set())
