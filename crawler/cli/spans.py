"""Spans of time as people write them on the command line: 30m, 8h, 7d."""

from datetime import timedelta

from crawler.cli.faults import BadInput

UNITS = {"m": "minutes", "h": "hours", "d": "days"}
LONGEST = timedelta(days=3650)


def read_span(text: str) -> timedelta:
    """Read a span, or raise BadInput."""
    number, unit = text[:-1], text[-1:]
    if not (number.isascii() and number.isdecimal()) or len(number) > 6 or unit not in UNITS or not int(number):
        raise BadInput(f"a span such as 30m, 8h or 7d was expected, got {text!r}")
    span = timedelta(**{UNITS[unit]: int(number)})
    if span > LONGEST:
        raise BadInput(f"a span of at most {LONGEST.days} days was expected, got {text!r}")
    return span
