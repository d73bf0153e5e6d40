"""The frontier to the moment and to the row: what is claimed, kept, freed, hastened and retired, and nothing beside."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from storage import frontier
from storage.database import writing
from storage.frontier import LeaseLost, Queue, Wanted
from storage.models import target, watch, worker
from storage.roster import Monitored, keep_artists
from storage.targets import Ask, Target
from tests.say import release, say, told

NOW = datetime(2026, 3, 2, tzinfo=UTC)
LEASE, TICK, HOUR = timedelta(minutes=10), timedelta(microseconds=1), timedelta(hours=1)
LIST = Target("deezer", Ask.RELEASES, "1")


@pytest.fixture
def connection(engine):
    with writing(engine) as connection:
        yield connection


def want(connection, *wanted):
    return list(frontier.want(connection, wanted, NOW).values())


def claim(connection, owner="me", now=NOW, due_by=None, platform="deezer", **more):
    more.setdefault("batch", {})
    return frontier.claim(connection, platform, owner, due_by or now, now, LEASE, **more)


def row(connection, subject="1"):
    return connection.execute(select(target).where(target.c.subject == subject)).one()


def a(subject, due_at=NOW, priority=5, ask=Ask.RELEASES, platform="deezer", artists=(), market="", section=""):
    return Wanted(Target(platform, ask, subject, section, market), due_at, priority, artists)


@pytest.mark.parametrize(
    ("priority", "patience"),
    [(-1, 1), (0, 1), (1, 4), (2, 4), (3, 16), (4, 16), (5, 32), (6, 64), (7, 64), (8, 128), (9, 256), (12, 256)],
)
def test_urgency_is_how_long_it_waits_by_the_patience_of_its_priority(priority, patience):
    waiting = Queue(Ask.RELEASES, "", priority, NOW - timedelta(seconds=512))
    assert waiting.urgency(NOW) == (512 / patience, -priority)


def test_of_two_that_wait_as_long_the_one_of_the_lower_number_goes_first(connection):
    want(connection, a("calm", priority=2), a("suspect", priority=1, ask=Ask.PROFILE), a("old", NOW - HOUR, 9))
    assert [claim(connection)[0].subject for _ in range(3)] == ["old", "suspect", "calm"]


def test_what_is_due_this_moment_is_claimed_and_what_is_due_the_next_is_not(connection):
    want(connection, a("now"), a("next", NOW + TICK))
    assert [one.subject for one in claim(connection, batch={Ask.RELEASES: 9})] == ["now"]
    assert claim(connection) == []
    assert [one.subject for one in claim(connection, due_by=NOW + TICK)] == ["next"]


def test_a_lease_lasts_to_its_last_moment(connection):
    want(connection, a("1"))
    (mine,) = claim(connection)
    held = row(connection)
    assert (held.lease_owner, held.lease_token, held.lease_until) == ("me", mine.token, NOW + LEASE)
    assert len(mine.token) == 16
    assert claim(connection, "you", NOW + LEASE) == []
    (yours,) = claim(connection, "you", NOW + LEASE + TICK)
    assert (yours.id, yours.token == mine.token) == (mine.id, False)


def test_a_claim_carries_the_token_that_it_is_given_and_tells_where_its_walk_goes_on(connection):
    want(connection, a("1", market="DE", section="album"))
    connection.execute(update(target).values(resume="page 3"))
    (mine,) = claim(connection, token="given")
    assert (mine.token, mine.resume, mine.market, mine.section) == ("given", "page 3", "DE", "album")


@pytest.mark.parametrize(
    ("calls", "batch", "count"), [(1, {}, 1), (2, {}, 2), (1, {Ask.RELEASES: 3}, 3), (2, {Ask.RELEASES: 3}, 6)]
)
def test_a_claim_takes_what_so_many_calls_answer_from_all_queues_of_its_kind(connection, calls, batch, count):
    want(connection, *(a(f"p{n % 4}-{n}", NOW - n * HOUR, n % 4) for n in range(8)))
    want(connection, *(a(f"de{n}", market="DE") for n in range(8)), a("x", ask=Ask.PROFILE), a("y", platform="itunes"))
    claimed = claim(connection, calls=calls, batch=batch)
    assert len(claimed) == count
    assert {(one.platform, one.ask, one.market) for one in claimed} == {("deezer", Ask.RELEASES, "")}


def test_of_one_queue_the_longest_waiting_are_taken(connection):
    want(connection, *(a(str(n), NOW - n * HOUR) for n in range(5)))
    assert {one.subject for one in claim(connection, batch={Ask.RELEASES: 2})} == {"4", "3"}


def test_every_moment_of_the_future_in_a_targets_memory_is_brought_back(connection):
    want(connection, a("1"))
    moments = ("last_look_at", "last_complete_at", "baseline_at", "last_news_at", "walk_started_at")
    connection.execute(update(target).values(dict.fromkeys(moments, NOW + HOUR)))
    claim(connection)
    assert {getattr(row(connection), name) for name in moments} == {NOW}


@pytest.fixture
def listed(engine):
    """A page with two releases in one section, one in another and in another market, one removed, and another page."""
    for profile, section, market, number in (
        ("1", "", "", 1), ("1", "", "", 2), ("1", "album", "", 3), ("1", "", "DE", 4), ("2", "", "", 5),
    ):  # fmt: skip
        page = Target("deezer", Ask.RELEASES, profile, section, market)
        say(engine, told(page, release(number, profile, section=section), received=1))
    with writing(engine) as connection:
        connection.execute(text("UPDATE listing SET removed_at = NULL"))
        connection.execute(update(target).values(last_complete_at=NOW, due_at=NOW, lease_owner=None, lease_until=None))
        yield connection


def leased(connection, asked=LIST):
    return next(one for one in claim(connection, batch={Ask.RELEASES: 99}) if one == asked)


def test_an_early_stop_may_rely_on_what_this_very_list_showed(listed):
    mine = leased(listed)
    held = frontier.with_memory(listed, mine, NOW, HOUR)
    assert (held.whole, held.known, held.token, held.id) == (False, {"r1", "r2"}, mine.token, mine.id)
    listed.execute(
        text("UPDATE listing SET removed_at = first_seen_at WHERE release_id = (SELECT min(id) FROM release)")
    )
    assert frontier.with_memory(listed, mine, NOW, HOUR).known == {"r2"}


def test_a_whole_walk_is_due_on_the_moment_at_first_and_when_a_walk_goes_on(listed):
    mine = leased(listed)
    assert frontier.with_memory(listed, mine, NOW + HOUR - TICK, HOUR).known
    assert frontier.with_memory(listed, mine, NOW + HOUR, HOUR) is mine
    listed.execute(update(target).values(last_complete_at=None))
    assert frontier.with_memory(listed, mine, NOW, HOUR) is mine
    listed.execute(update(target).values(resume="page 2", last_complete_at=NOW, lease_owner=None, lease_until=None))
    mine = leased(listed)
    assert frontier.with_memory(listed, mine, NOW, HOUR) is mine


def test_what_is_finished_is_free_due_when_said_and_keeps_when_news_came(connection):
    want(connection, a("1"), a("2"))
    first, other = claim(connection, batch={Ask.RELEASES: 2}, token="t")
    connection.execute(update(target).where(target.c.id == other.id).values(lease_until=NOW + 9 * HOUR))
    frontier.finish(connection, first, NOW + HOUR, 3, news_at=NOW)
    done = row(connection, first.subject)
    assert (done.lease_owner, done.lease_token, done.lease_until) == (None, None, None)
    assert (done.due_at, done.priority, done.last_news_at) == (NOW + HOUR, 3, NOW)
    (again,) = claim(connection, now=NOW + HOUR)
    frontier.finish(connection, again, None)
    done = row(connection, first.subject)
    assert (done.due_at, done.priority, done.last_news_at) == (None, 5, NOW)
    assert row(connection, other.subject).lease_token == "t"


def test_claims_are_given_back_by_their_token_alone_and_nothing_is_no_claim(connection):
    want(connection, a("1"), a("2"))
    one, two = claim(connection), claim(connection)
    frontier.let_go(connection, [])
    frontier.let_go(connection, one)
    assert [row(connection, held[0].subject).lease_owner for held in (one, two)] == [None, "me"]


@pytest.mark.parametrize(("before", "told_"), [(0, 1), (4, 5), (998, 999), (999, 1000), (5000, 1000)])
def test_what_could_not_be_recorded_waits_by_its_failures_in_a_row(connection, before, told_):
    want(connection, a("1"))
    connection.execute(update(target).values(failures=before))
    (mine,) = claim(connection)
    frontier.put_off(connection, mine, NOW, lambda failures: failures * HOUR)
    put_off = row(connection)
    assert (put_off.failures, put_off.due_at) == (before + 1, NOW + told_ * HOUR)
    assert (put_off.lease_owner, put_off.lease_token, put_off.lease_until) == (None, None, None)
    frontier.put_off(connection, mine, NOW, lambda failures: HOUR)  # its claim is over
    assert row(connection).failures == before + 1


def test_only_a_workers_own_claims_are_renewed_and_freed(connection):
    want(connection, *(a(str(n)) for n in range(4)))
    mine, more, yours = claim(connection), claim(connection), claim(connection, "you", token="theirs")
    assert frontier.renew(connection, "me", ["theirs"], NOW + 9 * LEASE) == 0
    assert frontier.renew(connection, "me", [], NOW + 9 * LEASE) == 0
    assert frontier.renew(connection, "me", [mine[0].token, more[0].token], NOW + 2 * LEASE) == 2
    assert [row(connection, one[0].subject).lease_until for one in (mine, more, yours)] == [
        *(NOW + 2 * LEASE, NOW + 2 * LEASE, NOW + LEASE),
    ]
    assert frontier.free_unknown(connection, "me", [mine[0].token, more[0].token]) == 0
    assert frontier.free_unknown(connection, "me", []) == 2
    assert [row(connection, one[0].subject).lease_owner for one in (mine, more, yours)] == [None, None, "you"]


def test_what_others_hold_is_told_with_its_claim_if_it_is_due(connection):
    want(connection, a("mine"), a("theirs"), a("elsewhere", platform="itunes"), a("later", NOW + HOUR))
    claim(connection, batch={}, token="m")
    (theirs,) = claim(connection, "you", token="t")
    claim(connection, "you", platform="itunes")
    claim(connection, "you", due_by=NOW + HOUR)
    held = frontier.held_by_others(connection, "deezer", "me" if theirs.subject == "theirs" else "nobody", NOW)
    assert (theirs.id, "t") in held
    assert {token for _, token in frontier.held_by_others(connection, "deezer", "me", NOW)} == {"t"}
    assert frontier.held_by_others(connection, "deezer", "you", NOW - TICK) == set()
    assert len(frontier.held_by_others(connection, "deezer", "me", NOW + HOUR)) == 2


def test_a_hundred_days_is_the_longest_that_anything_is_put_off(connection):
    far = timedelta(days=100)
    want(connection, a("far", NOW + far), a("too far", NOW + far + TICK), a("too far, rarely", NOW + 9 * far, 7))
    want(connection, a("elsewhere", NOW + 9 * far, platform="itunes"))
    assert frontier.bound(connection, "deezer", NOW) == 2
    due = {one.subject: one.due_at for one in connection.execute(select(target))}
    assert due == {"far": NOW + far, "too far": NOW, "too far, rarely": NOW, "elsewhere": NOW + 9 * far}


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


def test_a_worker_is_one_row_that_beats_and_says_its_trouble(connection):
    frontier.beat(connection, "w", "host", "1@1")
    connection.execute(update(worker).values(beat_at=NOW, started_at=NOW))
    frontier.beat(connection, "w", "elsewhere", "2@2", "x" * 900)
    (one,) = frontier.listed(connection)
    assert (one.name, one.host, one.process, one.trouble) == ("w", "host", "1@1", "x" * 500)
    assert connection.scalar(select(worker.c.started_at)) == NOW
    assert abs(one.beat_at.timestamp() - frontier.now_of(connection)) < 60


def test_workers_are_listed_with_the_one_that_beat_last_first(connection):
    for name, at in (("b", NOW), ("a", NOW), ("last", NOW + HOUR), ("first", NOW - HOUR)):
        frontier.beat(connection, name, "host", "1@1")
        connection.execute(update(worker).where(worker.c.name == name).values(beat_at=at))
    assert [one.name for one in frontier.listed(connection)] == ["last", "a", "b", "first"]


def test_a_worker_that_leaves_gives_back_its_own_and_what_nobody_known_holds(connection):
    want(connection, *(a(str(n)) for n in range(5)))
    for name in ("leaving", "living"):
        frontier.beat(connection, name, "host", "1@1")
        claim(connection, name, batch={Ask.RELEASES: 2})
    assert frontier.bury(connection, []) == 0
    assert frontier.holders(connection) == {"leaving": 2, "living": 2}
    claim(connection, "unheard of")
    assert frontier.bury(connection, []) == 1
    assert frontier.leave(connection, "leaving") == 2
    assert frontier.holders(connection) == {"living": 2}
    assert [one.name for one in frontier.listed(connection)] == ["living"]


def test_a_claim_that_is_over_finishes_nothing(connection):
    want(connection, a("1"))
    (mine,) = claim(connection)
    frontier.let_go(connection, [mine])
    with pytest.raises(LeaseLost, match=f"target {mine.id} is no longer held by this claim"):
        frontier.finish(connection, mine, None)
    assert row(connection).due_at == NOW


def test_the_planner_can_be_told_how_much_there_is(connection):
    want(connection, *(a(str(n)) for n in range(50)))
    frontier.analyse(connection)
    assert len(claim(connection, batch={Ask.RELEASES: 99})) == 50
