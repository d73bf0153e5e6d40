"""Asking: targets, for whose sake, and what may be spent."""

from sqlalchemy import Boolean, Column, Float, Index, SmallInteger, Table, Text, UniqueConstraint

from storage.models.columns import Moment, id_, metadata, to

target = Table(
    "target",
    metadata,
    id_(),
    Column("platform", Text, nullable=False),
    Column("ask", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("section", Text, nullable=False, server_default=""),
    Column("market", Text, nullable=False, server_default=""),
    Column("priority", SmallInteger, nullable=False, server_default="5", comment="0 first, 9 last"),
    Column("due_at", Moment, comment="null: asked once and answered, or retired"),
    Column("rank_at", Moment, comment="due time plus a patience for each step of priority: nothing waits for ever"),
    Column("lease_owner", Text),
    Column("lease_until", Moment),
    Column("failures", SmallInteger, nullable=False, server_default="0", comment="in a row"),
    Column("added_at", Moment, nullable=False),
    Column("last_look_at", Moment),
    Column("last_outcome", Text),
    Column("last_complete_at", Moment),
    Column("baseline_at", Moment, comment="end of the first complete look: what came later is new"),
    Column("resume", Text),
    Column("walk_started_at", Moment, comment="start of the walk that `resume` continues"),
    Column(
        "quiet_partials",
        SmallInteger,
        nullable=False,
        server_default="0",
        comment="looks in a row that reached the end marker short of the total and brought nothing new",
    ),
    Column(
        "cut",
        Boolean,
        nullable=False,
        server_default="0",
        comment="the platform ended the list short when it was last seen: what lies beyond is not known",
    ),
    UniqueConstraint("platform", "ask", "subject", "section", "market"),
    Index("ix_target_rank", "platform", "rank_at"),
)

watch = Table(
    "watch",
    metadata,
    to("target", primary_key=True),
    to("artist", primary_key=True, index=True),
    comment="for whose sake a target is asked",
)

budget = Table(
    "budget",
    metadata,
    id_(),
    Column("platform", Text, nullable=False),
    Column("bucket", Text, nullable=False),
    Column("holder", Text, nullable=False, comment="credential or egress that the platform counts by"),
    Column("next_at", Float, nullable=False, server_default="0", comment="epoch seconds"),
    Column("paused_until", Float, nullable=False, server_default="0"),
    Column("pause_reason", Text, nullable=False, server_default=""),
    Column("hours", Text, nullable=False, server_default="{}", comment="JSON: epoch hour -> calls of the rolling day"),
    UniqueConstraint("platform", "bucket", "holder"),
)
