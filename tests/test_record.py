"""A look is recorded whole and once; what was told twice changes nothing, what was not told overwrites nothing."""

import json
import threading

import pytest
from sqlalchemy import insert

from storage.database import open_database, writing
from storage.models import (
    ai_disclosure,
    artist,
    change,
    credit,
    listing,
    look,
    metadata,
    profile,
    profile_link,
    release_line,
    target,
    track,
    watch,
)
from storage.models import release as release_table
from storage.observations import (
    Absent,
    AiSeen,
    CreditSeen,
    IdentitySeen,
    LineSeen,
    LinkSeen,
    Outcome,
    Payload,
    ProfileSeen,
    Redirected,
    TrackSeen,
)
from storage.recording import payloads
from storage.recording.record import record
from storage.targets import Ask, Target
from tests.say import START, catalogue, day, dump, full_release, page_of, release, releases, rows, say, search, told


def ask(what, subject="x", platform="deezer"):
    return Target(platform, what, subject)


def everything(at=0, **more):
    """A look that has something for every table."""
    return told(
        page_of(),
        ProfileSeen("p1", "Ovels", url="https://x/p1", followers=7, genres=("rock",), aliases=("The Ovels",)),
        ProfileSeen("p1", "Ovels", links=(LinkSeen("https://y/p1", "type", False),)),
        release(
            1,
            date="2009-05",
            upc="4006381333931",
            lines=(LineSeen("label", "Old Barn"), LineSeen("p", "℗ 2009 Old Barn")),
            credits=(CreditSeen("Ovels", "p1"), CreditSeen("A Guest", "p7", "featured"), CreditSeen("Nobody", None)),
            markets=("SE", "US"),
            ai=AiSeen("tag", "no"),
            explicit=False,
        ),
        TrackSeen("t1", "Song", "r1", position=1, isrc="us-abc-24-00101", credits=(CreditSeen("Ovels", "p1"),)),
        IdentitySeen("https://z/p1", "mb-1", "Ovels", "type"),
        Redirected("p0", "p1"),
        at=at,
        payloads=(Payload("https://x/p1/albums", 200, b"{}", "application/json"),),
        **more,
    )


def test_one_look_reaches_every_table(engine):
    recorded = say(engine, everything())
    for table in (profile, profile_link, release_table, release_line, track, credit, ai_disclosure, listing):
        assert rows(engine, table), table.name
    (row,) = rows(engine, release_table)
    assert (row.date_raw, row.date_precision, row.date.isoformat()) == ("2009-05", "month", "2009-05-01")
    assert (row.upc_raw, row.gtin14, row.title_key) == ("4006381333931", "04006381333931", "release1")
    (song,) = rows(engine, track)
    assert (song.isrc_raw, song.isrc) == ("us-abc-24-00101", "USABC2400101")
    assert {(r.who, r.role, r.track_id) for r in rows(engine, credit)} == {
        ("p1", "main", None),
        ("p7", "featured", None),
        ("name:nobody", "main", None),
        ("p1", "main", song.id),
    }
    assert {(r.kind, r.text_key) for r in rows(engine, release_line)} == {("label", "oldbarn"), ("p", "oldbarn")}
    page = rows(engine, profile)[0]
    assert (page.name, page.followers, json.loads(page.genres)) == ("Ovels", 7, ["rock"])
    assert {r.platform_id: r.name for r in rows(engine, profile)} == {"p1": "Ovels", "p7": "A Guest", "mb-1": "Ovels"}
    assert len(recorded.new_profiles) == 3
    assert len(recorded.new_releases) == 1
    assert len(recorded.new_credits) == 4
    assert recorded.changed_releases == ()


def test_saying_it_twice_adds_a_look_and_nothing_else(engine):
    say(engine, everything())
    before = catalogue(engine)
    recorded = say(engine, everything())
    assert catalogue(engine) == before
    assert len(rows(engine, look)) == 2
    changed = ("new_profiles", "new_releases", "changed_releases", "first_listings", "missing_listings", "new_credits")
    assert [getattr(recorded, name) for name in changed] == [()] * len(changed)


def test_an_unchanged_recheck_moves_only_the_clock_of_every_row(engine):
    say(engine, everything())
    before = catalogue(engine)
    say(engine, everything(at=1))
    after = catalogue(engine)
    targets = before.pop("target"), after.pop("target")
    assert after == before
    assert targets[0] != targets[1]
    for table in (profile, profile_link, release_table, release_line, track, credit, ai_disclosure, listing):
        assert {(r.first_seen_at, r.last_seen_at) for r in rows(engine, table)} == {(day(0), day(1))}, table.name


def test_nothing_told_never_overwrites_something_known(engine):
    say(engine, everything())
    before = catalogue(engine)
    say(engine, releases(1, at=1))
    after = catalogue(engine)
    before.pop("target"), after.pop("target")
    assert after == before


def test_a_changed_value_is_written_and_logged_with_what_it_was(engine):
    say(engine, everything())
    recorded = say(engine, told(page_of(), release(1, title="Renamed", date="2010", upc="nonsense"), at=1))
    (row,) = rows(engine, release_table)
    assert (row.title, row.title_key) == ("Renamed", "renamed")
    assert (row.date_precision, row.date.isoformat(), row.gtin14) == ("year", "2010-01-01", None)
    logged = {(r.entity, r.field): (r.before, r.after) for r in rows(engine, change) if r.entity == "release"}
    assert logged == {
        ("release", "title"): ("Release 1", "Renamed"),
        ("release", "date_raw"): ("2009-05", "2010"),
        ("release", "upc_raw"): ("4006381333931", "nonsense"),
    }
    assert {r.look_id for r in rows(engine, change) if r.entity == "release"} == {recorded.look_id}
    assert recorded.changed_releases == (row.id,)


def test_facts_learnt_later_are_a_change_of_the_release(engine):
    say(engine, releases(1))
    recorded = say(engine, full_release(1, at=1))
    assert recorded.changed_releases == (1,)
    assert recorded.new_releases == ()
    assert len(recorded.new_credits) == 6
    assert say(engine, full_release(1, at=2)).changed_releases == ()


def test_an_older_look_fills_gaps_and_overwrites_nothing(engine):
    say(engine, told(ask(Ask.RELEASE, "r1"), release(1, title="New title"), at=5))
    say(engine, told(ask(Ask.RELEASE, "r1"), release(1, title="Old title", kind="album"), at=3))
    (row,) = rows(engine, release_table)
    assert (row.title, row.kind) == ("New title", "album")
    assert (row.first_seen_at, row.last_seen_at) == (day(3), day(5))
    assert [(r.field, r.before) for r in rows(engine, change)] == [("kind", None)]


def test_a_credited_name_never_renames_the_profile_it_names(engine):
    say(engine, search("Ovels", "p1"))
    say(engine, told(ask(Ask.RELEASE, "r1"), release(1, credits=(CreditSeen("S W A N S", "p1"),)), at=1))
    assert rows(engine, profile)[0].name == "Ovels"
    assert rows(engine, credit)[0].name == "S W A N S"


def test_a_profile_known_by_its_page_alone_gets_its_name_from_a_credit(engine):
    say(engine, releases(1))
    assert rows(engine, profile)[0].name == ""
    say(engine, full_release(1, at=1))
    assert (rows(engine, profile)[0].name, rows(engine, profile)[0].name_key) == ("Ovels", "ovels")


def test_a_search_names_profiles_in_order_and_tells_the_new_ones(engine):
    say(engine, search("Ovels", "p1"))
    recorded = say(engine, search("Ovels", "p2", "p1", at=1))
    names = {row.id: row.platform_id for row in rows(engine, profile)}
    assert [(names[n.profile_id], n.position) for n in recorded.named] == [("p2", 1), ("p1", 2)]
    assert [names[i] for i in recorded.new_profiles] == ["p2"]


def test_it_says_for_whose_sake_the_target_is_asked(engine):
    say(engine, releases(1))
    with writing(engine) as connection:
        for number in (2, 1):
            values = {"key": f"k{number}", "name": "N", "name_key": "n", "added_at": START, "changed_at": START}
            connection.execute(insert(artist).values(id=number, **values))
            connection.execute(insert(watch).values(target_id=1, artist_id=number))
    assert say(engine, releases(1, at=1)).artists == (1, 2)


def test_a_target_by_id_is_the_one_remembered(engine):
    say(engine, releases(1))
    by_id = Target("deezer", Ask.RELEASES, "p1", id=1)
    assert say(engine, told(by_id, release(1), at=1)).target_id == 1
    with pytest.raises(LookupError):
        say(engine, told(Target("deezer", Ask.RELEASES, "p1", id=99), at=1))


def test_the_look_keeps_its_coverage(engine):
    say(engine, releases(1, pages=3, expected=9, cost=4, blind=frozenset({"upc", "isrc"}), outcome=Outcome.BLIND))
    (row,) = rows(engine, look)
    assert (row.outcome, row.pages, row.expected, row.received, row.cost) == ("blind", 3, 9, 1, 4)
    assert (row.blind, row.stop_reason) == ("isrc,upc", "end of list")


def test_a_disclosure_that_changes_is_logged(engine):
    for at, value in enumerate(("no", "yes")):
        say(engine, told(ask(Ask.RELEASE, "r1"), release(1, ai=AiSeen("tag", value)), at=at))
    assert rows(engine, ai_disclosure)[0].value == "yes"
    assert [(r.entity, r.before, r.after) for r in rows(engine, change)] == [("ai_disclosure", "no", "yes")]


def test_duplicates_inside_one_answer_become_one_row(engine):
    say(
        engine,
        told(
            page_of(),
            release(1, kind="album"),
            release(1, url="https://x/1", kind=None),
            release(1, title="Second title"),
            TrackSeen("t1", "A", "r1", credits=(CreditSeen("X", "p1"), CreditSeen("X", "p1"))),
            TrackSeen("t1", "A", "r1", duration_ms=5),
            ProfileSeen("p1", "One"),
            ProfileSeen("p1", "One", followers=3),
        ),
    )
    (row,) = rows(engine, release_table)
    assert (row.title, row.kind, row.url) == ("Second title", "album", "https://x/1")
    assert rows(engine, track)[0].duration_ms == 5
    assert len(rows(engine, credit)) == 1
    assert rows(engine, profile)[0].followers == 3


def test_a_track_of_a_release_nobody_described_waits_for_its_title(engine):
    say(engine, told(ask(Ask.ISRC, "USABC2400101"), TrackSeen("t1", "Song", "r1", isrc="USABC2400101")))
    assert rows(engine, release_table)[0].title == ""
    say(engine, releases(1, at=1))
    assert rows(engine, release_table)[0].title == "Release 1"


def test_the_same_ids_on_two_platforms_are_two_things(engine):
    say(engine, releases(1), told(page_of(platform="itunes"), release(1)))
    assert [(r.platform, r.platform_id) for r in rows(engine, release_table)] == [("deezer", "r1"), ("itunes", "r1")]


def test_a_link_that_ended_says_so(engine):
    target_of = ask(Ask.PROFILE, "p1")
    for at, ended in enumerate((False, True)):
        say(engine, told(target_of, ProfileSeen("p1", "S", links=(LinkSeen("https://y", "t", ended),)), at=at))
    assert [r.ended for r in rows(engine, profile_link)] == [True]
    assert [(r.entity, r.before, r.after) for r in rows(engine, change)] == [("profile_link", "0", "1")]


def test_a_redirect_is_logged_once(engine):
    for at in range(3):
        say(engine, told(ask(Ask.PROFILE, "p0"), Redirected("p0", "p1"), ProfileSeen("p1", "S"), at=at))
    assert [(r.field, r.before, r.after) for r in rows(engine, change)] == [("redirected", "p0", "p1")]


def test_absent_things_leave_a_look_and_no_row(engine):
    say(engine, told(ask(Ask.RELEASE, "r1"), Absent("r1"), outcome=Outcome.ABSENT))
    assert rows(engine, release_table) == []
    assert rows(engine, look)[0].outcome == "absent"


def test_a_look_that_fails_half_way_leaves_nothing(engine, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("power cut")

    monkeypatch.setattr(payloads, "keep", fail)
    with pytest.raises(RuntimeError):
        say(engine, everything())
    assert all(not found for found in dump(engine, metadata).values())


def test_recording_outside_a_transaction_is_refused(engine):
    with engine.connect() as connection, pytest.raises(RuntimeError, match="inside a transaction"):
        record(connection, releases(1))


def test_a_look_of_two_thousand_releases_is_one_transaction(engine):
    big = releases(*range(2000))
    assert len(say(engine, big).first_listings) == 2000
    recorded = say(engine, releases(*range(1, 2001), at=1))
    assert len(recorded.new_listings) == len(recorded.missing_listings) == 1


@pytest.mark.postgres
def test_a_profile_that_somebody_else_is_just_writing_is_waited_for(postgres_server):
    name = postgres_server.create("prepared")
    engine = open_database(postgres_server.url(name))
    with writing(engine) as connection:
        values = {"platform": "deezer", "platform_id": "p1", "name": "Ovels", "name_key": "ovels"}
        connection.execute(insert(profile).values(**values, first_seen_at=START, last_seen_at=START))
        done = []
        thread = threading.Thread(target=lambda: done.append(say(engine, search("Ovels", "p1", "p2"))))
        thread.start()
        thread.join(0.3)
        assert not done
    thread.join(10)
    assert len(done[0].new_profiles) == 1
    assert [r.platform_id for r in rows(engine, profile)] == ["p1", "p2"]
    engine.dispose()
    postgres_server.drop(name)


def test_several_writers_record_the_same_things_once(engine):
    said = [
        (releases(*range(n, n + 20), at=n), full_release(n, at=n), search("Ovels", "p1", f"q{n}", at=n))
        for n in range(9)
    ]
    failed = []

    def work(part):
        try:
            for looks_ in part:
                say(engine, *looks_)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(said[n::3],)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(rows(engine, look)) == 27
    assert len(rows(engine, release_table)) == 28
    assert len(rows(engine, listing)) == 28
    assert len(rows(engine, profile)) == 10
    assert len(rows(engine, track)) == 18


def test_unknown_targets_are_put_down_but_not_due(engine):
    say(engine, releases(1))
    (row,) = rows(engine, target)
    assert (row.platform, row.ask, row.subject, row.due_at) == ("deezer", "releases", "p1", None)
