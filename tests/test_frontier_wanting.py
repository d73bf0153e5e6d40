"""What is on the frontier, to the row: wanted, hastened, put off, retired and marked, and nothing beside."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select, text, update

from storage import frontier
from storage.database import writing
from storage.models import target, watch
from storage.roster import Monitored, keep_artists
from storage.targets import Ask
from tests.frontier_stage import HOUR, NOW, TICK, a, row, want


@pytest.fixture
def connection(engine):
    with writing(engine) as connection:
        yield connection


def test_a_hundred_days_is_the_longest_that_anything_is_put_off(connection):
    far = timedelta(days=100)
    want(connection, a("far", NOW + far), a("too far", NOW + far + TICK), a("too far, rarely", NOW + 9 * far, 7))
    want(connection, a("elsewhere", NOW + 9 * far, platform="itunes"))
    assert frontier.bound(connection, "deezer", NOW) == 2
    due = {one.subject: one.due_at for one in connection.execute(select(target))}
    assert due == {"far": NOW + far, "too far": NOW, "too far, rarely": NOW, "elsewhere": NOW + 9 * far}


def test_what_is_wanted_is_looked_up_by_its_index_once_a_key_however_much_there_is(connection):
    wanted = [a(str(n), artists=()) for n in range(400)]
    want(connection, *wanted)
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE target"))
    asked = []
    event.listen(connection, "before_cursor_execute", lambda *said: asked.append((said[2], said[3])))
    want(connection, *wanted[:40])
    explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    looked_up = [one for one in asked if "target" in one[0] and one[0].startswith("SELECT")]
    plans = [step[-1] for sql, values in looked_up for step in connection.exec_driver_sql(explain + sql, values)]
    assert looked_up
    assert len(asked) <= 4
    assert not [step for step in plans if "SCAN t" in step.replace("SCAN target", "SCAN t") or "Seq Scan" in step]


def test_wanting_writes_what_was_said_and_answers_with_the_ids(connection):
    ids, _ = keep_artists(connection, [Monitored(k, k, None, 1.0, (), ()) for k in "ab"], NOW)
    wanted = [
        a("1", NOW + HOUR, 3, artists=(ids["a"], ids["b"]), market="DE", section="album"),
        a("2", artists=(ids["b"],)),
    ]
    found = frontier.want(connection, [*wanted, wanted[1]], NOW)
    assert found == {one.target: row(connection, one.target.subject).id for one in wanted}
    first = row(connection)
    assert (first.due_at, first.priority, first.added_at, first.market, first.section) == (
        *(NOW + HOUR, 3, NOW, "DE", "album"),
    )
    links = connection.execute(select(watch.c.target_id, watch.c.artist_id)).all()
    assert sorted(links) == sorted([(first.id, ids["a"]), (first.id, ids["b"]), (found[wanted[1].target], ids["b"])])
    assert frontier.want(connection, [], NOW) == {}


@pytest.mark.parametrize("ask", Ask)
def test_what_was_retired_comes_back_as_it_is_wanted_now_unless_it_is_asked_once(connection, ask):
    want(connection, a("retired", ask=ask), a("live", ask=ask))
    connection.execute(update(target).where(target.c.subject == "retired").values(due_at=None))
    want(connection, a("retired", NOW + HOUR, 2, ask=ask), a("live", NOW + HOUR, 2, ask=ask))
    once = ask in (Ask.RELEASE, Ask.UPC, Ask.ISRC)
    back = row(connection, "retired")
    assert (back.due_at, back.priority) == ((None, 5) if once else (NOW + HOUR, 2))
    assert (row(connection, "live").due_at, row(connection, "live").priority) == (NOW, 5)


@pytest.mark.parametrize(
    ("due_at", "priority", "after"),
    [
        (NOW + HOUR, 5, (NOW, 3)),
        (NOW - HOUR, 5, (NOW - HOUR, 3)),
        (NOW + HOUR, 2, (NOW, 2)),
        (NOW - HOUR, 2, (NOW - HOUR, 2)),
        (None, 2, (NOW, 2)),
        (NOW, 3, (NOW, 3)),
    ],
)
def test_hastening_takes_the_sooner_and_the_more_urgent(connection, due_at, priority, after):
    ids = want(connection, a("1", NOW, priority), a("other", NOW + HOUR, 5))
    connection.execute(update(target).where(target.c.subject == "1").values(due_at=due_at))
    frontier.hasten(connection, [], NOW, 3)
    frontier.hasten(connection, ids[:1], NOW, 3)
    assert (row(connection).due_at, row(connection).priority) == after
    assert (row(connection, "other").due_at, row(connection, "other").priority) == (NOW + HOUR, 5)


@pytest.fixture
def watched(connection):
    """Targets of two artists; one page is wanted for both."""
    ids, _ = keep_artists(connection, [Monitored(k, k, None, 1.0, (), ()) for k in "ab"], NOW)
    mine, yours = ids["a"], ids["b"]
    want(
        connection,
        a("page", artists=(mine,)),
        a("page", ask=Ask.PROFILE, artists=(mine,)),
        a("page", platform="itunes", artists=(mine,)),
        a("page", ask=Ask.SEARCH, artists=(mine,)),
        a("other page", artists=(mine,)),
        a("shared", artists=(mine, yours)),
    )
    frontier.mark(connection, "deezer", {mine: "m", yours: "y"})
    return mine, yours


def live(connection):
    rows = connection.execute(select(target).where(target.c.due_at.is_not(None)))
    return sorted((one.platform, one.ask, one.subject) for one in rows)


def test_for_an_artist_who_is_watched_no_more_nothing_is_asked_but_what_others_want(connection, watched):
    mine, yours = watched
    assert frontier.abandon(connection, mine) == 5
    assert live(connection) == [("deezer", "releases", "shared")]
    assert set(connection.scalars(select(watch.c.artist_id))) == {yours}
    assert frontier.marks(connection, "deezer") == {yours: "y"}
    assert frontier.abandon(connection, mine) == 0


def test_about_a_page_that_is_an_artists_no_more_nothing_is_asked_and_the_rest_goes_on(connection, watched):
    mine, _ = watched
    assert frontier.abandon(connection, mine, []) == 0
    assert len(live(connection)) == 6
    assert frontier.abandon(connection, mine, [("deezer", "page"), ("deezer", "shared")]) == 2
    assert live(connection) == [
        ("deezer", "releases", "other page"),
        ("deezer", "releases", "shared"),
        ("deezer", "search", "page"),
        ("itunes", "releases", "page"),
    ]
    assert len(connection.execute(select(watch).where(watch.c.artist_id == mine)).all()) == 3


def test_marks_are_kept_for_each_platform_and_written_anew(connection):
    frontier.mark(connection, "deezer", {})
    frontier.mark(connection, "deezer", {1: "old", 2: "b"})
    frontier.mark(connection, "itunes", {1: "i"})
    frontier.mark(connection, "deezer", {1: "new"})
    assert frontier.marks(connection, "deezer") == {1: "new", 2: "b"}
    frontier.forget(connection, [1])
    assert (frontier.marks(connection, "deezer"), frontier.marks(connection, "itunes")) == ({2: "b"}, {})


def test_what_waits_for_a_pause_alone_is_due_when_it_is_lifted_as_urgent_as_it_was(connection):
    later = NOW + HOUR
    want(connection, a("calm", later, 6), a("suspect", later, 1), a("other trouble", later), a("due", NOW, 4))
    want(connection, a("elsewhere", later, platform="itunes"))
    throttled = update(target).where(target.c.subject != "other trouble").values(last_outcome="throttled")
    connection.execute(throttled)
    assert frontier.hasten_throttled(connection, "deezer", NOW) == 2
    due = {one.subject: (one.due_at, one.priority) for one in connection.execute(select(target))}
    assert due == {
        "calm": (NOW, 6),
        "suspect": (NOW, 1),
        "other trouble": (later, 5),
        "due": (NOW, 4),
        "elsewhere": (later, 5),
    }
