"""Writes what was decided: cases and their candidates, what is wanted next. Decides nothing."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from crawler.feed import candidates
from crawler.journey.decide import Decision
from crawler.watching.follow_up import NEWS, SUSPECT
from storage import cases, frontier, judging_queue


@dataclass(slots=True)
class Done:
    """What was written."""

    opened: int = 0
    changed: int = 0
    artists: int = 0  # that were judged anew
    failed: int = 0  # artists that could not be judged
    wake: set[str] = field(default_factory=set)  # platforms that have something new to ask

    def add(self, more: "Done") -> None:
        """Count what else was written."""
        self.opened += more.opened
        self.changed += more.changed
        self.artists += more.artists
        self.failed += more.failed
        self.wake |= more.wake


def keep(connection: Connection, decision: Decision, at: datetime) -> Done:
    """Write a decision, inside the transaction that recorded what it rests on."""
    done = Done()
    events = decision.withdrawn + cases.keep(connection, decision.cases, at)
    candidates.tell(connection, events, at)
    done.opened = sum(event == "opened" for _, event in events)
    done.changed = sum(event == "changed" for _, event in events)
    wanted = decision.wanted + decision.soon
    if wanted:
        ids = frontier.want(connection, wanted, at)
        done.wake = {one.target.platform for one in wanted}
        urgent = {ids[one.target] for around in decision.urgent.values() for one in around}
        frontier.hasten(connection, sorted(urgent), at, SUSPECT)
        frontier.hasten(connection, sorted({ids[one.target] for one in decision.soon}), at, NEWS)
    if decision.again:
        again = frontier.want(connection, decision.again, at)
        frontier.hasten(connection, sorted(again.values()), at, priority=NEWS)
        done.wake |= {one.target.platform for one in decision.again}
    if decision.census:
        judging_queue.want_census(connection, decision.census, at)
    return done
