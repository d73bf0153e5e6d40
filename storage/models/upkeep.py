"""What is left of what is kept no longer, and when the store was last looked after."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text

from storage.models.columns import BigId, Moment, metadata

OUTCOMES = ("complete", "partial", "blind", "absent", "throttled", "refused", "malformed", "failed")

look_day = Table(
    "look_day",
    metadata,
    Column("target_id", BigId, ForeignKey("target.id"), primary_key=True),
    Column("day", Date, primary_key=True, comment="in UTC, by the end of the look"),
    *(Column(outcome, Integer, nullable=False, server_default="0") for outcome in OUTCOMES),
    Column("pages", Integer, nullable=False, server_default="0"),
    Column("cost", Integer, nullable=False, server_default="0"),
    Column("received", Integer, nullable=False, server_default="0", comment="the most that one look received"),
    Index("ix_look_day_day", "day"),
    comment="looks that changed nothing, counted by target and day when their own rows went",
)

upkeep = Table(
    "upkeep",
    metadata,
    Column("name", Text, primary_key=True),
    Column("begun_at", Moment, nullable=False),
    comment="jobs that the workers of a store do once a day, whoever comes first",
)

canary = Table(
    "canary",
    metadata,
    Column("target_id", BigId, ForeignKey("target.id"), primary_key=True),
    Column("said", Text, nullable=False, comment="JSON list: fields that its answers are known to tell"),
    Column("silent", Text, nullable=False, comment="JSON object: fields the last answer lacked: since when"),
    Column("heard_at", Moment, nullable=False),
    comment="questions about pages that should always be answered alike: what they lack, an API has lost",
)
