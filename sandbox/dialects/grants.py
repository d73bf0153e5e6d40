"""Access tokens by client id and secret, as most platforms that want a key hand them out."""

import base64
import binascii
import hashlib
from urllib.parse import parse_qsl

from sandbox.dialects.answer import Answer, Ask


class Grants:
    """Gives tokens and knows them again while they last; any id with a secret may have one."""

    def __init__(self, life_s: int, prefix: str, refused: int = 400, *, wordy: bool = False) -> None:
        """`refused` is the status that bad credentials get; a wordy refusal describes itself."""
        self.life_s, self.prefix, self.refused, self.wordy = life_s, prefix, refused, wordy
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
            return self.refusal("unsupported_grant_type", "grant_type missing", 400)
        if scheme.lower() != "basic" or not id or not word:
            return self.refusal("invalid_client", "Invalid client", self.refused)
        token = self.prefix + hashlib.sha256(f"{id}/{now}/{len(self.given)}".encode()).hexdigest()
        self.given[token] = now + self.life_s, id
        return Answer({"access_token": token, "token_type": "Bearer", "expires_in": self.life_s})

    def refusal(self, error: str, words: str, status: int) -> Answer:
        """Refuse a token as OAuth does."""
        return Answer({"error": error, **({"error_description": words} if self.wordy else {})}, status=status)

    def holder(self, ask: Ask, scheme: str, now: float) -> str:
        """Give the client whose good token a request carries, or nothing."""
        said, _, token = ask.headers.get("authorization", "").partition(" ")
        until, id = self.given.get(token, (0.0, ""))
        return id if said.lower() == scheme.lower() and now < until else ""
