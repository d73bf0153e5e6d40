"""One target's journey through the store, in one transaction: recorded, judged, told to the feed, due again.

The network is over before this begins. What was heard is kept even when judging it fails: judgement stands behind a
savepoint, and what could not be judged is queued with its error, counted, and judged again by the next rules.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from crawler.journey import canaries, census, decide, gather, grouping, keep, latecomers, nearby, rescore, waves
from crawler.journey.savepoint import in_savepoint
from crawler.journey.seen_pages import SeenPages
from crawler.journey.surroundings import Acts
from crawler.journey.waves import Found, Waves
from crawler.suspicion.alerts import BUDGET, CUT, cut_for
from crawler.suspicion.meeting import Names
from crawler.timelapse import Timepiece
from crawler.watching import recheck
from crawler.watching.follow_up import Asking
from crawler.watching.quotas import NEAR_WAVE, Rhythm, Rhythms, rhythms
from crawler.watching.rates import STEADY, Posterior, posterior
from spiders.base.platform import Access
from storage import frontier, judging_queue
from storage.facts import alarms, circumstances
from storage.observations import Told
from storage.recording.record import Recorded, record
from storage.targets import Ask, Target

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Journey:
    """What every transaction of this worker shares."""

    asking: Asking
    names: Names
    time: Timepiece
    egress: str = "here"
    owned: dict[str, frozenset[str]] = field(default_factory=dict)  # platform -> official profile ids
    wake: Callable[[set[str]], None] = lambda platforms: None  # these platforms have something new to ask
    looked: Callable[[], None] = lambda: None
    cut: float = CUT  # bits from which a case is loud
    alerts: float = BUDGET  # false alarms per 100 artists and week that the operator accepts
    pages: SeenPages = field(default_factory=SeenPages)
    waves: Waves = field(default_factory=dict)
    acts: Acts = field(default_factory=Acts)
    rhythms: Rhythms = field(default_factory=Rhythms)
    canaries: frozenset[Target] = frozenset()
    canary_pages: Mapping[str, Sequence[str]] = field(default_factory=dict)  # that the operator named, by platform
    new_cases: int = 0
    changed_cases: int = 0
    unjudged: int = 0

    def goes_on(self, before: "Journey") -> None:
        """Know what an earlier worker of this process knew: what looks as it did is not met and judged again."""
        self.names, self.owned, self.pages = before.names, before.owned, before.pages
        self.waves, self.acts, self.cut = before.waves, before.acts, before.cut

    def take(self, connection: Connection, told: Told, owner: str) -> Recorded:
        """Record what was told, judge what changed, and say when the target is due again."""
        recorded = record(connection, told, worker=owner)
        if told.target in self.canaries:
            canaries.hear(connection, told, recorded.target_id)
        try:
            in_savepoint(connection, partial(self._judge, connection, told, recorded))
        except Exception as error:  # a fault of judgement must not cost what was heard
            if connection.invalidated:  # nothing was heard by the store yet: the whole transaction is run again
                raise
            log.exception("%s: recorded, not judged", told.target)
            self.unjudged += 1
            about = (told.target, recorded.target_id, recorded.artists)
            judging_queue.failed(connection, *about, error, decide.RULES, told.ended_at)
        self._due_again(connection, told, recorded)
        return recorded

    def catch_up(self, connection: Connection) -> bool:
        """Judge a little of what waits: artists whose facts changed, censuses; return whether there may be more."""
        at = self.time.now()
        rescore.take_over(connection, at)
        around = (self.asking, self.names, self.acts, self.cut, at, self.waves)
        done = rescore.catch_up(connection, *around)
        done.add(latecomers.judge(connection, *around))
        self.new_cases += done.opened
        self.changed_cases += done.changed
        self.unjudged += done.failed
        if done.wake:
            self.wake(done.wake & set(self.asking.platforms))
        taken = census.catch_up(connection, self.asking, self.names, self.acts, at)
        return bool(done.artists or taken)

    def look_for_waves(self, connection: Connection) -> Found:
        """Find the campaigns that the open cases belong to, and set the alert cut by what was decided. Reads only."""
        at = self.time.now()
        known = alarms.alarms(connection, at)
        self.cut = cut_for(known.cleared, known.artist_weeks, self.alerts)
        return waves.find(connection, at)

    def keep_waves(self, connection: Connection, found: Found) -> None:
        """Keep the campaigns that were found; `follow_waves` comes when that is committed."""
        waves.keep(connection, found, self.waves, self.time.now())

    def follow_waves(self, found: Found) -> None:
        """Judge by these campaigns from now on: not before they are durable, or a second try would see no change."""
        self.waves = found.waves

    def pace(self, connection: Connection, access: Mapping[str, Access]) -> None:
        """Pace every platform's lists by what the store knows of them and what is granted here. Reads only."""
        self.rhythms = rhythms(connection, self.asking.platforms, access, self.time.now())

    def know(self, names: Names, owned: dict[str, frozenset[str]]) -> None:
        """Take over the names and official pages as they are now; what they met before may mean something else."""
        if (names, owned) != (self.names, self.owned):
            self.pages.forget()
        self.names, self.owned = names, owned

    def choose_canaries(self, connection: Connection) -> frozenset[Target]:
        """Have canaries asked; the journey is told which they are when that is committed."""
        return canaries.choose(connection, self.asking, self.canary_pages, self.time.now())

    def _judge(self, connection: Connection, told: Told, recorded: Recorded) -> None:
        at = told.ended_at
        owned = self.owned.get(told.target.platform, frozenset())
        met = self.pages.news(told, gather.meet(self.names, told, owned))
        carrying = nearby.carrying(connection, told, met, owned)
        regrouped = grouping.group(connection, told, recorded, met, self.asking.references, carrying)
        gathered = gather.gather(connection, self.asking, self.names, told, recorded, met, regrouped, owned, self.acts)
        decision = decide.decide(gathered, self.asking, self.cut, at, self.waves)
        done = keep.keep(connection, decision, at)
        self.pages.judged(told, met)
        self.new_cases += done.opened
        self.changed_cases += done.changed
        if done.wake:
            self.wake(done.wake & set(self.asking.platforms))

    def _due_again(self, connection: Connection, told: Told, recorded: Recorded) -> None:
        at = told.ended_at
        second = self.asking.is_second(told.target)
        about = circumstances.circumstances(connection, told.target, at, second=second)
        news = bool(recorded.new_listings) and about.baseline_at is not None
        silent_since = about.last_news_at or about.baseline_at
        rhythm, known = self._rhythm(connection, told)
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
            accused=about.accused,
            recent=about.recent,
            canary=told.target in self.canaries,
            known=known,
            weight=about.weight * (NEAR_WAVE if about.artists & self.rhythms.near else 1.0),
            second=second,
            pace=rhythm.pace if rhythm else None,
            week=rhythm.week if rhythm else STEADY,
            oldest=rhythm.oldest if rhythm else recheck.OLDEST,
        )
        due_at = recheck.next_due(situation, at)
        urgency = recheck.priority(situation)
        frontier.finish(connection, told.target, due_at, urgency, news_at=at if news else None)

    def _rhythm(self, connection: Connection, told: Told) -> tuple[Rhythm | None, Posterior | None]:
        """Say how the platform is paced, and learn the list's rate from the dates that it shows."""
        rhythm = self.rhythms.of.get(told.target.platform)
        if rhythm is None or told.target.ask is not Ask.RELEASES:
            return None, None
        at = told.ended_at
        dates = circumstances.dates_of_list(connection, told.target, at)
        return rhythm, posterior(dates, at, at - circumstances.YEAR)

    def _rare(self, asked: Target) -> bool:
        """Tell whether a question is asked once a week: long unordered lists, and searches for mere variants."""
        if asked.ask is Ask.SEARCH:
            return asked.subject not in self.names.spellings
        return asked.ask is Ask.RELEASES and asked.section in self.asking.platforms[asked.platform].rare_sections
