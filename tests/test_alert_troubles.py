"""What keeps the crawl from its promises is told, and so is its end."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, update

from crawler.watching import plan as planning
from crawler.watching.plan import Quota, Watch
from storage.database import writing
from storage.models import budget, target, worker
from storage.targets import Ask
from tests.alerting import DAY, HOUR, fresh, hook, rule, tell
from tests.test_cases import NOW, event

__all__ = ["event", "fresh", "hook"]  # fixtures


def put_target(engine, **values):
    row = {"platform": "deezer", "ask": Ask.RELEASES.value, "subject": "1", "added_at": NOW, "due_at": NOW, **values}
    with writing(engine) as connection:
        connection.execute(insert(target).values(**row))


def test_dead_lanes_stale_lists_and_no_worker_are_told_and_their_end_too(engine, hook):
    rule(engine)
    put_target(engine)
    done = tell(engine, hook, NOW + 20 * DAY, trouble=True, enabled=frozenset({"deezer"}))
    assert done.told == 3
    message = hook.bodies()[0]["message"]
    for said in ("no worker is at work", "deezer is not asked, though it is due", "1 of 1 lists on deezer are stale"):
        assert said in message + hook.titles()[0]
    with writing(engine) as connection:
        at = NOW + 20 * DAY
        connection.execute(update(target).values(last_look_at=at, last_complete_at=at, due_at=at + DAY))
    tell(engine, hook, NOW + 20 * DAY + HOUR, trouble=True, enabled=frozenset({"deezer"}))
    assert hook.titles()[1].startswith("Falsetto: 3 things: over: ")
    switched_off = tell(engine, hook, NOW + 60 * DAY, trouble=True)
    assert switched_off.noticed == 0


def test_drift_of_an_api_is_told(engine, hook):
    rule(engine)
    for number in range(3):
        seen = {"last_look_at": NOW, "last_complete_at": NOW, "last_outcome": "malformed"}
        put_target(engine, subject=str(number), due_at=NOW + DAY, **seen)
    tell(engine, hook, NOW + HOUR, trouble=True, enabled=frozenset({"deezer"}))
    assert hook.titles() == ["Falsetto: deezer answers in a shape that is not known"]


def test_a_lane_in_trouble_is_told_only_when_that_lasts(engine, hook):
    rule(engine)
    with writing(engine) as connection:
        now = datetime.now(UTC)
        row = {"name": "w:1", "host": "h", "process": "1", "started_at": now, "beat_at": now}
        connection.execute(insert(worker).values(**row, trouble="the lane of deezer ended by itself"))
    assert tell(engine, hook, NOW, trouble=True).told == 0
    assert tell(engine, hook, NOW + timedelta(minutes=16), trouble=True).told == 1
    assert tell(engine, hook, NOW + HOUR, trouble=True).told == 0


def test_trouble_that_comes_back_is_told_again(engine, hook):
    rule(engine)
    put_target(engine)
    enabled = frozenset({"deezer"})
    tell(engine, hook, NOW + 2 * HOUR, trouble=True, enabled=enabled)
    with writing(engine) as connection:
        connection.execute(update(target).values(due_at=NOW + DAY, last_look_at=NOW))
    tell(engine, hook, NOW + 3 * HOUR, trouble=True, enabled=enabled)
    tell(engine, hook, NOW + 3 * DAY, trouble=True, enabled=enabled)
    assert len(hook.got) == 3


def test_a_budget_that_no_longer_suffices_or_rests_for_long_is_told(engine, hook):
    rule(engine)
    with writing(engine) as connection:
        late = (NOW + 3 * DAY).timestamp()
        row = {"platform": "deezer", "bucket": "", "holder": "here", "paused_until": late, "pause_reason": "said no"}
        connection.execute(insert(budget).values(**row))

    def plan(connection, at):
        lists = [Watch("deezer", number, 1.0, 0.1) for number in range(100)]
        return planning.plan(lists, [Quota("deezer", 2.0)])

    tell(engine, hook, trouble=True, enabled=frozenset({"deezer"}), plan=plan)
    message = hook.bodies()[0]["message"]
    assert "the budget of deezer no longer suffices" in message
    assert "100 lists for 2 answers a day" in message
    assert "deezer can't be asked until 2026-03-09 00:00 UTC" in hook.titles()[0] + message
    tell(engine, hook, trouble=True, enabled=frozenset({"deezer"}), plan=lambda connection, at: ())
    assert hook.titles()[1] == "Falsetto: over: the budget of deezer no longer suffices"
