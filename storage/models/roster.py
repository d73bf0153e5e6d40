"""The roster: who is monitored, under which names, and which profiles are theirs."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from storage.models.columns import BigId, Moment, id_, metadata, to

artist = Table(
    "artist",
    metadata,
    id_(),
    Column("key", Text, nullable=False, unique=True, comment="given once: renames, new MBIDs and merges keep it"),
    Column("name", Text, nullable=False, index=True),
    Column("name_key", Text, nullable=False, index=True),
    Column("mbid", Text, unique=True),
    Column("weight", Float, nullable=False, server_default="1"),
    Column("watched", Boolean, nullable=False, server_default=text("true")),
    Column("added_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("merged_into", BigId, ForeignKey("artist.id"), comment="the artist that this one turned out to be"),
)

artist_alias = Table(
    "artist_alias",
    metadata,
    id_(),
    to("artist"),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, index=True),
    Column("source", Text, nullable=False, comment="roster, musicbrainz, analyst, rename"),
    Column("added_at", Moment, nullable=False),
    Column("ended_at", Moment, comment="withdrawn by a correction"),
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
    Column("source", Text, nullable=False, server_default="", comment="the file that it came in"),
    Column("place", Text, nullable=False, server_default="", comment="the line or item of that file"),
    Column("note", Text, nullable=False, server_default=""),
    UniqueConstraint("artist_id", "subject", "value_key", "authority", "stance"),
    Index("ix_claim_value", "subject", "value_key"),
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
    Column(
        "joint",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="declared to be the page of several artists",
    ),
)

roster_change = Table(
    "roster_change",
    metadata,
    id_(),
    to("artist"),
    Column("what", Text, nullable=False, comment="name, mbid, weight, watched, alias, claim, standing, merged"),
    Column("subject", Text, nullable=False, server_default="", comment="platform:profile of a standing, an alias, ..."),
    Column("before", Text),
    Column("after", Text),
    Column("authority", Text, nullable=False, comment="who changed it"),
    Column("reason", Text, nullable=False, server_default=""),
    Column("changed_at", Moment, nullable=False),
    Index("ix_roster_change_artist", "artist_id", "id"),
    comment="append-only: what a correction replaced",
)

roster_revision = Table(
    "roster_revision",
    metadata,
    id_(),
    Column("bumps", Integer, nullable=False),
    comment="the sum of bumps grows with every change of the roster; rows are only added, so that writers never wait",
)
