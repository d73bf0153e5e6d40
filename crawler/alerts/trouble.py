"""What keeps the crawl from its promises, and when a person must know: dead lanes, stale lists, drift, budgets."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.alerts.values import Concern
from crawler.alerts.wording import inert
from crawler.watching.plan import Freshness
from crawler.watching.recheck import OLDEST
from storage.canaries import Drift
from storage.facts.troubles import AtWork, Parked

STALE_AFTER = timedelta(days=OLDEST + 1)  # no list is left longer than OLDEST where the budget suffices
IDLE = timedelta(hours=1)  # due, and nothing asked for so long: the lane is dead
SILENT_S = 120.0  # real seconds without a heartbeat
PARKED = timedelta(hours=25)  # a quota of one day is normal
ODD, MALFORMED = 3, 3  # answers within a day that can't be read: less is a fault of one page
LOST_SHOWN = 5  # fields
PASSING = timedelta(minutes=15)  # a lane that is started again by itself needs nobody


@dataclass(frozen=True, slots=True)
class Seen:
    """All that trouble is read from."""

    at: datetime
    enabled: frozenset[str]  # platforms that are switched on here; what is off stands still on purpose
    at_work: Collection[AtWork] = ()
    workers: Collection[tuple[str, str, float]] = ()  # name, its trouble, seconds since its last beat
    parked: Collection[Parked] = ()
    plans: Collection[Freshness] = ()
    unjudged: int = 0
    silent: Collection[Drift] = ()


def troubles(seen: Seen) -> Iterator[Concern]:
    """Say what is wrong."""
    at_work = [one for one in seen.at_work if one.platform in seen.enabled]
    resting = {one.platform for one in seen.parked}
    yield from _workers(seen, at_work)
    for one in at_work:
        yield from _platform(one, seen.at, one.platform in resting)
    for rest in seen.parked:
        if rest.platform in seen.enabled:
            bucket = rest.bucket or "default"
            yield _trouble(
                f"parked:{rest.platform}:{bucket}",
                f"{rest.platform} can't be asked until {rest.until:%Y-%m-%d %H:%M} UTC",
                [f"its budget {bucket} is parked: {inert(rest.because)}", "falsetto platforms"],
                rest.platform,
            )
    for plan in seen.plans:
        if not plan.bounded:
            yield _trouble(
                f"budget:{plan.platform}",
                f"the budget of {plan.platform} no longer suffices",
                [
                    f"{plan.lists} lists for {plan.calls_per_day:,.0f} answers a day: a list may wait "
                    f"{plan.oldest_days:.1f} days",
                    "falsetto plan",
                ],
                plan.platform,
            )
    for name in sorted({one.platform for one in seen.silent} & seen.enabled):
        yield _silent(name, [one for one in seen.silent if one.platform == name])
    if seen.unjudged:
        said = f"{seen.unjudged} looks could not be judged"
        yield _trouble("unjudged", said, ["what they brought is recorded; they wait for the next rules"])


def _workers(seen: Seen, at_work: Iterable[AtWork]) -> Iterator[Concern]:
    alive = [one for one in seen.workers if one[2] <= SILENT_S]
    waiting = [one.platform for one in at_work if _late(one, seen.at)]
    if not alive and waiting:
        said = [f"nothing is asked of {', '.join(waiting)}, though it is due; start falsetto run"]
        yield _trouble("worker", "no worker is at work", said)
    for name, trouble, _ in alive:
        if trouble:
            said = [inert(trouble, 500), "falsetto status"]
            yield _trouble(f"lane:{name}", f"a worker is in trouble: {inert(name)}", said, patience=PASSING)


def _platform(one: AtWork, at: datetime, is_parked: bool) -> Iterator[Concern]:
    name = one.platform
    if _late(one, at) and not is_parked:
        last = "never" if one.newest_look is None else f"last at {one.newest_look:%Y-%m-%d %H:%M} UTC"
        yield _trouble(f"idle:{name}", f"{name} is not asked, though it is due", [f"it was asked {last}"], name)
    if one.stale:
        said = f"not seen whole for more than {STALE_AFTER.days} days: blind, not clean"
        yield _trouble(f"stale:{name}", f"{one.stale} of {one.lists} lists on {name} are stale", [said], name)
    if one.malformed >= MALFORMED or one.odd >= ODD:
        yield _trouble(
            f"drift:{name}",
            f"{name} answers in a shape that is not known",
            [
                f"{one.malformed} questions had answers that could not be read, {one.odd} entries were set aside, "
                "within a day: the API may have changed",
                "falsetto status",
            ],
            name,
        )


def _silent(name: str, lost: Sequence[Drift]) -> Concern:
    said = [f"{one.field} ({one.silent} of {one.of} canaries, since {one.since:%Y-%m-%d %H:%M} UTC)" for one in lost]
    lines = [f"answers lack: {', '.join(said[:LOST_SHOWN])}", "the API may have changed", "falsetto status"]
    return _trouble(f"silent:{name}", f"{name} no longer says what it always said", lines, name)


def _late(one: AtWork, at: datetime) -> bool:
    if one.oldest_due is None or one.oldest_due > at - IDLE:
        return False
    return one.newest_look is None or one.newest_look <= at - IDLE


def _trouble(
    key: str, subject: str, lines: list[str], platform: str = "", patience: timedelta = timedelta(0)
) -> Concern:
    return Concern(
        key=key,
        subject=subject,
        lines=tuple(lines),
        about="trouble",
        platforms=frozenset({platform} if platform else ()),
        patience=patience,
    )
