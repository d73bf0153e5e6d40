"""The tables. Plain SQLAlchemy Core: rows go in and out in sets, so there are no mapped objects.

Two clocks stand on every catalogue row: dates the uploader claims, and first_seen_at / last_seen_at, which are ours.
Text from platforms is stored as printed (cleaned only of what no database can hold); `*_key` columns are folded forms
computed in Python, because the engines fold differently.
"""

from storage.models.access import api_key, audit, idempotent_answer
from storage.models.asking import budget, enrolment, target, watch, worker
from storage.models.catalogue import (
    ai_disclosure,
    credit,
    listing,
    market_set,
    profile,
    profile_link,
    release,
    release_line,
    track,
)
from storage.models.columns import BigId, Moment, metadata
from storage.models.console import console_action, console_case, reminder, saved_view
from storage.models.heard import change, look, look_payload, odd_row, payload
from storage.models.judging import (
    campaign,
    case,
    case_history,
    census,
    finding,
    grouped_profile,
    grouped_release,
    latecomer,
    outbox,
    profile_group,
    rejudge,
    release_group,
    release_tie,
    resembling,
    rules,
    verdict,
)
from storage.models.pushing import asking, delivery, endpoint
from storage.models.roster import artist, artist_alias, claim, roster_change, roster_revision, standing
from storage.models.telling import alert, alert_mute, alert_rule, artist_tag, takedown
from storage.models.upkeep import canary, look_day, upkeep

__all__ = [
    "BigId",
    "Moment",
    "ai_disclosure",
    "alert",
    "alert_mute",
    "alert_rule",
    "api_key",
    "artist",
    "artist_alias",
    "artist_tag",
    "asking",
    "audit",
    "budget",
    "campaign",
    "canary",
    "case",
    "case_history",
    "census",
    "change",
    "claim",
    "console_action",
    "console_case",
    "credit",
    "delivery",
    "endpoint",
    "enrolment",
    "finding",
    "grouped_profile",
    "grouped_release",
    "idempotent_answer",
    "latecomer",
    "listing",
    "look",
    "look_day",
    "look_payload",
    "market_set",
    "metadata",
    "odd_row",
    "outbox",
    "payload",
    "profile",
    "profile_group",
    "profile_link",
    "rejudge",
    "release",
    "release_group",
    "release_line",
    "release_tie",
    "reminder",
    "resembling",
    "roster_change",
    "roster_revision",
    "rules",
    "saved_view",
    "standing",
    "takedown",
    "target",
    "track",
    "upkeep",
    "verdict",
    "watch",
    "worker",
]
