"""What canaries are known to say, and what they have ceased to say: fields of answers by target."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from storage.models import canary, listing, profile, release, standing, target
from storage.sets import dialect_insert

ACCEPTED = timedelta(days=30)  # a field that was silent for so long is no longer expected


@dataclass(frozen=True, slots=True)
class Chosen:
    """A page that is a canary, and a release of it, where one is known."""

    profile_id: str
    release_id: str | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """A field that canaries of a platform say no longer: how many of those that said it, and since when."""

    platform: str
    ask: str
    field: str
    silent: int
    of: int
    since: datetime


def chosen(connection: Connection, platform: str, named: Sequence[str], most: int) -> list[Chosen]:
    """Return the pages that the operator named, or else the official ones that are known for longest."""
    if not named:
        official = select(standing.c.profile_id).where(standing.c.standing == "official")
        query = select(profile.c.platform_id).where(
            profile.c.platform == platform, profile.c.name != "", profile.c.id.in_(official)
        )
        named = list(connection.scalars(query.order_by(profile.c.first_seen_at, profile.c.id).limit(most)))
    return [Chosen(one, _release_of(connection, platform, one)) for one in named]


def _release_of(connection: Connection, platform: str, profile_id: str) -> str | None:
    found: str | None = connection.scalar(
        select(release.c.platform_id)
        .join(listing, listing.c.release_id == release.c.id)
        .join(profile, profile.c.id == listing.c.profile_id)
        .where(profile.c.platform == platform, profile.c.platform_id == profile_id)
        .where(listing.c.removed_at.is_(None), listing.c.missing_since.is_(None))
        .order_by(release.c.first_seen_at, release.c.id)
        .limit(1)
    )
    return found


def unheard(connection: Connection, target_ids: Collection[int]) -> list[int]:
    """List the canaries of which nothing is known yet."""
    known = set(connection.scalars(select(canary.c.target_id).where(canary.c.target_id.in_(sorted(target_ids)))))
    return sorted(set(target_ids) - known)


def keep_only(connection: Connection, platforms: Collection[str], target_ids: Collection[int]) -> None:
    """Forget what is a canary of these platforms no longer."""
    theirs = select(target.c.id).where(target.c.platform.in_(sorted(platforms)))
    connection.execute(
        delete(canary).where(canary.c.target_id.in_(theirs), canary.c.target_id.not_in(sorted(target_ids)))
    )


def hear(
    connection: Connection, target_id: int, mostly: frozenset[str], ever: frozenset[str], at: datetime
) -> list[str]:
    """Note what a canary said; return the fields that it has just ceased to say."""
    row = connection.execute(select(canary.c.said, canary.c.silent).where(canary.c.target_id == target_id)).first()
    said = set(json.loads(row.said)) if row else set()
    silent: dict[str, str] = json.loads(row.silent) if row else {}
    now = {field: silent.get(field, at.isoformat()) for field in sorted(said - ever)}
    over = {field for field, since in now.items() if at - datetime.fromisoformat(since) > ACCEPTED}
    values = {
        "target_id": target_id,
        "said": json.dumps(sorted((said | mostly) - over)),
        "silent": json.dumps({field: since for field, since in now.items() if field not in over}),
        "heard_at": at,
    }
    put = dialect_insert(connection, canary).values(values)
    put = put.on_conflict_do_update(
        index_elements=["target_id"], set_={name: put.excluded[name] for name in ("said", "silent", "heard_at")}
    )
    connection.execute(put)
    return sorted(now.keys() - silent.keys() - over)


def drifts(connection: Connection) -> list[Drift]:
    """List the fields that at least half of a platform's canaries say no longer, the latest loss first."""
    rows = connection.execute(
        select(target.c.platform, target.c.ask, canary.c.said, canary.c.silent)
        .join(target, target.c.id == canary.c.target_id)
        .order_by(canary.c.target_id)
    ).all()
    said: dict[tuple[str, str, str], int] = defaultdict(int)
    since: dict[tuple[str, str, str], list[datetime]] = defaultdict(list)
    for row in rows:
        for field in json.loads(row.said):
            said[row.platform, row.ask, field] += 1
        for field, moment in json.loads(row.silent).items():
            since[row.platform, row.ask, field].append(datetime.fromisoformat(moment))
    found = [
        Drift(*key, silent=len(moments), of=said[key], since=min(moments))
        for key, moments in since.items()
        if 2 * len(moments) >= said[key]
    ]
    return sorted(found, key=lambda one: (-one.since.timestamp(), one.platform, one.ask, one.field))
