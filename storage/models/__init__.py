"""The tables. Plain SQLAlchemy Core: rows go in and out in sets, so there are no mapped objects.

Two clocks stand on every catalogue row: dates the uploader claims, and first_seen_at / last_seen_at, which are ours.
Text from platforms is stored as printed (cleaned only of what no database can hold); `*_key` columns are folded forms
computed in Python, because the engines fold differently.
"""

from storage.models.asking import budget, enrolment, target, watch, worker
from storage.models.catalogue import (
    ai_disclosure,
    credit,
    listing,
    market,
    profile,
    profile_link,
    release,
    release_line,
    track,
)
from storage.models.columns import BigId, Moment, metadata
from storage.models.heard import change, look, look_payload, payload
from storage.models.judging import case, outbox, verdict
from storage.models.roster import artist, artist_alias, claim, standing
from storage.models.upkeep import look_day, upkeep

__all__ = [
    "BigId",
    "Moment",
    "ai_disclosure",
    "artist",
    "artist_alias",
    "budget",
    "case",
    "change",
    "claim",
    "credit",
    "enrolment",
    "listing",
    "look",
    "look_day",
    "look_payload",
    "market",
    "metadata",
    "outbox",
    "payload",
    "profile",
    "profile_link",
    "release",
    "release_line",
    "standing",
    "target",
    "track",
    "upkeep",
    "verdict",
    "watch",
    "worker",
]
