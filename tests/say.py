"""Short ways to say what a platform said, for the store's tests."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, text

from storage.database import writing
from storage.models import metadata
from storage.observations import Coverage, CreditSeen, Outcome, ProfileSeen, ReleaseSeen, Told, TrackSeen
from storage.recording.record import record
from storage.targets import Ask, Target

DAY = timedelta(days=1)
START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def day(number):
    """The noon of a day."""
    return START + number * DAY


def told(target, *observations, at=0, outcome=Outcome.COMPLETE, payloads=(), **coverage):
    """One look at a target, a minute long, on a day."""
    end = at if isinstance(at, datetime) else day(at)
    coverage.setdefault("stop_reason", "end of list")
    return Told(target, observations, Coverage(outcome, **coverage), end - timedelta(minutes=1), end, tuple(payloads))


def page_of(profile="p1", section="", market="", platform="deezer"):
    """The target that asks for a profile's releases."""
    return Target(platform, Ask.RELEASES, profile, section, market)


def release(number, profile="p1", **more):
    """A release as a list row on a profile's page."""
    more.setdefault("title", f"Release {number}")
    more.setdefault("listed_on", profile)
    return ReleaseSeen(id=f"r{number}", **more)


def releases(*numbers, profile="p1", at=0, section="", market="", **coverage):
    """A look at a profile's page that shows these releases."""
    rows = [release(number, profile) for number in numbers]
    return told(page_of(profile, section, market), *rows, at=at, received=len(rows), **coverage)


def full_release(number, tracks=2, at=0, **more):
    """A release's whole record: itself and its tracks, credited."""
    credits = (CreditSeen("Ovels", "p1"), CreditSeen("A Stranger", role="featured"))
    rows = [release(number, listed_on=None, credits=credits, **more)]
    rows += [
        TrackSeen(
            id=f"t{number}-{n}",
            title=f"Track {n}",
            release_id=f"r{number}",
            position=n,
            isrc=f"US-ABC-24-{number:03}{n:02}",
            credits=credits,
        )
        for n in range(1, tracks + 1)
    ]
    return told(Target("deezer", Ask.RELEASE, f"r{number}"), *rows, at=at)


def search(name, *ids, at=0):
    """A name search that finds profiles of that name."""
    hits = [ProfileSeen(id=i, name=name, position=rank) for rank, i in enumerate(ids, 1)]
    return told(Target("deezer", Ask.SEARCH, name), *hits, at=at)


def say(engine, *looks):
    """Record looks, each in its own transaction, and return what the last one changed."""
    for look in looks:
        with writing(engine) as connection:
            recorded = record(connection, look)
    return recorded


def rows(engine, table, *columns):
    """Read a table, or some of its columns, in the order of ids."""
    query = select(*(columns or [table])).order_by(*table.primary_key.columns)
    with engine.connect() as connection:
        return connection.execute(query).all()


def dump(engine, metadata, without=()):
    """Read the whole store as plain values, without some columns."""
    found = {}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            columns = [c for c in table.columns if c.name not in without]
            order = table.primary_key.columns
            found[table.name] = [tuple(r) for r in connection.execute(select(*columns).order_by(*order))]
    return found


def catalogue(engine):
    """The store without its ledger of looks and without the clock that may move."""
    found = dump(engine, metadata, ("last_seen_at", "whole_at"))
    return {name: found[name] for name in found if name not in ("look", "look_payload")}


def emptied(engine):
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        if engine.dialect.name == "postgresql":
            for table in metadata.sorted_tables:
                if "id" in table.c:
                    sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
                    connection.execute(text(f"SELECT setval({sequence}, 1, false)"))
    return engine
