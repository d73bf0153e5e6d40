"""Telling people: who wants to hear of what, what was told, what is muted; and what was reported to platforms."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, SmallInteger, Table, Text, UniqueConstraint, text

from storage.models.columns import BigId, Moment, id_, metadata, to

artist_tag = Table(
    "artist_tag",
    metadata,
    to("artist", primary_key=True),
    Column("tag", Text, primary_key=True, index=True),
    comment="whose artist it is, for alert rules: a team, a label, a territory",
)

alert_rule = Table(
    "alert_rule",
    metadata,
    id_(),
    Column("name", Text, nullable=False, unique=True),
    Column("destination", Text, nullable=False, comment="a name: its address stands in the settings, never here"),
    Column("about", Text, nullable=False, server_default="all", comment="cases, trouble, all"),
    to("artist", nullable=True),
    Column("tag", Text, nullable=False, server_default=""),
    Column("platform", Text, nullable=False, server_default=""),
    Column("kind", Text, nullable=False, server_default="", comment="of case: release, profile, ..."),
    Column("least", Float, nullable=False, server_default="0", comment="score from which on a case counts"),
    Column("daily_at", Text, nullable=False, server_default="", comment="HH:MM of the digest; empty: at once"),
    Column("quiet_from", Text, nullable=False, server_default="", comment="HH:MM"),
    Column("quiet_to", Text, nullable=False, server_default=""),
    Column("zone", Text, nullable=False, server_default="UTC", comment="of the daily and the quiet hours"),
    Column("made_at", Moment, nullable=False),
    Column("failing_since", Moment, comment="its destination took nothing since"),
    Column("trouble", Text, nullable=False, server_default="", comment="why, without anything secret"),
    Column("tries", SmallInteger, nullable=False, server_default="0", comment="in a row that failed"),
    Column("next_try_at", Moment),
    Column("sending_until", Moment, comment="somebody sends for it; after that it is taken for dead"),
    Column("sender", Text, comment="which one: a token"),
)

alert = Table(
    "alert",
    metadata,
    id_(),
    Column("rule_id", BigId, ForeignKey("alert_rule.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False, comment="case:17, campaign:3, lane:deezer, ...; one is told once"),
    Column("occasion", Text, nullable=False, comment="grows with every reopening or return: told again"),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("tell_at", Moment, nullable=False, comment="not before: trouble that passes by itself is told to nobody"),
    Column("silent", Boolean, nullable=False, server_default=text("false"), comment="stood before the rule: not told"),
    Column("sent_for", Text, comment="a sending's token, from before it leaves until it arrived"),
    Column("told_at", Moment),
    Column("ended_at", Moment, comment="since when it is no longer so"),
    Column("end_told_at", Moment),
    UniqueConstraint("rule_id", "key", "occasion"),
    Index("ix_alert_open", "rule_id", sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")),
    Index(
        "ix_alert_untold",
        "rule_id",
        "id",
        sqlite_where=text("told_at IS NULL AND ended_at IS NULL"),
        postgresql_where=text("told_at IS NULL AND ended_at IS NULL"),
    ),
)

alert_mute = Table(
    "alert_mute",
    metadata,
    Column("subject", Text, primary_key=True, comment="rule:NAME, artist:ID, case:17, campaign:3, lane:deezer, ..."),
    Column("until", Moment, comment="null: until it is taken back"),
    Column("made_at", Moment, nullable=False),
)

takedown = Table(
    "takedown",
    metadata,
    id_(),
    Column("case_id", BigId, ForeignKey("suspect_case.id"), nullable=False, index=True),
    Column("platform", Text, nullable=False),
    Column("ground", Text, nullable=False, comment="wrong-page, copyright, impersonation, likeness"),
    Column("reported_at", Moment, nullable=False),
    Column("reported_by", Text, nullable=False),
    Column("ticket", Text, nullable=False, server_default=""),
    Column("deadline_at", Moment, comment="by when an answer is due"),
    Column("answered_at", Moment, comment="null: still waits"),
    Column("answer", Text, nullable=False, server_default="", comment="removed, refused, other"),
    Column("note", Text, nullable=False, server_default=""),
    comment="what people reported to platforms; nothing is ever sent by Falsetto",
)
