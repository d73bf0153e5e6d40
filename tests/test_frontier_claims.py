"""Claims to the moment and to the row: what is taken, kept, finished and freed, and by which workers."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select, text, update

from storage import frontier
from storage.database import writing
from storage.frontier import LeaseLost, Queue
from storage.models import target, worker
from storage.targets import Ask, Target
from tests.frontier_stage import HOUR, NOW, TICK, a, row, want
from tests.say import release, say, told

LEASE = timedelta(minutes=10)
LIST = Target("deezer", Ask.RELEASES, "1")


@pytest.fixture
def connection(engine):
    with writing(engine) as connection:
        yield connection


def claim(connection, owner="me", now=NOW, due_by=None, platform="deezer", **more):
    more.setdefault("batch", {})
    return frontier.claim(connection, platform, owner, due_by or now, now, LEASE, **more)


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


@pytest.mark.postgres
@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_claiming_alone_does_not_wait_for_the_servers_disk(engine):
    def waits(connection):
        return connection.scalar(text("SHOW synchronous_commit"))

    with engine.connect() as connection:
        connection.exec_driver_sql("SET synchronous_commit = on")  # the tests' server has it off
        connection.commit()
        want(connection, a("1"))
        assert waits(connection) == "on"
        connection.commit()
        claim(connection)
        assert waits(connection) == "off"
        connection.commit()
        assert waits(connection) == "on"
        connection.invalidate()  # what was set for it is nobody else's


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
    told_ = {
        "sqlite": "SELECT substr(stat, 1, instr(stat, ' ') - 1) FROM sqlite_stat1 WHERE idx = 'ix_target_queue'",
        "postgresql": "SELECT reltuples FROM pg_class WHERE relname = 'target'",
    }
    assert int(connection.scalar(text(told_[connection.dialect.name]))) == 50


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_claim_walks_the_index_of_what_is_live_and_reads_nothing_that_is_retired(connection):
    want(connection, *(a(str(n), priority=n % 5) for n in range(50)))
    asked = []
    event.listen(connection, "before_cursor_execute", lambda *said: asked.append((said[2], said[3])))
    claim(connection)
    plans = [
        step[3]
        for statement, values in [*asked]
        for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    ]
    assert any(
        "USING INDEX ix_target_queue" in step or "USING COVERING INDEX ix_target_queue" in step for step in plans
    )
    scanned = {step.split()[1] for step in plans if step.startswith("SCAN")}
    assert scanned <= {"h", "head", "first"}  # the heads of the queues, and what was chosen
    live = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'ix_target_queue'"))
    assert live.endswith("WHERE due_at IS NOT NULL")
