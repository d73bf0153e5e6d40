"""Asking: targets, for whose sake, and what may be spent."""

from sqlalchemy import Boolean, Column, Float, Index, SmallInteger, Table, Text, UniqueConstraint, text

from storage.models.columns import BigId, Moment, id_, metadata, to

LIVE, HELD = text("due_at IS NOT NULL"), text("lease_owner IS NOT NULL")

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
    Column("lease_owner", Text, comment="the worker that holds it"),
    Column("lease_token", Text, comment="of the one claim that may finish it"),
    Column("lease_until", Moment),
    Column("failures", SmallInteger, nullable=False, server_default="0", comment="in a row"),
    Column("added_at", Moment, nullable=False),
    Column("last_look_at", Moment),
    Column("last_outcome", Text),
    Column("last_complete_at", Moment),
    Column("baseline_at", Moment, comment="end of the first complete look: what came later is new"),
    Column("last_news_at", Moment, comment="the last look that brought something new"),
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
    # Targets that are asked no more are in neither index, however many there are.
    Index(
        "ix_target_queue",
        *("platform", "ask", "market", "priority", "due_at"),
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    ),
    Index("ix_target_lease", "lease_owner", sqlite_where=HELD, postgresql_where=HELD),
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
    Column("recent", Text, nullable=False, server_default="[]", comment="JSON: epoch seconds of the last calls"),
    UniqueConstraint("platform", "bucket", "holder"),
)

enrolment = Table(
    "enrolment",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("artist_id", BigId, primary_key=True, autoincrement=False, comment="no foreign key: leftovers do no harm"),
    Column("mark", Text, nullable=False, comment="a hash of all that decides what is asked for the artist's sake"),
    comment="what was put on the frontier for whom: enrolling again touches only what changed",
)

worker = Table(
    "worker",
    metadata,
    Column("name", Text, primary_key=True, comment="the lease owner"),
    Column("host", Text, nullable=False),
    Column("process", Text, nullable=False, comment="number and start of the process, as its host knows it"),
    Column("started_at", Moment, nullable=False, comment="real time, by the database's clock, as is beat_at"),
    Column("beat_at", Moment, nullable=False),
    Column("trouble", Text, nullable=False, server_default="", comment="what keeps a lane from working"),
    Column("roster_revision", BigId, nullable=False, server_default="0", comment="of the names that it judges by"),
)
