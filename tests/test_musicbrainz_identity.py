"""Whose page a URL is: a hundred at a time, and nobody is absent for a fault."""

import pytest

from storage.observations import (
    Absent,
    IdentitySeen,
    Outcome,
)
from storage.targets import Ask, Target
from tests.clients import look, looks
from tests.musicbrainz_stage import FREE, NOVA, OVER, TWIN, Urls, identity, spotify_page, whose
from tests.replay import Answer


def test_a_hundred_profiles_are_asked_by_one_call_and_each_gets_its_own_answer(server, musicbrainz):
    ended = whose(spotify_page(2), TWIN, ended=True)
    urls = Urls(
        server,
        {
            spotify_page(1): whose(spotify_page(1), NOVA),
            spotify_page(2): ended,
            spotify_page(3): whose(spotify_page(3)),
        },
    )
    targets = [identity(spotify_page(n)) for n in range(95)]
    told = looks(musicbrainz(), *targets)
    assert [len(asked) for asked in urls.asked] == [95]
    assert max(len(asked.target) for asked in server.asked) < 8000
    assert told[targets[1]].observations == [IdentitySeen(spotify_page(1), NOVA, "Nova Quill", FREE)]
    assert told[targets[2]].observations == [IdentitySeen(spotify_page(2), TWIN, "Nova Quill", FREE, ended=True)]
    outcomes = {n: told[target].coverage.outcome for n, target in enumerate(targets)}
    assert [n for n, outcome in outcomes.items() if outcome is Outcome.COMPLETE] == [1, 2]
    assert {outcome for n, outcome in outcomes.items() if n not in (1, 2)} == {Outcome.ABSENT}
    assert told[targets[3]].observations == [Absent(spotify_page(3))]  # the URL is known, but of no artist
    assert sum(one.coverage.cost for one in told.values()) == 1


def test_more_than_fit_are_split_and_none_is_dropped(server, musicbrainz):
    urls = Urls(server, {spotify_page(n): whose(spotify_page(n), NOVA) for n in range(250)})
    targets = [identity(spotify_page(n)) for n in range(250)]
    told = looks(musicbrainz(), *targets)
    assert {one.coverage.outcome for one in told.values()} == {Outcome.COMPLETE}
    assert all(len(asked) <= 100 for asked in urls.asked)
    assert sum(len(asked) for asked in urls.asked) == 250


@pytest.mark.parametrize("known", [True, False])
def test_one_url_alone_is_a_single_object_or_a_404(server, musicbrainz, known):
    Urls(server, {spotify_page(1): whose(spotify_page(1), NOVA, TWIN)} if known else {})
    told = look(musicbrainz(), identity(spotify_page(1) + "?si=shared"))
    assert told.coverage.outcome is (Outcome.COMPLETE if known else Outcome.ABSENT)
    assert [seen.artist_id for seen in told.of(IdentitySeen)] == ([NOVA, TWIN] if known else [])


def test_apples_other_storefronts_are_asked_too(server, musicbrainz):
    there = "https://music.apple.com/us/artist/7"
    urls = Urls(server, {there: whose(there, NOVA)})
    told = look(musicbrainz(), identity("https://music.apple.com/de/artist/nova-quill/7"))
    assert len(urls.asked[0]) == 4
    assert [seen.artist_id for seen in told.of(IdentitySeen)] == [NOVA]


def test_other_questions_in_the_same_batch_are_answered_too(server, musicbrainz):
    server.add(f"/artist/{NOVA}?inc=aliases+url-rels&fmt=json", {"id": NOVA, "name": "Nova Quill", "relations": []})
    Urls(server, {})
    profile, url = Target("musicbrainz", Ask.PROFILE, NOVA), identity(spotify_page(1))
    told = looks(musicbrainz(), url, profile)
    assert (told[profile].coverage.outcome, told[url].coverage.outcome) == (Outcome.COMPLETE, Outcome.ABSENT)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Answer(OVER, 503), Outcome.THROTTLED),
        (Answer(reset=True), Outcome.FAILED),
        (Answer(b'{"urls":[{"resource"', 200), Outcome.FAILED),
        (Answer(b"{}", 404), Outcome.MALFORMED),
        (Answer(b'{"error":"Invalid resource"}', 400), Outcome.MALFORMED),
        (Answer(b'{"urls":[{"resource":"x"}]}', 200), Outcome.MALFORMED),
        (Answer(b'{"urls":[]}', 200), Outcome.MALFORMED),
        (Answer(b'{"urls":[],"url-count":3,"url-offset":0}', 200), Outcome.PARTIAL),
    ],
)
def test_a_failed_batch_makes_nobody_absent(server, musicbrainz, fault, outcome):
    server.answer_by(lambda asked: fault)
    told = looks(musicbrainz(), *[identity(spotify_page(n)) for n in range(5)])
    assert {one.coverage.outcome for one in told.values()} == {outcome}
    assert [one.observations for one in told.values()] == [[]] * 5
