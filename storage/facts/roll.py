"""Who is on the roster, as an import has to know it: names, ids, and whose word each page rests on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, or_, select

from storage.cases import OPEN
from storage.models import artist, artist_alias, case, claim, listing, profile, standing, verdict


@dataclass(frozen=True, slots=True)
class Known:
    """An artist that the store knows, watched or not."""

    id: int
    key: str
    name: str
    name_key: str
    mbid: str | None
    weight: float
    watched: bool
    aliases: tuple[str, ...] = ()  # those that the roster gave
    claims: tuple[tuple[str, str], ...] = ()  # those that the roster gave: (subject, value)
    official: dict[tuple[str, str], str] = field(default_factory=dict)  # (platform, profile id) -> authority
    joint: frozenset[tuple[str, str]] = frozenset()  # those of them that are declared to be of several artists


def roll(connection: Connection) -> list[Known]:
    """List every artist that was not merged into another."""
    aliases: dict[int, list[str]] = {}
    claims: dict[int, list[tuple[str, str]]] = {}
    official: dict[int, dict[tuple[str, str], str]] = {}
    joint: dict[int, set[tuple[str, str]]] = {}
    for row in connection.execute(
        select(artist_alias.c.artist_id, artist_alias.c.name)
        .where(artist_alias.c.ended_at.is_(None), artist_alias.c.source == "roster")
        .order_by(artist_alias.c.id)
    ):
        aliases.setdefault(row.artist_id, []).append(row.name)
    for said in connection.execute(
        select(claim.c.artist_id, claim.c.subject, claim.c.value)
        .where(claim.c.superseded_at.is_(None), claim.c.authority == "roster", claim.c.stance == "ours")
        .order_by(claim.c.id)
    ):
        claims.setdefault(said.artist_id, []).append((said.subject, said.value))
    for page in connection.execute(
        select(standing, profile.c.platform, profile.c.platform_id)
        .join(profile, profile.c.id == standing.c.profile_id)
        .where(standing.c.standing == "official")
        .order_by(profile.c.id)
    ):
        official.setdefault(page.artist_id, {})[page.platform, page.platform_id] = page.authority
        if page.joint:
            joint.setdefault(page.artist_id, set()).add((page.platform, page.platform_id))
    return [
        Known(
            row.id,
            row.key,
            row.name,
            row.name_key,
            row.mbid,
            row.weight,
            row.watched,
            tuple(aliases.get(row.id, ())),
            tuple(claims.get(row.id, ())),
            official.get(row.id, {}),
            frozenset(joint.get(row.id, ())),
        )
        for row in connection.execute(select(artist).where(artist.c.merged_into.is_(None)).order_by(artist.c.id))
    ]


def called(connection: Connection, name: str) -> list[Known]:
    """Find the artists that a person means by a name, a key or an MBID."""
    meant = select(artist.c.id).where(
        or_(artist.c.name == name, artist.c.key == name, artist.c.mbid == name.strip().lower())
    )
    ids = set(connection.scalars(meant))
    return [known for known in roll(connection) if known.id in ids]


@dataclass(frozen=True, slots=True)
class Stays:
    """What remains in the store of artists that are watched no longer."""

    cases: int
    open_cases: int
    verdicts: int
    profiles: int
    listings: int

    def line(self) -> str:
        """Say it in one line."""
        return (
            f"what stays: {self.profiles} profiles with {self.listings} listings, {self.cases} cases "
            f"({self.open_cases} open), {self.verdicts} verdicts"
        )


def stays(connection: Connection, artist_ids: Sequence[int]) -> Stays:
    """Count what remains of these artists."""

    def count(query: object) -> int:
        return int(connection.scalar(query) or 0)  # type: ignore[call-overload]

    cases = select(func.count()).select_from(case).where(case.c.artist_id.in_(artist_ids), case.c.merged_into.is_(None))
    pages = select(standing.c.profile_id).where(standing.c.artist_id.in_(artist_ids))
    return Stays(
        cases=count(cases),
        open_cases=count(cases.where(case.c.status.in_(OPEN))),
        verdicts=count(
            select(func.count())
            .select_from(verdict)
            .join(case, case.c.id == verdict.c.case_id)
            .where(case.c.artist_id.in_(artist_ids))
        ),
        profiles=count(select(func.count()).select_from(pages.subquery())),
        listings=count(select(func.count()).select_from(listing).where(listing.c.profile_id.in_(pages))),
    )
