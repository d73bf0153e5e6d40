"""The rawest ways we know to upsert the same rows into the same tables: the drivers, and nothing in between.

They look nothing up before writing, tell nobody what changed, keep no change log, no look and no presence.
"""

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import psycopg

from benchmarks.ingest.rows import CREDIT, PLATFORM, PROFILE, RELEASE, TRACK, Flat

SEEN = ("first_seen_at", "last_seen_at")
RELEASE_ID = "(SELECT id FROM release WHERE platform = 'deezer' AND platform_id = {})"
TRACK_ID = "(SELECT id FROM track WHERE platform = 'deezer' AND platform_id = {})"
PROFILE_ID = "(SELECT id FROM profile WHERE platform = 'deezer' AND platform_id = {})"


def _setting(columns: Sequence[str]) -> str:
    return ", ".join(f"{c} = excluded.{c}" for c in (*columns, "last_seen_at"))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


class RawSqlite:
    """sqlite3.executemany of an upsert per row, parents found by subselect."""

    def __init__(self, path: str) -> None:
        """Open the file with the settings that our store has."""
        self.driver = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "temp_store=MEMORY"):
            self.driver.execute(f"PRAGMA {pragma}")

    def prepare(self, flat: Flat) -> list[tuple[str, list[tuple[Any, ...]]]]:
        """Return statements with their rows, ready to go."""
        both = "?, ?"
        statements = [
            (
                f"INSERT INTO profile ({', '.join((*PROFILE, *SEEN))}) VALUES ({'?, ' * len(PROFILE)}{both}) "
                f"ON CONFLICT (platform, platform_id) DO UPDATE SET {_setting(PROFILE[2:])}",
                list(flat.profiles.values()),
            ),
            (
                f"INSERT INTO release ({', '.join((*RELEASE, *SEEN))}) VALUES ({'?, ' * len(RELEASE)}{both}) "
                f"ON CONFLICT (platform, platform_id) DO UPDATE SET {_setting(RELEASE[2:])}",
                flat.releases,
            ),
            (
                f"INSERT INTO track (release_id, {', '.join((*TRACK[1:], *SEEN))}) "
                f"VALUES ({RELEASE_ID.format('?')}, {'?, ' * len(TRACK[1:])}{both}) "
                f"ON CONFLICT (platform, platform_id, release_id) DO UPDATE SET {_setting(TRACK[3:])}",
                flat.tracks,
            ),
            (
                "INSERT INTO credit (release_id, track_id, who, role, position, name, profile_id, first_seen_at, "
                f"last_seen_at) VALUES ({RELEASE_ID.format('?1')}, {TRACK_ID.format('?2')}, ?3, ?4, ?5, ?6, "
                f"{PROFILE_ID.format('?3')}, ?7, ?8) ON CONFLICT (track_id, who, role) WHERE track_id IS NOT NULL "
                f"DO UPDATE SET {_setting(('position', 'name'))}",
                flat.credits,
            ),
            (
                'INSERT INTO listing (profile_id, release_id, "new", first_seen_at, last_seen_at) '
                f"VALUES ({PROFILE_ID.format('?')}, {RELEASE_ID.format('?')}, 0, {both}) "
                f"ON CONFLICT (profile_id, release_id, market) DO UPDATE SET {_setting(())}",
                flat.listings,
            ),
        ]
        return [(sql, [tuple(map(_plain, row)) for row in rows]) for sql, rows in statements]

    def write(self, prepared: list[tuple[str, list[tuple[Any, ...]]]], at: datetime) -> None:
        """Write a look in one transaction."""
        moment = at.strftime("%Y-%m-%d %H:%M:%S.%f")
        self.driver.execute("BEGIN IMMEDIATE")
        for sql, rows in prepared:
            self.driver.executemany(sql, ((*row, moment, moment) for row in rows))
        self.driver.execute("COMMIT")


class RawPostgres:
    """COPY to temporary tables, then INSERT .. SELECT .. ON CONFLICT from them."""

    def __init__(self, url: str) -> None:
        """Connect, and make the temporary tables once."""
        self.driver = psycopg.connect(url)
        self.driver.execute("SET client_min_messages = warning")
        for name, columns in (("profile", PROFILE), ("release", RELEASE), ("track", TRACK), ("credit", CREDIT)):
            types = {"followers": "bigint", "date": "date", "track_count": "integer", "explicit": "boolean"}
            types |= {"position": "integer", "duration_ms": "integer"}
            kinds = ", ".join(f"{c} {types.get(c, 'text')}" for c in columns)
            self.driver.execute(f"CREATE TEMP TABLE t_{name} ({kinds}) ON COMMIT DELETE ROWS".encode())
        self.driver.execute(b"CREATE TEMP TABLE t_listing (profile text, release text) ON COMMIT DELETE ROWS")
        self.driver.commit()

    def prepare(self, flat: Flat) -> list[tuple[str, list[tuple[Any, ...]]]]:
        """Return tables with their rows, ready to go."""
        return [
            ("t_profile", list(flat.profiles.values())),
            ("t_release", flat.releases),
            ("t_track", flat.tracks),
            ("t_credit", flat.credits),
            ("t_listing", flat.listings),
        ]

    def write(self, prepared: list[tuple[str, list[tuple[Any, ...]]]], at: datetime) -> None:
        """Write a look in one transaction."""
        with self.driver.cursor() as cursor:
            for table, rows in prepared:
                with cursor.copy(f"COPY {table} FROM STDIN".encode()) as copy:
                    for row in rows:
                        copy.write_row(row)
            for statement in self._statements():
                cursor.execute(statement.encode(), {"at": at})
        self.driver.commit()

    def _statements(self) -> list[str]:
        profile, release, track = ", ".join(PROFILE), ", ".join(RELEASE), ", ".join(TRACK[1:])
        seen = "first_seen_at, last_seen_at"
        found = f"JOIN release r ON r.platform = '{PLATFORM}' AND r.platform_id = t.release"
        return [
            f"INSERT INTO profile ({profile}, {seen}) SELECT {profile}, %(at)s, %(at)s FROM t_profile "
            f"ON CONFLICT (platform, platform_id) DO UPDATE SET {_setting(PROFILE[2:])}",
            f"INSERT INTO release ({release}, {seen}) SELECT {release}, %(at)s, %(at)s FROM t_release "
            f"ON CONFLICT (platform, platform_id) DO UPDATE SET {_setting(RELEASE[2:])}",
            f"INSERT INTO track (release_id, {track}, {seen}) SELECT r.id, {', '.join('t.' + c for c in TRACK[1:])}, "
            f"%(at)s, %(at)s FROM t_track t {found} "
            f"ON CONFLICT (platform, platform_id, release_id) DO UPDATE SET {_setting(TRACK[3:])}",
            f"INSERT INTO credit (release_id, track_id, profile_id, who, role, position, name, {seen}) "
            f"SELECT r.id, k.id, p.id, t.who, t.role, t.position, t.name, %(at)s, %(at)s FROM t_credit t {found} "
            "JOIN track k ON k.platform = r.platform AND k.platform_id = t.track AND k.release_id = r.id "
            "JOIN profile p ON p.platform = r.platform AND p.platform_id = t.who "
            "ON CONFLICT (track_id, who, role) WHERE track_id IS NOT NULL "
            f"DO UPDATE SET {_setting(('position', 'name'))}",
            f'INSERT INTO listing (profile_id, release_id, "new", {seen}) '
            f"SELECT p.id, r.id, false, %(at)s, %(at)s FROM t_listing t {found} "
            "JOIN profile p ON p.platform = r.platform AND p.platform_id = t.profile "
            f"ON CONFLICT (profile_id, release_id, market) DO UPDATE SET {_setting(())}",
        ]
