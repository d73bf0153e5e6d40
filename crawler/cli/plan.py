"""`falsetto plan`: who can be watched how fresh under the quotas, and what one more credential buys."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from crawler.watching.plan import Freshness


def plan(json_: Annotated[bool, typer.Option("--json", help="One JSON object a line, per platform.")] = False) -> None:
    """Say how fresh this roster's lists can be kept under each platform's quota.

    Example: falsetto plan
    """
    from crawler.cli.surroundings import enabled, prepared, reading
    from crawler.cli.terminal import plain, say, say_json
    from crawler.watching.quotas import fresh

    settings = prepared()
    with reading(settings) as engine, engine.connect() as connection:
        platforms = enabled(settings, ())
        access = {name: settings.access(name) for name in platforms}
        found = fresh(connection, platforms, access, settings.clock().now())
    if json_:
        say_json([asdict(one) | {"bounded": one.bounded} for one in found])
        return
    for one in found:
        for line in _lines(one):
            say(plain(line))
    if not found:
        say("no list is watched yet: falsetto roster import, falsetto roster resolve, falsetto run")


def _lines(one: "Freshness") -> list[str]:
    lines = [
        f"{one.platform}: {one.lists} lists, {one.calls_per_day:,.0f} answers a day; a release is seen after "
        f"{one.delay_hours:.1f} hours on average, with one more credential after {one.delay_hours_with_one_more:.1f}"
    ]
    for group in one.groups:
        lines.append(
            f"  {group.name:<9} {group.lists:>6} lists, looked at every {24 * group.median_days:.1f} hours (median), "
            f"{24 * group.longest_days:.1f} at the longest"
        )
    if not one.bounded:
        lines.append(f"  the quota is too small: a list may wait {one.oldest_days:.1f} days")
    return lines
