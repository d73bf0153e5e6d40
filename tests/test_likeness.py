"""Which monitored names an answer's texts meet, and for what: a page, or a release that names somebody."""

from crawler.suspicion.meeting import likenesses, names_of
from storage.observations import CreditSeen, ProfileSeen, ReleaseSeen, TrackSeen

NAMES = names_of(((1, "Ada Quillfeather", ("Quillfeather",), 1.0), (2, "Ōmura Den", (), 1.0)))


PADDING = [(100 + n, f"Pad Kilnworth {n} Ostrava", (), 1.0) for n in range(60)]


def release(title, *credits):
    return ReleaseSeen("r1", title, credits=credits)


def test_a_profile_is_met_by_its_own_name_disguised_or_not():
    same, disguised, other = (
        ProfileSeen("1", "ADA QUILLFEATHER"),
        ProfileSeen("2", "Adа Quillfeather"),
        ProfileSeen("3", "Bo Harrow"),
    )
    met = likenesses(NAMES, [same, disguised, other])
    assert set(met.profiles) == {"1", "2"}
    assert met.profiles["1"][0].same
    assert not met.profiles["2"][0].same
    assert "U+0430" in met.profiles["2"][0].evidence


def test_a_joint_credit_is_no_name_of_the_page_but_names_the_other_on_the_release():
    met = likenesses(NAMES, [release("Paper", CreditSeen("Bo Harrow & Ada Quillfeather", "9"))])
    assert met.profiles == {}
    ((text, found),) = met.releases["r1"]
    assert (text, found.artist_id, found.whole) == ("Bo Harrow & Ada Quillfeather", 1, False)


def test_a_credit_that_is_the_name_meets_the_credited_page():
    met = likenesses(NAMES, [release("Paper", CreditSeen("Ada Quillfeather", "9"))])
    assert [found.artist_id for found in met.profiles["9"]] == [1]
    assert met.releases == {}


def test_titles_of_releases_and_tracks_are_met_for_their_release():
    track = TrackSeen("t1", "Glass (Ada Quillfeather AI Cover)", "r1")
    met = likenesses(NAMES, [release("Ōmura Den type beat"), track])
    assert {found.artist_id for _, found in met.releases["r1"]} == {1, 2}


def test_official_pages_are_not_met():
    assert likenesses(NAMES, [ProfileSeen("1", "Ada Quillfeather")], owned={"1"}).profiles == {}


def test_what_was_met_is_kept_when_the_roster_changes_and_only_the_changed_names_are_read_anew():
    texts = ["Ada Quillfeather", "Tin Lanthorn", "Ōmura Den", "Nobody Else"]
    names = names_of([(1, "Ada Quillfeather", (), 1.0), (2, "Ōmura Den", (), 1.0), *PADDING])
    assert set(names.met_in(texts, "name")) == {"Ada Quillfeather", "Ōmura Den"}
    rows = [(1, "Ada Quillfeather", (), 1.0), (3, "Tin Lanthorn", (), 1.0), *PADDING]
    later = names.now(rows)
    assert later.index.spellings.alias is not names.index.spellings.alias
    assert later.remembered == len(texts)
    assert {text: [m.artist_id for m in found] for text, found in later.met_in(texts, "name").items()} == {
        "Ada Quillfeather": [1],
        "Tin Lanthorn": [3],
    }
    again = later.now([(1, "Somebody Other", ("Ada Quillfeather",), 1.0), *rows[1:]])
    assert again.met_in(texts, "name")["Ada Quillfeather"][0].met == "Ada Quillfeather"
    assert again.names[1] == "Somebody Other"
    assert again.now(again.rows.values()) is again


def test_a_changed_roster_says_what_one_read_at_once_says():
    texts = ["Ada Quillfeathr", "Tin Lanthorn feat. Ōmura Den", "Omura Den", "Pad 17", "Quill Feather"]
    names = names_of([(1, "Ada Quillfeather", (), 1.0), *PADDING])
    for rows in (
        [(1, "Ada Quillfeather", (), 1.0), (2, "Ōmura Den", (), 1.0), *PADDING],
        [(2, "Ōmura Den", ("Tin Lanthorn",), 1.0), *PADDING],
        [(2, "Tin Lanthorn", (), 1.0), (1, "Quill Feather", (), 1.0), *PADDING[:-1]],
    ):
        names.met_in(texts, "name")
        names = names.now(rows)
        assert said(names.met_in(texts, "name")) == said(names_of(rows).met_in(texts, "name"))


def said(met):
    return {text: [(m.artist_id, m.met, m.kinds, round(m.bits, 6)) for m in found] for text, found in met.items()}


def test_what_is_met_carries_bits_chance_and_evidence():
    (found,) = NAMES.met_in(["Adа Quillfeather"], "name")["Adа Quillfeather"]
    assert found.bits > 20
    assert 0 < found.chance < 0.1
    assert found.match.edits == 0
    assert found.evidence == "а U+0430 for a"


def test_a_name_of_more_weight_is_told_sooner():
    assert names_of([(1, "John Lane", (), 1.0)]).met_in(["John Land"], "name") == {}
    assert names_of([(1, "John Lane", (), 1000.0)]).met_in(["John Land"], "name")


def test_the_score_command_says_what_the_crawler_says():
    index = NAMES.index
    for text in ("Ada Quilfeather", "Ada Quillfeather Trio", "Quill", "Omura Den", "Ada Brand"):
        crawler = NAMES.met_in([text], "name").get(text, ())
        assert [(m.match.alias, m.bits) for m in crawler] == [(m.alias, m.bits) for m in index.match(text, kind="name")]


def test_without_a_roster_nothing_is_met():
    met = likenesses(names_of(()), [ProfileSeen("1", "Ada Quillfeather")])
    assert (met.profiles, met.releases) == ({}, {})
