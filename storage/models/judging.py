"""Judging: cases, verdicts, and what is told to consumers."""

from sqlalchemy import Column, Float, ForeignKey, Index, Table, Text, text

from storage.models.columns import BigId, Moment, id_, metadata, to

case = Table(
    "suspect_case",
    metadata,
    id_(),
    Column("key", Text, nullable=False, unique=True, comment="kind and binding: the same suspicion is one case"),
    Column("kind", Text, nullable=False),
    to("artist", index=True),
    to("profile", index=True),
    to("release", nullable=True, index=True),
    Column("role", Text, nullable=False, server_default=""),
    Column("status", Text, nullable=False, comment="open or decided"),
    Column("score_low", Float, nullable=False),
    Column("score_high", Float, nullable=False),
    Column("rule_version", Text, nullable=False),
    Column("evidence", Text, nullable=False, comment="JSON: signals with the values they quote"),
    Column("opened_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_suspect_case_status", "status", "changed_at"),
)

verdict = Table(
    "verdict",
    metadata,
    id_(),
    Column("case_id", BigId, ForeignKey("suspect_case.id"), nullable=False, index=True),
    Column("decision", Text, nullable=False, comment="impersonation, legitimate, namesake, unsure"),
    Column("authority", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("decided_at", Moment, nullable=False),
    comment="append-only: the latest of a case counts, earlier ones are superseded",
)

outbox = Table(
    "outbox",
    metadata,
    id_(),
    Column("position", BigId, comment="the feed's cursor, given after the commit; null: not yet told"),
    Column("case_id", BigId, ForeignKey("suspect_case.id"), nullable=False, index=True),
    Column("event", Text, nullable=False, comment="opened, changed, decided"),
    Column("idempotency_key", Text, nullable=False, unique=True),
    Column("document", Text, nullable=False, comment="JSON: the candidate, self-contained"),
    Column("written_at", Moment, nullable=False),
    Index("ix_outbox_position", "position", unique=True),
    Index("ix_outbox_unplaced", "id", sqlite_where=text("position IS NULL"), postgresql_where=text("position IS NULL")),
)
