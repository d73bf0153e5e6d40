"""Which releases are one release, and which pages are one act: groups, the ties they rest on, and cuts by hand.

What ties is decided elsewhere (crawler/suspicion/grouping.py): here groups are written. A group keeps the smallest
number among those that meet in it, and the others say what they were merged into.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations

from sqlalchemy import Connection, Table, and_, delete, insert, or_, select, update

from storage.models import grouped_profile, grouped_release, profile_group, release_group, release_tie
from storage.sets import ROWS_A_STATEMENT, batched, insert_missing, several

CUT = "cut"

# Statements are built once: building one costs more than running it.
_GROUPS = {
    members.name: select(key, members.c.group_id).where(key.in_(several("ids")))
    for members in (grouped_release, grouped_profile)
    for key in members.primary_key.columns
}
_CUTS = select(release_tie.c.release_a, release_tie.c.release_b).where(
    release_tie.c.basis == CUT,
    or_(release_tie.c.release_a.in_(several("ids")), release_tie.c.release_b.in_(several("ids"))),
)


@dataclass(frozen=True, slots=True)
class Tied:
    """Two releases (row ids) that are one, on what basis and by which value."""

    a: int
    b: int
    basis: str
    value: str


@dataclass(slots=True)
class Regrouped:
    """What became of groups: those that changed, and which went up in which."""

    changed: set[int] = field(default_factory=set)
    merged: dict[int, int] = field(default_factory=dict)  # old group -> the one that has its releases now


def group_releases(
    connection: Connection,
    groups: Iterable[Collection[int]],
    ties: Sequence[Tied],
    folds: Mapping[int, str],
    at: datetime,
) -> Regrouped:
    """Write groups of releases; each replaces the groups that its members were in. `folds` are titles for look-ups."""
    wanted = sorted((sorted(members) for members in groups), key=lambda members: members[0])
    rows = [
        {"release_a": min(t.a, t.b), "release_b": max(t.a, t.b), "basis": t.basis, "value": t.value, "tied_at": at}
        for t in ties
    ]
    insert_missing(connection, release_tie, sorted(rows, key=lambda r: (r["release_a"], r["release_b"], r["basis"])))
    return _put(
        connection, wanted, grouped_release, release_group, at, {i: {"fold": fold} for i, fold in folds.items()}
    )


def group_profiles(connection: Connection, groups: Mapping[tuple[int, ...], str], at: datetime) -> Regrouped:
    """Write groups of pages, each with the basis it rests on."""
    wanted = sorted(sorted(members) for members in groups)
    more = {member: {"basis": basis} for members, basis in groups.items() for member in members}
    return _put(connection, wanted, grouped_profile, profile_group, at, more)


def _put(
    connection: Connection,
    groups: Sequence[Sequence[int]],
    members: Table,
    heads: Table,
    at: datetime,
    more: Mapping[int, Mapping[str, object]],
) -> Regrouped:
    key = next(iter(members.primary_key.columns))
    known = _groups_of(connection, members, [one for group in groups for one in group])
    done, taken = Regrouped(), set[int]()
    moves: dict[int, list[int]] = {}
    fresh: list[dict[str, object]] = []
    for group in groups:
        before = sorted({known[one] for one in group if one in known} - taken)
        target = before[0] if before else _new(connection, heads, at)
        taken.add(target)
        for old in before[1:]:
            done.merged.setdefault(old, target)
        for one in group:
            if one not in known:
                fresh.append({key.name: one, "group_id": target, "grouped_at": at, **more.get(one, {})})
                done.changed.add(target)
            elif known[one] != target:
                moves.setdefault(target, []).append(one)
                done.changed |= {target, known[one]}
    for target, ids in moves.items():
        for part in batched(ids, ROWS_A_STATEMENT):
            connection.execute(update(members).where(key.in_(part)).values(group_id=target, grouped_at=at))
    if fresh:
        connection.execute(insert(members), fresh)
    done.merged = _emptied(connection, members, heads, done.merged)
    return done


def _emptied(connection: Connection, members: Table, heads: Table, merged: Mapping[int, int]) -> dict[int, int]:
    """Of groups that lost members, keep as merged those that have none left."""
    if not merged:
        return {}
    left = set(connection.scalars(select(members.c.group_id).where(members.c.group_id.in_(list(merged))).distinct()))
    gone = {old: new for old, new in merged.items() if old not in left}
    for old, new in gone.items():
        connection.execute(update(heads).where(heads.c.id == old).values(merged_into=new))
    return gone


def _groups_of(connection: Connection, members: Table, ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for part in batched(ids, ROWS_A_STATEMENT):
        found.update((row[0], row[1]) for row in connection.execute(_GROUPS[members.name], {"ids": part}))
    return found


def _new(connection: Connection, heads: Table, at: datetime) -> int:
    return int(connection.execute(insert(heads).values(made_at=at).returning(heads.c.id)).scalar_one())


def group_of(connection: Connection, release_ids: Sequence[int]) -> dict[int, int]:
    """Map releases to their groups; releases that are in none are left out."""
    return _groups_of(connection, grouped_release, release_ids)


def profile_group_of(connection: Connection, profile_ids: Sequence[int]) -> dict[int, int]:
    """Map pages to their groups; pages that are in none are left out."""
    return _groups_of(connection, grouped_profile, profile_ids)


def cuts(connection: Connection, release_ids: Sequence[int]) -> set[tuple[int, int]]:
    """List the pairs among which a person has cut."""
    found: set[tuple[int, int]] = set()
    for part in batched(release_ids, ROWS_A_STATEMENT):
        rows = connection.execute(_CUTS, {"ids": part})
        found.update((row[0], row[1]) for row in rows)
    return found


def cut(connection: Connection, release_id: int, by: str, at: datetime) -> list[int]:
    """Take a release out of its group for good; return the releases that it was cut from."""
    group = group_of(connection, [release_id]).get(release_id)
    if group is None:
        return []
    others = sorted(
        connection.scalars(
            select(grouped_release.c.release_id).where(
                grouped_release.c.group_id == group, grouped_release.c.release_id != release_id
            )
        )
    )
    rows = [
        {"release_a": min(release_id, o), "release_b": max(release_id, o), "basis": CUT, "value": by, "tied_at": at}
        for o in others
    ]
    insert_missing(connection, release_tie, rows)
    return others


def uncut(connection: Connection, release_id: int, others: Collection[int]) -> None:
    """Take cuts back."""
    pairs = [(min(release_id, other), max(release_id, other)) for other in others]
    for a, b in pairs:
        connection.execute(
            delete(release_tie).where(
                and_(release_tie.c.release_a == a, release_tie.c.release_b == b, release_tie.c.basis == CUT)
            )
        )


def ties_of(connection: Connection, release_ids: Sequence[int]) -> list[Tied]:
    """List the ties among these releases."""
    wanted = set(release_ids)
    found: list[Tied] = []
    for part in batched(sorted(wanted), ROWS_A_STATEMENT):
        rows = connection.execute(
            select(release_tie).where(release_tie.c.release_a.in_(part)).order_by(release_tie.c.release_a)
        )
        found += [Tied(r.release_a, r.release_b, r.basis, r.value) for r in rows if r.release_b in wanted]
    return found


def pairs(members: Collection[int]) -> set[tuple[int, int]]:
    """List all pairs of a group."""
    return set(combinations(sorted(members), 2))
