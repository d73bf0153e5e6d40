"""Destinations that fail or hang and senders that die lose nothing, repeat nothing silently and delay no other."""

import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from crawler.alerts import telling
from crawler.alerts.telling import Surroundings
from storage import alerts
from storage.database import writing
from storage.models import alert
from tests import receivers
from tests.alerting import HOUR, around, fresh, hook, rested, rule, tell, transact
from tests.commands import ROOT
from tests.test_cases import NOW, event, judged

__all__ = ["event", "fresh", "hook"]  # fixtures


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
