"""The table of freshness is computed from the declared budgets, and from nothing else."""

import pytest

from spiders.base import freshness
from spiders.base.platform import platform, platforms
from storage.limits import Limit
from storage.targets import Ask


def test_a_day_of_calls_is_what_spacing_and_quota_grant():
    assert freshness.calls_a_day(Limit(calls=1, window_s=1.0, per_day=100)) == 100
    steady = Limit(calls=2, window_s=10.0)
    assert freshness.calls_a_day(steady) == pytest.approx(86_400 / steady.spacing_s)


def test_a_page_costs_its_sections_and_a_batch_shares_its_call():
    assert freshness.calls_a_page(platform("tidal")) == 3
    assert freshness.calls_a_page(platform("youtube")) == 2
    assert freshness.calls_a_page(platform("deezer")) == 1
    assert freshness.calls_a_page(platform("spotify")) == 4  # two pages each of albums and singles
    assert freshness.calls_a_page(platform("itunes")) < 0.1


def test_searches_of_youtube_are_the_scarce_good():
    youtube = platform("youtube")
    assert freshness.days(youtube, Ask.SEARCH, 1_000) == pytest.approx(1_000 / 90)
    assert freshness.days(youtube, Ask.RELEASES, 1_000) < 0.3
    assert freshness.days(youtube, Ask.UPC, 1) is None


def test_every_platform_has_a_row_and_a_place_in_the_order():
    known = platforms()
    assert sorted(freshness.first(known)) == sorted(known)
    assert known[freshness.first(known)[0]].reference
    written = freshness.table(known)
    assert all(f"| {cls.title} |" in written for cls in known.values())


@pytest.mark.parametrize(
    ("days", "text"),
    [(None, "-"), (0.0001, "1 min"), (0.02, "29 min"), (0.5, "12 h"), (1.9, "46 h"), (11.1, "11 days")],
)
def test_times_are_written_as_people_would(days, text):
    assert freshness.said(days) == text
