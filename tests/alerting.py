"""The stage of the tests of alerts: one receiver that Apprise posts to, rules, and rounds at a moment."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from crawler.alerts import telling
from crawler.alerts.seeing import rule_of
from crawler.alerts.telling import Surroundings
from storage import alerts
from storage.database import writing
from storage.models import alert_rule
from tests import receivers
from tests.test_cases import NOW

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
