"""What comes back by callback: only what bears the detector's signature is read, and a late or old stamp is refused."""

from collections.abc import Mapping

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from crawler.detectors.asking import understood
from crawler.detectors.contract import Reach, Told, detectors
from crawler.detectors.line import read_object


class Unsigned(Exception):
    """A callback that does not prove whose it is."""


def read(name: str, reach: Mapping[str, Reach], headers: Mapping[str, str], body: bytes) -> Told:
    """Read a callback, or raise Unsigned, or Failed for one that is signed and can't be read."""
    kind, line = detectors().get(name), reach.get(name)
    if kind is None or line is None or not line.secret or kind.mode != "callback":
        raise Unsigned
    try:
        Webhook(line.secret).verify(body, dict(headers))
    except (WebhookVerificationError, ValueError):
        raise Unsigned from None
    said = read_object(body)
    return understood(lambda: kind.read(said))
