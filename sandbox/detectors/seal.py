"""Signatures by the Standard Webhooks convention, written from its text: `v1`, HMAC-SHA256 over id.timestamp.body."""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping

TOLERANCE_S = 300.0


def sign(secret: str, id: str, stamp: int, body: bytes) -> str:
    """Sign a message."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"{id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(made).decode()


def sealed(secret: str, id: str, body: bytes) -> dict[str, str]:
    """Give the headers of a message that is sent now."""
    stamp = int(time.time())
    return {"webhook-id": id, "webhook-timestamp": str(stamp), "webhook-signature": sign(secret, id, stamp, body)}


def is_whole(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Tell whether a message is whole, fresh, and from whoever has the secret."""
    id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not stamp.isdecimal() or abs(time.time() - int(stamp)) > TOLERANCE_S:
        return False
    right = sign(secret, id, int(stamp), body)
    return any(hmac.compare_digest(right, one) for one in headers.get("webhook-signature", "").split(" "))
