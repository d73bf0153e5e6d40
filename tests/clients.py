"""API clients in tests: a gate that grants at once and remembers, and one target's whole look."""

import time
from dataclasses import dataclass, field

from spiders.base.client import Client
from spiders.base.errors import Throttled
from spiders.base.gate import Slot
from storage.observations import Coverage, Observation, Payload
from storage.targets import Target

LAPSE = 10_000.0  # shrinks the waits between tries


@dataclass
class QuickGate:
    """Grants every slot at once until a bucket is parked, or `slots` are spent."""

    slots: int = 1_000
    waits: list[str] = field(default_factory=list)
    parked: dict[str, float] = field(default_factory=dict)
    paced: list[tuple[str, float]] = field(default_factory=list)
    landings: list[Slot] = field(default_factory=list)

    def wait(self, bucket: str) -> Slot:
        if bucket in self.parked or len(self.waits) >= self.slots:
            raise Throttled("no slot", bucket=bucket)
        self.waits.append(bucket)
        return Slot(bucket, time.time())

    async def slot(self, bucket: str) -> Slot:
        return self.wait(bucket)

    def landed(self, slot: Slot) -> None:
        self.landings.append(slot)

    def park(self, bucket: str, wait_s: float, reason: str) -> None:
        self.parked[bucket] = wait_s

    def now(self) -> float:
        return time.time()

    def pace(self, bucket: str, wait_s: float) -> None:
        self.paced.append((bucket, wait_s))


@dataclass(frozen=True)
class Look:
    """Everything said for one target."""

    observations: list[Observation]
    payloads: list[Payload]
    coverage: Coverage

    def of(self, kind: type) -> list:
        """Return the observations of one kind."""
        return [seen for seen in self.observations if isinstance(seen, kind)]

    def text(self) -> str:
        """Return all of it as text, to look for what must not be there."""
        return repr(self)


def looks(client: Client, *targets: Target) -> dict[Target, Look]:
    """Ask for targets as one batch; each must end with exactly one coverage, and nothing may follow it."""
    found: dict[Target, Look] = {}
    open_looks: dict[Target, tuple[list[Observation], list[Payload]]] = {}
    for page in client.observe_batch(list(targets)):
        assert page.target not in found, "a page came after the coverage"
        told, payloads = open_looks.setdefault(page.target, ([], []))
        told.extend(page.observations)
        if page.payload is not None:
            payloads.append(page.payload)
        if page.coverage is not None:
            found[page.target] = Look(told, payloads, page.coverage)
    assert set(found) == set(targets), "a target was left without coverage"
    return found


def look(client: Client, target: Target) -> Look:
    """Ask for one target."""
    return looks(client, target)[target]
