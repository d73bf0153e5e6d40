"""What a server's refusal means is read in one place, and none of its numbers is believed beyond a ceiling."""

import math

import pytest

from spiders.base.errors import Misunderstood, Refused, Throttled, Unavailable
from spiders.base.platform import platform, platforms
from spiders.base.trouble import Strikes, hop, pause_for, retry_after, trouble_with

DATE = "Wed, 25 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("7", 7.0),
        ("0", 0.0),
        (" 120.5 ", 120.5),
        ("1795568813", 1_795_568_813.0),
        ("99999999999999999", 99_999_999_999_999_999.0),
        ("Wed, 25 Nov 2026 12:01:30 GMT", 90.0),
        ("Wed, 25 Nov 2026 11:00:00 GMT", 0.0),
        ("Wed, 25 Nov 2026 13:01:00 +0100", 60.0),
        ("-1", None),
        ("-0.5", None),
        ("1e9", None),
        ("inf", None),
        ("nan", None),
        ("9" * 400, None),
        ("Wed, 99 Nov 2026 99:00:00 GMT", None),
        ("Fri, 31 Dec 9999999 00:00:00 GMT", None),
        ("soon", None),
        ("٧", None),
        ("", None),
    ],
)
def test_a_time_to_wait_is_seconds_or_a_date_and_everything_else_is_not_said(said, read):
    assert retry_after({"retry-after": said, "date": DATE}) == read


def test_a_date_is_held_against_our_clock_where_the_answer_has_none():
    assert retry_after({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}) == 0.0
    assert retry_after({"retry-after": "Thu, 01 Jan 2970 00:00:00 GMT", "date": "whenever"}) > 1e9


@pytest.mark.parametrize("name", sorted(platforms()))
@pytest.mark.parametrize("said", [1e9, 1e17, math.inf, math.nan, -5.0, None])
def test_no_number_outlives_the_ceiling_of_a_platform(name, said):
    cls = platform(name)
    strikes = Strikes(cls)
    for _ in range(20):
        strikes.strike("")
        assert 0 < strikes.pause_s("", said) <= cls.longest_pause_s
    assert pause_for(cls, said, 0.0) <= cls.longest_pause_s


def test_rests_grow_with_refusals_in_a_row_and_start_anew_after_a_good_answer():
    strikes = Strikes(platform("itunes"))
    waits = []
    for _ in range(4):
        strikes.strike("")
        waits.append(strikes.pause_s("", None))
    strikes.clear("")
    strikes.strike("")
    assert [*waits, strikes.pause_s("", None)] == [600.0, 1200.0, 1800.0, 1800.0, 600.0]


@pytest.mark.parametrize(
    ("status", "headers", "kind", "about_target"),
    [
        (429, {}, Throttled, None),
        (503, {"retry-after": "5"}, Throttled, None),
        (503, {}, Unavailable, None),
        (408, {}, Unavailable, None),
        (500, {}, Unavailable, None),
        (401, {}, Refused, False),
        (403, {}, Refused, False),
        (451, {}, Refused, True),
        (302, {"location": "https://[evil"}, Refused, True),
        (302, {"location": "https://evil.example/\x1b[2J"}, Refused, True),
        (400, {}, Misunderstood, None),
        (404, {}, Misunderstood, None),
        (299, {}, Misunderstood, None),
    ],
)
def test_a_status_means_the_same_for_every_client(status, headers, kind, about_target):
    trouble = trouble_with(platform("deezer"), status, headers, "it")
    assert type(trouble) is kind
    assert str(trouble).isprintable()
    if about_target is not None:
        assert trouble.about_target is about_target


def test_a_platforms_own_status_for_not_now_counts():
    assert isinstance(trouble_with(platform("musicbrainz"), 503, {}, "it"), Throttled)


@pytest.mark.parametrize(
    ("location", "led"),
    [
        ("/v1/artist/2?x=1", "https://api.example.org/v1/artist/2?x=1"),
        ("2", "https://api.example.org/v1/artist/2"),
        ("https://api.example.org/v1/artist/2", "https://api.example.org/v1/artist/2"),
        ("https://api.example.org:444/v1/artist/2", None),
        ("http://api.example.org/v1/artist/2", None),
        ("https://evil.example/v1/artist/2", None),
        ("https://api.example.org@evil.example/v1/x", None),
        ("https://u:p@api.example.org/v1/artist/2", None),
        ("//evil.example/v1/artist/2", None),
        ("/v2/artist/2", None),
        ("/v1/../admin", None),
        ("javascript:alert(1)", None),
        ("https://[evil", None),
        ("", None),
    ],
)
def test_a_redirect_is_followed_inside_the_base_url_only(location, led):
    asked, base = "https://api.example.org/v1/artist/1", "https://api.example.org/v1"
    assert hop(301, {"location": location}, asked, base) == led
    assert hop(200, {"location": location}, asked, base) is None
