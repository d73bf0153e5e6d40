"""Who may ask over HTTP, what was changed that way, and what was already answered."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, UniqueConstraint, text

from storage.models.columns import Moment, id_, metadata, to

api_key = Table(
    "api_key",
    metadata,
    id_(),
    Column("public_id", Text, nullable=False, unique=True, comment="the half of the key that is no secret"),
    Column("name", Text, nullable=False, unique=True, comment="the authority of verdicts; never given twice"),
    Column("role", Text, nullable=False, comment="read, decide, admin"),
    Column("secret_sha256", Text, nullable=False),
    Column(
        "detector", Boolean, nullable=False, server_default=text("false"), comment="a detection system: decides nothing"
    ),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

idempotent_answer = Table(
    "idempotent_answer",
    metadata,
    id_(),
    to("api_key"),
    Column("key", Text, nullable=False, comment="the Idempotency-Key that the caller gave"),
    Column("request_sha256", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer", Text, nullable=False, comment="JSON, as it was sent"),
    Column("answered_at", Moment, nullable=False),
    UniqueConstraint("api_key_id", "key"),
)

audit = Table(
    "audit",
    metadata,
    id_(),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False, comment="a key's name, or: command line"),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Index("ix_audit_at", "at"),
    comment="every write that came over HTTP, and every change of keys",
)
