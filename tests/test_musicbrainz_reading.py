"""What MusicBrainz is asked, and what is read of its answers."""

import pytest

from spiders.musicbrainz.platform import escaped
from storage.observations import (
    Absent,
    CreditSeen,
    LineSeen,
    LinkSeen,
    Outcome,
    ProfileSeen,
    Redirected,
    ReleaseSeen,
    TrackSeen,
)
from storage.targets import Ask, Target
from tests.clients import look
from tests.musicbrainz_stage import FREE, NOVA, PAID, TWIN, Browse, credit, release, releases, spotify_page
from tests.replay import Replay


def test_an_artist_is_read_with_aliases_life_and_links(server, musicbrainz):
    relation = {"target-type": "url", "type-id": FREE, "ended": False, "url": {"id": "u", "resource": spotify_page(1)}}
    old = {**relation, "type-id": PAID, "ended": True, "url": {"id": "v", "resource": "https://tidal.com/artist/5"}}
    label = {"target-type": "label", "type-id": "x", "ended": False, "label": {"id": "la1"}}
    server.add(f"/artist/{NOVA}?inc=aliases+url-rels&fmt=json", {
        "id": NOVA, "name": "Nova Quill", "country": None, "disambiguation": "", "aliases": [{"name": "N.Q."}],
        "life-span": {"begin": "1990-02", "end": None, "ended": False},
        "relations": [relation, old, label]})  # fmt: skip
    told = look(musicbrainz(), Target("musicbrainz", Ask.PROFILE, NOVA))
    assert told.observations == [
        ProfileSeen(
            id=NOVA,
            name="Nova Quill",
            url=f"https://musicbrainz.org/artist/{NOVA}",
            aliases=("N.Q.",),
            began="1990-02",
            links=(LinkSeen(spotify_page(1), FREE), LinkSeen("https://tidal.com/artist/5", PAID, ended=True)),
        )
    ]
    assert told.coverage.outcome is Outcome.COMPLETE
    assert "followers" in told.coverage.blind
    assert server.asked[0].headers["user-agent"] == "Falsetto/0.1 ( ops@label.example )"


def test_a_merged_artist_is_told_as_redirected(server, musicbrainz):
    server.add(f"/artist/{NOVA}?inc=aliases+url-rels&fmt=json", {"id": TWIN, "name": "Nova Quill", "relations": []})
    told = look(musicbrainz(), Target("musicbrainz", Ask.PROFILE, NOVA))
    assert told.observations[0] == Redirected(NOVA, TWIN)
    assert told.of(ProfileSeen)[0].links == ()


def test_a_search_survives_absent_keys_and_nulls_and_ranks_its_hits(server, musicbrainz):
    server.answer_by(lambda asked: {"created": "x", "count": 2, "offset": 0, "artists": [
        {"id": NOVA, "score": 100, "name": "Nova Quill", "life-span": {"ended": None}},
        {"id": TWIN, "score": 60, "name": "Nova Qvill", "disambiguation": "tribute", "country": "SE",
         "life-span": {"begin": "2001", "ended": None}, "aliases": [{"name": "NQ", "locale": None}]}]})  # fmt: skip
    told = look(musicbrainz(), Target("musicbrainz", Ask.SEARCH, 'No"va \\Quill'))
    first, second = told.of(ProfileSeen)
    assert (first.id, first.position, first.aliases, first.links, first.began) == (NOVA, 1, None, None, None)
    assert (second.position, second.aliases, second.began, second.country) == (2, ("NQ",), "2001", "SE")
    name = 'No\\"va \\\\Quill'
    assert server.asked[0].query["query"] == f'artist:"{name}" OR alias:"{name}"'
    assert told.coverage.outcome is Outcome.COMPLETE


def test_a_search_of_many_hits_is_cut_and_says_so(server, musicbrainz):
    hits = [{"id": f"a{n}", "name": "Nova"} for n in range(100)]
    server.answer_by(lambda asked: {"count": 4856, "artists": hits})
    coverage = look(musicbrainz(), Target("musicbrainz", Ask.SEARCH, "Nova")).coverage
    assert (coverage.outcome, coverage.stop_reason) == (Outcome.PARTIAL, "the first 100 of 4856")


@pytest.mark.parametrize(("text", "term"), [('a"b', 'a\\"b'), ("a\\", "a\\\\"), ("AC/DC (live)!", "AC/DC (live)!")])
def test_a_name_is_escaped_for_a_quoted_term(text, term):
    assert escaped(text) == term


@pytest.mark.parametrize("at_most", [100, 37])
def test_releases_are_browsed_by_what_came_not_by_what_was_asked(server, musicbrainz, at_most):
    Browse(server, 240, at_most)
    told = look(musicbrainz(), releases())
    assert [seen.id for seen in told.of(ReleaseSeen)] == [f"re{n}" for n in range(240)]
    assert [int(asked.query["offset"]) for asked in server.asked] == list(range(0, 240, at_most))
    assert server.asked[0].query["artist"] == NOVA
    assert (told.coverage.outcome, told.coverage.expected, told.coverage.received) == (Outcome.COMPLETE, 240, 240)
    assert told.coverage.cost == told.coverage.pages == len(server.asked)


def test_a_release_row_is_said_as_printed(server, musicbrainz):
    browse = Browse(server, 0)
    browse.rows = [
        release(1, barcode="5021603064126"),
        release(2, barcode="", date="", status=None, media=[], **{"label-info": [{"label": None}], "track-count": 9}),
        {"id": "re3", "title": "a\x00b\ud800c"},
    ]
    one, two, three = look(musicbrainz(), releases()).of(ReleaseSeen)
    assert one == ReleaseSeen(
        id="re1",
        title="Record 1",
        url="https://musicbrainz.org/release/re1",
        kind="EP",
        date="2009-05",
        upc="5021603064126",
        track_count=5,
        lines=(LineSeen("label", "Quill Records"), LineSeen("catalogue", "Q1")),
        credits=(CreditSeen("Nova Quill", NOVA),),
        listed_on=NOVA,
        status="Official",
    )
    assert (two.date, two.upc, two.status, two.lines, two.track_count) == ("", None, None, (), 9)
    assert (three.title, three.lines, three.credits, three.date) == ("a\x00b\ud800c", None, None, None)


def test_a_release_is_read_with_its_tracks(server, musicbrainz):
    def track(n, **more):
        recording = {"id": f"rec{n}", "title": f"Take {n}", "length": 1000, "isrcs": ["QZAB12400001", "QZAB12400002"]}
        return {"id": f"tr{n}", "position": n, "number": f"A{n}", "title": f"Take {n} (live)", "length": None,
                "recording": recording, "artist-credit": credit("N. Quill"), **more}  # fmt: skip

    media = [
        {"position": 1, "track-count": 2, "tracks": [track(1, length=2000), track(2)]},
        {"position": 2, "track-count": 1, "tracks": [track(3)]},
    ]
    inc = "recordings+isrcs+labels+artist-credits+release-groups"
    server.add(f"/release/re1?inc={inc}&fmt=json", release(1, media=media))
    told = look(musicbrainz(), Target("musicbrainz", Ask.RELEASE, "re1"))
    tracks = told.of(TrackSeen)
    assert [(seen.id, seen.disc, seen.position, seen.duration_ms) for seen in tracks] == [
        ("rec1", 1, 1, 2000), ("rec2", 1, 2, 1000), ("rec3", 2, 3, 1000)]  # fmt: skip
    assert (tracks[0].title, tracks[0].isrc, tracks[0].release_id) == ("Take 1 (live)", "QZAB12400001", "re1")
    assert tracks[0].credits == (CreditSeen("N. Quill", NOVA),)
    assert (told.coverage.outcome, told.coverage.expected) == (Outcome.COMPLETE, 3)


def test_a_release_whose_tracks_did_not_all_come_is_partial(server, musicbrainz):
    server.answer_by(lambda asked: release(1, media=[{"position": 1, "track-count": 2, "tracks": []}]))
    assert look(musicbrainz(), Target("musicbrainz", Ask.RELEASE, "re1")).coverage.outcome is Outcome.PARTIAL


@pytest.mark.parametrize("printed", ["602475093060", "0602475093060", "00602475093060"])
def test_a_barcode_is_searched_with_and_without_leading_zeros(server, musicbrainz, printed):
    rows = [release(1, barcode="0602475093060"), release(2, barcode="602475093061"), release(3)]
    server.answer_by(lambda asked: {"count": 3, "releases": rows})
    told = look(musicbrainz(), Target("musicbrainz", Ask.UPC, printed))
    terms = server.asked[0].query["query"].split(" OR ")
    assert terms[0] == f'barcode:"{printed}"'
    assert set(terms) == {f'barcode:"{zeros}602475093060"' for zeros in ("", "0", "00")}
    assert [seen.id for seen in told.of(ReleaseSeen)] == ["re1"]
    server.answer_by(lambda asked: {"count": 0, "releases": []})
    told = look(musicbrainz(), Target("musicbrainz", Ask.UPC, printed))
    assert (told.coverage.outcome, told.observations) == (
        Outcome.ABSENT,
        [Absent(printed, "no release bears this barcode")],
    )


def test_a_barcode_of_zeros_finds_no_release_without_one(server, musicbrainz):
    server.answer_by(lambda asked: {"count": 2, "releases": [release(1), release(2, barcode="")]})
    told = look(musicbrainz(), Target("musicbrainz", Ask.UPC, "0000000000000"))
    assert (told.coverage.outcome, told.of(ReleaseSeen)) == (Outcome.ABSENT, [])


@pytest.mark.parametrize(
    ("rows", "count", "outcome", "reason"),
    [
        ([], 3, Outcome.PARTIAL, "the first 0 of 3; none of the releases that came bears this barcode"),
        ([release(1, barcode="111")], 130, Outcome.PARTIAL,
         "the first 1 of 130; none of the releases that came bears this barcode"),
        ([release(1, barcode="602475093060")], 130, Outcome.PARTIAL, "the first 1 of 130"),
        ([release(1, barcode="602475093060")], 1, Outcome.COMPLETE, "end of list"),
        ([], "0", Outcome.MALFORMED, "key 'count' should be int, is str"),
    ],
)  # fmt: skip
def test_a_barcode_whose_hits_did_not_all_come_is_neither_absent_nor_complete(
    server, musicbrainz, rows, count, outcome, reason
):
    server.answer_by(lambda asked: {"count": count, "releases": rows})
    told = look(musicbrainz(), Target("musicbrainz", Ask.UPC, "602475093060"))
    assert (told.coverage.outcome, told.coverage.stop_reason, told.of(Absent)) == (outcome, reason, [])


def test_more_releases_than_the_list_says_are_partial(server, musicbrainz):
    Browse(server, 5).twist = lambda page: {**page, "release-count": 4}
    coverage = look(musicbrainz(), releases()).coverage
    assert (coverage.outcome, coverage.stop_reason) == (Outcome.PARTIAL, "5 came of 4")


def test_what_was_asked_for_and_did_not_come_is_malformed_and_an_empty_list_is_none(server, musicbrainz):
    """The web service writes every list that it is asked for, and be it empty."""
    recording = {"id": "rec1", "title": "Take", "length": None, "artist-credit": credit()}
    profile, isrc = Target("musicbrainz", Ask.PROFILE, NOVA), Target("musicbrainz", Ask.ISRC, "QZAB12400001")
    server.add(f"/artist/{NOVA}?inc=aliases+url-rels&fmt=json", {"id": NOVA, "name": "Nova Quill"})
    server.add("/isrc/QZAB12400001?inc=artist-credits+releases&fmt=json",
               {"isrc": "QZAB12400001", "recordings": [recording]},
               {"isrc": "QZAB12400001", "recordings": [{**recording, "releases": []}]})  # fmt: skip
    client = musicbrainz()
    told = look(client, profile)
    assert (told.coverage.outcome, told.of(ProfileSeen)) == (Outcome.MALFORMED, [])
    assert "'relations' is missing" in told.coverage.stop_reason
    told = look(client, isrc)
    assert (told.coverage.outcome, told.of(TrackSeen)) == (Outcome.MALFORMED, [])
    assert "'releases' is missing" in told.coverage.stop_reason
    assert look(client, isrc).coverage.outcome is Outcome.COMPLETE


def test_an_isrc_brings_recordings_on_their_releases(server, musicbrainz):
    rows = [{"id": "re1", "title": "Record"}, {"id": "re2", "title": "Again"}]
    recording = {"id": "rec1", "title": "Take", "length": None, "releases": rows, "artist-credit": credit()}
    answer = {"isrc": "QZAB12400001", "recordings": [recording]}
    server.add("/isrc/QZAB12400001?inc=artist-credits+releases&fmt=json", answer)
    told = look(musicbrainz(), Target("musicbrainz", Ask.ISRC, "QZAB12400001"))
    assert [(seen.id, seen.release_id, seen.isrc, seen.duration_ms) for seen in told.of(TrackSeen)] == [
        ("rec1", "re1", "QZAB12400001", None), ("rec1", "re2", "QZAB12400001", None)]  # fmt: skip
    assert told.coverage.outcome is Outcome.COMPLETE
    recording["releases"] = [{"id": f"re{n}", "title": "Record"} for n in range(25)]
    with Replay() as other:
        other.answer_by(lambda asked: answer)
        coverage = look(musicbrainz(base_url=other.url), Target("musicbrainz", Ask.ISRC, "QZAB12400001")).coverage
    assert (coverage.outcome, coverage.stop_reason) == (Outcome.PARTIAL, "a recording's releases may be cut at 25")


@pytest.mark.parametrize(
    ("known", "offsets", "outcome"),
    [
        (range(250), ["220"], Outcome.PARTIAL),  # four new ones stand in the tail
        (range(120), ["0", "100", "200"], Outcome.COMPLETE),  # a short list is walked
        (range(1_000, 1_250), ["220", "0", "100", "200"], Outcome.COMPLETE),  # what is known is not there
        (range(140), ["110", "0", "100", "200"], Outcome.COMPLETE),  # more is new than a tail shows
        ({*range(250)} - {35}, ["219", "0", "100", "200"], Outcome.COMPLETE),  # one that is new has an old date
        ({*range(250), 900}, ["221", "0", "100", "200"], Outcome.COMPLETE),  # one that is known is gone
    ],
)
def test_between_two_whole_walks_only_the_tail_of_a_long_list_is_read(server, musicbrainz, known, offsets, outcome):
    Browse(server, 254)
    hints = {"whole": False, "known": frozenset(f"re{n}" for n in known)}
    told = look(musicbrainz(), releases(**hints))
    assert [one.query["offset"] for one in server.asked] == offsets
    assert told.coverage.outcome is outcome
    assert {f"re{n}" for n in range(250, 254)} <= {one.id for one in told.of(ReleaseSeen)}
