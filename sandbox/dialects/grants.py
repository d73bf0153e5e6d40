"""Access tokens by client id and secret, as most platforms that want a key hand them out."""

import base64
import binascii
import hashlib
from urllib.parse import parse_qsl

from sandbox.dialects.answer import Answer, Ask


class Grants:
    """Gives tokens and knows them again while they last; any id with a secret may have one."""

    def __init__(self, life_s: int, prefix: str, refused: int = 400) -> None:
        """`refused` is the status that bad credentials get."""
        self.life_s, self.prefix, self.refused = life_s, prefix, refused
        self.given: dict[str, tuple[float, str]] = {}

    def answer(self, ask: Ask, now: float) -> Answer:
        """Answer a request for a token."""
        form = dict(parse_qsl(ask.body.decode("utf-8", "replace")))
        scheme, _, secret = ask.headers.get("authorization", "").partition(" ")
        try:
            id, _, word = base64.b64decode(secret, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            id = word = ""
        if ask.method != "POST" or form.get("grant_type") != "client_credentials":
            return Answer({"error": "unsupported_grant_type"}, status=400)
        if scheme.lower() != "basic" or not id or not word:
            return Answer({"error": "invalid_client"}, status=self.refused)
        token = self.prefix + hashlib.sha256(f"{id}/{now}/{len(self.given)}".encode()).hexdigest()
        self.given[token] = now + self.life_s, id
        return Answer({"access_token": token, "token_type": "Bearer", "expires_in": self.life_s})

    def holder(self, ask: Ask, scheme: str, now: float) -> str:
        """Give the client whose good token a request carries, or nothing."""
        said, _, token = ask.headers.get("authorization", "").partition(" ")
        until, id = self.given.get(token, (0.0, ""))
        return id if said.lower() == scheme.lower() and now < until else ""
