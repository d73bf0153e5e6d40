"""An API client platform: plain generators, run in a lane's thread.

`observe` is the table of contents of a platform: it yields pages and returns the coverage. What goes wrong on the way
is turned into the coverage here, with everything that was told before it.
"""

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator
from typing import TypeVar

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from spiders.base.errors import Misunderstood, Trouble, Unavailable
from spiders.base.gate import Gate
from spiders.base.platform import Access, Platform
from spiders.base.walk import Walk
from storage.observations import Absent, Coverage, Page, Payload, Redirected
from storage.targets import Ask, Target

TRIES = 3
BACKOFF_S = 1.0
T = TypeVar("T")

Observing = Generator[Page, None, Coverage]


class Client(Platform, ABC):
    """A platform that is asked from a thread."""

    def __init__(self, access: Access, gate: Gate) -> None:
        """Remember how to reach the platform; nothing is asked yet."""
        self.access, self.gate = access, gate
        self.base = (access.base_url or self.api).rstrip("/")

    @abstractmethod
    def observe(self, target: Target, walk: Walk) -> Observing:
        """Answer one target page by page, counting on `walk`, and return the coverage."""

    def observe_batch(self, targets: list[Target]) -> Iterator[Page]:
        """Answer several targets; a platform that needs fewer calls for many overrides this."""
        for target in targets:
            walk = Walk(resumed=target.resume is not None, blind=self.blind_for(self.access))
            try:
                coverage = yield from self.observe(target, walk)
            except Trouble as trouble:
                coverage = walk.failed(trouble)
            yield Page(target, walk.noted.take(), coverage=coverage)

    def retrying(self, ask: Callable[[], T]) -> T:
        """Ask again after an Unavailable, a few times; each try pays its own slot."""
        retry = Retrying(
            retry=retry_if_exception_type(Unavailable),
            stop=stop_after_attempt(TRIES),
            wait=lambda state: (
                BACKOFF_S * 2 ** (state.attempt_number - 1) * random.uniform(0.5, 1.0) / self.access.lapse
            ),
            reraise=True,
        )
        return retry(ask)

    def absent(self, target: Target, walk: Walk, reason: str, payload: Payload | None = None) -> Observing:
        """Say that there is no such thing, and end the walk; a search has no subject that could be missing."""
        if target.ask is Ask.SEARCH:
            raise Misunderstood(f"a search was expected, got no such thing: {reason}")
        yield Page(target, (Absent(target.subject, reason),), payload)
        return walk.absent(reason)

    def uncarried(self, target: Target, walk: Walk) -> Observing:
        """Say that nothing carries a code, unless what came could not be read."""
        if walk.noted or walk.doubts:
            return walk.stopped("nothing of this code could be read")
        walk.page(())
        return (yield from self.absent(target, walk, f"nothing carries this {target.ask.value.upper()}"))

    def close(self) -> None:
        """Close what was opened."""


def instead(target: Target, got: str, *, folds_case: bool = False) -> tuple[Redirected, ...]:
    """Say that another thing came than the one asked for, where that is so."""
    same = got.lower() == target.subject.lower() if folds_case else got == target.subject
    return () if same else (Redirected(target.subject, got),)
