"""What is measured in the store, each as the product does it, and the plans of the statements that it sends."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, event, func, insert, select, text

from benchmarks.scale.sql import NOW
from benchmarks.scale.store import Sizes
from crawler.feed.candidates import candidate
from crawler.watching import enrol
from crawler.watching.follow_up import Asking
from spiders.base.platform import platforms
from storage import frontier
from storage.database import writing
from storage.facts import case_list, events, reports
from storage.facts import sizes as tables
from storage.facts.case_file import case_file
from storage.models import artist
from storage.observations import Coverage, Outcome, ReleaseSeen, Told
from storage.recording.record import record
from storage.targets import Ask, Target

LATER, WHOLE_LIST, ROUNDS = NOW + timedelta(days=1), 200, 7
OF_ARTIST = {
    "v1_new_releases": "artist = :artist",
    "v1_coverage": "artist = :artist",
    "v1_profiles": "artist = :artist",
    "v1_cases": "claimed_artist = :artist",
    "v1_findings": "claimed_artist = :artist",
    "v1_census": "claimed_artist = :artist",
    "v1_credits": "profile_id IN (SELECT profile_id FROM v1_profiles WHERE artist = :artist)",
    "v1_releases": "release_id IN (SELECT l.release_id FROM v1_profiles p JOIN listing l ON l.profile_id = p.profile_id"
    " WHERE p.artist = :artist)",
    "v1_identifiers": "release_id IN (SELECT l.release_id FROM v1_profiles p"
    " JOIN listing l ON l.profile_id = p.profile_id WHERE p.artist = :artist)",
    "v1_ended": "release_id IN (SELECT l.release_id FROM v1_profiles p"
    " JOIN listing l ON l.profile_id = p.profile_id WHERE p.artist = :artist)",
    "v1_changes": "entity = 'profile' AND entity_id IN (SELECT profile_id FROM v1_profiles WHERE artist = :artist)",
    "v1_budgets": "platform = 'deezer'",
}


@dataclass(slots=True)
class Measured:
    """One thing that was measured: seconds of each round, and what it sent to the database."""

    name: str
    goal_ms: float | None
    rounds: list[float]
    statements: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def ms(self) -> float:
        """Return the median in milliseconds."""
        return statistics.median(self.rounds) * 1000

    @property
    def worst_ms(self) -> float:
        """Return the slowest round in milliseconds."""
        return max(self.rounds) * 1000


class Measures:
    """Runs every measure on one engine."""

    def __init__(self, engine: Engine, sizes: Sizes) -> None:
        """Measure an engine that holds a store of these sizes."""
        self.engine, self.sizes = engine, sizes
        known = platforms()
        self.asking = Asking({name: known[name] for name in sizes.names if name in known}, {})
        self.pieces: list[float] = []
        self.recorded = 0  # rounds of record: each is a later look, never the same one again

    def all(self) -> Iterator[Measured]:
        """Yield each measure as it is made."""
        if not self.enrolled():  # a kept store had its first sweep when it was measured first
            yield self.timed("sweep, first", None, self.sweep, rounds=1)
            yield self.longest_piece("sweep, first: longest transaction")
            with writing(self.engine) as connection:
                frontier.analyse(connection)
        yield self.timed("sweep, again", 2000, self.sweep)
        yield self.longest_piece("sweep, again: longest transaction")
        self.add_artist()
        yield self.timed("sweep, one artist added", 2000, self.sweep, rounds=1)
        yield self.longest_piece("sweep, one artist added: longest transaction")
        with writing(self.engine) as connection:
            frontier.analyse(connection)
        yield from self.writing()
        yield self.timed("arrivals: events of 20 releases", None, self.arrivals)
        yield self.timed(
            "cases list", 50, lambda: self.read(lambda c: list(case_list.cases(c, statuses=("open",), limit=50)))
        )
        yield self.timed("cases list, of one artist", 50, lambda: self.read(self.cases_of_artist))
        yield self.timed("cases show", 50, lambda: self.read(self.show))
        yield self.timed("status", 1000, lambda: self.read(self.status))
        yield self.timed("status, of one artist", 50, lambda: self.read(self.status_of_artist))
        yield self.timed("roster list", 1000, lambda: self.read(lambda c: list(reports.roster(c))), rounds=3)
        for view, where in OF_ARTIST.items():
            yield self.timed(f"{view} of one artist", 50, lambda view=view, where=where: self.view(view, where))

    def writing(self) -> Iterator[Measured]:
        """Yield what a lane writes all day."""
        yield self.timed("idle poll", 5, self.idle_poll)
        yield self.timed("claim", 5, self.claim)
        yield self.timed(f"record a list of {WHOLE_LIST}, nothing new", None, self.record)

    def timed(self, name: str, goal_ms: float | None, work: Callable[[], object], rounds: int = ROUNDS) -> Measured:
        """Time some rounds; the first also tells the statements."""
        with self.listening() as heard:
            took = [self.clock(work)]
        took += [self.clock(work) for _ in range(rounds - 1)]
        return Measured(name, goal_ms, took, heard)

    def clock(self, work: Callable[[], object]) -> float:
        """Return the seconds that a piece of work takes."""
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    def longest_piece(self, name: str) -> Measured:
        """Tell the longest transaction of the sweep before, and which one it was: the first may meet a cold cache."""
        pieces = self.pieces or [0.0]
        where = f" (number {pieces.index(max(pieces)) + 1} of {len(self.pieces)})" if self.pieces else ""
        return Measured(f"{name}{where}", 50, pieces)

    @contextmanager
    def listening(self) -> Iterator[list[tuple[str, Any]]]:
        """Collect the statements that are sent meanwhile."""
        heard: list[tuple[str, Any]] = []

        def hear(*sent: Any) -> None:
            heard.append((sent[2], sent[3]))

        event.listen(self.engine, "before_cursor_execute", hear)
        try:
            yield heard
        finally:
            event.remove(self.engine, "before_cursor_execute", hear)

    def read(self, work: Callable[[Connection], object]) -> None:
        """Read in a transaction of its own."""
        with self.engine.connect() as connection:
            work(connection)

    def sweep(self) -> None:
        """Enrol as a worker does: what differs, in parts."""
        self.pieces = []
        with self.engine.connect() as connection:
            roster = enrol.read(connection, self.asking)
        for part in enrol.parts(roster, self.asking, LATER):
            began = time.perf_counter()
            with writing(self.engine) as connection:
                enrol.keep(connection, part, LATER)
            self.pieces.append(time.perf_counter() - began)

    def enrolled(self) -> bool:
        """Tell whether a sweep has been through the store."""
        with self.engine.connect() as connection:
            return bool(frontier.marks(connection, next(iter(self.asking.platforms))))

    def add_artist(self) -> None:
        """Put one more artist on the roster."""
        with writing(self.engine) as connection:
            key = f"added {connection.scalar(select(func.count()).select_from(artist))}"
            row = {"key": key, "name": key.title(), "name_key": key, "added_at": NOW, "changed_at": NOW}
            connection.execute(insert(artist).values(row))

    def idle_poll(self) -> None:
        """Ask one platform for what is due when nothing is."""
        with writing(self.engine) as connection:
            lease = timedelta(minutes=15)
            assert not frontier.claim(connection, "deezer", "bench", NOW, NOW, lease, batch={}, calls=4)

    def claim(self) -> None:
        """Claim four calls' worth of due targets of one platform."""
        due = LATER + timedelta(hours=1)
        with writing(self.engine) as connection:
            assert frontier.claim(connection, "deezer", "bench", due, due, timedelta(minutes=15), batch={}, calls=4)

    def record(self) -> None:
        """Record a whole list that shows what is known."""
        self.recorded += 1
        rows = [
            ReleaseSeen(id=f"r{i:08}", title=f"Title {i // 3}", listed_on="p0000000")
            for i in range(0, self.sizes.listings, self.sizes.profiles)
        ][:WHOLE_LIST]
        at = NOW + timedelta(hours=self.recorded)
        told = Told(
            Target(self.sizes.names[0], Ask.RELEASES, "p0000000"),
            tuple(rows),
            Coverage(Outcome.COMPLETE, received=len(rows), stop_reason="end of list"),
            at,
            at,
            (),
        )
        with writing(self.engine) as connection:
            record(connection, told)

    def arrivals(self) -> None:
        """Gather the events of one artist's twenty newest releases, with all that judgement wants to know."""

        def gather(connection: Connection) -> None:
            of_artist = "SELECT g.group_id FROM standing s JOIN listing l ON l.profile_id = s.profile_id"
            query = f"{of_artist} JOIN grouped_release g ON g.release_id = l.release_id WHERE s.artist_id = 8"
            query += " GROUP BY g.group_id ORDER BY g.group_id DESC LIMIT 20"
            groups = set(connection.scalars(text(query)))
            assert events.release_events(connection, {(8, group_id) for group_id in groups}, frozenset(), NOW)

        self.read(gather)

    def cases_of_artist(self, connection: Connection) -> None:
        """List one artist's cases."""
        list(case_list.cases(connection, statuses=("open",), artist_name="Artist 000007", limit=50))

    def show(self, connection: Connection) -> None:
        """Compose the document of one case."""
        candidate(case_file(connection, self.sizes.cases // 2), "changed", "x", NOW)

    def status(self, connection: Connection) -> None:
        """Read all that `falsetto status` shows."""
        list(reports.freshness(connection, NOW))
        reports.blind_fields(connection)
        list(reports.budgets(connection))
        tables.sizes(connection)

    def status_of_artist(self, connection: Connection) -> None:
        """Read all that `falsetto status --artist` shows."""
        assert list(reports.coverage(connection, "Artist 000007"))

    def view(self, view: str, where: str) -> None:
        """Read a view for one artist."""
        self.read(
            lambda connection: connection.execute(
                text(f"SELECT * FROM {view} WHERE {where}"), {"artist": "Artist 000007"} if ":artist" in where else {}
            ).all()
        )


def plan(engine: Engine, statement: str, values: Any) -> str:
    """Explain a statement as the database does."""
    word = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(word + statement, values).all()
    return "\n".join(f"    {row[-1]}" for row in rows)
