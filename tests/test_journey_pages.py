"""The spine over pages: strangers near the name are judged, and what is taken from or changed on the artist's own."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from crawler import verdicts
from storage import roster
from storage.database import writing
from storage.facts.events import release_events
from storage.models import grouped_release, release, standing, target, verdict
from storage.observations import (
    Absent,
    CreditSeen,
    IdentitySeen,
    LineSeen,
    LinkSeen,
    Outcome,
    ProfileSeen,
    ReleaseSeen,
    TrackSeen,
)
from storage.targets import Ask, Target
from tests.journey_stage import (
    HOME,
    PAGE,
    STRANGE,
    TITLES,
    arrive,
    cases_of,
    full,
    listed,
    platforms_of,
    seven_albums,
    take,
    with_one_artist,
)
from tests.say import day


@pytest.fixture
def journey(engine):
    return with_one_artist(engine)


@pytest.fixture
def with_past(engine, journey):
    return seven_albums(engine, journey)


def grow(engine, journey, registrant, *, swapped):
    """The third album's record tells a track more from some day on, in the place of another where it is swapped."""
    head, *tracks = full(3, TITLES[2], HOME, "GBAYE", upc="5060000000003")
    kept = tracks[:-1] if swapped else tracks
    new = TrackSeen("t3-99", "Glass Prophet", "r3", position=8, duration_ms=150_000, isrc=f"{registrant}2600099")
    for at in (20, 34):
        take(engine, journey, Target("deezer", Ask.RELEASE, "r3"), head, *kept, new, at=at)


def test_a_page_that_takes_the_name_after_the_first_search_is_a_case_and_one_that_was_there_is_census(engine, journey):
    search = Target("deezer", Ask.SEARCH, "Ada Quillfeather")
    mine = ProfileSeen("d1", "Ada Quillfeather", followers=90_000, release_count=12, position=1)
    old = ProfileSeen("d7", "Ada Quillfeather", followers=3, release_count=1, position=2)
    take(engine, journey, search, mine, old, at=0, received=2)
    assert cases_of(engine) == []
    new = ProfileSeen("d8", "Adа Quillfeather", followers=2, release_count=1, position=3)
    take(engine, journey, search, mine, old, new, at=20, received=3)
    assert [(found.kind, found.title) for found in cases_of(engine)] == [("profile", "Adа Quillfeather")]


MBID, FAKE = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9", "https://www.deezer.com/artist/d8"
ENTRY, WHOSE = Target("musicbrainz", Ask.PROFILE, MBID), Target("musicbrainz", Ask.IDENTITY, FAKE)


def entry_of(*urls):
    """The artist's entry in MusicBrainz with its links."""
    return ProfileSeen(MBID, "Ada Quillfeather", links=tuple(LinkSeen(url, "free streaming") for url in urls))


LINKED_AND_NOT = {
    "whose page it is": (
        (WHOSE, [IdentitySeen(FAKE, MBID, "Ada Quillfeather", "free streaming")], Outcome.COMPLETE),
        (WHOSE, [Absent(FAKE)], Outcome.ABSENT),
    ),
    "whose page it is, somebody else's": (
        (WHOSE, [IdentitySeen(FAKE, MBID, "Ada Quillfeather", "free streaming")], Outcome.COMPLETE),
        (WHOSE, [IdentitySeen(FAKE, MBID.replace("0", "1"), "Quillfeather", "free streaming")], Outcome.COMPLETE),
    ),
    "what the artist's entry links": (
        (ENTRY, [entry_of("https://ada.example/", FAKE)], Outcome.COMPLETE),
        (ENTRY, [entry_of("https://ada.example/")], Outcome.COMPLETE),
    ),
}


@pytest.mark.parametrize("asked", LINKED_AND_NOT)
def test_an_edit_of_a_reference_is_evidence_and_no_verdict_and_goes_with_the_edit(engine, journey, asked):
    with writing(engine) as connection:
        entry = roster.Standing(1, "musicbrainz", MBID, "official", "roster", "Ada Quillfeather")
        roster.keep_standings(connection, [entry], day(0))
    search = Target("deezer", Ask.SEARCH, "Ada Quillfeather")
    mine = ProfileSeen("d1", "Ada Quillfeather", followers=90_000, release_count=12, position=1)
    take(engine, journey, search, mine, at=0, received=1)
    new = ProfileSeen("d8", "Adа Quillfeather", url=FAKE, followers=2, release_count=1, position=2)
    take(engine, journey, search, mine, new, at=20, received=2)
    (found,) = cases_of(engine)
    (target, linked, outcome), (_, unlinked, after) = LINKED_AND_NOT[asked]
    for at in (22, 42):  # an edit war
        take(engine, journey, target, *linked, at=at, outcome=outcome)
        (excused,) = cases_of(engine)
        assert f"musicbrainz, seen {day(at):%d %b %Y}: the artist's, Ada Quillfeather" in excused.evidence
        assert excused.score < found.score
        take(engine, journey, target, *unlinked, at=at + 10, outcome=after)
        (again,) = cases_of(engine)
        assert "the artist's, Ada" not in again.evidence
        assert again.status == "open"
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(verdict)) == 0


def said_by_references(case):
    (part,) = [one for one in json.loads(case.evidence) if one["signal"] == "listed_by_reference"]
    return part["state"], [one["quote"] for one in part["weights"]]


def test_a_release_that_a_reference_lists_is_less_suspicious_as_long_as_it_does(engine, journey, with_past):
    with writing(engine) as connection:
        entry = roster.Standing(1, "musicbrainz", MBID, "official", "roster", "Ada Quillfeather")
        roster.keep_standings(connection, [entry], day(0))
    arrive(engine, journey, with_past, 9, "Glass Prophet", STRANGE, "QZABC")
    (found,) = cases_of(engine)
    known = [listed(f"m{n}", title, page=MBID) for n, title in enumerate(TITLES)]
    rows = [*known, listed("m9", "Glass Prophet", date="2026-01-30", page=MBID)]
    theirs = Target("musicbrainz", Ask.RELEASES, MBID)
    take(engine, journey, theirs, *rows, at=31, received=len(rows))
    (excused,) = cases_of(engine)
    assert said_by_references(excused) == ("fired", [f"musicbrainz, seen {day(31):%d %b %Y}: Glass Prophet"])
    assert excused.score < found.score
    for at in (40, 41):
        take(engine, journey, theirs, *known, at=at, received=len(known))
    (again,) = cases_of(engine)
    assert said_by_references(again) == ("quiet", [])
    assert again.status == "open"
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(verdict)) == 0


def test_a_reference_that_does_not_list_a_release_yet_is_no_store_that_it_is_missing_from(engine, journey, with_past):
    with writing(engine) as connection:
        entry = roster.Standing(1, "musicbrainz", MBID, "official", "roster", "Ada Quillfeather")
        page = roster.Standing(1, "itunes", "i1", "official", "roster", "Ada Quillfeather")
        roster.keep_standings(connection, [entry, page], day(0))
    known = [listed(f"m{n}", title, page=MBID) for n, title in enumerate(TITLES)]
    take(engine, journey, Target("musicbrainz", Ask.RELEASES, MBID), *known, at=1, received=len(known))
    other = [listed(f"i{n}", title, page="i1") for n, title in enumerate(TITLES)]
    take(engine, journey, Target("itunes", Ask.RELEASES, "i1"), *other, at=2, received=len(other))
    arrive(engine, journey, with_past, 9, "Glass Prophet", STRANGE, "QZABC")
    (found,) = cases_of(engine)
    with engine.connect() as connection:
        (event,) = release_events(connection, {(1, found.group_id)}, frozenset({"musicbrainz"}), day(40))
    assert event.watched_platforms == {"deezer", "itunes"}


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


def test_an_official_release_that_disappears_is_an_event_of_its_own_and_clears_when_it_is_back(
    engine, journey, with_past
):
    short = with_past[:-1]
    for at in (10, 11):
        take(engine, journey, PAGE, *short, at=at, received=len(short))
    assert [(found.kind, found.title, found.status) for found in cases_of(engine)] == [
        ("disappearance", TITLES[-1], "open")
    ]
    take(engine, journey, PAGE, *with_past, at=12, received=len(with_past))
    assert [found.status for found in cases_of(engine)] == ["cleared"]


def test_what_goes_from_one_store_and_stays_on_another_is_loud_and_what_its_owner_withdraws_everywhere_is_not(
    engine, journey, with_past
):
    other = Target("itunes", Ask.RELEASES, "i1")
    there = [listed(n, title, page="i1") for n, title in enumerate(TITLES, 1)]
    take(engine, journey, other, *there, at=0.1, received=len(there))
    one, both = with_past[:-1], with_past[:-2]
    for at in (10, 11):
        take(engine, journey, other, *there, at=at + 0.2, received=len(there))
        take(engine, journey, PAGE, *one, at=at + 0.5, received=len(one))
    (complained,) = cases_of(engine)
    assert (complained.title, complained.loud) == (TITLES[-1], True)
    assert "still on itunes" in str(complained.evidence)
    rest = [one for one in there if one.id != f"r{len(TITLES) - 1}"]
    for at in (20, 21):
        take(engine, journey, PAGE, *both, at=at, received=len(both))
        take(engine, journey, other, *rest, at=at + 0.1, received=len(rest))
    (withdrawn,) = [found for found in cases_of(engine) if found.title == TITLES[-2]]
    assert (withdrawn.status, withdrawn.loud) == ("open", False)
    assert platforms_of(engine, withdrawn.id) == {"deezer", "itunes"}


def test_a_reference_that_still_lists_what_went_is_no_store_that_still_shows_it(engine, journey, with_past):
    with writing(engine) as connection:
        entry = roster.Standing(1, "musicbrainz", "m1", "official", "roster", "Ada Quillfeather")
        roster.keep_standings(connection, [entry], day(0))
    listing = Target("musicbrainz", Ask.RELEASES, "m1", "releases")
    for at in (10, 11):
        take(engine, journey, listing, listed(7, TITLES[-1], page="m1"), at=at, received=1)
        take(engine, journey, PAGE, *with_past[:-1], at=at + 0.1, received=len(with_past) - 1)
    (gone,) = cases_of(engine)
    assert (gone.kind, gone.loud) == ("disappearance", False)
    assert "still on" not in str(gone.evidence)


@pytest.mark.parametrize(("registrant", "opened"), [("QZXXA", 1), ("GBAYE", 0)])
def test_a_strange_track_in_the_place_of_one_that_stood_there_is_an_event_and_a_bonus_track_is_not(
    engine, journey, with_past, registrant, opened
):
    grow(engine, journey, registrant, swapped=bool(opened))
    assert [(found.kind, found.title) for found in cases_of(engine)] == [("tampering", TITLES[2])] * opened


def test_a_suspect_release_does_not_make_its_registrant_home_for_a_track_that_is_swapped_in(engine, journey, with_past):
    arrive(engine, journey, with_past, 41, "Neon Fever", STRANGE, "QZXXA", at=10)
    grow(engine, journey, "QZXXA", swapped=True)
    _, swap = cases_of(engine)
    assert swap.kind == "tampering"
    assert "recordings.changed_foreign" in str(swap.evidence)


def test_a_swapped_track_is_one_case_still_when_its_release_turns_out_to_be_one_with_an_older_one(engine, journey):
    there = Target("itunes", Ask.RELEASES, "i1")
    old = ReleaseSeen("i3", "Ledger", date="2019-05-03", kind="album", listed_on="i1")
    take(engine, journey, there, old, at=0, received=1)
    seven_albums(engine, journey)
    grow(engine, journey, "QZXXA", swapped=True)
    (swap,) = cases_of(engine)
    take(engine, journey, there, replace(old, title=TITLES[2]), at=40, received=1)
    (moved,) = cases_of(engine)
    with engine.connect() as connection:
        query = select(grouped_release.c.group_id).join(release, release.c.id == grouped_release.c.release_id)
        held = connection.scalars(query.where(release.c.platform_id.in_(("i3", "r3")))).all()
    assert (moved.id, held) == (swap.id, [-moved.group_id] * 2)
    assert moved.key != swap.key


def test_what_changed_on_a_release_is_found_on_stores_and_on_no_reference_that_lists_it(engine, journey, with_past):
    with writing(engine) as connection:
        entry = roster.Standing(1, "musicbrainz", MBID, "official", "roster", "Ada Quillfeather")
        roster.keep_standings(connection, [entry], day(0))
    known = [listed(f"m{n}", title, page=MBID) for n, title in enumerate(TITLES)]
    take(engine, journey, Target("musicbrainz", Ask.RELEASES, MBID), *known, at=1, received=len(known))
    grow(engine, journey, "QZXXA", swapped=True)
    (swap,) = cases_of(engine)
    assert platforms_of(engine, swap.id) == {"deezer"}


def test_another_cover_on_an_official_release_is_a_quiet_event_and_one_that_it_had_before_is_none(
    engine, journey, with_past
):
    def covered(cover, at):
        rows = [replace(one, cover_url=f"https://img.example/{cover}") for one in with_past[:1]] + with_past[1:]
        take(engine, journey, PAGE, *rows, at=at, received=len(rows))
        return [(found.kind, found.title, found.loud, found.revision) for found in cases_of(engine)]

    assert covered("a", 10) == []
    assert covered("a", 11) == []
    assert covered("b", 12) == [("tampering", TITLES[0], False, 1)]
    assert "https://img.example/b" in str(cases_of(engine)[0].evidence)
    with writing(engine) as connection:
        verdicts.decide(connection, 1, "legitimate", "ana", "", day(13))
    before = covered("b", 14)
    assert covered("a", 15) == covered("b", 16) == before


def test_an_official_page_whose_name_changes_is_an_event(engine, journey):
    about = Target("deezer", Ask.PROFILE, "d1")
    take(engine, journey, about, ProfileSeen("d1", "Ada Quillfeather", image_url="https://x.example/1"), at=0)
    take(engine, journey, about, ProfileSeen("d1", "Ada Quillfeather", image_url="https://x.example/1"), at=5)
    assert cases_of(engine) == []
    take(engine, journey, about, ProfileSeen("d1", "Neon Prophet", image_url="https://x.example/2"), at=9)
    assert [found.kind for found in cases_of(engine)] == ["tampering"]


def test_the_first_look_at_a_page_that_only_a_link_named_before_changes_nothing(engine, journey):
    about, there = Target("deezer", Ask.PROFILE, "d1"), {"url": "https://www.deezer.com/artist/d1"}
    take(engine, journey, about, ProfileSeen("d1", "Ada Quillfeather (エイダ)", **there), at=0)
    assert cases_of(engine) == []
    take(engine, journey, about, ProfileSeen("d1", "Neon Prophet", **there), at=9)
    assert [found.kind for found in cases_of(engine)] == ["tampering"]


def test_a_store_that_writes_all_its_covers_anew_opens_no_case(engine, journey, with_past):
    for dress, at in (("a", 5), ("c", 12)):
        rows = [replace(row, cover_url=f"https://x.example/{n}-{dress}.jpg") for n, row in enumerate(with_past)]
        take(engine, journey, PAGE, *rows, at=at, received=len(rows))
    assert cases_of(engine) == []


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
