"""What may be kept no longer: raw payloads older than the platform's or the operator's limit are purged."""

import logging
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Connection

from crawler.timelapse import Timepiece
from crawler.worker.writer import Desk
from spiders.base.platform import Platform
from storage.recording import payloads

log = logging.getLogger(__name__)


def limits(platforms: Mapping[str, type[Platform]], keep_raw_days: int) -> dict[str, timedelta]:
    """Say how long each platform's raw answers may be kept: the shorter of its terms and the operator's wish."""
    return {
        name: timedelta(days=min(keep_raw_days, platform.keep_days or keep_raw_days))
        for name, platform in platforms.items()
    }


async def purge(desk: Desk, timepiece: Timepiece, kept: Mapping[str, timedelta]) -> int:
    """Purge raw payloads and say how many went."""

    def work(connection: Connection) -> int:
        return payloads.purge(connection, kept, timepiece.now())

    gone = await desk.do(work)
    if gone:
        log.info("purged %s raw payloads past their retention", gone)
    return gone
