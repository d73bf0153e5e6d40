"""Candidates by push: endpoints, and what was or is to be delivered to each."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from storage.models.columns import BigId, Moment, id_, metadata, to

endpoint = Table(
    "endpoint",
    metadata,
    id_(),
    Column("name", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("salt", Text, nullable=False, comment="with the operator's signing key it gives the secret; alone nothing"),
    Column("old_salt", Text, comment="of the secret before a rotation"),
    Column("old_until", Moment, comment="until when the secret before signs too"),
    Column("key_check", Text, nullable=False, comment="tells whether the signing key is still the one it was"),
    Column("filters", Text, nullable=False, server_default="{}", comment="JSON: which candidates it wants"),
    Column("position", BigId, nullable=False, server_default="0", comment="the feed was queued up to this cursor"),
    Column("failures", Integer, nullable=False, server_default="0", comment="one after the other"),
    Column("failing_since", Moment),
    Column("paused_until", Moment),
    Column("disabled_at", Moment),
    Column("disabled_because", Text, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    comment="where candidates are pushed to",
)

delivery = Table(
    "delivery",
    metadata,
    id_(),
    to("endpoint"),
    Column("position", BigId, nullable=False, comment="the candidate's cursor in the feed"),
    Column("case_id", BigId, nullable=False),
    Column("message", Text, nullable=False, comment="the same at every try"),
    Column("body", Text, nullable=False, comment="JSON, the very bytes of every try"),
    Column("state", Text, nullable=False, server_default="waiting", comment="waiting, delivered, dead"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_at", Moment, nullable=False),
    Column("lease", Text, comment="of the deliverer that sends it now"),
    Column("leased_until", Moment),
    Column("error", Text, nullable=False, server_default=""),
    Column("queued_at", Moment, nullable=False),
    Column("delivered_at", Moment),
    UniqueConstraint("endpoint_id", "position"),
    Index("ix_delivery_endpoint_id_case_id", "endpoint_id", "case_id", "id"),
    Index(
        "ix_delivery_waiting",
        "endpoint_id",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    comment="a candidate on its way to an endpoint",
)

asking = Table(
    "asking",
    metadata,
    id_(),
    Column("case_id", BigId, ForeignKey("suspect_case.id"), nullable=False),
    Column("detector", Text, nullable=False),
    Column("rung", Text, nullable=False, comment="platform_id, isrc, page_url, audio_url"),
    Column("value", Text, nullable=False, comment="the reference that was handed off, never a file"),
    Column("source", Text, nullable=False, comment="the platform that told it, or: operator"),
    Column("job", Text, nullable=False, server_default="", comment="the detector's own number of what it works on"),
    Column("state", Text, nullable=False, server_default="waiting", comment="waiting, answered, failed, quota"),
    Column("millicents", BigId, nullable=False, server_default="0", comment="what it costs by the detector's list"),
    Column("said", Text, nullable=False, server_default="", comment="why it failed, in a few words"),
    Column("asked_at", Moment, nullable=False),
    Column("answered_at", Moment),
    Index("ix_asking_case", "case_id", "detector"),
    Index("ix_asking_detector", "detector", "asked_at"),
    Index(
        "ix_asking_waiting",
        "detector",
        "job",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    comment="what was asked of detection systems, by reference, and what became of it",
)
