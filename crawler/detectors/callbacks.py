"""What comes back by callback: only what bears the detector's signature is read, and a late or old stamp is refused."""

from collections.abc import Mapping

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook, WebhookVerificationError

from crawler.detectors.asking import understood
from crawler.detectors.contract import CallingBack, Reach, Told, detectors
from crawler.detectors.reading import read_object


class Unsigned(Exception):
    """A callback that does not prove whose it is."""


class Unexpected(Exception):
    """A callback of a detector that answers in another way."""


def read(name: str, reach: Mapping[str, Reach], headers: Mapping[str, str], body: bytes) -> Told:
    """Read a callback, or raise Unsigned, Unexpected, or Failed for one that is signed and can't be read."""
    kind, reached = detectors().get(name), reach.get(name)
    if kind is None or reached is None or not reached.secret:
        raise Unsigned
    try:
        Webhook(reached.secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, EmptyWebhookSecretError, ValueError):
        raise Unsigned from None
    if not issubclass(kind, CallingBack):
        raise Unexpected("no callback is expected of this detector")
    said = read_object(body)
    return understood(lambda: kind.read(said))
