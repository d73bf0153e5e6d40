"""What references say is evidence as long as they say it: no verdict, and no store either."""

import json

import pytest
from sqlalchemy import func, select

from storage import roster
from storage.database import writing
from storage.facts.events import release_events
from storage.models import verdict
from storage.observations import (
    Absent,
    IdentitySeen,
    LinkSeen,
    Outcome,
    ProfileSeen,
)
from storage.targets import Ask, Target
from tests.journey_stage import (
    PAGE,
    STRANGE,
    TITLES,
    arrive,
    cases_of,
    listed,
    take,
)
from tests.say import day

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
