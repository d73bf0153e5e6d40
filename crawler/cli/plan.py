"""`falsetto plan`: who can be watched how fresh under the quotas, and what one more credential buys."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from crawler.watching.plan import Freshness
    from spiders.base.platform import Access, Platform

DAY_S = 86_400.0


def plan(json_: Annotated[bool, typer.Option("--json", help="One JSON object a line, per platform.")] = False) -> None:
    """Say how fresh this roster's lists can be kept under each platform's quota.

    Example: falsetto plan
    """
    from crawler.cli.surroundings import enabled, prepared, reading
    from crawler.cli.terminal import plain, say, say_json
    from crawler.watching import plan as planning
    from crawler.watching.rates import PRIOR_COUNT, PRIOR_DAYS
    from crawler.watching.recheck import SUSPECT_WEIGHT
    from storage.facts import watches

    settings = prepared()
    with reading(settings) as engine, engine.connect() as connection:
        lists = [
            planning.Watch(
                platform=one.platform,
                artist_id=one.artist_id,
                weight=one.weight * (SUSPECT_WEIGHT if one.suspected else 1.0),
                rate=(PRIOR_COUNT + one.dated) / (PRIOR_DAYS + watches.YEAR.days),
            )
            for one in watches.watched(connection, settings.clock().now())
        ]
        credentials = watches.holders(connection)
    platforms = enabled(settings, ())
    quotas = [
        planning.Quota(
            name,
            calls_a_day(cls, settings.access(name)) * max(1, credentials.get(name, 1)),
            max(1, credentials.get(name, 1)),
        )
        for name, cls in platforms.items()
    ]
    found = planning.plan(lists, quotas)
    if json_:
        say_json([asdict(one) | {"bounded": one.bounded} for one in found])
        return
    for one in found:
        for line in _lines(one):
            say(plain(line))
    if not found:
        say("no list is watched yet: falsetto roster import, falsetto roster resolve, falsetto run")


def calls_a_day(cls: "type[Platform]", access: "Access") -> float:
    """Say how many calls for lists a platform grants in a day to one credential."""
    from storage.targets import Ask

    limit = cls.limits_for(access)[cls.bucket(Ask.RELEASES)]
    calls = limit.calls * DAY_S / limit.window_s
    granted = min(calls, limit.per_day) if limit.per_day is not None else calls
    return granted * cls.batch.get(Ask.RELEASES, 1)


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
