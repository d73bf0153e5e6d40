"""Which cases a rule tells of, and which it leaves to others."""

from dataclasses import replace

import pytest
from sqlalchemy import insert, select

from storage import campaigns
from storage.database import writing
from storage.models import alert, alert_rule, artist_tag
from tests.alerting import fresh, hook, rule, tell
from tests.test_cases import NOW, event, judged

__all__ = ["event", "fresh", "hook"]  # fixtures


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
