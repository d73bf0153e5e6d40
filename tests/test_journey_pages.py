"""The spine over pages: strangers that go by the name, near it, or beside it in credits and titles are judged."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from storage import roster
from storage.database import writing
from storage.models import standing, target
from storage.observations import (
    CreditSeen,
    LineSeen,
    ProfileSeen,
    ReleaseSeen,
    TrackSeen,
)
from storage.targets import Ask, Target
from tests.journey_stage import (
    PAGE,
    STRANGE,
    TITLES,
    cases_of,
    listed,
    take,
)
from tests.say import day


def test_a_page_that_takes_the_name_after_the_first_search_is_a_case_and_one_that_was_there_is_census(engine, journey):
    search = Target("deezer", Ask.SEARCH, "Ada Quillfeather")
    mine = ProfileSeen("d1", "Ada Quillfeather", followers=90_000, release_count=12, position=1)
    old = ProfileSeen("d7", "Ada Quillfeather", followers=3, release_count=1, position=2)
    take(engine, journey, search, mine, old, at=0, received=2)
    assert cases_of(engine) == []
    new = ProfileSeen("d8", "Adа Quillfeather", followers=2, release_count=1, position=3)
    take(engine, journey, search, mine, old, new, at=20, received=3)
    assert [(found.kind, found.title) for found in cases_of(engine)] == [("profile", "Adа Quillfeather")]


def test_where_a_page_is_only_proposed_a_later_one_of_the_name_is_a_case_too(engine, journey):
    with writing(engine) as connection:
        connection.execute(standing.delete())
        proposed = [roster.Standing(1, "deezer", one, "proposed", "name", "Ada Quillfeather") for one in ("d1", "d2")]
        roster.keep_standings(connection, proposed, day(0))
    journey.owned = {}
    search = Target("deezer", Ask.SEARCH, "Ada Quillfeather")
    pages = [ProfileSeen(one, "Ada Quillfeather", followers=9_000, release_count=9) for one in ("d1", "d2")]
    take(engine, journey, search, *pages, at=0, received=2)
    assert cases_of(engine) == []
    late = ProfileSeen("d8", "Adа Quillfeather", followers=2, release_count=1)
    take(engine, journey, search, *pages, late, at=20, received=3)
    assert [(found.kind, found.title) for found in cases_of(engine)] == [("profile", "Adа Quillfeather")]


def test_a_page_that_a_search_begins_to_show_is_judged_by_the_titles_it_carries(engine, journey, with_past):
    search = Target("deezer", Ask.SEARCH, "Ada Quillfeather")
    mine = ProfileSeen("d1", "Ada Quillfeather", followers=90_000, release_count=12, position=1)
    take(engine, journey, search, mine, at=0, received=1)
    names = {"d8": "Quillfeather Parade", "d9": "Quillfeather", "d10": "Bea Parade"}
    near = [ProfileSeen(page, name, followers=900, position=2) for page, name in names.items()]
    take(engine, journey, search, mine, *near, at=20, received=4)
    assert cases_of(engine) == []
    with engine.connect() as connection:
        asked = connection.execute(select(target.c.subject).where(target.c.ask == Ask.RELEASES.value)).scalars().all()
    assert {*asked} & {*names} == {"d8", "d9"}, "the third shares no word with the name"
    for page, titles in (("d8", ["Salt Glass", "Harbour"]), ("d9", TITLES[:4])):
        rows = [listed(f"{page}-{n}", title, page=page) for n, title in enumerate(titles)]
        take(engine, journey, Target("deezer", Ask.RELEASES, page), *rows, at=21, received=len(rows))
    assert [(found.kind, found.title, found.attack) for found in cases_of(engine)] == [("profile", "Quillfeather", "F")]


@pytest.mark.parametrize(("followers", "opened"), [(11, 1), (60_000, 0)])
def test_who_puts_the_name_on_a_release_is_asked_who_they_are(engine, journey, with_past, followers, opened):
    credits = (CreditSeen("Bea Parade", "d8"), CreditSeen("Ada Quillfeather", "d1", role="featured"))
    guest = ReleaseSeen("r50", "Glass", date="2026-01-30", kind="single", credits=credits)
    row = replace(guest, listed_on="d1", section="appears_on")
    take(engine, journey, PAGE, *with_past, row, at=30, received=len(with_past) + 1)
    record = replace(guest, lines=(LineSeen("label", STRANGE),))
    take(engine, journey, Target("deezer", Ask.RELEASE, "r50"), record, at=30.1)
    assert cases_of(engine) == []
    with engine.connect() as connection:
        asked = connection.execute(select(target.c.subject).where(target.c.ask == Ask.PROFILE.value)).scalars().all()
    assert asked == ["d8"]
    leader = ProfileSeen("d8", "Bea Parade", followers=followers, release_count=1)
    take(engine, journey, Target("deezer", Ask.PROFILE, "d8"), leader, at=30.2)
    assert [(found.kind, found.title) for found in cases_of(engine)] == [("release", "Glass")] * opened


def test_copied_titles_weigh_more_on_a_page_whose_name_holds_the_artists(engine, journey, with_past):
    search = Target("deezer", Ask.SEARCH, "Ada Quillfeather")
    mine = ProfileSeen("d1", "Ada Quillfeather", followers=90_000, release_count=12, position=1)
    take(engine, journey, search, mine, at=0, received=1)
    near = [ProfileSeen(page, name, followers=900, release_count=1, position=2)
            for page, name in {"d8": "Quillfeather Parade", "d9": "Ada of the North Parade"}.items()]  # fmt: skip
    take(engine, journey, search, mine, *near, at=20, received=3)
    for page in ("d8", "d9"):
        rows = [listed(f"{page}-{n}", title, page=page) for n, title in enumerate(TITLES[1:4])]
        take(engine, journey, Target("deezer", Ask.RELEASES, page), *rows, at=21, received=len(rows))
    said = {found.title: {one["signal"] for one in json.loads(found.evidence) if one["state"] == "fired"}
            for found in cases_of(engine)}  # fmt: skip
    assert "name_held" in said["Quillfeather Parade"]
    assert "name_held" not in said.get("Ada of the North Parade", set()), "three letters are shared by chance"


def test_a_page_met_in_the_credits_of_what_stood_there_is_no_news_and_a_new_one_of_that_name_is(
    engine, journey, with_past
):
    search = Target("deezer", Ask.SEARCH, "Ada Quillfeather")
    mine = ProfileSeen("d1", "Ada Quillfeather", followers=90_000, release_count=12, position=1)
    take(engine, journey, search, mine, at=0, received=1)
    both = (CreditSeen("Ada Quillfeather", "d1"), CreditSeen("Ada Quillfeather & Bo", "d30"))
    take(engine, journey, Target("deezer", Ask.RELEASE, "r2"), ReleaseSeen("r2", TITLES[1], credits=both), at=1)
    take(engine, journey, Target("deezer", Ask.RELEASES, "d30"), listed("x1", "Undertow", page="d30"), at=2, received=1)
    assert cases_of(engine) == []
    late = ProfileSeen("d31", "Ada Quillfeather", followers=2, release_count=1, position=2)
    take(engine, journey, search, mine, late, at=20, received=2)
    assert [found.kind for found in cases_of(engine)] == ["profile"]


def test_a_strangers_release_that_a_search_begins_to_show_is_asked_for_its_tracks_and_an_old_one_is_no_news(
    engine, journey, with_past
):
    search = Target("deezer", Ask.SEARCH, "Ada Quillfeather")
    mine = ProfileSeen("d1", "Ada Quillfeather", followers=90_000, release_count=12, position=1)
    take(engine, journey, search, mine, at=0, received=1)
    by = (CreditSeen("night core", "d40"),)
    pack = ReleaseSeen("s1", "Ada Quillfeather (Sped Up)", kind="album", date=f"{day(19):%Y-%m-%d}", credits=by)
    old = replace(pack, id="s2", title="Hymns of Ada Quillfeather", date="2011-04-01")
    take(engine, journey, search, mine, pack, old, at=20, received=1)
    with engine.connect() as connection:
        asked = connection.execute(select(target.c.subject).where(target.c.ask == Ask.RELEASE.value)).scalars().all()
    assert {"s1", "s2"} <= {*asked}
    for one in (pack, old):
        fast = [TrackSeen(f"{one.id}-{n}", f"{title} {n}", one.id, position=n, duration_ms=166_000, credits=by)
                for n, title in enumerate(TITLES[:4], 1)]  # fmt: skip
        take(engine, journey, Target("deezer", Ask.RELEASE, one.id), one, *fast, at=20.1)
    assert [(found.kind, found.title, found.attack) for found in cases_of(engine)] == [
        ("release", "Ada Quillfeather (Sped Up)", "F")
    ]
