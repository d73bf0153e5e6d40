"""What a lane holds and may claim: leases got from the frontier, as many as its budgets can use, and none twice."""

import secrets
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from crawler.timelapse import Timepiece
from crawler.worker.gate import BudgetGate
from spiders.base.client import Client
from spiders.base.platform import Platform
from storage import frontier
from storage.limits import Limit
from storage.targets import Ask, Target

WHOLE_EVERY = timedelta(days=7)
AHEAD = 2  # calls whose targets are claimed together, where a call answers one or few


@dataclass(slots=True)
class Held:
    """A target that this lane has claimed."""

    bucket: str
    since: datetime
    token: str


class Claims:
    """The claims of one lane."""

    def __init__(
        self,
        platform: type[Platform],
        owner: str,
        gate: BudgetGate,
        limits: Mapping[str, Limit],
        timepiece: Timepiece,
    ) -> None:
        """Begin with none; the limits say how many there may be."""
        self.platform, self.owner, self.gate, self.limits, self.time = platform, owner, gate, limits, timepiece
        self.until: datetime | None = None  # claim only what was due by then
        self.ready: deque[list[Target]] = deque()
        self.held: dict[int, Held] = {}  # target id -> its claim
        self.recording: dict[int, Held] = {}
        self._claiming: set[str] = set()

    def tokens(self) -> set[str]:
        """Return the tokens of all claims that are worked on; asked from the desk's thread."""
        held = [*list(self.held.values()), *list(self.recording.values())]
        return {one.token for one in held} | set(self._claiming.copy())

    def due_by(self) -> datetime:
        """Return the moment by which a target must be due to be asked by this run."""
        now = self.time.now()
        return min(now, self.until) if self.until else now

    def begin(self) -> str:
        """Begin to claim: the token is ours from before the transaction, for its answer may be lost."""
        token = secrets.token_hex(8)
        self._claiming.add(token)
        return token

    def end(self, token: str) -> None:
        """End what was begun, whatever came of it."""
        self._claiming.discard(token)

    def lease(self, connection: Connection, resting: frozenset[Ask], token: str, lasts: timedelta) -> list[Target]:
        """Lease due targets, and hand lists what they showed before."""
        now = self.time.now()
        claimed = frontier.claim(
            connection,
            self.platform.name,
            self.owner,
            self.due_by(),
            now,
            lasts,
            batch=self.platform.batch,
            calls=1 if issubclass(self.platform, Client) else AHEAD,
            resting=resting,
            token=token,
        )
        return [
            frontier.with_memory(connection, target, now, WHOLE_EVERY)
            if target.ask is Ask.RELEASES and target.section in self.platform.early_stop
            else target
            for target in claimed
        ]

    def hold(self, claimed: list[Target]) -> None:
        """Note what was claimed. What is in flight here already, its lease run out, is kept and not asked twice."""
        now, fresh = self.time.now(), []
        for target in claimed:
            if held := self.held.get(target.id) or self.recording.get(target.id):
                held.token = target.token
            else:
                self.held[target.id] = Held(self.bucket(target.ask, target.section), now, target.token)
                fresh.append(target)
        if fresh:
            size = self.platform.batch.get(fresh[0].ask, 1)
            self.ready.extend(fresh[start : start + size] for start in range(0, len(fresh), size))

    def resting(self) -> frozenset[Ask]:
        """Name the asks whose budgets are all parked."""
        parked = self.gate.parked()
        return frozenset(
            ask
            for ask in self.platform.accepts
            if all(self.bucket(ask, section) in parked for section in self.platform.sections)
        )

    def saturated(self) -> frozenset[Ask]:
        """Name the asks whose bucket has as much in flight as its limit can use."""
        if issubclass(self.platform, Client):  # a claim is a call, however many targets it answers
            held, widest = Counter(bucket for bucket, _ in {(one.bucket, one.token) for one in self.held.values()}), 1
        else:
            held = Counter(one.bucket for one in self.held.values())
            widest = max([1, *self.platform.batch.values()])
        full = {b for b, limit in self.limits.items() if held[b] >= limit.in_flight * widest}
        return frozenset(ask for ask in self.platform.accepts if self.bucket(ask, "") in full)

    def bucket(self, ask: Ask, section: str) -> str:
        """Name the bucket that pays for a question, as this access has them."""
        bucket = self.platform.bucket(ask, section)
        return bucket if bucket in self.limits else ""
