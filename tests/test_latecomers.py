"""An artist or alias added later is met in what is stored: by any resemblance, under the right rule, resumably."""

import pytest
from sqlalchemy import select, update

from crawler.cli.status import latecomer_lines
from crawler.journey import Journey, latecomers
from crawler.journey.latecomers import Latecomers, keep_piece
from crawler.suspicion.meeting import names_of
from crawler.timelapse import Timepiece
from crawler.watching.follow_up import Asking
from crawler.worker.worker import Plan
from spiders.base.platform import platform
from storage import frontier, judging_queue, roster
from storage import latecomers as queue
from storage.database import writing
from storage.facts import bindings, events
from storage.models import artist, case, census, latecomer, rejudge, resembling, target
from storage.observations import CreditSeen, ProfileSeen, ReleaseSeen, TrackSeen
from storage.targets import Ask, Target
from tests.say import DAY, day, told
from tests.toys import run, toy

NAME = "Ada Quillfeather"
ASKING = Asking({name: platform(name) for name in ("deezer", "itunes")}, {})


def keep_artist(engine, name=NAME, aliases=(), at=0.0, key="k", official="d1"):
    with writing(engine) as connection:
        ids, _ = roster.keep_artists(connection, [roster.Monitored(key, name, None, 1.0, aliases, ())], day(at))
        pages = [roster.Standing(ids[key], "deezer", official, "official", "roster", name)]
        roster.keep_standings(connection, pages, day(at))
    return ids[key]


def journey_of(engine):
    with engine.connect() as connection:
        names = names_of(bindings.monitored(connection))
        made = Journey(ASKING, names, Timepiece())
        made.owned = bindings.owned(connection)
    return made


def take(engine, journey, *looks):
    """Bring looks on their way, wanted and claimed as a lane does."""
    for look in looks:
        with writing(engine) as connection:
            ids = frontier.want(connection, [frontier.Wanted(look.target, day(-4000), 0)], look.ended_at)
            frontier.hasten(connection, list(ids.values()), day(-4000), 0)
            (mine,) = [
                one
                for one in frontier.claim(
                    connection, look.target.platform, "w", day(0), day(0), DAY, batch={look.target.ask: 9}, calls=1
                )
                if one == look.target
            ]
            journey.take(connection, told(mine, *look.observations, at=look.ended_at), "w")
            connection.execute(update(target).values(lease_owner=None, lease_token=None, lease_until=None))


def stranger_pages(at=5):
    """A search for somebody else that shows pages near a name that nobody watches yet."""
    pages = (ProfileSeen("x1", "Ada Quillfeather"), ProfileSeen("x2", "Ada Qui11feather"), ProfileSeen("x3", "Bo Lund"))
    return told(Target("deezer", Ask.SEARCH, "Bo Lund"), *pages, at=at)


def tribute(at=5):
    """A stranger's release that names an artist in its title, a track's title and a credit."""
    asked = Target("deezer", Ask.RELEASE, "r9")
    credits = (CreditSeen("Various Artists", "va"),)
    return told(
        asked,
        ReleaseSeen("r9", "Tribute to Ada Quillfeather", date="2019-01-01", kind="album", credits=credits),
        TrackSeen("t1", "Salt Hours", "r9", position=1, credits=credits),
        at=at,
    )


def stranger_lists(*titles, at):
    """A stranger's whole page."""
    listed = [ReleaseSeen(f"r{n}", title, date="2019-01-01", listed_on="s1") for n, title in enumerate(titles, 1)]
    return told(Target("deezer", Ask.RELEASES, "s1"), *listed, at=at, received=len(listed))


def read_on(engine, names=None, size=5_000, most=None):
    """Read to the end, or only so many pieces, as a worker does; return what was met."""
    reader, found = Latecomers(), []
    for _ in range(most or 10_000):
        with engine.connect() as connection:
            piece = reader.read(connection, size)
            rows = names or {row[0]: row for row in bindings.monitored(connection)}
        if piece is None:
            return found
        met = reader.meet(piece, rows, frozenset({"musicbrainz"}))
        with writing(engine) as connection:
            keep_piece(connection, piece, met, day(60))
        found += met
    return found


def caught_up(engine, journey):
    while True:
        with writing(engine) as connection:
            if not journey.catch_up(connection):
                return


def left(engine):
    """What status says of it."""
    with engine.connect() as connection:
        return list(latecomer_lines(connection))


def rows(engine, *columns):
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(*columns))]


def test_an_artist_added_later_is_met_by_any_resemblance_and_finds_its_census_and_no_case(engine):
    keep_artist(engine, "Bo Lund", key="bo", official="b1")
    take(engine, journey_of(engine), stranger_pages(), tribute())
    keep_artist(engine, at=30)
    journey = journey_of(engine)
    read_on(engine)
    caught_up(engine, journey)
    assert rows(engine, case.c.id) == []
    with engine.connect() as connection:
        listed = connection.execute(
            select(artist.c.name, census.c.kind, census.c.title).join(census, census.c.artist_id == artist.c.id)
        )
        found = {tuple(row) for row in listed if row.name == NAME}
    assert found == {
        (NAME, "profile", "Ada Quillfeather"),
        (NAME, "profile", "Ada Qui11feather"),
        (NAME, "release", "Tribute to Ada Quillfeather"),
    }
    assert rows(engine, latecomer.c.artist_id) == []


def test_a_new_alias_of_a_known_artist_makes_news_of_what_came_after_its_baseline(engine):
    keep_artist(engine)
    first = told(Target("deezer", Ask.SEARCH, NAME), ProfileSeen("d1", NAME), at=1)
    journey = journey_of(engine)
    with writing(engine) as connection:
        frontier.want(connection, [frontier.Wanted(first.target, day(0), artists=(1,))], day(0))
    take(engine, journey, first)
    read_on(engine)
    before = told(Target("deezer", Ask.SEARCH, "x"), ProfileSeen("n1", "Quill & the Paper Moons"), at=20)
    take(engine, journey, before)
    assert rows(engine, case.c.id) == []
    keep_artist(engine, aliases=("Quill & the Paper Moons",), at=30)
    later = journey_of(engine)
    read_on(engine)
    caught_up(engine, later)
    assert rows(engine, case.c.kind, case.c.artist_id, case.c.origin, case.c.title) == [
        ("profile", 1, "news", "Quill & the Paper Moons")
    ]


def test_what_was_new_on_a_strangers_page_before_the_artist_was_watched_is_no_news(engine):
    """And what is new there after that is."""
    keep_artist(engine, "Bo Lund", key="bo", official="b1")
    journey, before = journey_of(engine), ["Songs", f"Best of {NAME}"]
    take(engine, journey, stranger_lists("Songs", at=2), stranger_lists(*before, at=5))
    keep_artist(engine, at=30)
    read_on(engine)
    pairs = {(2, group) for group in (1, 2, 3)}

    def news():
        with engine.connect() as connection:
            found = events.release_events(connection, pairs, frozenset(), day(50))
        return {one.shown.title: one.shown.news for one in found}

    assert news() == {"Songs": False, f"Best of {NAME}": False}
    take(engine, journey_of(engine), stranger_lists(*before, f"More of {NAME}", at=35))
    assert news() == {"Songs": False, f"Best of {NAME}": False, f"More of {NAME}": True}


def test_only_the_new_names_are_held_against_what_is_stored(engine):
    keep_artist(engine, "Bo Lund", key="bo", official="b1")
    take(engine, journey_of(engine), stranger_pages())
    read_on(engine)
    keep_artist(engine, at=30)
    assert {one[0] for one in read_on(engine)} == {2}
    assert rows(engine, resembling.c.artist_id, resembling.c.kind)[-2:] == [(2, "profile"), (2, "profile")]


def test_a_reading_goes_on_where_it_was_killed_and_meets_the_same(engine):
    take(engine, journey_of(engine), stranger_pages(), tribute())
    keep_artist(engine, at=30)
    read_on(engine, size=1, most=2)
    (stands,) = rows(engine, latecomer.c.place, latecomer.c.row_id)
    assert stands == ("profile", 2)
    with engine.connect() as connection:
        texts = Latecomers().read(connection, 1).texts
    assert [one.text for one in texts] == ["Bo Lund"]
    read_on(engine, size=1)
    met = rows(engine, resembling.c.kind, resembling.c.row_id)
    with writing(engine) as connection:
        connection.execute(resembling.delete())
        queue.want(connection, [1], day(31))
    read_on(engine)
    assert rows(engine, resembling.c.kind, resembling.c.row_id) == met
    assert {kind for kind, _ in met} == {"profile", "release"}


def test_who_comes_while_another_is_read_for_is_read_for_from_the_start_and_then_both_as_one(engine):
    take(engine, journey_of(engine), stranger_pages(), tribute())
    keep_artist(engine, at=30)
    read_on(engine, size=1, most=2)
    keep_artist(engine, "Bo Lund", key="bo", official="b1", at=31)
    read_on(engine, size=2, most=1)
    assert set(rows(engine, latecomer.c.place, latecomer.c.row_id)) == {("profile", 2)}
    met = read_on(engine)
    assert {one[0] for one in met} >= {1, 2}


def test_a_name_that_comes_in_the_midst_of_a_piece_is_not_passed_over(engine):
    take(engine, journey_of(engine), stranger_pages())
    artist_id = keep_artist(engine, "Nobody At All", at=30)
    reader = Latecomers()
    with engine.connect() as connection:
        piece = reader.read(connection)
        known = {row[0]: row for row in bindings.monitored(connection)}
    with writing(engine) as connection:
        roster.keep_aliases(connection, [(artist_id, NAME)], "roster", day(31))
    with writing(engine) as connection:
        keep_piece(connection, piece, reader.meet(piece, known, frozenset()), day(32))
    assert rows(engine, latecomer.c.place, latecomer.c.row_id, latecomer.c.turn) == [("profile", 0, 2)]
    assert {1, 2} < {one[2] for one in read_on(engine)}


def test_what_was_met_and_cannot_be_judged_is_said_and_costs_nobody_else(engine, monkeypatch):
    take(engine, journey_of(engine), stranger_pages())
    keep_artist(engine, at=30)
    read_on(engine)
    journey = journey_of(engine)

    def poisoned(*_):
        raise ValueError("poison")

    with monkeypatch.context() as patched:
        patched.setattr(latecomers.facts, "profile_events", poisoned)
        for _ in range(2):  # put off twice is put off once
            with writing(engine) as connection:
                journey.catch_up(connection)
                queue.want(connection, [1], day(40))
                connection.execute(update(resembling).values(judged_at=None))
    assert journey.unjudged == 2
    (said,) = rows(engine, rejudge.c.artist_id, rejudge.c.kind, rejudge.c.error)
    assert said == (1, judging_queue.LOOK, "ValueError: poison")


def test_a_worker_reads_to_the_end_before_it_is_idle_and_status_says_what_is_left(engine):
    take(engine, journey_of(engine), stranger_pages())
    keep_artist(engine, at=30)
    said = f"1 artists came later and are not yet held against all that is stored ({NAME}): 0 % is read"
    assert left(engine) == [said]
    run(engine, toy(), Plan(until_idle=True))
    assert rows(engine, latecomer.c.artist_id) == []
    assert set(rows(engine, resembling.c.artist_id, resembling.c.judged_at.is_(None))) == {(1, False)}
    assert left(engine) == []


def test_nothing_is_read_while_another_worker_still_judges_by_the_names_of_before(engine, monkeypatch):
    read, begun = Latecomers.read, []
    monkeypatch.setattr(Latecomers, "read", lambda self, connection: begun.append(1) or read(self, connection))
    take(engine, journey_of(engine), stranger_pages())
    keep_artist(engine, at=30)
    with writing(engine) as connection:
        frontier.beat(connection, "zz-slow", "elsewhere", "1@1", revision=0)
    run(engine, toy(), Plan(until_idle=True))
    assert rows(engine, latecomer.c.artist_id) == [(1,)]
    assert not begun  # what the other one records meanwhile would stand behind the piece and in nobody's look
    with writing(engine) as connection:
        frontier.beat(connection, "zz-slow", "elsewhere", "1@1", revision=roster.revision(connection))
    run(engine, toy(), Plan(until_idle=True))
    assert rows(engine, latecomer.c.artist_id) == []


@pytest.mark.parametrize("store_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.parametrize("to", [queue.Cursor("release", 7), None])
def test_a_reading_waits_for_no_import_of_names(engine, to):
    with writing(engine) as connection:
        keys = [roster.Monitored(key, f"Somebody {key}", None, 1.0, (), ()) for key in "ab"]
        ids, _ = roster.keep_artists(connection, keys, day(1))
    with writing(engine) as importing:
        queue.want(importing, [ids["a"]], day(2))
        with writing(engine) as reading:
            reading.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
            queue.advance(reading, {ids["a"]: 1, ids["b"]: 1}, to)
    stand = {(ids["a"], 2, "profile", 0)} | ({(ids["b"], 1, "release", 7)} if to else set())
    assert set(rows(engine, latecomer.c.artist_id, latecomer.c.turn, latecomer.c.place, latecomer.c.row_id)) == stand
