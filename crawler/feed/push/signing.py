"""Endpoints' secrets: made from the operator's signing key and a salt of the store, so a store alone tells none."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook


def secret(signing_key: str, salt: str) -> str:
    """Make an endpoint's secret as Standard Webhooks writes it."""
    made = hmac.new(signing_key.encode(), f"falsetto endpoint {salt}".encode(), hashlib.sha256).digest()
    return "whsec_" + base64.b64encode(made).decode()


def key_check(signing_key: str) -> str:
    """Make a few digits that tell whether a signing key is still the same, and nothing else of it."""
    return hmac.new(signing_key.encode(), b"falsetto key check", hashlib.sha256).hexdigest()[:12]


def headers(secrets: Sequence[str], message: str, body: str, at: datetime) -> dict[str, str]:
    """Sign one try with every secret that counts now."""
    at = at.astimezone(UTC)  # the library writes another zone's clock as if it were UTC
    signatures = " ".join(Webhook(one).sign(message, at, body) for one in secrets)
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signatures,
    }
