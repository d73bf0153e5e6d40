"""MusicBrainz over real HTTP against a small stand-in with its quirks; artists and ids are invented."""

import logging
import time
from urllib.parse import parse_qsl, urlsplit

import pytest

from spiders.base.gate import LocalGate
from spiders.base.platform import Access
from spiders.musicbrainz import Musicbrainz
from spiders.musicbrainz.platform import escaped
from storage.observations import (
    Absent,
    CreditSeen,
    IdentitySeen,
    LineSeen,
    LinkSeen,
    Outcome,
    ProfileSeen,
    Redirected,
    ReleaseSeen,
    TrackSeen,
)
from storage.targets import Ask, Target
from tests.clients import LAPSE, QuickGate, look, looks
from tests.replay import Answer, Replay

NOVA = "11111111-1111-4111-8111-111111111111"
TWIN = "22222222-2222-4222-8222-222222222222"
OVER = b'{"error":"Your requests are exceeding the allowable rate limit."}'
NOT_FOUND = Answer(b'{"error":"Not Found","help":"For usage, please see: https://musicbrainz.org/"}', 404)
FREE, PAID = "769085a1-c2f7-4c24-a532-2375a77693bd", "63cc5d1f-f096-4c94-a43f-ecb32ea94161"


def spotify(n):
    return f"https://open.spotify.com/artist/{n:022d}"


def credit(name="Nova Quill", artist=NOVA):
    return [{"name": name, "joinphrase": "", "artist": {"id": artist, "name": "Nova Quill", "sort-name": "Quill"}}]


def release(n, **more):
    return {
        "id": f"re{n}",
        "title": f"Record {n}",
        "status": "Official",
        "date": "2009-05",
        "barcode": None,
        "label-info": [{"catalog-number": "Q1", "label": {"id": "la1", "name": "Quill Records"}}],
        "artist-credit": credit(),
        "release-group": {"id": "rg1", "primary-type": "EP"},
        "media": [{"track-count": 3}, {"track-count": 2}],
        **more,
    }


def whose(url, *artists, ended=False):
    relations = [
        {"target-type": "artist", "type-id": FREE, "ended": ended, "artist": {"id": artist, "name": "Nova Quill"}}
        for artist in artists
    ]
    return {"id": "u", "resource": url, "relations": relations}


@pytest.fixture
def server():
    with Replay() as server:
        yield server


@pytest.fixture
def make(server):
    opened = []

    def make(gate=None, **access):
        access = {"base_url": server.url, "contact": "ops@label.example", "lapse": LAPSE, "timeout_s": 5.0, **access}
        client = Musicbrainz(Access(**access), gate or QuickGate())
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.close()


def releases(**hints):
    return Target("musicbrainz", Ask.RELEASES, NOVA, **hints)


class Browse:
    """Pages a list of releases as the web service does; a page may be cut short by `at_most`."""

    def __init__(self, server, count, at_most=100):
        self.rows, self.at_most, self.faults = [release(n) for n in range(count)], at_most, []
        self.twist = lambda page: page
        server.answer_by(self.answer)

    def answer(self, asked):
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            return fault
        offset, size = int(asked.query["offset"]), min(int(asked.query["limit"]), self.at_most)
        page = {"release-count": len(self.rows), "release-offset": offset, "releases": self.rows[offset:][:size]}
        return self.twist(page)


# --- what is asked and read -----------------------------------------------------------------------------------------


def test_an_artist_is_read_with_aliases_life_and_links(server, make):
    relation = {"target-type": "url", "type-id": FREE, "ended": False, "url": {"id": "u", "resource": spotify(1)}}
    old = {**relation, "type-id": PAID, "ended": True, "url": {"id": "v", "resource": "https://tidal.com/artist/5"}}
    label = {"target-type": "label", "type-id": "x", "ended": False, "label": {"id": "la1"}}
    server.add(f"/artist/{NOVA}?inc=aliases+url-rels&fmt=json", {
        "id": NOVA, "name": "Nova Quill", "country": None, "disambiguation": "", "aliases": [{"name": "N.Q."}],
        "life-span": {"begin": "1990-02", "end": None, "ended": False},
        "relations": [relation, old, label]})  # fmt: skip
    told = look(make(), Target("musicbrainz", Ask.PROFILE, NOVA))
    assert told.observations == [
        ProfileSeen(
            id=NOVA,
            name="Nova Quill",
            url=f"https://musicbrainz.org/artist/{NOVA}",
            aliases=("N.Q.",),
            began="1990-02",
            links=(LinkSeen(spotify(1), FREE), LinkSeen("https://tidal.com/artist/5", PAID, ended=True)),
        )
    ]
    assert told.coverage.outcome is Outcome.COMPLETE
    assert "followers" in told.coverage.blind
    assert server.asked[0].headers["user-agent"] == "Falsetto/0.1 ( ops@label.example )"


def test_a_merged_artist_is_told_as_redirected(server, make):
    server.add(f"/artist/{NOVA}?inc=aliases+url-rels&fmt=json", {"id": TWIN, "name": "Nova Quill", "relations": []})
    told = look(make(), Target("musicbrainz", Ask.PROFILE, NOVA))
    assert told.observations[0] == Redirected(NOVA, TWIN)
    assert told.of(ProfileSeen)[0].links == ()


def test_a_search_survives_absent_keys_and_nulls_and_ranks_its_hits(server, make):
    server.answer_by(lambda asked: {"created": "x", "count": 2, "offset": 0, "artists": [
        {"id": NOVA, "score": 100, "name": "Nova Quill", "life-span": {"ended": None}},
        {"id": TWIN, "score": 60, "name": "Nova Qvill", "disambiguation": "tribute", "country": "SE",
         "life-span": {"begin": "2001", "ended": None}, "aliases": [{"name": "NQ", "locale": None}]}]})  # fmt: skip
    told = look(make(), Target("musicbrainz", Ask.SEARCH, 'No"va \\Quill'))
    first, second = told.of(ProfileSeen)
    assert (first.id, first.position, first.aliases, first.links, first.began) == (NOVA, 1, None, None, None)
    assert (second.position, second.aliases, second.began, second.country) == (2, ("NQ",), "2001", "SE")
    name = 'No\\"va \\\\Quill'
    assert server.asked[0].query["query"] == f'artist:"{name}" OR alias:"{name}"'
    assert told.coverage.outcome is Outcome.COMPLETE


def test_a_search_of_many_hits_is_cut_and_says_so(server, make):
    hits = [{"id": f"a{n}", "name": "Nova"} for n in range(100)]
    server.answer_by(lambda asked: {"count": 4856, "artists": hits})
    coverage = look(make(), Target("musicbrainz", Ask.SEARCH, "Nova")).coverage
    assert (coverage.outcome, coverage.stop_reason) == (Outcome.PARTIAL, "the first 100 of 4856")


@pytest.mark.parametrize(("text", "term"), [('a"b', 'a\\"b'), ("a\\", "a\\\\"), ("AC/DC (live)!", "AC/DC (live)!")])
def test_a_name_is_escaped_for_a_quoted_term(text, term):
    assert escaped(text) == term


@pytest.mark.parametrize("at_most", [100, 37])
def test_releases_are_browsed_by_what_came_not_by_what_was_asked(server, make, at_most):
    Browse(server, 240, at_most)
    told = look(make(), releases())
    assert [seen.id for seen in told.of(ReleaseSeen)] == [f"re{n}" for n in range(240)]
    assert [int(asked.query["offset"]) for asked in server.asked] == list(range(0, 240, at_most))
    assert server.asked[0].query["artist"] == NOVA
    assert (told.coverage.outcome, told.coverage.expected, told.coverage.received) == (Outcome.COMPLETE, 240, 240)
    assert told.coverage.cost == told.coverage.pages == len(server.asked)


def test_a_release_row_is_said_as_printed(server, make):
    browse = Browse(server, 0)
    browse.rows = [
        release(1, barcode="5021603064126"),
        release(2, barcode="", date="", status=None, media=[], **{"label-info": [{"label": None}], "track-count": 9}),
        {"id": "re3", "title": "a\x00b\ud800c"},
    ]
    one, two, three = look(make(), releases()).of(ReleaseSeen)
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


def test_a_release_is_read_with_its_tracks(server, make):
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
    told = look(make(), Target("musicbrainz", Ask.RELEASE, "re1"))
    tracks = told.of(TrackSeen)
    assert [(seen.id, seen.disc, seen.position, seen.duration_ms) for seen in tracks] == [
        ("rec1", 1, 1, 2000), ("rec2", 1, 2, 1000), ("rec3", 2, 3, 1000)]  # fmt: skip
    assert (tracks[0].title, tracks[0].isrc, tracks[0].release_id) == ("Take 1 (live)", "QZAB12400001", "re1")
    assert tracks[0].credits == (CreditSeen("N. Quill", NOVA),)
    assert (told.coverage.outcome, told.coverage.expected) == (Outcome.COMPLETE, 3)


def test_a_release_whose_tracks_did_not_all_come_is_partial(server, make):
    server.answer_by(lambda asked: release(1, media=[{"position": 1, "track-count": 2, "tracks": []}]))
    assert look(make(), Target("musicbrainz", Ask.RELEASE, "re1")).coverage.outcome is Outcome.PARTIAL


@pytest.mark.parametrize("printed", ["602475093060", "0602475093060", "00602475093060"])
def test_a_barcode_is_searched_with_and_without_leading_zeros(server, make, printed):
    rows = [release(1, barcode="0602475093060"), release(2, barcode="602475093061"), release(3)]
    server.answer_by(lambda asked: {"count": 3, "releases": rows})
    told = look(make(), Target("musicbrainz", Ask.UPC, printed))
    terms = server.asked[0].query["query"].split(" OR ")
    assert terms[0] == f'barcode:"{printed}"'
    assert set(terms) == {f'barcode:"{zeros}602475093060"' for zeros in ("", "0", "00")}
    assert [seen.id for seen in told.of(ReleaseSeen)] == ["re1"]
    server.answer_by(lambda asked: {"count": 0, "releases": []})
    told = look(make(), Target("musicbrainz", Ask.UPC, printed))
    assert (told.coverage.outcome, told.observations) == (
        Outcome.ABSENT,
        [Absent(printed, "no release bears this barcode")],
    )


def test_a_barcode_of_zeros_finds_no_release_without_one(server, make):
    server.answer_by(lambda asked: {"count": 2, "releases": [release(1), release(2, barcode="")]})
    told = look(make(), Target("musicbrainz", Ask.UPC, "0000000000000"))
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
    server, make, rows, count, outcome, reason
):
    server.answer_by(lambda asked: {"count": count, "releases": rows})
    told = look(make(), Target("musicbrainz", Ask.UPC, "602475093060"))
    assert (told.coverage.outcome, told.coverage.stop_reason, told.of(Absent)) == (outcome, reason, [])


def test_more_releases_than_the_list_says_are_partial(server, make):
    Browse(server, 5).twist = lambda page: {**page, "release-count": 4}
    coverage = look(make(), releases()).coverage
    assert (coverage.outcome, coverage.stop_reason) == (Outcome.PARTIAL, "5 came of 4")


def test_what_was_asked_for_and_did_not_come_is_malformed_and_an_empty_list_is_none(server, make):
    """The web service writes every list that it is asked for, and be it empty."""
    recording = {"id": "rec1", "title": "Take", "length": None, "artist-credit": credit()}
    profile, isrc = Target("musicbrainz", Ask.PROFILE, NOVA), Target("musicbrainz", Ask.ISRC, "QZAB12400001")
    server.add(f"/artist/{NOVA}?inc=aliases+url-rels&fmt=json", {"id": NOVA, "name": "Nova Quill"})
    server.add("/isrc/QZAB12400001?inc=artist-credits+releases&fmt=json",
               {"isrc": "QZAB12400001", "recordings": [recording]},
               {"isrc": "QZAB12400001", "recordings": [{**recording, "releases": []}]})  # fmt: skip
    client = make()
    told = look(client, profile)
    assert (told.coverage.outcome, told.of(ProfileSeen)) == (Outcome.MALFORMED, [])
    assert "'relations' is missing" in told.coverage.stop_reason
    told = look(client, isrc)
    assert (told.coverage.outcome, told.of(TrackSeen)) == (Outcome.MALFORMED, [])
    assert "'releases' is missing" in told.coverage.stop_reason
    assert look(client, isrc).coverage.outcome is Outcome.COMPLETE


def test_an_isrc_brings_recordings_on_their_releases(server, make):
    rows = [{"id": "re1", "title": "Record"}, {"id": "re2", "title": "Again"}]
    recording = {"id": "rec1", "title": "Take", "length": None, "releases": rows, "artist-credit": credit()}
    answer = {"isrc": "QZAB12400001", "recordings": [recording]}
    server.add("/isrc/QZAB12400001?inc=artist-credits+releases&fmt=json", answer)
    told = look(make(), Target("musicbrainz", Ask.ISRC, "QZAB12400001"))
    assert [(seen.id, seen.release_id, seen.isrc, seen.duration_ms) for seen in told.of(TrackSeen)] == [
        ("rec1", "re1", "QZAB12400001", None), ("rec1", "re2", "QZAB12400001", None)]  # fmt: skip
    assert told.coverage.outcome is Outcome.COMPLETE
    recording["releases"] = [{"id": f"re{n}", "title": "Record"} for n in range(25)]
    with Replay() as other:
        other.answer_by(lambda asked: answer)
        coverage = look(make(base_url=other.url), Target("musicbrainz", Ask.ISRC, "QZAB12400001")).coverage
    assert (coverage.outcome, coverage.stop_reason) == (Outcome.PARTIAL, "a recording's releases may be cut at 25")


# --- identity -------------------------------------------------------------------------------------------------------


def identity(url):
    return Target("musicbrainz", Ask.IDENTITY, url)


class Urls:
    """Answers /url as the web service does."""

    def __init__(self, server, known):
        self.known, self.asked = known, []
        server.answer_by(self.answer)

    def answer(self, asked):
        urls = [value for name, value in parse_qsl(urlsplit(asked.target).query) if name == "resource"]
        self.asked.append(urls)
        rows = [self.known[url] for url in urls[:100] if url in self.known]
        if len(urls) > 1:
            return {"url-count": len(rows), "url-offset": 0, "urls": rows}
        return rows[0] if rows else NOT_FOUND


def test_a_hundred_profiles_are_asked_by_one_call_and_each_gets_its_own_answer(server, make):
    ended = whose(spotify(2), TWIN, ended=True)
    urls = Urls(server, {spotify(1): whose(spotify(1), NOVA), spotify(2): ended, spotify(3): whose(spotify(3))})
    targets = [identity(spotify(n)) for n in range(95)]
    told = looks(make(), *targets)
    assert [len(asked) for asked in urls.asked] == [95]
    assert max(len(asked.target) for asked in server.asked) < 8000
    assert told[targets[1]].observations == [IdentitySeen(spotify(1), NOVA, "Nova Quill", FREE)]
    assert told[targets[2]].observations == [IdentitySeen(spotify(2), TWIN, "Nova Quill", FREE, ended=True)]
    outcomes = {n: told[target].coverage.outcome for n, target in enumerate(targets)}
    assert [n for n, outcome in outcomes.items() if outcome is Outcome.COMPLETE] == [1, 2]
    assert {outcome for n, outcome in outcomes.items() if n not in (1, 2)} == {Outcome.ABSENT}
    assert told[targets[3]].observations == [Absent(spotify(3))]  # the URL is known, but of no artist
    assert sum(one.coverage.cost for one in told.values()) == 1


def test_more_than_fit_are_split_and_none_is_dropped(server, make):
    urls = Urls(server, {spotify(n): whose(spotify(n), NOVA) for n in range(250)})
    targets = [identity(spotify(n)) for n in range(250)]
    told = looks(make(), *targets)
    assert {one.coverage.outcome for one in told.values()} == {Outcome.COMPLETE}
    assert all(len(asked) <= 100 for asked in urls.asked)
    assert sum(len(asked) for asked in urls.asked) == 250


@pytest.mark.parametrize("known", [True, False])
def test_one_url_alone_is_a_single_object_or_a_404(server, make, known):
    Urls(server, {spotify(1): whose(spotify(1), NOVA, TWIN)} if known else {})
    told = look(make(), identity(spotify(1) + "?si=shared"))
    assert told.coverage.outcome is (Outcome.COMPLETE if known else Outcome.ABSENT)
    assert [seen.artist_id for seen in told.of(IdentitySeen)] == ([NOVA, TWIN] if known else [])


def test_apples_other_storefronts_are_asked_too(server, make):
    there = "https://music.apple.com/us/artist/7"
    urls = Urls(server, {there: whose(there, NOVA)})
    told = look(make(), identity("https://music.apple.com/de/artist/nova-quill/7"))
    assert len(urls.asked[0]) == 4
    assert [seen.artist_id for seen in told.of(IdentitySeen)] == [NOVA]


def test_other_questions_in_the_same_batch_are_answered_too(server, make):
    server.add(f"/artist/{NOVA}?inc=aliases+url-rels&fmt=json", {"id": NOVA, "name": "Nova Quill", "relations": []})
    Urls(server, {})
    profile, url = Target("musicbrainz", Ask.PROFILE, NOVA), identity(spotify(1))
    told = looks(make(), url, profile)
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
def test_a_failed_batch_makes_nobody_absent(server, make, fault, outcome):
    server.answer_by(lambda asked: fault)
    told = looks(make(), *[identity(spotify(n)) for n in range(5)])
    assert {one.coverage.outcome for one in told.values()} == {outcome}
    assert [one.observations for one in told.values()] == [[]] * 5


# --- refusals and faults --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("contact", ["", "  "])
def test_without_a_contact_nothing_is_asked(server, make, contact):
    told = look(make(contact=contact), Target("musicbrainz", Ask.PROFILE, NOVA))
    assert told.coverage.outcome is Outcome.REFUSED
    assert told.coverage.stop_reason == "MusicBrainz wants a contact in the User-Agent: set FALSETTO_CONTACT"
    assert look(make(contact=contact), identity(spotify(1))).coverage.outcome is Outcome.REFUSED
    assert server.asked == []


def test_one_503_pauses_everything_and_nothing_is_hammered(server, make):
    server.answer_by(lambda asked: Answer(OVER, 503))
    gate = QuickGate()
    client = make(gate)
    targets = [Target("musicbrainz", Ask.PROFILE, f"{n:08d}{NOVA[8:]}") for n in range(20)]
    told = looks(client, *targets)
    assert {one.coverage.outcome for one in told.values()} == {Outcome.THROTTLED}
    assert (len(server.asked), gate.parked) == (1, {"": 5.0})


def test_the_pause_doubles_while_it_is_503(server, make):
    server.answer_by(lambda asked: Answer(b"<html>", 503, "text/html"))
    gate, pauses = QuickGate(), []
    client = make(gate)
    for _ in range(4):
        look(client, Target("musicbrainz", Ask.PROFILE, NOVA))
        pauses.append(gate.parked.pop(""))
    assert pauses == [5.0, 10.0, 20.0, 40.0]


@pytest.mark.parametrize(
    "fault",
    [NOT_FOUND, Answer(b'{"error":"Invalid mbid.","help":"x"}', 400), Answer(b'{"error":"Invalid isrc."}', 400)],
)
@pytest.mark.parametrize("ask", [Ask.PROFILE, Ask.RELEASES, Ask.RELEASE, Ask.ISRC])
def test_what_is_not_there_is_absent(server, make, ask, fault):
    server.answer_by(lambda asked: fault)
    told = look(make(), Target("musicbrainz", ask, "../me"))
    assert told.coverage.outcome is Outcome.ABSENT
    assert [seen.id for seen in told.of(Absent)] == ["../me"]
    assert len(told.payloads) == 1


def test_what_the_server_says_is_shown_only_as_far_as_it_is_legible(server, make):
    server.answer_by(lambda asked: Answer(b'{"error":"Not\\u0000 Found\\ud800"}', 404))
    told = look(make(), Target("musicbrainz", Ask.PROFILE, NOVA))
    assert told.observations == [Absent(NOVA, "Not Found")]


@pytest.mark.parametrize("ask", [Ask.PROFILE, Ask.RELEASES, Ask.RELEASE, Ask.ISRC, Ask.IDENTITY])
@pytest.mark.parametrize(
    "fault",
    [
        Answer(b"<html>nginx</html>", 404, "text/html"),
        Answer(b"{}", 404),
        Answer(b'{"error":null}', 404),
        Answer(b'{"error":{"message":"Not Found"}}', 404),
        Answer(b'{"message":"no Route matched"}', 404),
    ],
    ids=lambda fault: fault.body.decode(),
)
def test_another_servers_404_makes_nothing_absent(server, make, ask, fault):
    server.answer_by(lambda asked: fault)
    told = look(make(), Target("musicbrainz", ask, spotify(1) if ask is Ask.IDENTITY else NOVA))
    assert (told.coverage.outcome, told.observations) == (Outcome.MALFORMED, [])


def test_a_question_that_was_wrong_is_not_an_absence(server, make):
    said = b'{"error":"coffee is not a valid inc parameter for the artist resource."}'
    server.answer_by(lambda asked: Answer(said, 400))
    told = look(make(), Target("musicbrainz", Ask.PROFILE, NOVA))
    assert told.coverage.outcome is Outcome.MALFORMED
    assert "coffee" in told.coverage.stop_reason


@pytest.mark.parametrize(
    ("faults", "outcome", "received"),
    [
        ([None, Answer(OVER, 503)], Outcome.THROTTLED, 100),
        ([None] + [Answer(reset=True)] * 3, Outcome.FAILED, 100),
        ([None, Answer(b"{}", 502), None], Outcome.COMPLETE, 240),
        ([None] + [Answer(b'{"releases":[', 200)] * 3, Outcome.FAILED, 100),
        ([None, Answer(b'{"releases":[', 200)], Outcome.COMPLETE, 240),
        ([None, Answer(b"{}", 404)], Outcome.MALFORMED, 100),
        ([None, NOT_FOUND], Outcome.PARTIAL, 100),
        ([None, Answer(b'{"release-count":240,"release-offset":100,"releases":[]}')], Outcome.PARTIAL, 100),
        ([None, Answer(b'{"release-count":"240","release-offset":100,"releases":[]}')], Outcome.MALFORMED, 100),
        ([Answer(b'{"releases":' + b"[" * 100_000 + b"}")], Outcome.MALFORMED, 0),
        ([Answer(b'{"a":"' + b"x" * 10_000_000 + b'"}')], Outcome.MALFORMED, 0),
        ([Answer(b"{}", status=301, headers={"Location": "https://evil.example/"})], Outcome.REFUSED, 0),
    ],
)
def test_a_fault_in_a_walk_is_told_and_what_came_before_stays(server, make, faults, outcome, received):
    Browse(server, 240).faults = faults
    told = look(make(), releases())
    assert (told.coverage.outcome, told.coverage.received) == (outcome, received)
    assert len(told.of(ReleaseSeen)) == received
    assert told.coverage.resume is None  # ten calls at most: the next look starts anew


def test_an_ignored_offset_ends_the_walk(server, make):
    browse, first = Browse(server, 240), {}
    browse.twist = lambda page: first.setdefault("page", page)
    told = look(make(), releases())
    assert (told.coverage.outcome, told.coverage.received, len(server.asked)) == (Outcome.PARTIAL, 100, 2)
    assert "another offset" in told.coverage.stop_reason


def test_a_jittering_total_is_partial_when_it_once_promised_more(server, make):
    browse, totals = Browse(server, 150), iter((160, 150))
    browse.twist = lambda page: {**page, "release-count": next(totals)}
    coverage = look(make(), releases()).coverage
    assert (coverage.outcome, coverage.expected, coverage.received) == (Outcome.PARTIAL, 160, 150)


def test_bodies_that_crawl_fail_in_time(server, make):
    server.answer_by(lambda asked: Answer(b'{"a":"0123456789"}', drip_s=0.2))
    before = time.monotonic()
    assert look(make(timeout_s=0.3), releases()).coverage.outcome is Outcome.FAILED
    assert time.monotonic() - before < 4


def test_the_limit_is_kept_by_a_real_gate(server, make):
    Browse(server, 600)
    lapse = 20.0
    told = look(make(LocalGate(Musicbrainz.limits, lapse), lapse=lapse), releases())
    assert told.coverage.outcome is Outcome.COMPLETE
    times = [asked.at * lapse for asked in server.asked]
    assert len(times) == 6
    assert all(later - earlier > 3.5 for earlier, later in zip(times, times[5:], strict=False))


def test_the_contact_is_all_that_is_said_of_us_and_nothing_is_logged_above_debug(server, make, caplog):
    caplog.set_level(logging.INFO)
    Browse(server, 3)
    look(make(credentials={"unused": "s3cr3t"}), releases())
    assert caplog.text == ""
    assert "s3cr3t" not in repr(server.asked)
