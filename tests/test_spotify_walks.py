"""How Spotify's lists are walked: to the end, to what is known, or on another day."""

import pytest

from storage.observations import Outcome, ReleaseSeen
from tests.clients import QuickGate, look
from tests.replay import Answer
from tests.spotify_stage import album, releases


def test_an_early_stop_needs_a_known_page_and_one_more(stage, spotify):
    stage.rows = [album(n) for n in range(60)]
    known = frozenset(f"al{n}" for n in range(3, 60))
    told = look(spotify(), releases("album", whole=False, known=known))
    assert [asked.query["offset"] for asked in stage.calls()] == ["0", "10", "20"]
    assert (told.coverage.outcome, told.coverage.stop_reason) == (Outcome.PARTIAL, "overlap with what is known")
    assert told.coverage.resume is None


def test_a_gap_in_the_overlap_goes_on(stage, spotify):
    stage.rows = [album(n) for n in range(50)]
    known = frozenset(f"al{n}" for n in range(50)) - {"al15"}
    look(spotify(), releases("single", whole=False, known=known))
    assert len(stage.calls()) == 4


@pytest.mark.parametrize("total", [41, 39])
def test_a_total_that_does_not_agree_means_that_the_walk_goes_on(stage, spotify, total):
    """Forty are known, and a fake that claims to be old stands at place 35; or one of them is gone."""
    stage.rows = [album(n) for n in range(40)]
    known = frozenset(f"al{n}" for n in range(40))
    stage.rows.insert(35, album(99)) if total == 41 else stage.rows.pop(35)
    told = look(spotify(), releases("album", whole=False, known=known))
    assert told.coverage.outcome is Outcome.COMPLETE
    assert len({release.id for release in told.of(ReleaseSeen)}) == total


@pytest.mark.parametrize(("section", "whole"), [("appears_on", False), ("compilation", False), ("album", True)])
def test_other_sections_and_full_walks_never_stop_early(stage, spotify, section, whole):
    stage.rows = [album(n) for n in range(60)]
    known = frozenset(f"al{n}" for n in range(60))
    told = look(spotify(), releases(section, whole=whole, known=known))
    assert (len(stage.calls()), told.coverage.outcome) == (6, Outcome.COMPLETE)


def test_a_walk_longer_than_the_days_quota_goes_on_the_next_day(stage, spotify):
    stage.rows = [album(n) for n in range(1035)]
    seen, resume, days = set(), None, []
    for _ in range(3):
        told = look(spotify(QuickGate(slots=40)), releases("appears_on", resume=resume))
        seen |= {release.id for release in told.of(ReleaseSeen)}
        resume = told.coverage.resume
        days.append((told.coverage.outcome, resume, told.coverage.resumed))
    assert days == [
        (Outcome.THROTTLED, "400", False),
        (Outcome.THROTTLED, "790", True),  # each day goes back by one page
        (Outcome.COMPLETE, None, True),
    ]
    assert len(seen) == 1035


def test_a_resumed_walk_beyond_a_list_that_shrank_is_not_complete(stage, spotify):
    stage.rows = [album(n) for n in range(12)]
    stage.twist = lambda asked, page: {**page, "next": None}
    told = look(spotify(), releases("appears_on", resume="400"))
    assert (told.coverage.outcome, told.coverage.received, told.coverage.resume) == (Outcome.PARTIAL, 0, None)


@pytest.mark.parametrize("fault", [Answer(b"{}", 200), Answer(b"", 502)])
def test_a_page_that_fails_again_and_again_does_not_hide_the_beginning(stage, spotify, fault):
    stage.rows = [album(n) for n in range(60)]
    at_20 = stage.page

    def page(asked):
        return fault if asked.query["offset"] == "20" else at_20(asked)

    stage.page, resume, offsets = page, None, []
    for _ in range(3):
        told = look(spotify(), releases("appears_on", resume=resume))
        assert told.coverage.outcome in (Outcome.MALFORMED, Outcome.FAILED)
        offsets.append(stage.calls()[0].query["offset"])
        stage.server.asked.clear()
        resume = told.coverage.resume
    assert offsets.count("0") >= 2


def test_a_list_that_never_ends_is_left(stage, spotify):
    more = stage.server.url + "/v1/more"
    stage.twist = lambda asked, page: {
        **page, "total": 30, "next": more, "items": [album(int(asked.query["offset"]) + n) for n in range(10)]
    }  # fmt: skip
    told = look(spotify(), releases("appears_on"))
    assert (told.coverage.outcome, told.coverage.resume) == (Outcome.PARTIAL, None)
    assert len(stage.calls()) == 14


def test_a_resume_that_is_no_offset_starts_anew(stage, spotify):
    stage.rows = [album(1)]
    told = look(spotify(), releases("appears_on", resume="garbage"))
    assert (told.coverage.outcome, told.coverage.resumed, told.coverage.received) == (Outcome.COMPLETE, False, 1)


def test_null_entries_are_survived_but_not_seen_whole(stage, spotify):
    stage.rows = [album(1), None, album(3)]
    told = look(spotify(), releases())
    assert [seen.id for seen in told.of(ReleaseSeen)] == ["al1", "al3"]
    assert told.coverage.outcome is Outcome.PARTIAL
    assert "row 2: an object was expected, got NoneType" in told.coverage.stop_reason


def test_a_total_that_promises_more_than_comes_is_partial(stage, spotify):
    stage.rows, stage.total = [album(n) for n in range(7)], 16
    told = look(spotify(), releases())
    assert (told.coverage.outcome, told.coverage.expected, told.coverage.received) == (Outcome.PARTIAL, 16, 7)


def test_a_jittering_total_is_partial_when_it_once_promised_more(stage, spotify):
    stage.rows, totals = [album(n) for n in range(30)], iter((30, 33, 29))
    stage.twist = lambda asked, page: {**page, "total": next(totals)}
    told = look(spotify(), releases())
    assert (told.coverage.outcome, told.coverage.expected, told.coverage.received) == (Outcome.PARTIAL, 33, 30)


def test_an_ignored_offset_ends_the_walk(stage, spotify):
    stage.rows, first = [album(n) for n in range(40)], {}
    stage.twist = lambda asked, page: first.setdefault("page", page)
    told = look(spotify(), releases())
    assert (told.coverage.outcome, len(stage.calls()), told.coverage.received) == (Outcome.PARTIAL, 2, 10)


def test_a_cycle_ends_the_walk(stage, spotify):
    stage.rows = [album(n) for n in range(20)]
    more = stage.server.url + "/v1/more"
    stage.twist = lambda asked, page: {
        **page, "next": more, "items": stage.rows[(int(asked.query["offset"]) % 20) :][:10]
    }  # fmt: skip
    told = look(spotify(), releases())
    assert (told.coverage.outcome, len(stage.calls()), told.coverage.received) == (Outcome.PARTIAL, 3, 20)


def test_empty_pages_that_never_end_are_left(stage, spotify):
    stage.twist = lambda asked, page: {**page, "next": stage.server.url + "/v1/more"}
    told = look(spotify(), releases())
    assert (told.coverage.outcome, len(stage.calls())) == (Outcome.PARTIAL, 1)


def test_a_server_that_applies_a_smaller_limit_loses_nothing(stage, spotify):
    stage.rows = [album(n) for n in range(12)]

    def five(asked, page):
        offset = int(asked.query["offset"])
        more = stage.server.url + "/v1/more" if offset + 5 < 12 else None
        return {**page, "limit": 5, "items": stage.rows[offset : offset + 5], "next": more}

    stage.twist = five
    told = look(spotify(), releases())
    assert (told.coverage.outcome, told.coverage.received) == (Outcome.COMPLETE, 12)


def test_a_group_that_was_not_obeyed_is_partial(stage, spotify):
    stage.rows = [album(1, album_group="appears_on")]
    told = look(spotify(), releases("single"))
    assert (told.coverage.outcome, "include_groups" in told.coverage.stop_reason) == (Outcome.PARTIAL, True)
