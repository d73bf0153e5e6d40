"""Alerts through real Apprise to real receivers: each occasion once, whatever restarts, hours and failures do."""

import asyncio
import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from crawler import verdicts
from crawler.alerts import telling
from crawler.alerts.seeing import rule_of
from crawler.alerts.telling import Surroundings
from crawler.timelapse import Timepiece
from crawler.watching import plan as planning
from crawler.watching.plan import Quota, Watch
from crawler.worker.teller import Teller
from crawler.worker.writer import Desk
from storage import alerts, campaigns, cases
from storage.database import writing
from storage.models import alert, alert_rule, artist_tag, budget, target, worker
from storage.targets import Ask
from tests import receivers
from tests.commands import ROOT, falsetto
from tests.test_cases import NOW, event, judged

__all__ = ["event"]  # a fixture

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def hook():
    with receivers.post() as server:
        yield server


@pytest.fixture(autouse=True)
def fresh(hook):
    hook.got.clear()
    hook.status, hook.gate = 200, None


def rule(engine, name="desk", to="team", at=NOW, start=True, **values):
    with writing(engine) as connection:
        alerts.add(connection, {"name": name, "destination": to, **values}, at)
        return telling.start(connection, rule_of(alerts.find(connection, name)), at) if start else 0


def around(hook, **more):
    return Surroundings(**{"destinations": {"team": hook.url}, **more})


def transact(engine):
    def run(work):
        with writing(engine) as connection:
            return work(connection)

    return run


def tell(engine, hook, at=NOW, *, trouble=False, **more):
    return telling.tell(transact(engine), around(hook, **more), at, trouble=trouble)


def rested(engine):
    """Let the pause after a failure, and the claim of a dead sender, pass."""
    with writing(engine) as connection:
        connection.execute(update(alert_rule).values(next_try_at=None, sending_until=None))


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


@pytest.mark.parametrize("quiet", [{"loud": False}, {"origin": "census"}, {"status": "cleared"}])
def test_what_is_not_loud_news_is_told_to_nobody(engine, event, hook, quiet):
    rule(engine)
    judged(engine, replace(event, **quiet))
    assert tell(engine, hook).noticed == 0
    assert hook.got == []


def test_a_new_rule_tells_what_comes_and_not_what_stood_there(engine, event, hook):
    judged(engine, event)
    assert rule(engine) == 1
    judged(engine, replace(event, group_id=8, title="Another"))
    tell(engine, hook)
    assert len(hook.got) == 1
    assert "Another" in hook.titles()[0]
    rule(engine, "all", start=False)
    tell(engine, hook)
    assert hook.titles()[1].startswith("Falsetto: 2 things: ")


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


def test_the_cases_of_a_campaign_are_one_alert_and_later_ones_join_it(engine, event, hook):
    rule(engine)
    told = judged(engine, *(replace(event, group_id=group, title=f"Song {group}") for group in range(20, 23)))
    with writing(engine) as connection:
        campaigns.join(connection, [case_id for case_id, _ in told], "k", ["isrc: DEAA1"], NOW)
    tell(engine, hook)
    ((late, _),) = judged(engine, replace(event, group_id=30, title="Song 30"))
    with writing(engine) as connection:
        campaigns.join(connection, [told[0][0], late], "k", ["isrc: DEAA1"], NOW)
    tell(engine, hook)
    (body,) = hook.bodies()
    assert body["title"] == "Falsetto: campaign 1: 3 cases against 1 artists"
    assert "isrc: DEAA1" in body["message"]


def test_a_rule_chooses_by_artist_tag_platform_kind_and_score(engine, event, hook):
    with writing(engine) as connection:
        connection.execute(insert(artist_tag).values(artist_id=event.artist_id, tag="jazz"))
    wanted = [
        {"artist_id": event.artist_id},
        {"tag": "jazz"},
        {"platform": "deezer"},
        {"kind": "release"},
        {"least": 0.6},
    ]
    refused = [{"tag": "rock"}, {"platform": "itunes"}, {"kind": "profile"}, {"least": 0.61}, {"about": "trouble"}]
    for number, choice in enumerate(wanted + refused):
        rule(engine, f"{'yes' if choice in wanted else 'no'} {number}", **choice)
    judged(engine, event)
    tell(engine, hook)
    with engine.connect() as connection:
        told = connection.scalars(
            select(alert_rule.c.name).join(alert, alert.c.rule_id == alert_rule.c.id).order_by(alert_rule.c.id)
        ).all()
    assert told == [f"yes {number}" for number in range(len(wanted))]


def test_a_failing_destination_is_told_of_tried_again_and_delays_no_other(engine, event, hook):
    rule(engine)
    with receivers.post() as broken:
        broken.status = 500
        rule(engine, "broken", to="other")
        judged(engine, event)
        destinations = {"team": hook.url, "other": broken.url}
        done = tell(engine, hook, destinations=destinations)
        assert (done.told, done.failed) == (1, {"broken": "it answered 500"})
        assert tell(engine, hook, destinations=destinations).failed == {}  # it rests
        with engine.connect() as connection:
            row = alerts.find(connection, "broken")
            assert (row.trouble, row.tries, row.failing_since) == ("it answered 500", 1, NOW)
        broken.status = 200
        rested(engine)
        assert tell(engine, hook, NOW + HOUR, destinations=destinations).told == 1
        assert "Sent again" in broken.bodies()[-1]["message"]
        with engine.connect() as connection:
            assert alerts.find(connection, "broken").failing_since is None
    assert len(hook.got) == 1


def test_a_destination_that_hangs_delays_no_other(engine, event, hook):
    rule(engine)
    with receivers.post() as slow:
        slow.gate = threading.Event()
        rule(engine, "slow", to="slow")
        judged(engine, event)
        destinations = {"team": hook.url, "slow": slow.url}
        done = tell(engine, hook, destinations=destinations, longest_s=0.5)
        assert (done.told, done.failed) == (1, {"slow": "it did not take the message within 0 s"})
        slow.gate.set()


def test_a_sender_that_dies_while_it_sends_is_followed_by_another_that_says_so(engine, event, hook):
    rule(engine)
    judged(engine, event)
    with writing(engine) as connection:
        telling.notice(connection, around(hook), NOW, trouble=False)
        assert alerts.claim(connection, 1, NOW, ()) is not None  # and nothing more: it died
    assert tell(engine, hook).told == 0  # its claim still holds
    rested(engine)
    assert tell(engine, hook).told == 1
    assert "Sent again" in hook.bodies()[0]["message"]


def test_what_a_dead_sender_reports_late_changes_nothing(engine, event, hook):
    rule(engine)
    judged(engine, event)
    with writing(engine) as connection:
        telling.notice(connection, around(hook), NOW, trouble=False)
        dead = alerts.claim(connection, 1, NOW, ())
    rested(engine)
    with writing(engine) as connection:
        assert alerts.claim(connection, 1, NOW, ()) is not None
        alerts.failed(connection, dead, "late", NOW)
        alerts.told(connection, dead, NOW)
        assert alerts.find(connection, "desk").sending_until is not None
        assert connection.scalar(select(alert.c.told_at)) is None


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
    connection_of_a_switched_off_platform = tell(engine, hook, NOW + 60 * DAY, trouble=True)
    assert connection_of_a_switched_off_platform.noticed == 0


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


def test_mail_arrives_with_its_subject_in_one_line(engine, event):
    with receivers.mail() as server:
        rule(engine, "post", to="ana")
        judged(engine, replace(event, title="A\r\nBcc: eve@evil.example\r\n\r\nHello"))
        done = telling.tell(transact(engine), Surroundings(destinations={"ana": server.url}), NOW, trouble=False)
        assert (done.told, done.failed) == (1, {})
        (message,) = server.messages()
    assert message["subject"].startswith("Falsetto: Ada Quill: A Bcc: eve＠evil.example Hello")
    assert message["bcc"] is None
    assert len(server.recipients) == 1


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


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_sender_killed_while_the_message_is_under_way_loses_nothing_and_repeats_nothing_silently(
    engine, event, hook, tmp_path
):
    rule(engine)
    judged(engine, event)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "FALSETTO_DESTINATION_TEAM": hook.url}
    environment["FALSETTO_DATABASE_URL"] = engine.url.render_as_string(hide_password=False)
    hook.gate = threading.Event()
    hook.asked.clear()
    command = [sys.executable, "-m", "crawler", "alerts", "send"]
    sender = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    assert hook.asked.wait(60)
    sender.kill()
    sender.wait(60)
    hook.gate.set()
    hook.gate = None
    later = datetime.now(UTC) + HOUR  # the command goes by real time
    assert tell(engine, hook, later).told == 0  # its claim still holds
    rested(engine)
    assert tell(engine, hook, later).told == 1
    assert "Sent again" in hook.bodies()[-1]["message"]
    assert tell(engine, hook, later).told == 0
