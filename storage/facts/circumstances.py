"""What a target's schedule depends on. Reads only; one look, a few keyed reads."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Connection, Date, Integer, bindparam, text

from storage.models import Moment
from storage.targets import Ask, Target


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a target's schedule depends on."""

    official: bool
    suspected: bool
    baseline_at: datetime | None
    failures: int
    last_news_at: datetime | None
    accused: bool = False  # a loud case concerns something on the page that was asked for
    artists: frozenset[int] = frozenset()  # for whom it is asked
    weight: float = 1.0  # of the weightiest of them
    recent: bool = False  # a release of the last year, or one of the newest, that stands on an official page


YEAR = timedelta(days=365)
NEWEST = 3  # releases of a page that count as recent, however long ago that was
UNDER = ("open", "watching", "returned", "confirmed", "takedown_requested")
_UNDER = f"c.status IN {UNDER}"
_OFFICIAL = text(
    """SELECT 1 FROM standing s JOIN profile p ON p.id = s.profile_id
    WHERE p.platform = :platform AND p.platform_id = :subject AND s.standing = 'official' LIMIT 1"""
)
_SUSPECT_PROFILE = text(
    f"""SELECT 1 FROM profile p JOIN finding f ON f.profile_id = p.id AND f.release_id IS NULL
    JOIN suspect_case c ON c.id = f.case_id
    WHERE p.platform = :platform AND p.platform_id = :subject AND {_UNDER} LIMIT 1"""
)
_SUSPECT_RELEASE = text(
    f"""SELECT 1 FROM release r JOIN finding f ON f.release_id = r.id
    JOIN suspect_case c ON c.id = f.case_id
    WHERE r.platform = :platform AND r.platform_id = :subject AND {_UNDER} LIMIT 1"""
)
_RELEASE_ON_PAGE = f"""SELECT 1 FROM profile p JOIN finding f ON f.profile_id = p.id AND f.release_id IS NOT NULL
    JOIN suspect_case c ON c.id = f.case_id
    WHERE p.platform = :platform AND p.platform_id = :subject AND {_UNDER}"""
_CONCERNED = text(f"{_RELEASE_ON_PAGE} LIMIT 1")
_ACCUSED = text(f"{_RELEASE_ON_PAGE} AND c.loud LIMIT 1")
_RECENT_RELEASE = text(
    """SELECT 1 FROM release r JOIN listing l ON l.release_id = r.id JOIN standing s ON s.profile_id = l.profile_id
    WHERE r.platform = :platform AND r.platform_id = :subject AND l.removed_at IS NULL
    AND l.section <> 'appears_on' AND s.standing = 'official' AND (r.date >= :since_day OR :newest > (
        SELECT count(*) FROM listing n JOIN release m ON m.id = n.release_id
        WHERE n.profile_id = l.profile_id AND n.removed_at IS NULL AND n.section <> 'appears_on'
        AND (m.date > r.date OR (m.date = r.date AND m.id > r.id)))) LIMIT 1"""
).bindparams(bindparam("since_day", type_=Date))
_WATCHERS = text("SELECT a.id, a.weight FROM watch w JOIN artist a ON a.id = w.artist_id WHERE w.target_id = :id")
_DATED = (
    text(
        """SELECT DISTINCT r.date AS claimed, CASE WHEN l.new THEN l.first_seen_at END AS came
    FROM profile p JOIN listing l ON l.profile_id = p.id JOIN release r ON r.id = l.release_id
    WHERE p.platform = :platform AND p.platform_id = :subject AND (:section = '' OR l.section = :section)
    AND ((l.new AND l.first_seen_at >= :since) OR (NOT l.new AND r.date >= :since_day AND r.date <= :today))"""
    )
    .bindparams(*(bindparam(name, type_=Date) for name in ("since_day", "today")), bindparam("since", type_=Moment))
    .columns(claimed=Date, came=Moment)
)
_MEMORY = text("SELECT baseline_at, failures, last_news_at FROM target WHERE id = :id").columns(
    baseline_at=Moment, failures=Integer, last_news_at=Moment
)


def circumstances(connection: Connection, asked: Target, at: datetime, *, second: bool = False) -> Circumstances:
    """Gather what a target's next due time depends on; `second`: a list in a second market, for a case alone."""
    memory = connection.execute(_MEMORY, {"id": asked.id}).one()
    about = {"platform": asked.platform, "subject": asked.subject}
    official, suspected, accused, recent = asked.ask is Ask.SEARCH, False, False, False
    watchers: Collection[tuple[int, float]] = ()
    if asked.ask in (Ask.PROFILE, Ask.RELEASES):
        official = connection.scalar(_OFFICIAL, about) is not None
        suspected = connection.scalar(_SUSPECT_PROFILE, about) is not None
        if second:
            suspected = suspected or connection.scalar(_CONCERNED, about) is not None
        if asked.ask is Ask.RELEASES:
            accused = connection.scalar(_ACCUSED, about) is not None
            watchers = [(row[0], row[1]) for row in connection.execute(_WATCHERS, {"id": asked.id})]
    elif asked.ask is Ask.RELEASE:
        suspected = connection.scalar(_SUSPECT_RELEASE, about) is not None
        recent = (
            connection.scalar(_RECENT_RELEASE, about | {"since_day": (at - YEAR).date(), "newest": NEWEST}) is not None
        )
    return Circumstances(
        official,
        suspected,
        memory.baseline_at,
        memory.failures,
        memory.last_news_at,
        accused,
        frozenset(artist_id for artist_id, _ in watchers),
        max((weight for _, weight in watchers), default=1.0),
        recent,
    )


def dates_of_list(connection: Connection, asked: Target, at: datetime) -> list[datetime]:
    """List when releases of the last year came to a list: seen by us where they came later, else as claimed."""
    since = at - YEAR
    rows = connection.execute(
        _DATED,
        {
            "platform": asked.platform, "subject": asked.subject, "section": asked.section,
            "since": since, "since_day": since.date(), "today": at.date(),
        },
    )  # fmt: skip
    return sorted({row.came or datetime.combine(row.claimed, time(), UTC) for row in rows})
