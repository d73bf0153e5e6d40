"""Puts the catalogue rows of one look into the store: profiles, releases, lines, tracks, credits, markets, disclosures.

Children are read and compared only under releases and tracks that were there before.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from storage import normalize
from storage.recording import tables
from storage.recording.merge import Bulk, Sheet, Sorted, shown
from storage.recording.rows import Holder, Unfolded

Values = tuple[Any, ...]
Credited = tuple[int, int | None, str, str]  # release, track, who, role


@dataclass(slots=True)
class Kept:
    """Ids by the platform's own ids, and what was new or changed."""

    profiles: dict[str, int] = field(default_factory=dict)
    releases: dict[str, int] = field(default_factory=dict)
    tracks: dict[tuple[int, str], int] = field(default_factory=dict)
    new_profiles: list[int] = field(default_factory=list)
    new_releases: list[int] = field(default_factory=list)
    changed_releases: set[int] = field(default_factory=set)
    new_credits: list[int] = field(default_factory=list)


class Catalogue:
    """The catalogue rows of one look, table by table."""

    def __init__(self, bulk: Bulk, platform: str, rows: Unfolded) -> None:
        """Hold what every table's turn needs."""
        self.bulk = bulk
        self.port = bulk.port
        self.platform = platform
        self.rows = rows
        self.kept = Kept()
        self.old_releases: list[int] = []
        self.old_tracks: list[int] = []

    def keep(self) -> Kept:
        """Write every table, parents first."""
        self._profiles()
        self._links()
        self._releases()
        self._lines()
        self._tracks()
        self._credits()
        self._markets()
        self._disclosures()
        self.kept.changed_releases -= set(self.kept.new_releases)
        return self.kept

    # --- parents ------------------------------------------------------------------------------------------------

    def _by_platform_id(self, sheet: Sheet, keys: Iterable[str]) -> dict[str, Values]:
        query = (
            f"SELECT platform_id, {sheet.read} FROM {sheet.table} "
            f"WHERE platform = ? AND {self.port.among('platform_id')}"
        )
        return {row[0]: row[1:] for row in self.port.fetch(query, self.bulk.now, self.platform, self.port.many(keys))}

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
        self._log_faults(tables.PROFILE, done, lambda key: key)

    def _releases(self) -> None:
        told = self.rows.releases
        if not told:
            return
        done = self.bulk.upsert(
            tables.RELEASE,
            self._by_platform_id(tables.RELEASE, told),
            told,
            lambda key: (self.platform, key),
            lambda _, row: row if row[0] is not None else ("", *row[1:]),
        )
        kept = self.kept
        kept.releases = done.ids
        kept.new_releases = [done.ids[key] for key in done.new]
        kept.changed_releases |= {done.ids[key] for key in done.changed}
        new = set(kept.new_releases)
        self.old_releases = [row_id for row_id in done.ids.values() if row_id not in new]
        self._log_faults(tables.RELEASE, done, lambda key: key)

    # --- children -----------------------------------------------------------------------------------------------

    def _under(self, sheet: Sheet, columns: str, column: str, parents: Iterable[int], more: str = "") -> list[Values]:
        """Read the rows under parents that were there before."""
        known = list(parents)
        if not known:
            return []
        query = f"SELECT {columns}, {sheet.read} FROM {sheet.table} WHERE {self.port.among(column)}{more}"
        return self.port.fetch(query, self.bulk.now, self.port.many(known))

    def _old(self, keys: Iterable[str]) -> list[int]:
        old = set(self.old_releases)
        return [row_id for key in keys if (row_id := self.kept.releases[key]) in old]

    def _links(self) -> None:
        ids = self.kept.profiles
        told = {(ids[page], url, kind): row for (page, url, kind), row in self.rows.links.items()}
        if not told:
            return
        pages = {key[0] for key in told} - set(self.kept.new_profiles)
        existing = {
            row[:3]: row[3:]
            for row in self._under(tables.PROFILE_LINK, "profile_id, url, type_id", "profile_id", pages)
        }
        self.bulk.upsert(tables.PROFILE_LINK, existing, told, lambda key: key)

    def _lines(self) -> None:
        ids = self.kept.releases
        told: dict[Any, Values] = {
            (ids[release], kind, text): row
            for release, lines in self.rows.lines.items()
            for (kind, text), row in lines.items()
        }
        if not told:
            return
        found = self._under(tables.RELEASE_LINE, "release_id, kind, text", "release_id", self._old(self.rows.lines))
        existing = {row[:3]: row[3:] for row in found}
        done = self.bulk.upsert(tables.RELEASE_LINE, existing, told, lambda key: (*key, normalize.line_key(key[2])))
        self._joined(tables.RELEASE_LINE, done, {row[0] for row in found}, lambda key: key[0], lambda key: key[2])
        names = {row_id: key for key, row_id in ids.items()}
        self._log_faults(tables.RELEASE_LINE, done, lambda key: (names[key[0]], key[1], key[2]))

    def _tracks(self) -> None:
        ids = self.kept.releases
        told = {
            (ids[release], track): row for release, tracks in self.rows.tracks.items() for track, row in tracks.items()
        }
        if not told:
            return
        found = self._under(tables.TRACK, "release_id, platform_id", "release_id", self._old(self.rows.tracks))
        existing = {row[:2]: row[2:] for row in found}
        platform = self.platform
        done = self.bulk.upsert(tables.TRACK, existing, told, lambda key: (key[0], platform, key[1]))
        self.kept.tracks = done.ids
        new = set(done.new)
        self.old_tracks = [row_id for key, row_id in done.ids.items() if key not in new]
        self.kept.changed_releases |= {key[0] for key in done.changed}
        self._joined(tables.TRACK, done, {row[0] for row in found}, lambda key: key[0], lambda key: told[key][0])
        names = {row_id: key for key, row_id in ids.items()}
        self._log_faults(tables.TRACK, done, lambda key: (names[key[0]], key[1]))

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
        existing = self._existing_of(tables.CREDIT, "release_id, track_id, who, role", 4, self.rows.credits)
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
        existing = self._existing_of(tables.AI_DISCLOSURE, "release_id, track_id, field", 3, self.rows.disclosures)
        done = self.bulk.upsert(tables.AI_DISCLOSURE, existing, told, lambda key: key)
        self.kept.changed_releases |= {key[0] for key in (*done.new, *done.changed)}

    def _existing_of(self, sheet: Sheet, columns: str, width: int, told: Mapping[Holder, object]) -> dict[Any, Values]:
        """Read rows that hang on releases or on tracks, by two indexes."""
        releases = self._old(holder[0] for holder in told if holder[1] is None)
        found = self._under(sheet, columns, "release_id", releases, " AND track_id IS NULL")
        if any(holder[1] is not None for holder in told):
            found += self._under(sheet, columns, "track_id", self.old_tracks, " AND track_id IS NOT NULL")
        return {row[:width]: row[width:] for row in found}

    def _markets(self) -> None:
        """Write where a release is offered; a market that a newer answer no longer names is gone from it."""
        if not self.rows.markets:
            return
        ids, bulk, sheet = self.kept.releases, self.bulk, tables.MARKET
        told = {(ids[release], country): () for release, named in self.rows.markets.items() for country in named}
        found = self.port.fetch(
            f"SELECT release_id, country, id, last_seen_at > ?, gone_at IS NOT NULL, gone_at <= ? FROM market "
            f"WHERE {self.port.among('release_id')}",
            *(bulk.now, bulk.now, self.port.many(self._old(self.rows.markets))),
        )
        existing: dict[Any, Values] = {row[:2]: row[2:4] for row in found}
        done = bulk.upsert(sheet, existing, told, lambda key: key)
        self._joined(sheet, done, {row[0] for row in found}, lambda key: key[0], lambda key: key[1])
        back = [row for row in found if row[5] and row[:2] in told]
        gone = [row for row in found if not row[3] and not row[4] and row[:2] not in told]
        self._mark_markets(back, None, "returned")
        self._mark_markets(gone, bulk.now, "removed")

    def _mark_markets(self, rows: list[Values], gone_at: Any, word: str) -> None:
        if rows:
            self.port.run_each("UPDATE market SET gone_at = ? WHERE id = ?", [(gone_at, row[2]) for row in rows])
            self.bulk.log += [("market", row[2], word, None, row[1]) for row in rows]
            self.kept.changed_releases |= {row[0] for row in rows}

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
        for key in done.new:
            above = parent(key)
            release = above[0] if isinstance(above, tuple) else above
            self.kept.changed_releases.add(release)
            if above in known:
                self.bulk.log.append((sheet.table, done.ids[key], "appeared", None, shown(text(key))))

    def _log_faults(self, sheet: Sheet, done: Sorted[Any], fault_key: Callable[[Any], object]) -> None:
        if self.rows.faults:
            for key in (*done.new, *done.changed):
                for fault in self.rows.faults_of(sheet.table, fault_key(key)):
                    self.bulk.log.append((sheet.table, done.ids[key], "cleaned", None, fault))


def _stub(name: str, existing: Values | None) -> Values:
    """Make the row of a profile that was only mentioned: its name counts until the profile itself tells one."""
    is_needed = existing is None or existing[2] == ""
    return (name if is_needed else None, *(None,) * (len(tables.PROFILE.told) - 1))


def keep(bulk: Bulk, platform: str, rows: Unfolded) -> Kept:
    """Write the catalogue rows of one look."""
    return Catalogue(bulk, platform, rows).keep()
