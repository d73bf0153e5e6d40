"""Each page with its addresses, and the plain SELECT that fetches the same main rows without any of the page's work."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import Engine, text
from starlette.types import ASGIApp, Receive, Scope, Send

from benchmarks.console.store import CROWDED_ARTIST
from benchmarks.scale.store import Sizes
from crawler.console.desk import Desk

GOAL_MS = 200.0
PLAIN_ROUNDS = 2
OPEN = "status IN ('open', 'watching', 'returned')"
LIST = "SELECT id, title, score, evidence, artist_id FROM suspect_case WHERE {where} ORDER BY score DESC, id LIMIT 50"
ONE = "SELECT * FROM suspect_case WHERE id = {n}"
LISTED = (
    "SELECT r.* FROM listing l JOIN release r ON r.id = l.release_id JOIN standing s ON s.profile_id = l.profile_id"
)


@dataclass(slots=True)
class Page:
    """A page, its addresses with a number in them, and the plain SELECT."""

    name: str
    address: Callable[[int], str]
    plain: Callable[[int], str]
    forgets: bool = False  # what is counted once a minute is counted anew for every request
    times: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)  # seconds that processors worked for it
    plain_times: list[float] = field(default_factory=list)
    plain_work: list[float] = field(default_factory=list)

    @property
    def ms(self) -> float:
        """Return the 95th percentile in milliseconds."""
        return p95(self.times)


def p95(times: list[float]) -> float:
    """Return the 95th percentile of seconds in milliseconds."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1] * 1000


def pages(of: Sizes) -> list[Page]:
    """List every page of the console."""
    far = of.cases // 2

    def queue(name: str, address: str, where: str) -> Page:
        return Page(
            f"queue, {name}",
            lambda n: f"/console/review?{address.format(n=n, artist=f'Artist {n:06}')}",
            lambda n: LIST.format(where=where.format(n=n)),
        )

    def case(name: str, address: str) -> Page:
        return Page(name, lambda n: address.format(n=n * 4 + 2), lambda n: ONE.format(n=n * 4 + 2))

    return [
        queue("undecided", "", OPEN),
        queue("with a case open", "case={n}", OPEN),
        queue("a page far down", f"after={far}", f"{OPEN} AND score < 0.5"),
        queue("all statuses", "status=all", "status <> 'merged'"),
        queue("cleared", "status=cleared", "status = 'cleared'"),
        queue("one artist", "artist={artist}", f"{OPEN} AND artist_id = {{n}} + 1"),
        queue("a crowded artist", f"artist=Artist+{CROWDED_ARTIST - 1:06}", f"{OPEN} AND artist_id = {CROWDED_ARTIST}"),
        queue("title that is rare", "title=Title+{n}77", f"{OPEN} AND lower(title) LIKE '%title {{n}}77%'"),
        queue("title that is nowhere", "title=nowhere", f"{OPEN} AND lower(title) LIKE '%nowhere%'"),
        queue("class", "attack=C", f"{OPEN} AND attack = 'C'"),
        queue("platform", "platform=deezer", OPEN),
        queue("class and platform", "attack=C&platform=itunes", f"{OPEN} AND attack = 'C'"),
        queue("class that is nowhere", "attack=Z", f"{OPEN} AND attack = 'Z'"),
        queue("kind that is nowhere", "kind=tampering", f"{OPEN} AND kind = 'tampering'"),
        queue("platform that is nowhere", "platform=nowhere", f"{OPEN} AND attack = 'Z'"),
        queue("census", "origin=census", f"{OPEN} AND origin = 'census'"),
        queue("above the alert cut", "loud=1", f"{OPEN} AND loud"),
        queue("score from", "least=0.9", f"{OPEN} AND score >= 0.9"),
        queue("opened since", "since=2026-11-20", f"{OPEN} AND opened_at >= '2026-11-20'"),
        queue("campaign", "campaign={n}", f"{OPEN} AND campaign_id = {{n}}"),
        case("case", "/console/cases/{n}"),
        Page(
            "case of a crowded artist",
            lambda n: f"/console/cases/{n * 100 + 3}",
            lambda n: ONE.format(n=n * 100 + 3),
        ),
        case("case, raw answers", "/console/cases/{n}/raw"),
        case("case, who looks", "/console/cases/{n}/watching"),
        Page(
            "overview",
            lambda n: "/console/overview",
            lambda n: "SELECT attack, status, count(*) FROM suspect_case GROUP BY attack, status",
        ),
        Page(
            "overview, counted anew",
            lambda n: "/console/overview",
            lambda n: "SELECT platform, count(*) FROM target WHERE due_at IS NOT NULL GROUP BY platform",
            forgets=True,
        ),
        Page(
            "artists",
            lambda n: f"/console/artists?after={n * 10}",
            lambda n: f"SELECT id, name FROM artist WHERE id > {n * 10} ORDER BY name_key LIMIT 100",
        ),
        Page(
            "artists that begin with",
            lambda n: "/console/artists?name=artist+0001",
            lambda n: "SELECT id, name FROM artist WHERE name_key >= 'artist 0001' ORDER BY name_key LIMIT 100",
        ),
        Page(
            "artist",
            lambda n: f"/console/artists/{n + 9}",
            lambda n: f'{LISTED} WHERE s.artist_id = {n + 9} AND l."new" ORDER BY l.first_seen_at DESC LIMIT 60',
        ),
        Page(
            "crowded artist",
            lambda n: f"/console/artists/{CROWDED_ARTIST}",
            lambda n: LIST.format(where=f"artist_id = {CROWDED_ARTIST}"),
        ),
        Page(
            "platforms",
            lambda n: "/console/platforms",
            lambda n: "SELECT platform, ask, count(*) FROM target WHERE due_at IS NOT NULL GROUP BY platform, ask",
        ),
        Page(
            "platforms, counted anew",
            lambda n: "/console/platforms",
            lambda n: "SELECT platform, ask, count(*) FROM target GROUP BY platform, ask",
            forgets=True,
        ),
        Page(
            "artist, half a year by weeks",
            lambda n: f"/console/artists/{n + 9}?by=week",
            lambda n: f'{LISTED} WHERE s.artist_id = {n + 9} AND l."new" ORDER BY l.first_seen_at DESC LIMIT 60',
        ),
        Page(
            "platform",
            lambda n: "/console/platforms/deezer",
            lambda n: (
                "SELECT outcome, count(*) FROM look WHERE id > (SELECT max(id) - 20000 FROM look) GROUP BY outcome"
            ),
        ),
        Page(
            "campaigns",
            lambda n: "/console/campaigns",
            lambda n: "SELECT * FROM campaign ORDER BY changed_at DESC LIMIT 100",
        ),
        Page(
            "campaign",
            lambda n: f"/console/campaigns/{n}",
            lambda n: LIST.format(where=f"campaign_id = {n}"),
        ),
    ]


class Workers:
    """Tells for how long processors worked for the server and for the database, however busy the machine is."""

    def __init__(self, engine: Engine) -> None:
        """Watch one store's backends; SQLite works in this process."""
        self.engine, self.is_remote = engine, engine.dialect.name == "postgresql"

    def seconds(self) -> float:
        """Return the seconds worked since they began."""
        total = time.process_time()
        if self.is_remote:
            with self.engine.connect() as connection:
                pids = connection.scalars(
                    text("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid IS NOT NULL")
                ).all()
            total += sum(self._of(pid) for pid in pids)
        return total

    def _of(self, pid: int) -> float:
        try:
            return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
        except OSError:  # it ended, or this is no Linux
            return 0.0


class Clocked:
    """Takes the time of every request inside the server, from its arrival to the last byte given away."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        """Stand before an application."""
        self.app, self.desk, self.last_s = app, desk, 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request and keep how long it took."""
        began = time.perf_counter()
        await self.app(scope, receive, send)
        self.last_s = time.perf_counter() - began


def measure(client: httpx.Client, clock: Clocked, engine: Engine, page: Page, rounds: int) -> None:
    """Ask for a page again and again, each time with another number, and fetch its rows plainly."""
    workers = Workers(engine)
    for n in range(1, rounds + 1):
        if page.forgets:
            clock.desk.figures.value = clock.desk.frontier.value = None
        before = workers.seconds()
        answer = client.get(page.address(n))
        page.work.append(workers.seconds() - before)
        if answer.status_code != 200:
            raise SystemExit(f"{page.address(n)}: {answer.status_code} {answer.text[:300]}")
        page.times.append(clock.last_s)
        if n > PLAIN_ROUNDS:
            continue
        before = workers.seconds()
        with engine.connect() as connection:
            began = time.perf_counter()
            connection.execute(text(page.plain(n))).all()
            page.plain_times.append(time.perf_counter() - began)
        page.plain_work.append(workers.seconds() - before)


def table(measured: Iterator[Page]) -> Iterator[str]:
    """Write the table, a line as soon as it is known."""
    yield (
        "| page | p95 ms | median ms | processor p95 ms | plain SELECT p95 ms | its processor p95 ms | met |\n"
        "|---|---|---|---|---|---|---|"
    )
    for one in measured:
        middle, met = statistics.median(one.times) * 1000, "yes" if one.ms <= GOAL_MS else "NO"
        told = (one.ms, middle, p95(one.work), p95(one.plain_times), p95(one.plain_work))
        yield f"| {one.name} | {' | '.join(f'{number:,.1f}' for number in told)} | {met} |"
