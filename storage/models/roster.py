"""The roster: who is monitored, under which names, and which profiles are theirs."""

from sqlalchemy import Boolean, Column, Float, Table, Text, UniqueConstraint, text

from storage.models.columns import Moment, id_, metadata, to

artist = Table(
    "artist",
    metadata,
    id_(),
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
    id_(),
    to("artist"),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, index=True),
    Column("source", Text, nullable=False, comment="roster, musicbrainz, analyst"),
    Column("added_at", Moment, nullable=False),
    UniqueConstraint("artist_id", "name"),
)

claim = Table(
    "claim",
    metadata,
    id_(),
    to("artist"),
    Column("subject", Text, nullable=False, comment="label, isrc_prefix, isrc, upc, profile, release, distributor"),
    Column("value", Text, nullable=False),
    Column("value_key", Text, nullable=False, comment="normalised for comparison"),
    Column("stance", Text, nullable=False, comment="ours or not_ours"),
    Column("authority", Text, nullable=False, comment="who says so: roster, musicbrainz, analyst:<name>, ..."),
    Column("made_at", Moment, nullable=False),
    Column("superseded_at", Moment),
    UniqueConstraint("artist_id", "subject", "value_key", "authority", "stance"),
)

standing = Table(
    "standing",
    metadata,
    to("profile", primary_key=True),
    to("artist", primary_key=True, index=True),
    Column("standing", Text, nullable=False, comment="official, proposed, namesake, suspected, unknown"),
    Column("authority", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("decided_at", Moment, nullable=False),
)
