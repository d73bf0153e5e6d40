"""References say whose page it is, each with source and date: the artist's, a namesake's, or nobody's."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from crawler.roster import importing
from crawler.roster.file import read_roster
from crawler.roster.resolve import by_shared_ids, from_links
from spiders.base.platform import platform
from storage import frontier
from storage.database import writing
from storage.facts import references
from storage.facts.leads import standings
from storage.facts.values import Page
from storage.frontier import Wanted
from storage.models import artist, case, profile
from storage.observations import Absent, LinkSeen, Outcome, ProfileSeen
from storage.recording.record import record
from storage.targets import Ask, Target
from tests.opened import page_case
from tests.say import told

NOW = datetime(2026, 3, 2, tzinfo=UTC)
OURS, THEIRS = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9", "1f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9"
SOURCES = frozenset({"musicbrainz", "wikidata", "discogs"})
DEEZER = "https://www.deezer.com/artist/"


@pytest.fixture
def store(engine, tmp_path):
    """A store with one artist whom MusicBrainz links to an item of Wikidata."""
    roster = tmp_path / "roster.csv"
    roster.write_text(f"name,mbid\nNova Quill,{OURS}\n", encoding="utf-8")
    with writing(engine) as connection:
        importing.keep(connection, read_roster(roster), NOW)
        says(connection, "musicbrainz", OURS, "https://www.wikidata.org/wiki/Q7", "https://www.discogs.com/artist/7")
        from_links(connection, NOW)
    return engine


def says(connection, source, entry, *urls, at=0):
    seen = ProfileSeen(id=entry, name="Nova Quill", links=tuple(LinkSeen(url, "t") for url in urls))
    record(connection, told(Target(source, Ask.PROFILE, entry), seen, at=at))


def said(connection, page_id):
    artist_id = connection.scalar(select(artist.c.id))
    page = Page(0, "deezer", page_id, "Nova Quill", f"{DEEZER}{page_id}")
    return {(one.source, one.says) for one in references.said_of(connection, artist_id, [page], SOURCES)}


def official(connection):
    return {(page.platform, page.profile_id) for page in standings(connection) if page.standing == "official"}


def test_what_an_item_keeps_is_official_and_an_item_of_somebody_else_says_nothing(store):
    with writing(store) as connection:
        says(connection, "wikidata", "Q7", f"{DEEZER}7", f"https://musicbrainz.org/artist/{OURS}")
        from_links(connection, NOW, "wikidata")
        assert {("wikidata", "Q7"), ("deezer", "7")} <= official(connection)
        says(connection, "wikidata", "Q7", f"{DEEZER}9", f"https://musicbrainz.org/artist/{THEIRS}")
        from_links(connection, NOW, "wikidata")
        assert ("deezer", "9") not in official(connection)


@pytest.mark.parametrize("status", ["open", "cleared", "confirmed"])
def test_an_edit_makes_no_page_official_that_a_case_is_about(store, status):
    with writing(store) as connection:
        who = connection.scalar(select(artist.c.id))
        says(connection, "deezer", "8")
        page = connection.scalar(select(profile.c.id).where(profile.c.platform == "deezer"))
        page_case(connection, who, page, NOW)
        connection.execute(update(case).values(status=status))
        says(connection, "musicbrainz", OURS, f"{DEEZER}7", f"{DEEZER}8")
        from_links(connection, NOW)
        from_links(connection, NOW)
        assert official(connection) & {("deezer", "7"), ("deezer", "8")} == {("deezer", "7")}
        (reason,) = [page.reason for page in standings(connection) if page.standing == "proposed"]
        assert reason == f"MusicBrainz links {DEEZER}8, but a case asks whose it is"


def test_what_an_edit_made_official_before_a_case_came_stays_so(store):
    with writing(store) as connection:
        says(connection, "musicbrainz", OURS, f"{DEEZER}7")
        from_links(connection, NOW)
        page = connection.scalar(select(profile.c.id).where(profile.c.platform == "deezer"))
        page_case(connection, connection.scalar(select(artist.c.id)), page, NOW)
        from_links(connection, NOW)
        assert ("deezer", "7") in official(connection)


def test_a_page_is_the_artist_s_a_namesake_s_or_nobody_s(store):
    with writing(store) as connection:
        says(connection, "wikidata", "Q7", f"{DEEZER}7")
        says(connection, "wikidata", "Q8", f"{DEEZER}8", f"https://musicbrainz.org/artist/{THEIRS}")
        says(connection, "musicbrainz", THEIRS, f"{DEEZER}8")
        says(connection, "discogs", "8", f"{DEEZER}8")
        asked = Target("musicbrainz", Ask.IDENTITY, f"{DEEZER}9")
        frontier.want(connection, [Wanted(asked, NOW)], NOW)
        record(connection, told(asked, Absent(f"{DEEZER}9"), outcome=Outcome.ABSENT))
        assert said(connection, "7") == {("wikidata", "anchored")}
        assert said(connection, "8") == {(source, "elsewhere") for source in SOURCES}
        assert said(connection, "9") == {("musicbrainz", "unanchored")}
        assert said(connection, "10") == set()


def test_an_mbid_that_an_item_names_no_longer_anchors_nothing(store):
    with writing(store) as connection:
        says(connection, "wikidata", "Q8", f"{DEEZER}8", f"https://musicbrainz.org/artist/{OURS}")
        assert said(connection, "8") == {("wikidata", "anchored")}
        says(connection, "wikidata", "Q8", f"{DEEZER}8", at=1)
        assert said(connection, "8") == {("wikidata", "elsewhere")}


def test_an_entry_says_nothing_where_it_is_not_known_which_one_is_the_artist_s(engine, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("name\nNova Quill\n", encoding="utf-8")
    with writing(engine) as connection:
        importing.keep(connection, read_roster(roster), NOW)
        says(connection, "discogs", "8", f"{DEEZER}8")
        says(connection, "musicbrainz", THEIRS, f"{DEEZER}8")
        says(connection, "wikidata", "Q8", f"{DEEZER}8", f"https://musicbrainz.org/artist/{THEIRS}")
        assert said(connection, "8") == set()


def test_a_source_that_goes_by_another_s_ids_is_asked_by_them(store):
    with writing(store) as connection:
        by_shared_ids(connection, {name: platform(name) for name in ("listenbrainz", "apple_music")}, NOW)
        assert ("listenbrainz", OURS) in official(connection)
        assert not any(name == "apple_music" for name, _ in official(connection))
