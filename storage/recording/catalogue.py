"""Puts the catalogue rows of one look into the store: profiles, releases, lines, tracks, credits, disclosures.

Children are read and compared only under releases and tracks that were there before.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from storage import normalize
from storage.observations import Outcome, Told
from storage.recording import markets, tables
from storage.recording.endings import Endings
from storage.recording.merge import Bulk, Sheet, Sorted, shown
from storage.recording.presence import Memory
from storage.recording.rows import Holder, Unfolded
from storage.targets import Ask, Target

Values = tuple[Any, ...]
Credited = tuple[int, int | None, str, str]  # release, track, who, role
OF_DETAILS = {"title", "cover_url", "track_count", "upc_raw"}  # where a list tells another, the details are out of date


@dataclass(slots=True)
class Kept:
    """Ids by the platform's own ids, and what was new or changed in meaning."""

    profiles: dict[str, int] = field(default_factory=dict)
    releases: dict[str, int] = field(default_factory=dict)
    tracks: dict[tuple[int, str], int] = field(default_factory=dict)
    new_profiles: list[int] = field(default_factory=list)
    changed_profiles: set[int] = field(default_factory=set)
    new_releases: list[int] = field(default_factory=list)
    changed_releases: set[int] = field(default_factory=set)
    stale: set[str] = field(default_factory=set)  # releases whose details are not, or no longer, known whole
    new_credits: list[int] = field(default_factory=list)


class Catalogue:
    """The catalogue rows of one look, table by table."""

    def __init__(self, bulk: Bulk, asked: Target, told: Told, rows: Unfolded, memory: Memory) -> None:
        """Hold what every table's turn needs."""
        self.bulk = bulk
        self.port = bulk.port
        self.asked = asked
        self.platform = asked.platform
        self.rows = rows
        self.kept = Kept()
        self.old_releases: list[int] = []
        self.old_tracks: list[int] = []
        seen_whole = memory.last_complete_at
        self.ends = Endings(bulk, before=seen_whole and self.port.moment(seen_whole), blind=told.coverage.blind)
        newest = memory.last_look_at is None or told.ended_at > memory.last_look_at
        self.is_whole = newest and told.coverage.outcome is Outcome.COMPLETE and not told.coverage.resumed
        self.is_list = newest and asked.ask is Ask.RELEASES
        self.is_answer = newest and told.coverage.outcome in (Outcome.COMPLETE, Outcome.ABSENT)
        self.is_part = asked.ask is Ask.RELEASE and told.coverage.outcome is Outcome.PARTIAL
        self.known_whole: set[int] = set()  # releases whose details were seen whole once

    def keep(self) -> Kept:
        """Write every table, parents first."""
        kept = self.kept
        self._profiles()
        self._links()
        if self.is_answer and self.asked.ask is Ask.IDENTITY:
            self._unlinked()
        self._releases()
        self._lines()
        self._tracks()
        self._credits()
        self._disclosures()
        if self.is_part and self.asked.subject in kept.releases:
            kept.stale.add(self.asked.subject)
        kept.changed_releases |= self.ends.changed
        kept.changed_releases -= set(kept.new_releases)
        kept.changed_profiles -= set(kept.new_profiles)
        return kept

    # --- parents ------------------------------------------------------------------------------------------------

    def _by_platform_id(self, sheet: Sheet, keys: Iterable[str], more: str = "") -> dict[str, Values]:
        columns = f"{more}, {sheet.read}" if more else sheet.read
        query = (
            f"SELECT platform_id, {columns} FROM {sheet.table} WHERE platform = ? AND {self.port.among('platform_id')}"
        )
        return {row[0]: row[1:] for row in self.port.fetch(query, self.bulk.now, self.platform, self.port.many(keys))}

    def _with_markets(self) -> None:
        """Put the numbers of market sets where the countries were told."""
        sets = markets.keep(self.bulk, self.rows.market_sets)
        if sets:
            for rows in (self.rows.releases, *self.rows.tracks.values()):
                for key, row in rows.items():
                    if row[-1] is not None:
                        rows[key] = (*row[:-1], sets[row[-1]])

    def _profiles(self) -> None:
        stubs = self.rows.stubs
        existing = self._by_platform_id(tables.PROFILE, {**stubs, **self.rows.profiles})
        told = self.rows.profiles | {
            key: _stub(name, existing.get(key)) for key, name in sorted(stubs.items()) if key not in self.rows.profiles
        }
        if not told:
            return
        done = self.bulk.upsert(tables.PROFILE, existing, told, lambda key: (self.platform, key))
        self.kept.profiles = done.ids
        self.kept.new_profiles = [done.ids[key] for key in done.new]
        self.kept.changed_profiles |= {done.ids[key] for key in done.meant}
        self._log_faults(tables.PROFILE, done, lambda key: key)

    def _releases(self) -> None:
        told = self.rows.releases
        if not told:
            return
        self._with_markets()
        existing = self._by_platform_id(tables.RELEASE, told, "whole_at IS NOT NULL")
        done = self.bulk.upsert(
            tables.RELEASE,
            {key: row[1:] for key, row in existing.items()},
            told,
            lambda key: (self.platform, key),
            lambda _, row: row if row[0] is not None else ("", *row[1:]),
        )
        kept = self.kept
        kept.releases = done.ids
        kept.new_releases = [done.ids[key] for key in done.new]
        kept.changed_releases |= {done.ids[key] for key in done.meant}
        new = set(kept.new_releases)
        self.old_releases = [row_id for row_id in done.ids.values() if row_id not in new]
        self._log_faults(tables.RELEASE, done, lambda key: key)
        if self.is_list:
            self.known_whole = {row[1] for row in existing.values() if row[0]}
            self.ends.summaries = {row[1] for row in existing.values() if not row[0]}
            self._outdated(done)
        elif self.is_whole and self.asked.ask is Ask.RELEASE:
            self.ends.whole = kept.releases.get(self.asked.subject)
            self.port.run("UPDATE release SET whole_at = ? WHERE id = ?", self.bulk.now, self.ends.whole)

    def _outdated(self, done: Sorted[str]) -> None:
        """Find releases of which a list tells another thing than is known, and not just what it always tells.

        Some platforms' lists and details disagree for good; what the details put in place of this very value says so.
        """
        told, order = self.rows.releases, tables.RELEASE.told
        other = {
            (done.ids[key], column): (key, shown(told[key][order.index(column)]))
            for key, was in done.changed.items()
            for column in OF_DETAILS & was.keys()
            if was[column] not in (None, "")
        }
        if not other:
            return
        replaced = self.port.fetch(
            "SELECT c.entity_id, c.field, c.before FROM change c JOIN release r ON r.id = c.entity_id "
            f"WHERE c.entity = 'release' AND {self.port.among('c.entity_id')} AND c.changed_at = r.whole_at",
            self.port.many(sorted({row_id for row_id, _ in other})),
        )
        always = {(row_id, field, before) for row_id, field, before in replaced}
        self.kept.stale |= {
            key for (row_id, column), (key, value) in other.items() if (row_id, column, value) not in always
        }

    # --- children -----------------------------------------------------------------------------------------------

    def _under(self, sheet: Sheet, column: str, parents: Iterable[int], more: str = "") -> list[Values]:
        """Read the rows under parents that were there before."""
        known = list(parents)
        if not known:
            return []
        query = f"SELECT {sheet.read_child} FROM {sheet.table} WHERE {self.port.among(column)}{more}"
        return self.port.fetch(query, self.bulk.now, self.bulk.now, self.port.many(known))

    def _old(self, keys: Iterable[str]) -> list[int]:
        old = set(self.old_releases)
        return [row_id for key in keys if (row_id := self.kept.releases[key]) in old]

    def _links(self) -> None:
        ids = self.kept.profiles
        told = {(ids[page], url, kind): row for (page, url, kind), row in self.rows.links.items()}
        linked = {ids[page] for page in self.rows.linked}
        if not told and not linked:
            return
        pages = ({key[0] for key in told} | linked) - set(self.kept.new_profiles)
        found = self._under(tables.PROFILE_LINK, "profile_id", pages)
        ends = Endings(self.bulk, before=self.ends.before)
        if self.is_whole and self.asked.ask is Ask.PROFILE and self.asked.subject in self.rows.linked:
            ends.whole = ids[self.asked.subject]
        existing = ends.settle(tables.PROFILE_LINK, found, told, lambda key: key[0], lambda key, _: key[1])
        done = self.bulk.upsert(tables.PROFILE_LINK, existing, told, lambda key: key)
        self.kept.changed_profiles |= {key[0] for key in (*done.new, *done.changed)} | ends.changed

    def _unlinked(self) -> None:
        """End the links to an address that other entries have, or had: a reference was asked who links it."""
        told = {(self.kept.profiles[page], url) for page, url, _ in self.rows.links}
        found = self.port.fetch(
            "SELECT l.id, l.profile_id, l.url FROM profile_link l JOIN profile p ON p.id = l.profile_id "
            "WHERE p.platform = ? AND l.url = ? AND l.gone_at IS NULL AND l.last_seen_at < ? ORDER BY l.id",
            *(self.platform, self.asked.subject, self.bulk.now),
        )
        over = [row for row in found if row[1:] not in told]
        self.kept.changed_profiles |= Endings(self.bulk).end_rows(tables.PROFILE_LINK, over)

    def _lines(self) -> None:
        ids = self.kept.releases
        told: dict[Any, Values] = {
            (ids[release], kind, text): row
            for release, lines in self.rows.lines.items()
            for (kind, text), row in lines.items()
        }
        if not self.rows.lines:
            return
        found = self._under(tables.RELEASE_LINE, "release_id", self._old(self.rows.lines))
        existing = self.ends.settle(tables.RELEASE_LINE, found, told, lambda key: key[:2], lambda key, _: key[2])
        done = self.bulk.upsert(tables.RELEASE_LINE, existing, told, lambda key: (*key, normalize.line_key(key[2])))
        self._joined(tables.RELEASE_LINE, done, {row[0] for row in found}, lambda key: key[0], lambda key: key[2])
        names = {row_id: key for key, row_id in ids.items()}
        self._log_faults(tables.RELEASE_LINE, done, lambda key: (names[key[0]], key[1], key[2]))

    def _tracks(self) -> None:
        ids = self.kept.releases
        told = {
            (ids[release], track): row for release, tracks in self.rows.tracks.items() for track, row in tracks.items()
        }
        whole = self.ends.whole
        if not told and whole is None:
            return
        parents = dict.fromkeys(self._old(self.rows.tracks))
        if whole is not None and whole in self.old_releases:
            parents[whole] = None
        found = self._under(tables.TRACK, "release_id", parents)
        before = dict.fromkeys(row[3] for row in found if row[:2] not in told and not row[2])
        existing = self.ends.settle(tables.TRACK, found, told, lambda key: key[0], lambda _, row: row[0])
        if before and whole is not None:
            self.ends.end_with_tracks(tables.CREDIT, self._ended(before))
        platform = self.platform
        done = self.bulk.upsert(tables.TRACK, existing, told, lambda key: (*key, platform))
        self.kept.tracks = done.ids
        new = set(done.new)
        self.old_tracks = [row_id for key, row_id in done.ids.items() if key not in new]
        self.kept.changed_releases |= {key[0] for key in done.meant}
        self._joined(tables.TRACK, done, {row[0] for row in found}, lambda key: key[0], lambda key: told[key][0])
        names = {row_id: key for key, row_id in ids.items()}
        self._log_faults(tables.TRACK, done, lambda key: (names[key[0]], key[1]))

    def _ended(self, tracks: Iterable[int]) -> list[int]:
        query = f"SELECT id FROM track WHERE {self.port.among('id')} AND gone_at = ? ORDER BY id"
        return [row[0] for row in self.port.fetch(query, self.port.many(tracks), self.bulk.now)]

    def _holder(self, holder: Holder) -> tuple[int, int | None]:
        release = self.kept.releases[holder[0]]
        return release, None if holder[1] is None else self.kept.tracks[release, holder[1]]

    def _credits(self) -> None:
        told: dict[Credited, Values] = {}
        places: dict[Credited, int] = {}
        profiles: dict[str, int | None] = {}
        holders: dict[tuple[int, int | None], Holder] = {}
        for holder, credits in self.rows.credits.items():
            release, track = self._holder(holder)
            holders[release, track] = holder
            for (who, role), (position, name, profile) in credits.items():
                key = (release, track, who, role)
                told[key] = (name,)
                places[key] = position
                if profile is not None and who not in profiles:
                    profiles[who] = self.kept.profiles[profile]
        if not told:
            return
        found = self._credits_before()
        existing: dict[Any, Values] = self.ends.settle(
            tables.CREDIT, found, told, lambda key: key[:2], lambda key, row: f"{row[0]} ({key[3]})"
        )
        done = self.bulk.upsert(tables.CREDIT, existing, told, lambda key: (*key, profiles.get(key[2]), places[key]))
        self.kept.new_credits = [done.ids[key] for key in done.new]
        self.kept.changed_releases |= {key[0] for key in done.changed}
        known = {row[:2] for row in existing}
        self._joined(tables.CREDIT, done, known, lambda key: key[:2], lambda key: f"{told[key][0]} ({key[3]})")
        self._log_faults(tables.CREDIT, done, lambda key: (holders[key[0], key[1]], key[2], key[3]))

    def _disclosures(self) -> None:
        told = {
            (*self._holder(holder), kind): row
            for holder, values in self.rows.disclosures.items()
            for kind, row in values.items()
        }
        if not told:
            return
        query = f"SELECT release_id, track_id, field, {tables.AI_DISCLOSURE.read} FROM ai_disclosure WHERE "
        releases = self._old(holder[0] for holder in self.rows.disclosures)
        found = self.port.fetch(query + self.port.among("release_id"), self.bulk.now, self.port.many(releases))
        existing: dict[Any, Values] = {row[:3]: row[3:] for row in found}
        done = self.bulk.upsert(tables.AI_DISCLOSURE, existing, told, lambda key: key)
        self.kept.changed_releases |= {key[0] for key in (*done.new, *done.changed)}

    def _credits_before(self) -> list[Values]:
        """Read credits of releases and of tracks, by two indexes."""
        told = self.rows.credits
        releases = self._old(holder[0] for holder in told if holder[1] is None)
        found = self._under(tables.CREDIT, "release_id", releases, " AND track_id IS NULL")
        if any(holder[1] is not None for holder in told):
            found += self._under(tables.CREDIT, "track_id", self.old_tracks, " AND track_id IS NOT NULL")
        return found

    # --- the change log -----------------------------------------------------------------------------------------

    def _joined(
        self,
        sheet: Sheet,
        done: Sorted[Any],
        known: set[Any],
        parent: Callable[[Any], Any],
        text: Callable[[Any], Any],
    ) -> None:
        """Log new rows that join others of their kind; the first ones of a parent are told by their own clocks."""
        joined = set()
        for key in done.new:
            above = parent(key)
            release = above[0] if isinstance(above, tuple) else above
            self.kept.changed_releases.add(release)
            if above in known:
                self.bulk.log.append((sheet.table, done.ids[key], "appeared", None, shown(text(key))))
                joined.add(release)
        if joined & self.known_whole:  # a list knows more than the details did
            self.kept.stale |= {key for key, row_id in self.kept.releases.items() if row_id in joined}

    def _log_faults(self, sheet: Sheet, done: Sorted[Any], fault_key: Callable[[Any], object]) -> None:
        if self.rows.faults:
            for key in (*done.new, *done.changed):
                for fault in self.rows.faults_of(sheet.table, fault_key(key)):
                    self.bulk.log.append((sheet.table, done.ids[key], "cleaned", None, fault))


def _stub(name: str, existing: Values | None) -> Values:
    """Make the row of a profile that was only mentioned: its name counts until the profile itself tells one."""
    is_needed = existing is None or existing[2] == ""
    return (name if is_needed else None, *(None,) * (len(tables.PROFILE.told) - 1))


def keep(bulk: Bulk, asked: Target, told: Told, rows: Unfolded, memory: Memory) -> Kept:
    """Write the catalogue rows of one look."""
    return Catalogue(bulk, asked, told, rows, memory).keep()
