"""The tables. Plain SQLAlchemy Core: rows go in and out in sets, so there are no mapped objects.

Two clocks stand on every catalogue row: dates the uploader claims, and first_seen_at / last_seen_at, which are ours.
Text from platforms is stored as printed (cleaned only of what no database can hold); `*_key` columns are folded forms
computed in Python, because the engines fold differently.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite would return it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return it aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigId = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", BigId, primary_key=True, autoincrement=True)


def _to(table: str, *, nullable: bool = False, **more: Any) -> Column[int]:
    return Column(f"{table}_id", BigId, ForeignKey(f"{table}.id"), nullable=nullable, **more)


# PostgreSQL writes a new version of a row for every change: half-empty pages keep it beside the old one, so that moving
# last_seen_at touches no index. That is a sixth of the write-ahead log, in a file that would grow to this size anyway.
SEEN_AGAIN: dict[str, Any] = {"postgresql_with": {"fillfactor": 50}}


def _seen() -> list[Column[datetime]]:
    return [Column("first_seen_at", Moment, nullable=False), Column("last_seen_at", Moment, nullable=False)]


# --- the roster -------------------------------------------------------------------------------------------------

artist = Table(
    "artist",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True, comment="stable key: MBID, else folded name"),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, index=True),
    Column("mbid", Text, unique=True),
    Column("weight", Float, nullable=False, server_default="1"),
    Column("watched", Boolean, nullable=False, server_default=text("true")),
    Column("added_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

artist_alias = Table(
    "artist_alias",
    metadata,
    _id(),
    _to("artist"),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, index=True),
    Column("source", Text, nullable=False, comment="roster, musicbrainz, analyst"),
    Column("added_at", Moment, nullable=False),
    UniqueConstraint("artist_id", "name"),
)

claim = Table(
    "claim",
    metadata,
    _id(),
    _to("artist"),
    Column("subject", Text, nullable=False, comment="label, isrc_prefix, isrc, upc, profile, release, distributor"),
    Column("value", Text, nullable=False),
    Column("value_key", Text, nullable=False, comment="normalised for comparison"),
    Column("stance", Text, nullable=False, comment="ours or not_ours"),
    Column("authority", Text, nullable=False, comment="who says so: roster, musicbrainz, analyst:<name>, ..."),
    Column("made_at", Moment, nullable=False),
    Column("superseded_at", Moment),
    UniqueConstraint("artist_id", "subject", "value_key", "authority", "stance"),
)

# --- the catalogue as platforms show it -------------------------------------------------------------------------

profile = Table(
    "profile",
    metadata,
    _id(),
    Column("platform", Text, nullable=False),
    Column("platform_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("url", Text),
    Column("image_url", Text),
    Column("followers", BigInteger),
    Column("release_count", Integer),
    Column("genres", Text, comment="JSON list"),
    Column("aliases", Text, comment="JSON list: other names that a reference source prints"),
    Column("country", Text),
    Column("disambiguation", Text),
    Column("began", Text),
    Column("ended", Text),
    *_seen(),
    UniqueConstraint("platform", "platform_id"),
    Index("ix_profile_name_key", "name_key"),
    **SEEN_AGAIN,
)

standing = Table(
    "standing",
    metadata,
    _to("profile", primary_key=True),
    _to("artist", primary_key=True, index=True),
    Column("standing", Text, nullable=False, comment="official, proposed, namesake, suspected, unknown"),
    Column("authority", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("decided_at", Moment, nullable=False),
)

profile_link = Table(
    "profile_link",
    metadata,
    _id(),
    _to("profile"),
    Column("url", Text, nullable=False),
    Column("type_id", Text, nullable=False),
    Column("ended", Boolean, nullable=False),
    *_seen(),
    UniqueConstraint("profile_id", "url", "type_id"),
    Index("ix_profile_link_url", "url"),
    **SEEN_AGAIN,
)

release = Table(
    "release",
    metadata,
    _id(),
    Column("platform", Text, nullable=False),
    Column("platform_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("title_key", Text, nullable=False),
    Column("kind", Text),
    Column("status", Text),
    Column("date_raw", Text, comment="as printed: 2024-08-16, 2009-05, 2009, 0000"),
    Column("date_precision", Text, comment="day, month, year, none"),
    Column("date", Date, comment="first day the claim can mean"),
    Column("upc_raw", Text),
    Column("gtin14", Text),
    Column("url", Text),
    Column("cover_url", Text),
    Column("track_count", Integer),
    Column("explicit", Boolean),
    Column("genres", Text, comment="JSON list"),
    *_seen(),
    UniqueConstraint("platform", "platform_id"),
    Index("ix_release_gtin14", "gtin14"),
    Index("ix_release_title_key", "title_key"),
    Index("ix_release_first_seen_at", "first_seen_at"),
    **SEEN_AGAIN,
)

release_line = Table(
    "release_line",
    metadata,
    _id(),
    _to("release"),
    Column("kind", Text, nullable=False, comment="label, p, c"),
    Column("text", Text, nullable=False),
    Column("text_key", Text, nullable=False, comment="without symbol, year and case"),
    *_seen(),
    UniqueConstraint("release_id", "kind", "text"),
    Index("ix_release_line_text_key", "text_key"),
    **SEEN_AGAIN,
)

track = Table(
    "track",
    metadata,
    _id(),
    _to("release", index=True),
    Column("platform", Text, nullable=False),
    Column("platform_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("title_key", Text, nullable=False),
    Column("version", Text),
    Column("disc", SmallInteger),
    Column("position", Integer),
    Column("duration_ms", Integer),
    Column("isrc_raw", Text),
    Column("isrc", Text),
    Column("explicit", Boolean),
    Column("url", Text),
    *_seen(),
    UniqueConstraint("platform", "platform_id", "release_id"),
    Index("ix_track_isrc", "isrc"),
    **SEEN_AGAIN,
)

credit = Table(
    "credit",
    metadata,
    _id(),
    _to("release"),
    _to("track", nullable=True),
    _to("profile", nullable=True, index=True),
    Column("who", Text, nullable=False, comment="the platform's profile id, else 'name:' and the folded name"),
    Column("role", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("name", Text, nullable=False, comment="as printed"),
    *_seen(),
    Index(
        "uq_credit_release",
        "release_id",
        "who",
        "role",
        unique=True,
        sqlite_where=text("track_id IS NULL"),
        postgresql_where=text("track_id IS NULL"),
    ),
    Index(
        "uq_credit_track",
        "track_id",
        "who",
        "role",
        unique=True,
        sqlite_where=text("track_id IS NOT NULL"),
        postgresql_where=text("track_id IS NOT NULL"),
    ),
    **SEEN_AGAIN,
)

market = Table(
    "market",
    metadata,
    _id(),
    _to("release"),
    Column("country", Text, nullable=False, comment="ISO 3166-1 alpha-2"),
    *_seen(),
    Column("gone_at", Moment, comment="a later answer named the markets, and not this one"),
    UniqueConstraint("release_id", "country"),
    **SEEN_AGAIN,
)

ai_disclosure = Table(
    "ai_disclosure",
    metadata,
    _id(),
    _to("release"),
    _to("track", nullable=True),
    Column("field", Text, nullable=False, comment="the platform's field that said so"),
    Column("value", Text, nullable=False, comment="yes, no or partial; no row means undeclared, never 'human'"),
    *_seen(),
    Index(
        "uq_ai_disclosure_release",
        "release_id",
        "field",
        unique=True,
        sqlite_where=text("track_id IS NULL"),
        postgresql_where=text("track_id IS NULL"),
    ),
    Index(
        "uq_ai_disclosure_track",
        "track_id",
        "field",
        unique=True,
        sqlite_where=text("track_id IS NOT NULL"),
        postgresql_where=text("track_id IS NOT NULL"),
    ),
    **SEEN_AGAIN,
)

listing = Table(
    "listing",
    metadata,
    _id(),
    _to("profile"),
    _to("release", index=True),
    Column("section", Text, nullable=False, server_default=""),
    Column("market", Text, nullable=False, server_default=""),
    *_seen(),
    Column("new", Boolean, nullable=False, comment="first seen after the list's complete baseline"),
    Column("misses", SmallInteger, nullable=False, server_default="0", comment="complete looks in a row without it"),
    Column("missing_since", Moment),
    Column("removed_at", Moment, comment="set by the second complete look without it"),
    UniqueConstraint("profile_id", "release_id", "section", "market"),
    Index("ix_listing_new", "first_seen_at", sqlite_where=text('"new"'), postgresql_where=text('"new"')),
    comment="a release as shown on a profile's page",
    **SEEN_AGAIN,
)

# --- asking -----------------------------------------------------------------------------------------------------

target = Table(
    "target",
    metadata,
    _id(),
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
    UniqueConstraint("platform", "ask", "subject", "section", "market"),
    Index("ix_target_rank", "platform", "rank_at"),
)

watch = Table(
    "watch",
    metadata,
    _to("target", primary_key=True),
    _to("artist", primary_key=True, index=True),
    comment="for whose sake a target is asked",
)

look = Table(
    "look",
    metadata,
    _id(),
    _to("target"),
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
    *_seen(),
    Index("ix_payload_retention", "platform", "last_seen_at"),
)

look_payload = Table(
    "look_payload",
    metadata,
    _to("look", primary_key=True),
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

budget = Table(
    "budget",
    metadata,
    _id(),
    Column("platform", Text, nullable=False),
    Column("bucket", Text, nullable=False),
    Column("holder", Text, nullable=False, comment="credential or egress that the platform counts by"),
    Column("next_at", Float, nullable=False, server_default="0", comment="epoch seconds"),
    Column("paused_until", Float, nullable=False, server_default="0"),
    Column("pause_reason", Text, nullable=False, server_default=""),
    Column("hours", Text, nullable=False, server_default="{}", comment="JSON: epoch hour -> calls of the rolling day"),
    UniqueConstraint("platform", "bucket", "holder"),
)

change = Table(
    "change",
    metadata,
    _id(),
    Column("entity", Text, nullable=False, comment="the table whose row changed"),
    Column("entity_id", BigId, nullable=False),
    Column(
        "field", Text, nullable=False, comment="a column, or 'appeared', 'missing', 'removed', 'returned', 'cleaned'"
    ),
    Column("before", Text),
    Column("after", Text),
    Column("look_id", BigId, ForeignKey("look.id")),
    Column("changed_at", Moment, nullable=False),
    Index("ix_change_entity", "entity", "entity_id"),
    Index("ix_change_changed_at", "changed_at"),
    comment="append-only",
)

# --- judging ----------------------------------------------------------------------------------------------------

case = Table(
    "suspect_case",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True, comment="kind and binding: the same suspicion is one case"),
    Column("kind", Text, nullable=False),
    _to("artist", index=True),
    _to("profile", index=True),
    _to("release", nullable=True, index=True),
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
    _id(),
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
    Column("id", BigId, primary_key=True, autoincrement=True, comment="the feed's cursor"),
    Column("case_id", BigId, ForeignKey("suspect_case.id"), nullable=False, index=True),
    Column("event", Text, nullable=False, comment="opened, changed, decided"),
    Column("idempotency_key", Text, nullable=False, unique=True),
    Column("document", Text, nullable=False, comment="JSON: the candidate, self-contained"),
    Column("written_at", Moment, nullable=False),
)
