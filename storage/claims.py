"""What authorities claim: this is ours, that is not. A later word of one authority supersedes its earlier one, kept.

Claims come by the hundred thousand, so they are kept in sets, and keeping the same ones again changes nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, text, update

from storage.models import artist, claim, release, track
from storage.roster import bump
from storage.sets import ROWS_A_STATEMENT, batched, dialect_insert

SUBJECTS = ("isrc", "upc", "release", "label", "isrc_prefix", "profile", "distributor")
OURS, NOT_OURS = "ours", "not_ours"
OPPOSITE = {OURS: NOT_OURS, NOT_OURS: OURS}


@dataclass(frozen=True, slots=True)
class Claim:
    """One word of an authority about something that goes by an artist's name."""

    artist_id: int
    subject: str
    value: str  # as written
    key: str  # normalised for comparison
    stance: str
    authority: str
    source: str = ""
    place: str = ""
    note: str = ""

    @property
    def about(self) -> tuple[int, str, str]:
        """Say what is claimed."""
        return self.artist_id, self.subject, self.key


@dataclass(slots=True)
class Kept:
    """What keeping claims changed."""

    read: int = 0
    fresh: int = 0  # new, or standing again
    turned: int = 0  # the same authority said the opposite before
    withdrawn: int = 0  # left out of a file that is the whole truth

    def add(self, other: "Kept") -> None:
        """Add up."""
        self.read += other.read
        self.fresh += other.fresh
        self.turned += other.turned
        self.withdrawn += other.withdrawn


def keep(connection: Connection, claims: Sequence[Claim], at: datetime) -> Kept:
    """Keep claims; what the same authority said to the contrary is superseded."""
    kept = Kept(read=len(claims))
    last = {(*c.about, c.authority): c for c in claims}  # within one batch the last word counts
    for part in batched(list(last.values()), ROWS_A_STATEMENT):
        rows = [
            {
                "artist_id": c.artist_id,
                "subject": c.subject,
                "value": c.value,
                "value_key": c.key,
                "stance": c.stance,
                "authority": c.authority,
                "made_at": at,
                "source": c.source,
                "place": c.place,
                "note": c.note,
            }
            for c in part
        ]
        put = dialect_insert(connection, claim)  # the rows go beside it, so that it is compiled once
        anew = {name: put.excluded[name] for name in ("value", "made_at", "source", "place", "note")}
        changing = put.on_conflict_do_update(
            index_elements=["artist_id", "subject", "value_key", "authority", "stance"],
            set_=anew | {"superseded_at": None},
            where=or_(claim.c.superseded_at.is_not(None), claim.c.note != put.excluded.note),
        )
        kept.fresh += len(connection.execute(changing.returning(claim.c.id), rows).all())
        kept.turned += _supersede_opposites(connection, part, at)
    if kept.fresh or kept.turned:
        bump(connection)
    return kept


def _supersede_opposites(connection: Connection, claims: Sequence[Claim], at: datetime) -> int:
    found = 0
    for authority in {c.authority for c in claims}:
        for stance in (OURS, NOT_OURS):
            about = {c.about for c in claims if c.authority == authority and c.stance == stance}
            if not about:
                continue
            standing = connection.execute(
                select(claim.c.id, claim.c.artist_id, claim.c.subject, claim.c.value_key).where(
                    claim.c.value_key.in_({key for _, _, key in about}),
                    claim.c.subject.in_({subject for _, subject, _ in about}),
                    claim.c.authority == authority,
                    claim.c.stance == OPPOSITE[stance],
                    claim.c.superseded_at.is_(None),
                )
            )
            ids = [row.id for row in standing if (row.artist_id, row.subject, row.value_key) in about]
            if ids:
                connection.execute(update(claim).where(claim.c.id.in_(ids)).values(superseded_at=at))
                found += len(ids)
    return found


def withdraw_others(
    connection: Connection, authority: str, kept: Collection[tuple[int, str, str, str]], at: datetime
) -> dict[int, int]:
    """Supersede what this authority claims beyond (artist id, subject, key, stance) of these; count it by artist."""
    rows = connection.execute(
        select(claim.c.id, claim.c.artist_id, claim.c.subject, claim.c.value_key, claim.c.stance).where(
            claim.c.authority == authority, claim.c.superseded_at.is_(None)
        )
    )
    gone = [row for row in rows if (row.artist_id, row.subject, row.value_key, row.stance) not in kept]
    for part in batched([row.id for row in gone], ROWS_A_STATEMENT):
        connection.execute(update(claim).where(claim.c.id.in_(part)).values(superseded_at=at))
    if gone:
        bump(connection)
    return dict(Counter(row.artist_id for row in gone))


def listed(
    connection: Connection,
    artist_id: int | None = None,
    subject: str | None = None,
    stance: str | None = None,
    authority: str | None = None,
) -> Iterator[dict[str, object]]:
    """Yield the claims that stand, a row each."""
    where: list[ColumnElement[bool]] = [claim.c.superseded_at.is_(None)]
    for column, value in (("artist_id", artist_id), ("subject", subject), ("stance", stance), ("authority", authority)):
        if value is not None:
            where.append(claim.c[column] == value)
    columns = ("subject", "value", "stance", "authority", "source", "place", "note", "made_at")
    query = (
        select(artist.c.name.label("artist"), artist.c.key.label("artist_key"), *(claim.c[c] for c in columns))
        .join(artist, artist.c.id == claim.c.artist_id)
        .where(and_(*where))
        .order_by(artist.c.name_key, artist.c.id, claim.c.subject, claim.c.value_key, claim.c.id)
    )
    for row in connection.execution_options(yield_per=1_000).execute(query):
        yield dict(row._mapping)


def claimants(connection: Connection) -> list[int]:
    """List the artists about whom codes or release ids are claimed, by name."""
    rows = connection.execute(
        select(artist.c.id)
        .where(
            artist.c.id.in_(
                select(claim.c.artist_id).where(
                    claim.c.superseded_at.is_(None), claim.c.subject.in_(("isrc", "upc", "release"))
                )
            )
        )
        .order_by(artist.c.name_key, artist.c.id)
    )
    return [row.id for row in rows]


def standing_claims(connection: Connection, artist_id: int) -> dict[tuple[str, str], set[str]]:
    """Map (subject, stance) to the normalised values that are claimed about an artist."""
    found: dict[tuple[str, str], set[str]] = {}
    rows = connection.execute(
        select(claim.c.subject, claim.c.stance, claim.c.value_key).where(
            claim.c.artist_id == artist_id, claim.c.superseded_at.is_(None)
        )
    )
    for row in rows:
        found.setdefault((row.subject, row.stance), set()).add(row.value_key)
    return found


def count(connection: Connection) -> int:
    """Count the claims that stand."""
    return int(connection.scalar(select(func.count()).select_from(claim).where(claim.c.superseded_at.is_(None))) or 0)


OWN_PAGES = text(
    """SELECT DISTINCT r.id AS id, p.platform AS platform, r.platform_id AS release_id, r.title AS title,
        r.gtin14 AS gtin14, r.date_raw AS date, r.url AS url, p.platform_id AS profile_id
    FROM standing s
    JOIN profile p ON p.id = s.profile_id
    JOIN listing l ON l.profile_id = p.id
    JOIN release r ON r.id = l.release_id
    WHERE s.artist_id = :artist AND s.standing = 'official' AND l.removed_at IS NULL AND l.section <> 'appears_on'
    ORDER BY p.platform, r.date_raw, r.platform_id"""
)
CODES = text(
    """SELECT DISTINCT k.release_id AS release_id, k.isrc AS isrc
    FROM standing s
    JOIN listing l ON l.profile_id = s.profile_id
    JOIN track k ON k.release_id = l.release_id
    WHERE s.artist_id = :artist AND s.standing = 'official' AND l.removed_at IS NULL AND k.isrc IS NOT NULL"""
)
LISTS = text(
    """SELECT count(*) AS lists, count(t.last_complete_at) AS whole
    FROM standing s
    JOIN profile p ON p.id = s.profile_id
    JOIN target t ON t.platform = p.platform AND t.subject = p.platform_id AND t.ask = 'releases'
    WHERE s.artist_id = :artist AND s.standing = 'official'"""
)


@dataclass(frozen=True, slots=True)
class OnPage:
    """A release on an official page, with the codes that were told."""

    platform: str
    release_id: str
    title: str
    gtin14: str | None
    isrcs: frozenset[str]
    date: str | None
    url: str | None
    profile_id: str


def on_pages(connection: Connection, artist_id: int) -> list[OnPage]:
    """List what stands on an artist's official pages now, guest parts left out."""
    isrcs: dict[int, set[str]] = {}
    for row in connection.execute(CODES, {"artist": artist_id}):
        isrcs.setdefault(row.release_id, set()).add(row.isrc)
    return [
        OnPage(r.platform, r.release_id, r.title, r.gtin14, frozenset(isrcs.get(r.id, ())), r.date, r.url, r.profile_id)
        for r in connection.execute(OWN_PAGES, {"artist": artist_id})
    ]


def lists_seen(connection: Connection, artist_id: int) -> tuple[int, int]:
    """Return how many lists of official pages there are, and how many of them were seen whole."""
    row = connection.execute(LISTS, {"artist": artist_id}).one()
    return row.lists, row.whole


def seen_anywhere(connection: Connection, subject: str, keys: Collection[str]) -> set[str]:
    """Say which of these codes or release ids any platform has shown, on whoever's page."""
    found: set[str] = set()
    for part in batched(sorted(keys), ROWS_A_STATEMENT):
        match subject:
            case "isrc":
                found.update(connection.scalars(select(track.c.isrc).where(track.c.isrc.in_(part)).distinct()))
            case "upc":
                found.update(connection.scalars(select(release.c.gtin14).where(release.c.gtin14.in_(part)).distinct()))
            case "release":
                ids = [key.partition(":")[2] for key in part]
                rows = connection.execute(
                    select(release.c.platform, release.c.platform_id).where(release.c.platform_id.in_(ids))
                )
                found.update(f"{row.platform}:{row.platform_id}" for row in rows)
    return found & set(keys)
