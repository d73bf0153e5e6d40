"""One target's journey through the store, in one transaction: recorded, judged, told to the feed, due again.

The network is over before this begins. Whatever fails here rolls everything back, and the target is still due.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from crawler.feed import candidates
from crawler.suspicion import meeting, signals
from crawler.timelapse import Timepiece
from crawler.watching import follow_up, recheck
from storage import cases, frontier
from storage.facts import bindings, leads
from storage.observations import IdentitySeen, Told
from storage.recording.record import Recorded, record
from storage.targets import Ask, Target


@dataclass(slots=True)
class Journey:
    """What every transaction of this worker shares."""

    asking: follow_up.Asking
    names: meeting.Names
    time: Timepiece
    egress: str = "here"
    owned: dict[str, frozenset[str]] = field(default_factory=dict)  # platform -> official profile ids
    wake: Callable[[set[str]], None] = lambda platforms: None  # these platforms have something new to ask
    looked: Callable[[], None] = lambda: None
    new_cases: int = 0
    changed_cases: int = 0

    def take(self, connection: Connection, told: Told, owner: str) -> Recorded:
        """Record what was told, judge what changed, and say when the target is due again."""
        at = told.ended_at
        recorded = record(connection, told, worker=owner)
        events = cases.keep(connection, self._findings(connection, told, recorded), at)
        events += self._identities(connection, told, at)
        candidates.tell(connection, events, at)
        self._follow_up(connection, told, recorded, events, at)
        self._due_again(connection, told, recorded, at)
        self.new_cases += sum(event == "opened" for _, event in events)
        self.changed_cases += sum(event == "changed" for _, event in events)
        return recorded

    def _findings(self, connection: Connection, told: Told, recorded: Recorded) -> list[cases.Finding]:
        if self.asking.platforms[told.target.platform].reference:
            return []  # its editors list releases; nobody uploads there
        arrived = bindings.arrivals(connection, listings=recorded.new_listings, releases=recorded.changed_releases)
        findings = [signals.judge_arrival(arrival) for arrival in arrived]
        met = meeting.likenesses(self.names, told.observations, self.owned.get(told.target.platform, frozenset()))
        findings += [signals.judge_name(hit) for hit in follow_up.name_hits(connection, self.names, told, met)]
        findings += [signals.judge_title(hit) for hit in follow_up.title_hits(connection, self.names, told, met)]
        return [finding for finding in findings if finding is not None]

    def _identities(self, connection: Connection, told: Told, at: datetime) -> list[tuple[int, str]]:
        """A reference source that knows whose profile it is settles a same-name case; anybody may overrule it."""
        seen = [o for o in told.observations if isinstance(o, IdentitySeen) and not o.ended]
        return [
            cases.decide(connection, case_id, "namesake", told.target.platform, note, at)
            for case_id, note in follow_up.namesakes(connection, seen, at)
        ]

    def _follow_up(
        self,
        connection: Connection,
        told: Told,
        recorded: Recorded,
        events: Collection[tuple[int, str]],
        at: datetime,
    ) -> None:
        wanted = follow_up.details(connection, self.asking, told, recorded, at)
        if events:
            about = leads.subjects(connection, [case_id for case_id, _ in events])
            wanted += follow_up.around_cases(self.asking, about, at)
        if wanted:
            frontier.want(connection, wanted, at)
            self.wake({one.target.platform for one in wanted})
        opened = [case_id for case_id, event in events if event == "opened"]
        if opened:
            urgent = leads.targets_about(connection, leads.subjects(connection, opened))
            frontier.hasten(connection, urgent, at, priority=follow_up.SUSPECT)
            self.wake(set(self.asking.platforms))

    def _due_again(self, connection: Connection, told: Told, recorded: Recorded, at: datetime) -> None:
        about = bindings.circumstances(connection, told.target)
        news = bool(recorded.new_listings) and about.baseline_at is not None
        silent_since = about.last_news_at or about.baseline_at
        situation = recheck.Situation(
            ask=told.target.ask,
            outcome=recorded.outcome,
            official=about.official,
            suspected=about.suspected,
            news=news,
            failures=about.failures,
            rare=self._rare(told.target),
            unfinished=told.coverage.resume is not None,
            retry_at=told.coverage.retry_at,
            silent_for=at - silent_since if silent_since is not None else timedelta(0),
            salt=told.target.id,
        )
        due_at = recheck.next_due(situation, at)
        urgency = recheck.priority(situation)
        frontier.finish(connection, told.target, due_at, urgency, news_at=at if news else None)

    def _rare(self, asked: Target) -> bool:
        """Tell whether a question is asked once a week: long unordered lists, and searches for mere variants."""
        if asked.ask is Ask.SEARCH:
            return asked.subject not in self.names.spellings
        return asked.ask is Ask.RELEASES and asked.section in self.asking.platforms[asked.platform].rare_sections
