"""Canaries of this worker's platforms: which they are, and what an answer about one tells of the API."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from crawler.watching import canaries
from crawler.watching.enrol import PAGES
from crawler.watching.follow_up import Asking
from storage import canaries as kept
from storage import frontier
from storage.frontier import Wanted
from storage.observations import Told
from storage.targets import Target

log = logging.getLogger(__name__)


def choose(
    connection: Connection, asking: Asking, named: Mapping[str, Sequence[str]], at: datetime
) -> frozenset[Target]:
    """Have the canaries of every platform asked: now where nothing is known of one, or else when each is due."""
    found: list[Target] = []
    for platform in asking.platforms:
        chosen = kept.chosen(connection, platform, named.get(platform, ()), canaries.PAGES)
        found += canaries.wanted(asking, platform, chosen)
    ids = frontier.want(connection, [Wanted(one, at, PAGES) for one in found], at)
    fresh = kept.unheard(connection, list(ids.values()))
    frontier.hasten(connection, fresh, at, PAGES)
    kept.keep_only(connection, list(asking.platforms), list(ids.values()))
    return frozenset(found)


def hear(connection: Connection, told: Told, target_id: int) -> None:
    """Hold what a canary said against what it is known to say."""
    heard = canaries.heard(told)
    if heard is None:
        return
    lost = kept.hear(connection, target_id, heard.mostly, heard.ever, told.ended_at)
    if lost:
        log.warning("%s no longer says: %s", told.target, ", ".join(lost))
