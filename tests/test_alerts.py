"""Alerts through real Apprise to a real receiver: each occasion once, whatever restarts, hours and mutes do."""

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler import verdicts
from crawler.alerts import telling
from crawler.timelapse import Timepiece
from crawler.worker.teller import Teller
from crawler.worker.writer import Desk
from storage import alerts, cases
from storage.database import writing
from tests.alerting import DAY, HOUR, around, fresh, hook, rule, tell
from tests.commands import falsetto
from tests.test_cases import NOW, event, judged
from tests.test_retention import retain

__all__ = ["event", "fresh", "hook"]  # fixtures


def test_a_loud_case_is_told_once_however_often_rounds_run_and_by_whom(engine, event, hook):
    rule(engine)
    judged(engine, event)
    assert tell(engine, hook).told == 1
    threads = [threading.Thread(target=tell, args=(engine, hook)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (body,) = hook.bodies()
    assert body["title"].startswith("Falsetto: Ada Quill: ")
    assert "unconfirmed" in body["message"]
    assert "falsetto cases show 1" in body["message"]


def test_rounds_at_the_same_moment_send_one_message(engine, event, hook):
    rule(engine)
    judged(engine, event)
    start = threading.Barrier(6)

    def go():
        start.wait()
        tell(engine, hook)

    threads = [threading.Thread(target=go) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(hook.got) == 1


def test_what_is_gone_is_told_as_over_and_a_return_is_told_again(engine, event, hook):
    rule(engine)
    judged(engine, event)
    tell(engine, hook)
    judged(engine, replace(event, status="gone", gone_at=NOW, meaning="2"), at=NOW + DAY)
    tell(engine, hook, NOW + DAY)
    judged(
        engine, replace(event, status="returned", meaning="3", reopened_because="it is there again"), at=NOW + 2 * DAY
    )
    tell(engine, hook, NOW + 2 * DAY)
    tell(engine, hook, NOW + 3 * DAY)
    _, over, again = hook.titles()
    assert over.startswith("Falsetto: over: Ada Quill")
    assert again.startswith("Falsetto: again: Ada Quill")
    assert "it is there again" in hook.bodies()[2]["message"]


def test_a_case_that_somebody_cleared_and_new_signs_reopen_is_told_again(engine, event, hook):
    rule(engine)
    ((case_id, _),) = judged(engine, event)
    tell(engine, hook)
    with writing(engine) as connection:
        verdicts.decide(connection, case_id, "legitimate", "ana", "ours", NOW)
    tell(engine, hook)
    judged(engine, replace(event, meaning="2", reopened_because="new since it was cleared: x"))
    tell(engine, hook)
    assert [title.split(": ")[1] for title in hook.titles()] == ["Ada Quill", "over", "again"]


def test_a_confirmed_case_still_stands_and_is_not_told_as_over(engine, event, hook):
    rule(engine)
    ((case_id, _),) = judged(engine, event)
    tell(engine, hook)
    with writing(engine) as connection:
        verdicts.decide(connection, case_id, "impersonation", "ana", "", NOW)
    tell(engine, hook)
    assert len(hook.got) == 1


def test_during_quiet_hours_nothing_is_told_and_afterwards_what_is_still_so(engine, event, hook):
    rule(engine, quiet_from="22:00", quiet_to="07:00", zone="Europe/Berlin")
    judged(engine, event)
    tell(engine, hook, datetime(2026, 3, 5, 12, tzinfo=UTC))
    night, morning = datetime(2026, 3, 5, 23, 30, tzinfo=UTC), datetime(2026, 3, 6, 6, 0, tzinfo=UTC)
    judged(engine, replace(event, group_id=8, title="Stays"), replace(event, group_id=9, title="Passes"))
    tell(engine, hook, night)
    judged(engine, replace(event, group_id=9, title="Passes", status="gone", meaning="2"))
    judged(engine, replace(event, status="gone", meaning="2"))
    tell(engine, hook, night + HOUR)
    assert len(hook.got) == 1
    tell(engine, hook, morning)
    message = hook.bodies()[1]["message"]
    assert "Stays" in message
    assert "over: Ada Quill" in message  # the resolved one of the day before
    assert "Passes" not in message
    assert len(hook.got) == 2


def test_a_mute_holds_back_and_its_end_tells_what_is_still_so(engine, event, hook):
    rule(engine)
    judged(engine, event, replace(event, group_id=8, title="Other"))
    with writing(engine) as connection:
        alerts.mute(connection, "case:1", NOW + DAY, NOW)
    tell(engine, hook)
    assert "Other" in hook.titles()[0]
    with writing(engine) as connection:
        alerts.mute(connection, "rule:desk", NOW + 2 * DAY, NOW)
    tell(engine, hook, NOW + DAY)
    assert len(hook.got) == 1
    tell(engine, hook, NOW + 2 * DAY)
    tell(engine, hook, NOW + 3 * DAY)
    assert len(hook.got) == 2
    with writing(engine) as connection:
        alerts.mute(connection, f"artist:{event.artist_id}", None, NOW)
    judged(engine, replace(event, group_id=9, title="Third"))
    assert tell(engine, hook, NOW + 3 * DAY).told == 0
    with writing(engine) as connection:
        assert alerts.unmute(connection, f"artist:{event.artist_id}")
    assert tell(engine, hook, NOW + 4 * DAY).told == 1


def test_a_merged_case_ends_without_a_word(engine, event, hook):
    rule(engine)
    judged(engine, event, replace(event, group_id=8))
    tell(engine, hook)
    with writing(engine) as connection:
        cases.merge_groups(connection, "release", {8: 7}, NOW)
    tell(engine, hook)
    assert len(hook.got) == 1


def test_a_daily_rule_sends_one_page_a_day_at_its_hour(engine, event, hook):
    rule(engine, daily_at="08:00", zone="Europe/Berlin", at=NOW)
    judged(engine, event, at=NOW + HOUR)
    assert tell(engine, hook, NOW + 6 * HOUR).told == 0
    assert tell(engine, hook, NOW + 7 * HOUR + timedelta(minutes=1)).told == 1
    assert tell(engine, hook, NOW + 20 * HOUR).told == 0
    assert tell(engine, hook, NOW + 72 * HOUR).told == 1  # of the days that were missed, the last
    first, second = hook.bodies()
    assert "1 new cases (1 loud)" in first["title"]
    assert "New: 1" in first["message"]
    assert "Waiting for a verdict: 1" in second["message"]
    assert "New: nothing" in second["message"]


def test_a_case_muted_after_it_was_noticed_is_held_back_and_so_is_its_end(engine, event, hook):
    rule(engine)
    judged(engine, event)
    with writing(engine) as connection:
        telling.notice(connection, around(hook), NOW, trouble=False)
        alerts.mute(connection, "case:1", NOW + DAY, NOW)
    assert tell(engine, hook).told == 0
    assert tell(engine, hook, NOW + DAY).told == 1
    with writing(engine) as connection:
        alerts.mute(connection, "case:1", NOW + 3 * DAY, NOW)
    judged(engine, replace(event, status="gone", meaning="2"))
    assert tell(engine, hook, NOW + 2 * DAY).told == 0
    assert tell(engine, hook, NOW + 3 * DAY).told == 1
    assert hook.titles()[1].startswith("Falsetto: over: ")


def test_what_was_noticed_before_its_artist_was_muted_is_told_to_nobody(engine, event, hook):
    rule(engine)
    judged(engine, event)
    with writing(engine) as connection:
        telling.notice(connection, around(hook), NOW, trouble=False)
        alerts.mute(connection, "artist:99", None, NOW)
        alerts.mute(connection, f"artist:{event.artist_id}", NOW + DAY, NOW)
    assert tell(engine, hook).told == 0
    assert tell(engine, hook, NOW + DAY).told == 1


def test_a_trouble_that_comes_back_is_told_again_though_its_first_times_were_purged(engine, hook):
    rule(engine)
    for number in range(4):
        at = NOW + number * DAY
        with writing(engine) as connection:
            assert alerts.notice(connection, 1, [alerts.Noticed("lane:deezer", "", "dead", "dead")], at) == 1
            alerts.end(connection, 1, ["lane:deezer"], at, told=False)
    later = NOW + 4 * DAY + HOUR
    assert retain(engine, later, "alerts", alerts=2 * DAY) == {"alerts": 3}
    with writing(engine) as connection:
        assert [row["occasion"] for row in alerts.log(connection, 9)] == ["3"]
        assert alerts.notice(connection, 1, [alerts.Noticed("lane:deezer", "", "dead", "dead")], later) == 1
    assert retain(engine, later + 9 * DAY, "alerts", alerts=2 * DAY) == {"alerts": 1}
    with writing(engine) as connection:
        assert [row["ended_at"] for row in alerts.log(connection, 9)] == [None]  # it still holds
    assert retain(engine, later + 99 * DAY, "alerts", alerts=None) == {}


def test_a_worker_tells_beside_its_work_and_waits_for_it_at_the_end_of_a_run(engine, event, hook):
    rule(engine)
    judged(engine, event)
    desk = Desk(engine)
    try:
        teller = Teller(desk, Timepiece(), around(hook))

        async def run():
            teller.start()
            await teller.finish(60)

        asyncio.run(run())
    finally:
        desk.close()
    assert len(hook.got) == 1


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_run_that_ends_by_itself_tells_what_it_found(engine, event, hook, tmp_path):
    rule(engine)
    judged(engine, event)
    settings = {"database_url": engine.url.render_as_string(hide_password=False), "destination_team": hook.url}
    settings |= {"platforms": "deezer", "deezer_base_url": "http://127.0.0.1:9/deezer", "contact": "a@lab.example"}
    falsetto("run", "--once", folder=tmp_path, **settings)
    assert [title.split(": ")[1] for title in hook.titles()] == ["Ada Quill"]
