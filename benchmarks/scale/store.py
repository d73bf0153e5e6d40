"""The store of the main user, made inside the database: roster, pages, releases, tracks, targets, looks, changes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event, text

from benchmarks.scale import cases
from benchmarks.scale.sql import Maker
from spiders.base.platform import platform_names
from storage.database import fresh_schema, writing
from storage.models import metadata


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything; what is not said follows from the artists, as in the main user's store."""

    artists: int
    platforms: int
    listings: int
    tracks: int
    targets: int
    cases: int

    @property
    def profiles(self) -> int:
        """Count the profiles: a page on every platform for every artist, and a quarter of strangers."""
        return self.artists * self.platforms * 5 // 4

    @property
    def names(self) -> list[str]:
        """Name the platforms: ours first."""
        ours = platform_names()
        return (ours + [f"platform{n}" for n in range(self.platforms)])[: self.platforms]


Step = Callable[[Maker, Sizes], None]


def _roomy(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA cache_size=-1500000")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA foreign_keys=OFF")  # what is inserted here fits together


def build(engine: Engine, sizes: Sizes, tell: Callable[[str], None], *more: Step) -> None:
    """Fill an empty database; a transaction a step, so that what a step took can be told.

    Indexes are made when all rows are there: with millions of rows that is several times quicker.
    """
    fresh_schema(engine)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _roomy)
        engine.dispose()
    later = [index for table in metadata.sorted_tables for index in table.indexes if not index.unique]
    with writing(engine) as connection:
        for index in later:
            index.drop(connection)
    for step in (_roster, _pages, _releases, _tracks, _asked, _changes, _cases, *more):
        with writing(engine) as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            step(Maker(connection), sizes)
        tell(step.__name__.strip("_"))
    with writing(engine) as connection:
        for index in later:
            index.create(connection)
    tell("indexes")
    if engine.dialect.name == "sqlite":
        event.remove(engine, "connect", _roomy)
        engine.dispose()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
        if engine.dialect.name == "postgresql":
            connection.execute(text("VACUUM"))


def _roster(maker: Maker, sizes: Sizes) -> None:
    then = maker.ago("500")
    maker.insert(
        "artist",
        "id, key, name, name_key, weight, watched, added_at, changed_at",
        f"""SELECT i + 1, 'artist ' || i, 'Artist ' || {maker.padded("i", 6)}, 'artist ' || {maker.padded("i", 6)}, 1,
            true, {then}, {then} FROM {maker.series(sizes.artists)} s""",
    )
    maker.insert(
        "artist_alias",
        "id, artist_id, name, name_key, source, added_at",
        f"""SELECT i + 1, i * 2 + 1, 'Alias ' || i, 'alias ' || i, 'roster', {then}
            FROM {maker.series(sizes.artists // 2)} s""",
    )
    maker.after_ids("artist", "artist_alias")


def _pages(maker: Maker, sizes: Sizes) -> None:
    official = sizes.artists * sizes.platforms
    platform = " ".join(f"WHEN {n} THEN '{name}'" for n, name in enumerate(sizes.names))
    maker.insert(
        "profile",
        "id, platform, platform_id, name, name_key, url, followers, release_count, first_seen_at, last_seen_at",
        f"""SELECT i + 1, CASE i % {official} / {sizes.artists} {platform} END, 'p' || {maker.padded("i", 7)},
            'Artist ' || {maker.padded(f"i % {sizes.artists}", 6)},
            'artist ' || {maker.padded(f"i % {sizes.artists}", 6)}, 'https://x.example/p' || i, i % 100000, 20,
            {maker.ago("400")}, {maker.ago("i % 7")} FROM {maker.series(sizes.profiles)} s""",
    )
    maker.insert(
        "standing",
        "profile_id, artist_id, standing, authority, reason, decided_at",
        f"""SELECT i + 1, i % {sizes.artists} + 1, CASE WHEN i < {official} THEN 'official' ELSE 'suspected' END,
            'roster', '', {maker.ago("400")} FROM {maker.series(sizes.profiles)} s""",
    )
    maker.after_ids("profile")


def _releases(maker: Maker, sizes: Sizes) -> None:
    of_page = f"FROM {maker.series(sizes.listings)} s CROSS JOIN profile p WHERE p.id = s.i % {sizes.profiles} + 1"
    maker.insert(
        "release",
        "id, platform, platform_id, title, title_key, kind, date_raw, date_precision, date, upc_raw, gtin14, url,"
        " track_count, explicit, first_seen_at, last_seen_at",
        f"""SELECT i + 1, p.platform, 'r' || {maker.padded("i", 8)}, 'Title ' || i / 3, 'title ' || i / 3, 'album',
            '2019-05-01', 'day', {"DATE " if maker.postgresql else ""}'2019-05-01', {maker.padded("i / 2", 13)},
            {maker.padded("i / 2", 14)}, 'https://x.example/r' || i, 10, false,
            {maker.ago("i % 400")}, {maker.ago("i % 3")} {of_page}""",
    )
    maker.insert(
        "listing",
        'id, profile_id, release_id, section, market, first_seen_at, last_seen_at, "new", misses',
        f"""SELECT i + 1, p.id, i + 1, '', '', {maker.ago("i % 400")}, {maker.ago("i % 3")},
            i % 49 = 0, 0 {of_page}""",
    )
    maker.insert(
        "release_line",
        "id, release_id, kind, text, text_key, first_seen_at, last_seen_at",
        f"""SELECT i + 1, i / 2 + 1, CASE WHEN i % 2 = 0 THEN 'label' ELSE 'p' END, 'Label ' || i % 9973,
            'label ' || i % 9973, {maker.ago("i % 400")}, {maker.ago("i % 3")}
            FROM {maker.series(sizes.listings * 2)} s""",
    )
    maker.insert(
        "credit",
        "id, release_id, profile_id, who, role, position, name, first_seen_at, last_seen_at",
        f"""SELECT i + 1, i + 1, p.id, p.platform_id, 'main', 1, p.name, {maker.ago("i % 400")}, {maker.ago("i % 3")}
            {of_page}""",
    )
    maker.after_ids("release", "listing", "release_line", "credit")


def _tracks(maker: Maker, sizes: Sizes) -> None:
    its_release = f"i * {sizes.listings} / {sizes.tracks} + 1"
    maker.insert(
        "track",
        "id, release_id, platform, platform_id, title, title_key, disc, position, duration_ms, isrc_raw, isrc,"
        " first_seen_at, last_seen_at",
        f"""SELECT i + 1, r.id, r.platform, 't' || {maker.padded("i", 8)}, 'Song ' || i, 'song ' || i, 1, i % 12 + 1,
            180000, 'QZ-ABC-' || {maker.padded("i / 2", 8)}, 'QZABC' || {maker.padded("i / 2", 8)},
            r.first_seen_at, r.last_seen_at
            FROM {maker.series(sizes.tracks)} s CROSS JOIN release r WHERE r.id = {its_release}""",
    )
    maker.after_ids("track")


def _asked(maker: Maker, sizes: Sizes) -> None:
    """Make the details of releases: asked once, answered, and retired, with a look each."""
    maker.insert(
        "target",
        "id, platform, ask, subject, priority, added_at, last_look_at, last_outcome, last_complete_at, baseline_at",
        f"""SELECT r.id, r.platform, 'release', r.platform_id, 8, r.first_seen_at, r.first_seen_at, 'complete',
            r.first_seen_at, r.first_seen_at FROM release r WHERE r.id <= {sizes.targets}""",
    )
    maker.insert(
        "watch",
        "target_id, artist_id",
        f"SELECT id, (id - 1) % {sizes.profiles} % {sizes.artists} + 1 FROM target",
    )
    maker.insert(
        "look",
        "id, target_id, started_at, ended_at, outcome, pages, received, stop_reason, cost, blind, worker",
        """SELECT id, id, last_look_at, last_look_at, 'complete', 1, 12, 'end of list', 1, 'ai,credits', 'host:1:a'
            FROM target""",
    )
    maker.after_ids("target", "look")


def _changes(maker: Maker, sizes: Sizes) -> None:
    looks = "(SELECT count(*) FROM look)"
    maker.insert(
        "change",
        "id, entity, entity_id, field, before, after, look_id, changed_at",
        f"""SELECT i + 1, CASE WHEN i % 2 = 0 THEN 'listing' ELSE 'profile' END,
            CASE WHEN i % 2 = 0 THEN i + 1 ELSE i % {sizes.profiles} + 1 END,
            CASE WHEN i % 2 = 0 THEN 'appeared' ELSE 'followers' END, '1', '2', i % {looks} + 1, {maker.ago("i % 400")}
            FROM {maker.series(sizes.listings // 2)} s""",
    )
    maker.after_ids("change")


def _cases(maker: Maker, sizes: Sizes) -> None:
    cases.group(maker, sizes.listings)
    cases.fill(maker, sizes.cases, sizes.artists, sizes.profiles, sizes.listings)
