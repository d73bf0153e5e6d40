"""Recording's last step: what came in is grouped with what it is one with, releases and pages alike."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from crawler.suspicion import grouping
from crawler.suspicion.acts import act_groups
from crawler.suspicion.meeting import Met
from storage import cases, groups
from storage.facts import appearances as known
from storage.facts.appearances import Appearing
from storage.facts.concerned import page_names
from storage.facts.pages import of_same_name, shared_groups
from storage.observations import Told
from storage.recording.record import Recorded


@dataclass(slots=True)
class Touched:
    """Groups that a look touched, and cases that were withdrawn because two groups became one."""

    releases: set[int] = field(default_factory=set)  # release groups
    profiles: dict[str, int] = field(default_factory=dict)  # profile id of the platform -> profile group
    events: list[tuple[int, str]] = field(default_factory=list)


def group(
    connection: Connection, told: Told, recorded: Recorded, met: Met, references: frozenset[str], pages: Collection[str]
) -> Touched:
    """Group the releases and met pages of a look, and more of its pages."""
    at = told.ended_at
    touched = Touched()
    begun = known.releases_of(connection, recorded.first_listings)  # known from elsewhere perhaps: now on this page
    fresh = sorted({*recorded.new_releases, *recorded.changed_releases, *begun})
    if fresh:
        touched.events += group_releases(connection, fresh, at)
        touched.releases |= set(groups.group_of(connection, fresh).values())
    listed = known.releases_of(
        connection,
        (*recorded.new_listings, *recorded.returned_listings, *recorded.missing_listings, *recorded.removed_listings),
    )
    if listed:
        touched.releases |= set(groups.group_of(connection, listed).values())
    named = {*met.profiles, *pages}
    if named and told.target.platform not in references:
        touched.profiles = group_pages(connection, told.target.platform, named, at, touched)
    return touched


def group_releases(connection: Connection, release_ids: Collection[int], at: datetime) -> list[tuple[int, str]]:
    """Group releases with all that they reach; return the cases that are withdrawn."""
    rows = {one.id: one for one in known.appearances(connection, release_ids)}
    by_ref = {(one.platform, one.platform_id): one for one in rows.values()}

    def sharing(keys: frozenset[str]) -> list[grouping.Appearance]:
        ids = [i for i in known.sharing(connection, keys) if i not in rows]
        for one in known.appearances(connection, ids):
            rows[one.id] = one
            by_ref[one.platform, one.platform_id] = one
        return [_appearance(one) for one in rows.values()]

    cuts = {
        frozenset(((rows[a].platform, rows[a].platform_id), (rows[b].platform, rows[b].platform_id)))
        for a, b in groups.cuts(connection, sorted(rows))
        if a in rows and b in rows
    }
    found = grouping.regroup([_appearance(one) for one in rows.values()], sharing, cuts)
    ties = [groups.Tied(by_ref[t.a].id, by_ref[t.b].id, t.basis[0], t.quote) for t in found.ties]
    members = [[by_ref[ref].id for ref in refs] for refs in found.groups]
    folds = {one.id: grouping.folded_title(one.title) for one in rows.values()}
    done = groups.group_releases(connection, members, ties, folds, at)
    merged = {
        "release": done.merged,
        "disappearance": done.merged,
        "tampering": {-old: -new for old, new in done.merged.items()},
    }
    return [one for kind, moved in merged.items() for one in cases.merge_groups(connection, kind, moved, at)]


def _appearance(one: Appearing) -> grouping.Appearance:
    return grouping.Appearance(
        platform=one.platform,
        platform_id=one.platform_id,
        title=one.title,
        acts=one.acts,
        dated=one.date,
        day=one.day,
        gtins=frozenset([one.gtin]) if one.gtin else frozenset(),
        isrcs=one.isrcs,
        track_count=one.track_count,
        kind=one.kind,
        line_keys=one.line_keys,
        lengths=one.lengths,
    )


def group_pages(
    connection: Connection, platform: str, profile_ids: Collection[str], at: datetime, touched: Touched
) -> dict[str, int]:
    """Group the pages that go by one name over the platforms; return the group of each page asked about."""
    named = page_names(connection, platform, profile_ids)
    touched.events += group_names(connection, {key for _, _, key in named.values()}, at)
    ids = {row_id: profile_id for profile_id, (row_id, _, _) in named.items()}
    return {ids[row_id]: group_id for row_id, group_id in groups.profile_group_of(connection, sorted(ids)).items()}


def group_names(connection: Connection, name_keys: Collection[str], at: datetime) -> list[tuple[int, str]]:
    """Group all pages that go by these folded names; return the cases that are withdrawn."""
    wanted: dict[tuple[int, ...], str] = {}
    for same in of_same_name(connection, name_keys).values():
        shares = shared_groups(connection, [row_id for row_id, _ in same]) if len(same) > 1 else {}
        wanted |= act_groups(dict(same), shares)
    done = groups.group_profiles(connection, wanted, at)
    return cases.merge_groups(connection, "profile", done.merged, at)
