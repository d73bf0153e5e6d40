"""What can go wrong when a platform is asked. "Not here" is no error: it is the observation Absent.

Whatever a server's words put into a trouble is legible and bounded here, before anybody logs, shows or keeps it.

Trouble
├── Throttled       the platform, or our own budget, says "not now": the bucket is parked, the target stays due
├── Refused         credentials, terms or a block: the platform rests, or this one target does
├── Unavailable     no usable answer (timeout, reset, 5xx): tried again, then the target stays due
├── Misunderstood   an answer in a shape we do not know: that target fails, loudly
└── Closing         this worker is stopping: nothing was asked, the target stays due
"""

from storage.observations import Outcome

SHOWN = 200  # of a server's own words
TOLD = 1_000  # of a whole reason


def legible(text: str, at_most: int = SHOWN) -> str:
    """Return what can be shown of a server's words: printable, and not many."""
    return "".join(char for char in text[:at_most] if char.isprintable()).strip()


class Trouble(Exception):
    """A question that got no usable answer."""

    outcome = Outcome.FAILED

    def __init__(self, reason: str = "") -> None:
        """Keep the reason."""
        super().__init__(legible(reason, TOLD))


class Throttled(Trouble):
    """Not now. `wait_s` is how long, in the platform's seconds, where it is known."""

    outcome = Outcome.THROTTLED

    def __init__(
        self, reason: str, *, wait_s: float | None = None, until: float | None = None, bucket: str = ""
    ) -> None:
        """Keep the reason, the time to wait (or the epoch second to wait for), and the bucket it concerns."""
        super().__init__(reason)
        self.wait_s = wait_s
        self.until = until
        self.bucket = bucket


class Refused(Trouble):
    """The platform will not answer us until an operator does something; or not this one question."""

    outcome = Outcome.REFUSED

    def __init__(self, reason: str, *, about_target: bool = False) -> None:
        """Keep the reason, and whether it concerns one target alone."""
        super().__init__(reason)
        self.about_target = about_target


class Unavailable(Trouble):
    """No usable answer this time."""

    outcome = Outcome.FAILED


class Misunderstood(Trouble):
    """The answer's shape is not the one we know."""

    outcome = Outcome.MALFORMED


class Closing(Trouble):
    """The worker stops; nothing was sent."""

    outcome = Outcome.FAILED
    REASON = "the worker is stopping"

    def __init__(self, reason: str = REASON) -> None:
        """Say so in the words that the lane recognises."""
        super().__init__(reason)
