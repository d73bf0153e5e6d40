"""Quiet and daily hours go by a zone's clock: across midnight and through the changes to and from summer time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.alerts.hours import is_quiet, last_daily, read_hour, read_zone

BERLIN = "Europe/Berlin"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-01-10T20:59", False),
        ("2026-01-10T21:00", True),  # 22:00 in Berlin
        ("2026-01-10T23:30", True),  # past midnight there
        ("2026-01-11T05:59", True),
        ("2026-01-11T06:00", False),
        ("2026-07-10T20:00", True),  # in summer it is an hour earlier
        ("2026-07-11T05:00", False),
    ],
)
def test_quiet_hours_cross_midnight_on_the_zones_own_clock(moment, quiet):
    assert is_quiet("22:00", "07:00", BERLIN, at(moment)) is quiet


def test_quiet_hours_within_a_day():
    assert is_quiet("12:00", "13:00", "UTC", at("2026-01-10T12:30"))
    assert not is_quiet("12:00", "13:00", "UTC", at("2026-01-10T13:00"))
    assert not is_quiet("12:00", "13:00", "UTC", at("2026-01-11T00:30"))
    assert not is_quiet("", "", "UTC", at("2026-01-10T12:30"))


def quiet_minutes(begins, ends, first, hours):
    start = at(first)
    return [m for m in range(hours * 60) if is_quiet(begins, ends, BERLIN, start + timedelta(minutes=m))]


def test_an_hour_that_the_clock_shows_twice_is_quiet_in_one_piece():
    minutes = quiet_minutes("22:00", "02:30", "2026-10-24T20:00", 12)
    assert minutes == list(range(4 * 60 + 30))  # 22:00 to the first 02:30; the second one is not quiet again


def test_an_hour_that_the_clock_skips_is_quiet_in_one_piece():
    minutes = quiet_minutes("22:00", "02:30", "2026-03-28T21:00", 12)
    assert minutes == list(range(4 * 60 + 30))


@pytest.mark.parametrize(
    ("moment", "day", "due"),
    [
        ("2026-03-28T06:59", date(2026, 3, 27), "2026-03-27T07:00"),
        ("2026-03-28T07:00", date(2026, 3, 28), "2026-03-28T07:00"),
        ("2026-03-29T06:00", date(2026, 3, 29), "2026-03-29T06:00"),  # summer time since the night
    ],
)
def test_the_daily_hour_that_came_last_is_of_the_zones_day(moment, day, due):
    assert last_daily("08:00", BERLIN, at(moment)) == (day, at(due))


@pytest.mark.parametrize("text", ["", "7:30", "24:00", "12:60", "noon", "07:30:00", "٠٧:٣٠"])
def test_what_is_no_hour_is_refused(text):
    with pytest.raises(ValueError, match="a time such as"):
        read_hour(text)


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "Europe", "\x00", "/etc/localtime"])
def test_what_is_no_zone_is_refused(name):
    with pytest.raises(ValueError, match="a time zone such as"):
        read_zone(name)
