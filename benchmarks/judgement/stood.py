"""Where attacks that stood there before the first look come in their artists' censuses."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, and_, select

from storage.models import artist, census, grouped_profile, grouped_release, profile, release

NOWHERE = 99  # not among what a census keeps


def lines(connection: Connection, truth: Mapping[str, Any]) -> list[str]:
    """Say how often such an attack stands first, and among the first three, other attacks on the artist left out."""
    planted = [e for e in truth["attacks"] if e.get("census")]
    groups = {e["id"]: _groups(connection, e) for e in planted}
    places: dict[str, list[int]] = defaultdict(list)
    of_artist: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for event in planted:
        of_artist[event["artist"]] |= groups[event["id"]]
    for event in planted:
        mine = groups[event["id"]]
        others = of_artist[event["artist"]] - mine
        ranked = [row for row in _listed(connection, event["artist_name"]) if row not in others]
        met = [place for place, row in enumerate(ranked, 1) if row in mine]
        places[event["kind"]].append(min(met, default=NOWHERE))
    every = [place for found in places.values() for place in found]
    if not every:
        return ["no attack stood there before the first look"]
    told = [f"stood there before the first look: {len(every)} attacks; {_shares(every)}"]
    return told + [f"  census {kind}: {_counts(found)}" for kind, found in sorted(places.items())]


def _groups(connection: Connection, event: Mapping[str, Any]) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for one in (*event["bindings"], *event["profiles"]):
        if one.get("release"):
            query = (
                select(grouped_release.c.group_id)
                .join(release, release.c.id == grouped_release.c.release_id)
                .where(and_(release.c.platform == one["platform"], release.c.platform_id == one["release"]))
            )
            found |= {("release", group) for group in connection.scalars(query)}
        else:
            query = (
                select(grouped_profile.c.group_id)
                .join(profile, profile.c.id == grouped_profile.c.profile_id)
                .where(and_(profile.c.platform == one["platform"], profile.c.platform_id == one["profile"]))
            )
            found |= {("profile", group) for group in connection.scalars(query)}
    return found


def _listed(connection: Connection, name: str) -> list[tuple[str, int]]:
    query = select(census.c.kind, census.c.group_id).join(artist, artist.c.id == census.c.artist_id)
    return [
        (row.kind, row.group_id) for row in connection.execute(query.where(artist.c.name == name).order_by("place"))
    ]


def _shares(places: list[int]) -> str:
    return "  ".join(f"among the first {n} {sum(p <= n for p in places) / len(places):.3f}" for n in (1, 3, 10))


def _counts(places: list[int]) -> str:
    counted = Counter("first" if p == 1 else "2-3" if p <= 3 else "4-10" if p <= 10 else "not" for p in places)
    return ", ".join(f"{what} {count}" for what, count in sorted(counted.items()))
