"""The analysts' views answer the documented questions, on both engines, in the same columns."""

import re
from pathlib import Path

import pytest
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.exc import ProgrammingError

from storage import cases
from storage.database import open_database, writing
from storage.detections import Opinion
from storage.models import artist, budget, case, finding, standing, verdict, watch
from storage.observations import AiSeen, CreditSeen, LineSeen, Outcome, ProfileSeen
from storage.targets import Ask, Target
from storage.views import NAMES, OWNED_BY, READER, VIEWS, WORDS, create_views
from tests import reviewed
from tests.say import day, full_release, page_of, release, releases, say, search, told

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "views.md").read_text()
FROZEN = Path(__file__).resolve().with_name("frozen_view_columns.txt").read_text()
QUESTIONS = re.findall(r"```sql\n(.*?)```", PAGE.partition("## More")[2], re.DOTALL)  # the twelve: test_questions.py


def ask(engine, query):
    with engine.connect() as connection:
        return connection.execute(text(query)).mappings().all()


def columns(engine):
    found = {}
    for view in VIEWS:
        with engine.connect() as connection:
            found[view] = tuple(connection.execute(text(f"SELECT * FROM {view} LIMIT 0")).keys())
    return found


@pytest.fixture
def crawled(engine):
    """A store with one artist, an official page, a namesake, news, a removal, a case and a parked budget."""
    say(engine, told(Target("deezer", Ask.PROFILE, "p1"), ProfileSeen("p1", "Ovels", followers=10), at=0))
    say(engine, releases(1, 2, at=0), search("Ovels", "p1", "p2"))
    with writing(engine) as c:
        c.execute(
            insert(artist).values(id=1, key="k", name="Ovels", name_key="ovels", added_at=day(0), changed_at=day(0))
        )
        c.execute(
            insert(standing).values(
                profile_id=1, artist_id=1, standing="official", authority="roster", decided_at=day(0)
            )
        )
        c.execute(insert(watch).values(target_id=2, artist_id=1))
        c.execute(
            insert(budget).values(
                platform="deezer",
                bucket="",
                holder="here",
                paused_until=1767225600.5,
                pause_reason="told so",
                hours='{"1": 3, "2": 4}',
            )
        )
    lines = (
        LineSeen("label", "Parse Room"),
        LineSeen("p", "℗ 2009 Someone Else"),
        LineSeen("c", "© 2009 Parse Room"),
    )
    say(
        engine,
        told(
            page_of("p1"),
            release(1),
            release(
                3,
                date="2009-05",
                upc="4006381333931",
                lines=lines,
                ai=AiSeen("tag", "yes"),
                credits=(CreditSeen("Ovels", "p1"), CreditSeen("Mira", role="main")),
            ),
            at=1,
            expected=2,
            received=2,
            blind=frozenset({"isrc"}),
        ),
        full_release(3, at=1),
        releases(1, 3, at=2),
        releases(outcome=Outcome.THROTTLED, stop_reason="told to slow down", at=3),
    )
    with writing(engine) as c:
        one = {"artist_id": 1, "score_low": 0.1, "score": 0.2, "score_high": 0.9, "rule_version": "1", "evidence": "[]"}
        one |= {"opened_at": day(1), "changed_at": day(2)}
        c.execute(insert(case).values(id=1, key="k", kind="release", group_id=1, status="cleared", **one))
        c.execute(insert(case).values(id=2, key="l", kind="profile", group_id=1, status="open", **one))
        c.execute(insert(finding).values(case_id=1, profile_id=1, release_id=3, role="listed", first_seen_at=day(1)))
        c.execute(insert(finding).values(case_id=2, profile_id=2, role="page", first_seen_at=day(1)))
        for decision in ("unsure", "legitimate"):
            c.execute(insert(verdict).values(case_id=1, decision=decision, authority="analyst:a", decided_at=day(2)))
    return engine


def test_every_view_exists_and_is_documented(engine):
    assert set(inspect(engine).get_view_names()) == set(NAMES)
    for view, names in columns(engine).items():
        assert f"`{view}`" in PAGE
        assert len(names) == len(set(names))


def test_the_columns_are_the_same_on_both_engines(sqlite_template, postgres_server):
    from storage.database import open_database

    found = []
    for url in (f"sqlite:///{sqlite_template}", postgres_server.url("prepared")):
        engine = open_database(url)
        found.append(columns(engine))
        engine.dispose()
    assert found[0] == found[1]


def test_no_column_of_the_first_version_is_ever_taken_away(engine):
    shown = columns(engine)
    for line in FROZEN.splitlines():
        view, *names = line.split()
        assert set(names) <= set(shown[view]), view
    assert {line.split()[0] for line in FROZEN.splitlines()} == set(VIEWS)  # a new view is frozen with its columns


@pytest.mark.parametrize("number", range(len(QUESTIONS)))
def test_the_documented_questions_run(crawled, number):
    ask(crawled, QUESTIONS[number])


def test_a_back_dated_arrival_is_new_and_shows_its_lines(crawled):
    (row,) = ask(crawled, "SELECT * FROM v1_new_releases")
    assert (row["artist"], row["standing"], row["release"], row["date_raw"]) == ("Ovels", "official", "r3", "2009-05")
    assert (row["label"], row["p_line"]) == ("Parse Room", "℗ 2009 Someone Else")
    assert row["credited_to"] == "Ovels"  # Mira stood in a list only, and the whole record knows nothing of her
    assert row["removed_at"] is None


def test_coverage_says_what_was_asked_for_whom_and_how_it_ended(crawled):
    (row,) = ask(crawled, "SELECT * FROM v1_coverage WHERE artist = 'Ovels'")
    assert (row["ask"], row["last_outcome"], row["stop_reason"]) == ("releases", "throttled", "told to slow down")
    assert str(row["last_complete_at"]) > str(row["baseline_at"])
    assert row["standing"] == "official"
    assert len(ask(crawled, "SELECT * FROM v1_coverage")) == 4


def test_profiles_show_their_standing_and_what_is_listed(crawled):
    found = {row["profile"]: row for row in ask(crawled, "SELECT * FROM v1_profiles")}
    assert found["p1"]["standing"] == "official"
    assert found["p1"]["releases_listed"] == 2
    assert found["p2"]["standing"] is None


def test_credits_name_release_and_track(crawled):
    found = ask(crawled, "SELECT * FROM v1_credits WHERE role = 'featured' AND track = 't3-1'")
    assert [(r["credited_as"], r["release"], r["isrc"], r["profile"]) for r in found] == [
        ("A Stranger", "r3", "USABC2400301", None)
    ]


def test_releases_show_lines_and_disclosure(crawled):
    found = {row["release"]: row for row in ask(crawled, "SELECT * FROM v1_releases")}
    assert found["r3"]["gtin14"] == "04006381333931"
    assert found["r3"]["ai_disclosure"] == "yes"
    assert found["r3"]["tracks_seen"] == 2
    assert found["r1"]["ai_disclosure"] is None


def test_identifiers_keep_what_was_printed(crawled):
    found = {(r["kind"], r["printed"], r["normalised"]) for r in ask(crawled, "SELECT * FROM v1_identifiers")}
    assert ("upc", "4006381333931", "04006381333931") in found
    assert ("isrc", "US-ABC-24-00301", "USABC2400301") in found


def test_changes_name_what_changed_and_on_whose_page(crawled):
    found = ask(crawled, "SELECT * FROM v1_changes WHERE entity = 'listing' ORDER BY change_id")
    assert [(r["field"], r["what"], r["on_page_of"]) for r in found] == [
        ("appeared", "Release 3", "Ovels"),
        ("missing", "Release 2", "Ovels"),
        ("removed", "Release 2", "Ovels"),
    ]


def test_the_latest_verdict_counts_and_none_means_unconfirmed(crawled):
    found = {row["case_id"]: row for row in ask(crawled, "SELECT * FROM v1_cases")}
    assert found[1]["decision"] == "legitimate"
    assert found[2]["decision"] == "unconfirmed"


def test_what_ended_is_shown_apart_from_what_is_there(crawled):
    (row,) = ask(crawled, "SELECT * FROM v1_ended")
    assert (row["release"], row["kind"], row["what"], str(row["gone_at"])[:10]) == ("r3", "main", "Mira", "2026-01-02")
    assert "Mira" not in {r["credited_as"] for r in ask(crawled, "SELECT * FROM v1_credits")}


def test_a_change_of_markets_is_shown_by_its_countries(crawled):
    for at, markets in ((4, ("SE", "US")), (5, ("SE",))):
        say(crawled, told(Target("deezer", Ask.RELEASE, "r1"), release(1, markets=markets), at=at))
    found = ask(crawled, "SELECT * FROM v1_changes WHERE field = 'market_set_id' ORDER BY change_id")
    assert [(r["before"], r["after"]) for r in found] == [(None, '["SE","US"]'), ('["SE","US"]', '["SE"]')]
    (row,) = ask(crawled, """SELECT markets FROM v1_releases WHERE "release" = 'r1'""")
    assert row["markets"] == '["SE"]'


def test_a_page_that_is_held_back_says_so(crawled):
    say(crawled, releases(at=5))
    found = {row["profile"]: row for row in ask(crawled, "SELECT * FROM v1_profiles")}
    assert (found["p1"]["releases_listed"], found["p1"]["releases_held"]) == (2, 2)
    assert found["p2"]["releases_held"] == 0


def test_findings_name_the_binding_of_each_case(crawled):
    found = {row["case_id"]: row for row in ask(crawled, "SELECT * FROM v1_findings")}
    assert (found[1]["profile"], found[1]["release"], found[1]["role"]) == ("p1", "r3", "listed")
    assert (found[2]["release"], found[2]["role"]) == (None, "page")


def test_a_parked_budget_is_shown_with_its_moment(crawled):
    (row,) = ask(crawled, "SELECT * FROM v1_budgets")
    assert str(row["paused_until"]).startswith("2026-01-01 00:00:00.5")
    assert row["next_call_at"] is None
    assert row["calls_in_hours_kept"] == 7


def test_no_view_puts_a_mark_on_an_artist(engine):
    marks = re.compile("fake|fraud|bad|guilty|impersonator|suspicio|blocked")
    for view, names in columns(engine).items():
        assert not [name for name in names if marks.search(name)], view
        if "score_high" in names or "decision" in names:
            assert {"case_id", "group_id"} & set(names)  # the event comes with it, its bindings in v1_findings


@pytest.mark.parametrize("name", OWNED_BY)
def test_a_view_in_two_parts_says_what_it_says_in_one(crawled, name):
    query = VIEWS[name]
    for word, written in WORDS[crawled.dialect.name].items():
        query = query.replace(word, written)
    with crawled.connect() as connection:
        whole = sorted(map(str, connection.execute(text(query))))
        assert sorted(map(str, connection.execute(text(f"SELECT * FROM {name}")))) == whole
    assert any("Ovels" in row for row in whole)
    assert name == "v1_new_releases" or any("None" in row for row in whole)


@pytest.mark.parametrize("name", OWNED_BY)
def test_sqlite_finds_an_artists_rows_without_reading_whole_tables(sqlite_template, name):
    engine = open_database(f"sqlite:///{sqlite_template}")
    with engine.connect() as connection:
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN SELECT * FROM {name} WHERE artist = 'X'"))
        steps = [row[-1] for row in plan]
    of_artist = steps[: steps.index("UNION ALL")]
    assert not [step for step in of_artist if step.startswith("SCAN") and step != "SCAN c"]
    engine.dispose()


def test_every_column_says_what_it_means_in_the_view_of_columns_and_in_comments(engine):
    told = {(r["view_name"], r["column_name"]): r["description"] for r in ask(engine, "SELECT * FROM view_columns")}
    assert {(view, name) for view, names in columns(engine).items() for name in names} <= set(told)
    assert all(told.values())
    if engine.dialect.name == "postgresql":
        query = "SELECT col_description('v1_cases'::regclass, 1), obj_description('v1_cases'::regclass)"
        ((column, view),) = [tuple(row.values()) for row in ask(engine, query)]
        assert column == told["v1_cases", "case_id"]
        assert view.startswith("one row for each case")


def intervals(engine, view, of):
    """Each interval of a view as days, an open end as empty."""
    rows = ask(engine, f"SELECT * FROM {view} WHERE {of} ORDER BY known_from")
    return [(str(row["known_from"])[:10], str(row["known_until"] or "")[:10]) for row in rows]


def test_a_listing_is_known_from_when_to_when_each_time_that_it_stood_there(engine):
    say(engine, releases(1, 2, 3, 4, at=0))
    for at, shown in enumerate([(1, 2, 3), (1, 2, 3), (1, 2, 3, 4), (1, 2, 3, 4), (1, 2, 3), (1, 2, 3)], 1):
        say(engine, releases(*shown, at=at))
    of = """ "release" = 'r4' """
    assert intervals(engine, "v1_listings_as_of", of) == [("2026-01-01", "2026-01-03"), ("2026-01-04", "2026-01-07")]
    say(engine, releases(1, 2, 3, 4, at=8))
    assert intervals(engine, "v1_listings_as_of", of)[1:] == [("2026-01-04", "2026-01-07"), ("2026-01-09", "")]
    assert intervals(engine, "v1_listings_as_of", """ "release" = 'r1' """) == [("2026-01-01", "")]


def test_a_line_is_known_from_when_to_when_each_time_that_it_was_shown(engine):
    for at, label in enumerate(("First", "Second", "First")):
        say(engine, full_release(1, at=at, lines=(LineSeen("label", label),)))
    found = {what: intervals(engine, "v1_lines_as_of", f"what = '{what}'") for what in ("First", "Second")}
    assert found["First"] == [("2026-01-01", "2026-01-02"), ("2026-01-03", "")]
    assert found["Second"] == [("2026-01-02", "2026-01-03")]


def test_a_case_is_known_in_one_state_at_a_time_and_no_longer_once_it_went_up_in_another(engine):
    with writing(engine) as c:
        c.execute(
            insert(artist).values(id=1, key="k", name="Ovels", name_key="ovels", added_at=day(0), changed_at=day(0))
        )
        judged = [reviewed.event(1, group, "Song") for group in (7, 8)]
        cases.keep(c, judged, day(1))
        stays, goes = c.scalars(select(case.c.id).where(case.c.group_id.in_((7, 8))).order_by(case.c.id))
        cases.decide(c, stays, Opinion("unsure", "ana", ""), day(2), status="watching")
        cases.merge_groups(c, "release", {8: 7}, day(3))
    assert intervals(engine, "v1_cases_as_of", f"case_id = {goes}") == [("2026-01-02", "2026-01-04")]
    told_ = intervals(engine, "v1_cases_as_of", f"case_id = {stays}")
    assert told_ == [("2026-01-02", "2026-01-03"), ("2026-01-03", "2026-01-04"), ("2026-01-04", "")]


def test_the_reading_role_of_postgresql_reads_the_views_and_nothing_else(engine):
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no roles")
    with engine.connect() as connection:  # never committed: roles belong to the whole server
        if connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": READER}) is None:
            connection.exec_driver_sql(f"CREATE ROLE {READER} NOLOGIN")
        create_views(connection)
        connection.exec_driver_sql(f"SET LOCAL ROLE {READER}")
        assert connection.execute(text("SELECT * FROM v1_cases")).all() == []
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text("SELECT * FROM suspect_case"))
        connection.rollback()
