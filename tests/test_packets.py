"""Report packets fill in what is known, leave blanks to a person, swear nothing; and what was reported is kept."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from crawler.alerts import digest, telling
from crawler.alerts.telling import Surroundings
from crawler.alerts.values import Rule
from crawler.feed.candidates import candidate
from crawler.packets.forms import FORMS, GROUNDS, form_for
from crawler.packets.packet import ASKED, BLANK, SWORN, lines, packet
from spiders.base.platform import platform_names
from storage import alerts, cases, tags, takedowns
from storage.database import writing
from storage.facts import news
from storage.facts.case_file import case_file
from storage.models import case_history, finding, track
from tests.commands import falsetto
from tests.test_cases import NOW, event, judged

__all__ = ["event"]  # a fixture

DAY = timedelta(days=1)
REPORT = {"platform": "deezer", "ground": "wrong-page", "reported_at": NOW, "reported_by": "ana", "ticket": "D-1"}


def case_of(engine, case_id=1):
    with engine.connect() as connection:
        return candidate(case_file(connection, case_id), "changed", "k", NOW)


def answers(made):
    return {one.field: one for one in made.answers}


def test_a_packet_quotes_what_is_known_and_marks_the_rest(engine, event):
    judged(engine, event)
    with writing(engine) as connection:
        seen = {"platform": "deezer", "platform_id": "t1", "title": "One", "title_key": "one", "isrc_raw": "QZ-1"}
        seen |= {"first_seen_at": NOW, "last_seen_at": NOW}
        connection.execute(insert(track).values(release_id=event.bindings[0].release_id, **seen))
    made = packet(case_of(engine), "deezer", "copyright")
    told = answers(made)
    assert "QZ-1" in told["work"].answer[0]
    assert "900" in told["items"].answer[0]
    assert told["reporter_name"].answer == (BLANK,)
    for field in ("sworn_good_faith", "sworn_accuracy", "signature"):
        assert told[field].answer == (SWORN,)
    assert set(made.blanks) >= {"reporter_name", "reporter_address", "role", "signature"}
    assert made.as_row()["sent"] is False


def test_a_packet_warns_until_somebody_decided_and_when_nothing_stands_there(engine, event):
    judged(engine, event)
    assert "nobody with authority" in packet(case_of(engine), "deezer", "wrong-page").warnings[0]
    gone = packet(case_of(engine), "itunes", "wrong-page")
    assert "nothing of this case stands on itunes now, as far as we saw" in gone.warnings
    assert "items" in gone.blanks


def test_what_is_gone_from_a_platform_is_not_reported(engine, event):
    judged(engine, event)
    with writing(engine) as connection:
        connection.execute(update(finding).values(removed_at=NOW))
    assert answers(packet(case_of(engine), "deezer", "wrong-page"))["items"].state == "blank"


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("platform", sorted({*platform_names(), *(name for name, _ in FORMS)}))
def test_every_platform_and_ground_has_a_form_whose_fields_are_known(platform, ground):
    form = form_for(platform, ground)
    assert form.asks
    assert set(form.asks) <= ASKED.keys()
    assert form.where
    assert form.source


def test_the_text_says_that_nothing_is_sent_and_what_to_do_next(engine, event):
    judged(engine, event)
    text = "\n".join(lines(packet(case_of(engine), "deezer", "wrong-page")))
    assert "Falsetto sends nothing" in text
    assert "falsetto cases reported 1 --platform deezer --ground wrong-page --by NAME" in text


def test_a_report_is_on_the_case_and_its_time_to_takedown_follows_from_what_was_seen(engine, event):
    judged(engine, event)
    with writing(engine) as connection:
        takedowns.reported(connection, 1, REPORT | {"deadline_at": NOW + 7 * DAY}, NOW)
        assert connection.scalars(select(case_history.c.event)).all()[-1] == "reported"
        (row,) = news.takedowns(connection)
        assert (row["days_to_takedown"], row["gone_at"]) == (None, None)
        connection.execute(update(finding).values(removed_at=NOW + 3 * DAY))
        (row,) = news.takedowns(connection)
        assert row["days_to_takedown"] == 3.0
        takedowns.answered(connection, 1, "removed", "", NOW + 4 * DAY)
        assert news.takedowns(connection)[0]["answer"] == "removed"
        with pytest.raises(takedowns.NoSuchReport):
            takedowns.answered(connection, 1, "removed", "", NOW)


def test_a_merged_cases_reports_go_with_it(engine, event):
    judged(engine, event, replace(event, group_id=8))
    with writing(engine) as connection:
        takedowns.reported(connection, 2, REPORT, NOW)
        cases.merge_groups(connection, "release", {8: 7}, NOW)
        assert news.takedowns(connection)[0]["case_id"] == 1


def test_a_late_answer_is_in_the_digest_and_told_once_until_it_is_answered(engine, event):
    judged(engine, event)
    with writing(engine) as connection:
        takedowns.reported(connection, 1, REPORT | {"deadline_at": NOW + 7 * DAY}, NOW)
        alerts.add(connection, {"name": "desk", "destination": "x"}, NOW)
        around = Surroundings()
        telling.notice(connection, around, NOW, trouble=False)
        assert "deadline:1" not in alerts.open_keys(connection, 1)
        assert digest.read(connection, NOW + 6 * DAY, NOW).late == ()
        for _ in range(2):
            telling.notice(connection, around, NOW + 8 * DAY, trouble=False)
        assert alerts.open_keys(connection, 1).count("deadline:1") == 1
        assert digest.read(connection, NOW + 8 * DAY, NOW).late[0]["ticket"] == "D-1"
        takedowns.answered(connection, 1, "refused", "", NOW + 9 * DAY)
        telling.notice(connection, around, NOW + 9 * DAY, trouble=False)
        assert "deadline:1" not in alerts.open_keys(connection, 1)


def test_a_late_answer_is_on_the_page_of_whoever_answers_for_the_artist_and_on_no_others(engine, event):
    judged(engine, event)
    with writing(engine) as connection:
        tags.keep(connection, {event.artist_id: ["jazz"]})
        takedowns.reported(connection, 1, REPORT | {"deadline_at": NOW}, NOW)
        for tag, count in (("jazz", 1), ("rock", 0)):
            rule = Rule(1, "desk", "x", NOW, tag=tag)
            assert len(digest.read(connection, NOW + DAY, NOW, rule).late) == count


def test_the_command_line_reports_keeps_and_lists(tmp_path, event, engine):
    if engine.dialect.name != "sqlite":
        pytest.skip("once is enough for the command line")
    judged(engine, event)
    url = {"database_url": engine.url.render_as_string(hide_password=False)}

    def run(*words):
        return falsetto("cases", *words, folder=tmp_path, **url)

    about = ("--platform", "deezer", "--ground", "copyright")
    assert json.loads(run("report", 1, *about, "--json").stdout)["blanks"]
    kept = ("reported", 1, *about, "--by", "ana")
    done = run(*kept, "--ticket", "T-1", "--at", "2026-03-07", "--deadline", "7d")
    assert "an answer is due by 2026-03-14 00:00 UTC" in done.stdout, done.stderr
    assert "ticket T-1: LATE, due 2026-03-14" in run("reports").stdout
    assert run("answered", 1, "removed").returncode == 0
    for words in (
        ("report", 1, "--platform", "x", "--ground", "copyright"),
        ("report", 1, "--platform", "deezer", "--ground", "x"),
        ("report", 99, *about),
        ("answered", 1, "removed"),
        (*kept, "--at", "2999-01-01"),
        (*kept, "--at", "yesterday"),
        (*kept, "--deadline", "2020-01-01"),
        (*kept, "--ticket", "\x1b[31mT"),
    ):
        done = run(*words)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), (words, done.stdout, done.stderr)
