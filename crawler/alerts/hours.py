"""Quiet hours and daily hours on a zone's own clock: across midnight, and through changes to and from summer time.

An hour that the clock shows twice means the first time; one that it skips comes as late as if it had not.
"""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
DAY = timedelta(days=1)


def read_hour(text: str) -> time:
    """Read HH:MM, or raise ValueError."""
    matched = HOUR.fullmatch(text)
    if matched is None:
        raise ValueError(f"a time such as 07:30 was expected, got {text!r}")
    return time(int(matched[1]), int(matched[2]))


def read_zone(name: str) -> ZoneInfo:
    """Find a time zone by its name, or raise ValueError."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, outside the folder of zones, or a folder itself
        raise ValueError(f"a time zone such as Europe/Berlin was expected, got {name!r}") from None


def is_quiet(quiet_from: str, quiet_to: str, zone: str, at: datetime) -> bool:
    """Tell whether a moment lies within the quiet hours."""
    if not quiet_from:
        return False
    begins, ends, where = read_hour(quiet_from), read_hour(quiet_to), read_zone(zone)
    today = at.astimezone(where).date()
    for day in (today - DAY, today):
        start = _moment(day, begins, where)
        end = _moment(day if ends > begins else day + DAY, ends, where)
        if start <= at.timestamp() < end:
            return True
    return False


def last_daily(daily_at: str, zone: str, at: datetime) -> tuple[date, datetime]:
    """Return the latest daily hour that has come, and whose day it is."""
    hour, where = read_hour(daily_at), read_zone(zone)
    day = at.astimezone(where).date()
    if _moment(day, hour, where) > at.timestamp():
        day -= DAY
    return day, datetime.fromtimestamp(_moment(day, hour, where), at.tzinfo)


def _moment(day: date, hour: time, zone: ZoneInfo) -> float:
    return datetime.combine(day, hour, zone).timestamp()
