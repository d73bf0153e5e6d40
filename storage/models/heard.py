"""What was heard: looks, raw answers, and the append-only change log."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.models.columns import BigId, Moment, id_, metadata, seen, to

look = Table(
    "look",
    metadata,
    id_(),
    to("target"),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("expected", Integer),
    Column("received", Integer, nullable=False),
    Column("stop_reason", Text, nullable=False),
    Column("cost", Integer, nullable=False),
    Column("blind", Text, nullable=False, server_default="", comment="fields this look could not see, comma separated"),
    Column("worker", Text, nullable=False, server_default=""),
    Index("ix_look_target", "target_id", "id"),
    CheckConstraint(
        "outcome IN ('complete','partial','blind','absent','throttled','refused','malformed','failed')", name="outcome"
    ),
)

payload = Table(
    "payload",
    metadata,
    Column("hash", Text, primary_key=True, comment="SHA-256 of the body"),
    Column("platform", Text, nullable=False),
    Column("body", LargeBinary, nullable=False, comment="zlib"),
    Column("size", Integer, nullable=False, comment="uncompressed bytes"),
    Column("content_type", Text, nullable=False),
    *seen(),
    Index("ix_payload_retention", "platform", "last_seen_at"),
)

look_payload = Table(
    "look_payload",
    metadata,
    to("look", primary_key=True),
    Column("position", SmallInteger, primary_key=True),
    Column(
        "hash",
        Text,
        nullable=False,
        index=True,
        comment="no foreign key: retention purges bodies, not evidence of them",
    ),
    Column("url", Text, nullable=False),
    Column("status", SmallInteger, nullable=False),
)

odd_row = Table(
    "odd_row",
    metadata,
    id_(),
    to("target"),
    Column("what", Text, nullable=False, comment="which entry of the answer, when it was last seen"),
    Column("reason", Text, nullable=False, comment="why it could not be read"),
    Column("raw", Text, nullable=False, comment="the entry as it came, cut where it is very long"),
    Column("digest", Text, nullable=False, comment="SHA-256 of the raw text"),
    Column("times", Integer, nullable=False, server_default="1"),
    *seen(),
    UniqueConstraint("target_id", "digest"),
    comment="entries of answers that could not be read, once for each target",
)

change = Table(
    "change",
    metadata,
    id_(),
    Column("entity", Text, nullable=False, comment="the table whose row changed"),
    Column("entity_id", BigId, nullable=False),
    Column(
        "field",
        Text,
        nullable=False,
        comment="a column, or 'appeared', 'missing', 'held', 'lifted', 'removed', 'returned', 'cleaned', 'redirected'",
    ),
    Column("before", Text),
    Column("after", Text),
    Column("look_id", BigId, ForeignKey("look.id")),
    Column("changed_at", Moment, nullable=False),
    Index("ix_change_entity", "entity", "entity_id"),
    Index("ix_change_changed_at", "changed_at"),
    Index(
        "ix_change_look_id",
        "look_id",
        sqlite_where=text("look_id IS NOT NULL"),
        postgresql_where=text("look_id IS NOT NULL"),
    ),
    comment="append-only",
)
