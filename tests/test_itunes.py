"""iTunes' quirks, in invented answers of its shapes."""

import json

import pytest

from spiders.base.errors import Misunderstood
from spiders.itunes import read_explicit
from tests.replay import Answer


def answer(*rows, count=None):
    body = json.dumps({"resultCount": len(rows) if count is None else count, "results": rows})
    return Answer(b"\n\n\n" + body.encode(), content_type="text/javascript; charset=utf-8")


def artist(number, name="Sora Lindqvist"):
    return {"wrapperType": "artist", "artistType": "Artist", "artistName": name, "artistId": number}


def collection(number, by, **more):
    return {
        "wrapperType": "collection",
        "collectionType": "Album",
        "artistId": by,
        "collectionId": number,
        "artistName": "Sora Lindqvist",
        "collectionName": f"Quiet Harbour {number} - Single",
        "collectionPrice": -1.0,
        "collectionExplicitness": "notExplicit",
        "trackCount": 1,
        "copyright": "℗ 2026 Harbour Tapes",
        "country": "USA",
        "releaseDate": "2031-05-01T07:00:00Z",
        "primaryGenreName": "Pop",
        **more,
    }


def song(number, on, **more):
    return {
        "wrapperType": "track",
        "kind": "song",
        "artistId": 7,
        "collectionId": on,
        "trackId": number,
        "artistName": "Sora Lindqvist",
        "trackName": f"Low Tide {number}",
        "trackExplicitness": "explicit",
        "discNumber": 1,
        "trackNumber": 1,
        "trackTimeMillis": 201_337,
        **more,
    }


def ask(crawling, server, kind, *subjects, market="GB"):
    return crawling.crawl("itunes", [(kind, subject, market) for subject in subjects], server.url)


def outcomes(crawled):
    return {name.split(":")[2]: look["outcome"] for name, look in crawled.looks.items()}


def ids(look):
    return [told["id"] for told in look["told"] if told["type"] == "ReleaseSeen"]


def test_fifteen_artists_are_one_call_and_each_gets_their_own_rows(crawling, server):
    rows = [row for number in range(1, 16) for row in (artist(number), collection(100 + number, number))]
    server.answer_by(lambda asked: answer(*rows))
    crawled = ask(crawling, server, "releases", *map(str, range(1, 16)))
    assert len(server.asked) == 1
    assert server.asked[0].query == {
        "id": ",".join(map(str, range(1, 16))),
        "entity": "album",
        "sort": "recent",
        "limit": "200",
        "country": "gb",
    }
    assert set(outcomes(crawled).values()) == {"complete"}
    assert ids(crawled.looks["itunes:releases:3:GB"]) == ["103"]
    assert sum(look["cost"] for look in crawled.looks.values()) == 1


def test_a_sixteenth_artist_is_a_second_call(crawling, server):
    server.answer_by(lambda asked: answer(*(artist(int(one)) for one in asked.query["id"].split(","))))
    crawled = ask(crawling, server, "releases", *map(str, range(1, 17)))
    assert (len(server.asked), len(crawled.looks)) == (2, 16)


def test_a_row_that_credits_another_artist_is_on_the_page_that_listed_it(crawling, server):
    rows = artist(1), collection(101, 1), collection(102, 4035426), collection(103, 2), artist(2), collection(104, 2)
    server.answer_by(lambda asked: answer(*rows))
    crawled = ask(crawling, server, "releases", "1", "2")
    assert ids(crawled.looks["itunes:releases:1:GB"]) == ["101", "102", "103"]
    assert ids(crawled.looks["itunes:releases:2:GB"]) == ["104"]
    assert crawled.looks["itunes:releases:1:GB"]["told"][2]["credits"][0]["profile_id"] == "4035426"
    assert set(outcomes(crawled).values()) == {"complete"}


def test_rows_of_artists_that_all_come_first_are_given_by_credit_and_doubted_where_that_fails(crawling, server):
    rows = artist(1), artist(2), collection(101, 1), collection(104, 2), collection(105, 9)
    server.answer_by(lambda asked: answer(*rows))
    crawled = ask(crawling, server, "releases", "1", "2")
    assert ids(crawled.looks["itunes:releases:1:GB"]) == ["101"]
    assert ids(crawled.looks["itunes:releases:2:GB"]) == ["104"]
    assert set(outcomes(crawled).values()) == {"partial"}


def test_an_artist_who_is_not_in_the_answer_is_absent(crawling, server):
    server.answer_by(lambda asked: answer(artist(1), collection(101, 1)))
    assert outcomes(ask(crawling, server, "releases", "1", "2")) == {"1": "complete", "2": "absent"}


def test_a_list_of_200_is_a_silent_cut_and_partial(crawling, server):
    rows = [artist(1), *(collection(1000 + number, 1) for number in range(200)), artist(2), collection(104, 2)]
    server.answer_by(lambda asked: answer(*rows))
    crawled = ask(crawling, server, "releases", "1", "2")
    assert outcomes(crawled) == {"1": "partial", "2": "complete"}
    assert crawled.looks["itunes:releases:1:GB"]["stop_reason"] == "cut at 200"


def test_were_the_whole_answer_cut_at_200_nobody_is_falsely_absent(crawling, server):
    rows = [
        artist(1),
        *(collection(1000 + n, 1) for n in range(120)),
        artist(2),
        *(collection(n, 2) for n in range(80)),
    ]
    server.answer_by(lambda asked: answer(*rows))
    assert outcomes(ask(crawling, server, "releases", "1", "2", "3")) == {
        "1": "complete",
        "2": "partial",
        "3": "partial",
    }


def test_an_answer_with_fewer_rows_than_it_says_makes_nothing_complete_or_absent(crawling, server):
    server.answer_by(lambda asked: answer(artist(1), collection(101, 1), count=5))
    assert outcomes(ask(crawling, server, "releases", "1", "2")) == {"1": "partial", "2": "partial"}


def test_a_row_that_is_not_understood_fails_its_own_target_only(crawling, server):
    broken = {key: value for key, value in collection(102, 2).items() if key != "collectionName"}
    server.answer_by(lambda asked: answer(artist(1), collection(101, 1), artist(2), broken))
    assert outcomes(ask(crawling, server, "releases", "1", "2")) == {"1": "complete", "2": "malformed"}


def test_a_fault_of_ours_about_one_artist_fails_that_target_only(crawling, server):
    server.answer_by(lambda asked: answer(*(row for n in (1, 2, 3) for row in (artist(n), collection(100 + n, n)))))
    targets = [("releases", str(n), "GB") for n in (1, 2, 3)]
    crawled = crawling.crawl("itunes", targets, server.url, spider="tests.faulty:FaultyBatch")
    assert outcomes(crawled) == {"1": "complete", "2": "malformed", "3": "complete"}


def test_an_artist_that_was_merged_is_a_redirect_and_harms_nobody_else(crawling, server):
    server.answer_by(lambda asked: answer(artist(1), collection(101, 1), artist(55), collection(105, 55)))
    crawled = ask(crawling, server, "releases", "1", "2")
    assert outcomes(crawled) == {"1": "complete", "2": "blind"}
    assert crawled.looks["itunes:releases:2:GB"]["told"] == [{"type": "Redirected", "asked": "2", "got": "55"}]
    assert outcomes(ask(crawling, server, "releases", "1", "2", "3")) == {
        "1": "complete",
        "2": "partial",
        "3": "partial",
    }


def test_a_profile_comes_with_its_releases(crawling, server):
    server.answer_by(lambda asked: answer(artist(1), collection(101, 1)))
    look = ask(crawling, server, "releases", "1").only()
    assert [told["type"] for told in look["told"]] == ["ProfileSeen", "ReleaseSeen"]
    release = look["told"][1]
    assert (release["date"], release["listed_on"], release["explicit"]) == ("2031-05-01T07:00:00Z", "1", False)
    assert release["lines"] == [{"kind": "p", "text": "℗ 2026 Harbour Tapes"}]


def test_profiles_are_asked_together(crawling, server):
    server.answer_by(lambda asked: answer(artist(1), artist(2, "Ines Okoro")))
    crawled = ask(crawling, server, "profile", "1", "2", "3")
    assert outcomes(crawled) == {"1": "complete", "2": "complete", "3": "absent"}
    assert crawled.looks["itunes:profile:2:GB"]["told"][0]["name"] == "Ines Okoro"
    assert len(server.asked) == 1


def test_releases_are_asked_together_and_a_part_of_the_tracks_is_partial(crawling, server):
    rows = collection(101, 7), song(1, 101), collection(102, 4035426, trackCount=3), song(2, 102), song(3, 102)
    server.answer_by(lambda asked: answer(*rows))
    crawled = ask(crawling, server, "release", "101", "102", "103")
    assert outcomes(crawled) == {"101": "complete", "102": "partial", "103": "absent"}
    assert crawled.looks["itunes:release:102:GB"]["stop_reason"] == "2 of 3 came"
    track = crawled.looks["itunes:release:101:GB"]["told"][1]
    assert (track["duration_ms"], track["explicit"], track["release_id"]) == (201_337, True, "101")


def test_a_streaming_only_release_without_tracks_is_partial(crawling, server):
    server.answer_by(lambda asked: answer(collection(101, 7)))
    assert outcomes(ask(crawling, server, "release", "101")) == {"101": "partial"}


def test_a_barcode_may_find_several_variants(crawling, server):
    server.answer_by(lambda asked: answer(collection(101, 7), collection(102, 7, collectionExplicitness="cleaned")))
    look = ask(crawling, server, "upc", "602475158875").only()
    assert (look["outcome"], [told["upc"] for told in look["told"]]) == ("complete", ["602475158875"] * 2)


def test_a_barcode_that_no_form_finds_is_absent(crawling, server):
    server.answer_by(lambda asked: answer())
    look = ask(crawling, server, "upc", "602475158875").only()
    assert (look["outcome"], len(server.asked)) == ("absent", 3)


NAMELESS = {key: value for key, value in collection(101, 7).items() if key != "wrapperType"}


@pytest.mark.parametrize(
    ("first", "outcome", "reason"),
    [
        (answer(count=5), "partial", "0 rows came, resultCount says 5"),
        (answer(song(1, 101)), "partial", "rows came, no release among them"),
        (answer(artist(7)), "partial", "rows came, no release among them"),
        (answer(NAMELESS), "malformed", "mandatory key 'wrapperType' is missing"),
        (answer({**NAMELESS, "wrapperKind": "collection"}), "malformed", "mandatory key 'wrapperType' is missing"),
        (answer({**NAMELESS, "wrapperType": "album"}), "malformed", "a release was expected, got 'album'"),
        (answer(None), "partial", "an object was expected"),
    ],
)  # fmt: skip
def test_an_answer_in_doubt_makes_no_barcode_absent(crawling, server, first, outcome, reason):
    """Whatever the other forms of the barcode say: they are empty."""
    server.answer_by(lambda asked: first if len(server.asked) == 1 else answer())
    look = ask(crawling, server, "upc", "602475158875").only()
    assert look["outcome"] == outcome
    assert reason in look["stop_reason"]
    assert not [told for told in look["told"] if told["type"] != "OddRow"]


def test_a_barcode_found_in_another_form_after_an_answer_in_doubt_is_told_in_doubt(crawling, server):
    server.answer_by(lambda asked: answer(song(1, 101)) if len(server.asked) == 1 else answer(collection(101, 7)))
    look = ask(crawling, server, "upc", "602475158875").only()
    assert (look["outcome"], ids(look)) == ("partial", ["101"])


@pytest.mark.parametrize("counts_heads", [True, False])
def test_were_an_answer_about_several_releases_cut_at_200_no_later_one_is_absent(crawling, server, counts_heads):
    came = 198 if counts_heads else 200
    rows = [
        collection(101, 7, trackCount=100),
        *(song(n, 101, trackNumber=n) for n in range(1, 101)),
        collection(102, 7, trackCount=150),
        *(song(1000 + n, 102, trackNumber=n) for n in range(1, came - 99)),
    ]
    server.answer_by(lambda asked: answer(*rows))
    crawled = ask(crawling, server, "release", "101", "102", "103")
    assert outcomes(crawled) == {"101": "complete", "102": "partial", "103": "partial"}
    assert crawled.looks["itunes:release:103:GB"]["stop_reason"] == "cut at 200"
    assert crawled.looks["itunes:release:103:GB"]["told"] == []
    assert crawled.looks["itunes:release:102:GB"]["stop_reason"] == f"{came - 100} of 150 came"
    del rows[101]["trackCount"]
    crawled = ask(crawling, server, "release", "101", "102")
    assert crawled.looks["itunes:release:102:GB"]["stop_reason"] == "cut at 200"


def test_a_search_that_finds_nothing_is_empty_and_not_absent(crawling, server):
    server.answer_by(lambda asked: answer())
    look = ask(crawling, server, "search", "nobody of this name").only()
    assert (look["outcome"], look["told"]) == ("complete", [])
    assert server.asked[0].query["entity"] == "musicArtist"


def test_a_full_search_is_partial_and_keeps_the_rank(crawling, server):
    server.answer_by(lambda asked: answer(*(artist(number, "Nirvana") for number in range(1, 201))))
    look = ask(crawling, server, "search", "nirvana").only()
    assert (look["outcome"], look["told"][199]["position"]) == ("partial", 200)


def test_an_empty_403_locks_the_bucket_and_is_never_an_answer(crawling, server):
    server.answer_by(lambda asked: Answer(b"", 403))
    crawled = ask(crawling, server, "profile", *map(str, range(60)))
    assert set(outcomes(crawled).values()) == {"throttled"}
    assert len(crawled.looks) == 60
    assert crawled.parks[0] == ["", 600.0, "locked out (empty 403)"]
    assert len(server.asked) <= 2  # what was under way already; nobody asks on while it lasts


def test_a_lock_out_that_comes_again_doubles_up_to_half_an_hour(crawling, server):
    # As if each lock-out had been waited for: this gate grants the next try at once.
    server.answer_by(lambda asked: Answer(b"", 403))
    crawled = crawling.crawl("itunes", [("search", "x", "US")], server.url, forgets_parks=True)
    assert [seconds for _, seconds, _ in crawled.parks] == [600.0, 1200.0, 1800.0]
    assert crawled.only()["outcome"] == "throttled"


def test_a_403_with_words_is_a_refusal(crawling, server):
    server.answer_by(lambda asked: Answer(b"<html>no</html>", 403, "text/html"))
    assert ask(crawling, server, "profile", "1").only()["outcome"] == "refused"


def test_an_explicitness_nobody_knows_is_loud():
    with pytest.raises(Misunderstood, match="perhaps"):
        read_explicit({"trackExplicitness": "perhaps"}, "trackExplicitness")
