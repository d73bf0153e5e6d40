"""What the console keeps of its own: views that a team shares, decisions that can be undone, reminders."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from storage.models.columns import BigId, Moment, id_, metadata

saved_view = Table(
    "saved_view",
    metadata,
    id_(),
    Column("name", Text, nullable=False, unique=True),
    Column("query", Text, nullable=False, comment="the list's address, without its page"),
    Column("who", Text, nullable=False, comment="who saved it; everybody sees it"),
    Column("saved_at", Moment, nullable=False),
)

console_action = Table(
    "console_action",
    metadata,
    id_(),
    Column("who", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("query", Text, nullable=False, server_default="", comment="of a bulk decision: what was selected by"),
    Column("matched", Integer, nullable=False, server_default="1", comment="how many cases matched when it was frozen"),
    Column("frozen_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("undone_at", Moment),
    Index("ix_console_action_who", "who", "done_at"),
    comment="one decision on one case or on many, which can be undone as one",
)

console_case = Table(
    "console_case",
    metadata,
    id_(),
    Column("action_id", BigId, ForeignKey("console_action.id"), nullable=False),
    Column("case_id", BigId, ForeignKey("suspect_case.id"), nullable=False),
    Column("revision", Integer, nullable=False, comment="that was seen; a later one is a conflict"),
    Column("outcome", Text, nullable=False, server_default="", comment="empty, decided, conflict, undone, kept"),
    Column("verdict_id", BigId, comment="no foreign key: verdicts never go"),
    Column("before", Text, nullable=False, server_default="", comment="JSON: what undoing brings back"),
    UniqueConstraint("action_id", "case_id"),
    Index("ix_console_case_case", "case_id"),
    comment="the frozen list of an action",
)

reminder = Table(
    "reminder",
    metadata,
    id_(),
    Column("case_id", BigId, ForeignKey("suspect_case.id"), nullable=False),
    Column("who", Text, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("done_at", Moment),
    UniqueConstraint("case_id", "who"),
    Index("ix_reminder_who", "who", "due_at"),
)
