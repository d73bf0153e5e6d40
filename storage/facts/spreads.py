"""How widespread the values of an event are among the acts that the store knows. Reads only, up to a bound."""

from collections.abc import Iterable

from sqlalchemy import Connection, Select, bindparam, func, select

from storage.models import listing, profile, release, release_line, standing, track
from storage.sets import several

MOST = 500  # acts beyond which a value is everybody's: nobody counts further
VALUES = 12  # of one kind that are looked at
ISRC, GTIN = 12, 14  # characters of a code as it is stored


def acts_known(connection: Connection) -> int:
    """Count the acts whose releases the store knows: pages of one name are one."""
    pages = select(listing.c.profile_id).distinct()
    query = select(func.count(func.distinct(profile.c.name_key))).where(profile.c.id.in_(pages))
    return int(connection.scalar(query) or 0)


def of_lines(connection: Connection, artist_id: int, keys: Iterable[str]) -> dict[str, int]:
    """Map folded lines to how many other acts' pages list releases that carry them."""
    return {key: _acts(connection, _LINED, artist_id, key) for key in sorted(set(keys))[:VALUES]}


def homes_of(connection: Connection, artist_ids: Iterable[int], keys: Iterable[str]) -> frozenset[str]:
    """Of these folded lines, keep those that releases on these artists' pages carried at the first look."""
    wanted, lines = sorted(set(artist_ids)), sorted(set(keys))[:VALUES]
    if not wanted or not lines:
        return frozenset()
    return frozenset(connection.scalars(_HOMES, {"lines": lines, "artists": wanted}))


def of_registrants(connection: Connection, artist_id: int, prefixes: Iterable[str]) -> dict[str, int]:
    """Map ISRC registrants to how many other acts' pages list recordings of theirs."""
    wanted = sorted(set(prefixes))[:VALUES]
    return {prefix: _acts(connection, _REGISTERED, artist_id, *span(prefix, ISRC)) for prefix in wanted}


def of_prefixes(connection: Connection, artist_id: int, prefixes: Iterable[str]) -> dict[str, int]:
    """Map barcode prefixes (GTIN-14 digits 2 to 8) to how many other acts' pages list releases that carry them."""
    wanted = sorted(set(prefixes))[:VALUES]
    return {prefix: _acts(connection, _CODED, artist_id, *span(f"0{prefix}", GTIN)) for prefix in wanted}


def span(prefix: str, length: int) -> tuple[str, str]:
    """Return the first and the last code that begin so: the rest is digits, which every collation sorts alike."""
    return prefix.ljust(length, "0"), prefix.ljust(length, "9")


def _acts(connection: Connection, query: Select[int], artist_id: int, first: str, last: str = "") -> int:
    return int(connection.scalar(query, {"artist": artist_id, "first": first, "last": last}) or 0)


def _counting(releases: Select[int]) -> Select[int]:
    """Count acts whose pages showed such releases at their first look: what came since may be the wave itself."""
    mine = select(standing.c.profile_id).where(
        standing.c.artist_id == bindparam("artist"), standing.c.standing == "official"
    )
    acts = (
        select(profile.c.name_key)
        .join(listing, listing.c.profile_id == profile.c.id)
        .where(listing.c.release_id.in_(releases), ~listing.c.new, listing.c.profile_id.not_in(mine))
        .distinct()
        .limit(MOST)
        .subquery()
    )
    return select(func.count()).select_from(acts)


# Statements are built once: building one costs more than running it.
_LINED = _counting(select(release_line.c.release_id).where(release_line.c.text_key == bindparam("first")))
_REGISTERED = _counting(select(track.c.release_id).where(track.c.isrc.between(bindparam("first"), bindparam("last"))))
_CODED = _counting(select(release.c.id).where(release.c.gtin14.between(bindparam("first"), bindparam("last"))))
_HOMES = (
    select(release_line.c.text_key)
    .join(listing, listing.c.release_id == release_line.c.release_id)
    .join(standing, standing.c.profile_id == listing.c.profile_id)
    .where(
        release_line.c.text_key.in_(several("lines")),
        ~listing.c.new,
        standing.c.artist_id.in_(several("artists")),
        standing.c.standing == "official",
    )
    .distinct()
)
