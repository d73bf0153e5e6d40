"""What may be kept no longer goes once a day, whichever worker of a store comes first, in pieces that nobody feels."""

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Connection

from crawler.settings import Settings
from crawler.timelapse import Timepiece
from crawler.worker.writer import Desk, Rank
from spiders.base.platform import Platform, platforms
from storage import retention
from storage.retention import Periods

BY_THE_CALENDAR = (
    retention.raw_answers,
    retention.questions_anew,
    retention.what_lapsed,
    retention.lapsed_documents,
    retention.lapsed_messages,
)

log = logging.getLogger(__name__)


def periods(settings: Settings, known: Mapping[str, type[Platform]] | None = None) -> Periods:
    """Say how long things are kept here: the operator's wish, and of raw answers no longer than each platform's terms.

    Terms bind for what is stored, whether or not its platform is still enabled.
    """
    known = platforms() if known is None else known
    return Periods(
        raw=timedelta(days=settings.keep_raw_days),
        terms={name: timedelta(days=cls.keep_days) for name, cls in known.items() if cls.keep_days is not None},
        looks=_days(settings.keep_looks_days),
        changes=_days(settings.keep_changes_days),
        retired=_days(settings.keep_retired_days),
        told=_days(settings.keep_told_days),
        deliveries=_days(settings.keep_deliveries_days),
        alerts=_days(settings.keep_alerts_days),
    )


def _days(number: int) -> timedelta | None:
    return timedelta(days=number) if number else None


async def look_after(desk: Desk, timepiece: Timepiece, kept: Periods) -> Counter[str]:
    """Do the day's retention, unless somebody did, and count the rows that went by job."""
    gone: Counter[str] = Counter()
    if not await desk.do(lambda connection: retention.begin(connection, timepiece.now()), Rank.SWEEP):
        return gone
    day = await desk.read(lambda connection: retention.today(connection, timepiece.now()))
    for name, job in retention.JOBS.items():
        # Terms of platforms bind by the calendar; the rest is as old as the store's newest look.
        until = timepiece.now() if job in BY_THE_CALENDAR else day
        after: int | None = 0
        while after is not None:
            start = after

            def piece(connection: Connection) -> retention.Piece:
                return job(connection, kept, until, start)  # noqa: B023 -- awaited within this turn of the loop

            done = await desk.do(piece, Rank.SWEEP)
            gone[name] += done.gone
            after = done.after
    if +gone:
        log.info("kept no longer: %s", ", ".join(f"{count} {name}" for name, count in sorted((+gone).items())))
    return +gone
