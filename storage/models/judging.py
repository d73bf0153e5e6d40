"""Judging: what belongs together, cases with their findings, verdicts, and what is told to consumers."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, SmallInteger, Table, Text, text

from storage.models.columns import BigId, Moment, id_, metadata, to

release_group = Table(
    "release_group",
    metadata,
    id_(),
    Column("made_at", Moment, nullable=False),
    Column("merged_into", BigId, ForeignKey("release_group.id"), index=True),
    comment="one release as a person counts it",
)

grouped_release = Table(
    "grouped_release",
    metadata,
    to("release", primary_key=True),
    Column("group_id", BigId, ForeignKey("release_group.id"), nullable=False, index=True),
    Column("fold", Text, nullable=False, server_default="", comment="folded title without a store's suffix"),
    Column("grouped_at", Moment, nullable=False),
    Index("ix_grouped_release_fold", "fold"),
)

release_tie = Table(
    "release_tie",
    metadata,
    Column("release_a", BigId, ForeignKey("release.id"), primary_key=True, comment="the smaller id of the two"),
    Column("release_b", BigId, ForeignKey("release.id"), primary_key=True, index=True),
    Column("basis", Text, primary_key=True, comment="gtin, isrc, page, or cut: a person took them apart"),
    Column("value", Text, nullable=False, comment="what they share; for a cut, who cut"),
    Column("tied_at", Moment, nullable=False),
)

profile_group = Table(
    "profile_group",
    metadata,
    id_(),
    Column("made_at", Moment, nullable=False),
    Column("merged_into", BigId, ForeignKey("profile_group.id"), index=True),
    comment="one act's pages over the platforms",
)

grouped_profile = Table(
    "grouped_profile",
    metadata,
    to("profile", primary_key=True),
    Column("group_id", BigId, ForeignKey("profile_group.id"), nullable=False, index=True),
    Column("basis", Text, nullable=False, comment="alone, shared release, reference, name"),
    Column("grouped_at", Moment, nullable=False),
)

case = Table(
    "suspect_case",
    metadata,
    id_(),
    Column("key", Text, nullable=False, unique=True, comment="kind of event, artist and group: one event is one case"),
    Column("kind", Text, nullable=False, comment="release, profile, disappearance, tampering"),
    Column("attack", Text, nullable=False, server_default="", comment="what it would be: hijack, look-alike, ..."),
    to("artist", index=True),
    Column(
        "group_id",
        BigId,
        nullable=False,
        comment="release or profile group; for tampering a page, or minus the group whose tracks changed",
    ),
    Column("origin", Text, nullable=False, server_default="news", comment="news, or census: it stood there already"),
    Column(
        "status",
        Text,
        nullable=False,
        comment="open, watching, confirmed, cleared, takedown_requested, gone, returned, merged",
    ),
    Column("loud", Boolean, nullable=False, server_default=text("false"), comment="above the alert cut when judged"),
    Column("score_low", Float, nullable=False),
    Column("score", Float, nullable=False, server_default="0"),
    Column("score_high", Float, nullable=False),
    Column("bits", Float, nullable=False, server_default="0", comment="the sum of the quoted parts"),
    Column("rule_version", Text, nullable=False),
    Column("evidence", Text, nullable=False, comment="JSON: signals with the values they quote"),
    Column("title", Text, nullable=False, server_default="", comment="what it is about, as printed"),
    Column("meaning", Text, nullable=False, server_default="", comment="hash of what consumers must be told"),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("reopened_because", Text, nullable=False, server_default=""),
    Column("merged_into", BigId, ForeignKey("suspect_case.id"), index=True),
    Column("campaign_id", BigId, ForeignKey("campaign.id"), index=True),
    Column("opened_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("gone_at", Moment, comment="since when no page shows it any more"),
    Index("ix_suspect_case_status", "status", "score"),
    Index("ix_suspect_case_group", "group_id"),
    # Parts of titles are looked for in this index, not in whole rows with their evidence. PostgreSQL's takes no long
    # titles: those few are found by the index after it.
    Index(
        "ix_suspect_case_title",
        *("status", "score", "title"),
        postgresql_include=["id"],
        postgresql_where=text("octet_length(title) <= 1000"),
    ),
    Index(
        "ix_suspect_case_long_title",
        "status",
        sqlite_where=text("length(title) > 1000"),
        postgresql_where=text("octet_length(title) > 1000"),
    ),
    Index("ix_suspect_case_counted", "status", "kind", "attack", "loud", "origin", "artist_id", "opened_at"),
)

finding = Table(
    "finding",
    metadata,
    id_(),
    Column("case_id", BigId, ForeignKey("suspect_case.id"), nullable=False, index=True),
    to("profile", index=True),
    to("release", nullable=True, index=True),
    Column("role", Text, nullable=False, comment="listed, appears_on, credited, named, page"),
    Column("first_seen_at", Moment, nullable=False),
    Column("removed_at", Moment),
    Index(
        "uq_finding_release",
        "case_id",
        "profile_id",
        "release_id",
        unique=True,
        sqlite_where=text("release_id IS NOT NULL"),
        postgresql_where=text("release_id IS NOT NULL"),
    ),
    Index(
        "uq_finding_page",
        "case_id",
        "profile_id",
        unique=True,
        sqlite_where=text("release_id IS NULL"),
        postgresql_where=text("release_id IS NULL"),
    ),
    comment="one binding of an event on one platform",
)

case_history = Table(
    "case_history",
    metadata,
    id_(),
    Column("case_id", BigId, ForeignKey("suspect_case.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("event", Text, nullable=False, comment="opened, scored, status, merged, split, told"),
    Column("status", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("rule_version", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    comment="append-only",
)

verdict = Table(
    "verdict",
    metadata,
    id_(),
    Column("case_id", BigId, ForeignKey("suspect_case.id"), nullable=False, index=True),
    Column("decision", Text, nullable=False, comment="impersonation, legitimate, namesake, takedown, unsure"),
    Column("authority", Text, nullable=False, comment="who decided"),
    Column("rank", SmallInteger, nullable=False, server_default="2", comment="1 rights holder, 2 analyst, 3 detector"),
    Column("note", Text, nullable=False, server_default=""),
    Column("signals", Text, nullable=False, server_default="", comment="JSON: what had fired when it was given"),
    Column("question", Text, nullable=False, server_default="", comment="that a detector answered: ai_generated, ..."),
    Column("answer", Text, nullable=False, server_default="", comment="JSON: a detector's whole answer"),
    Column("decided_at", Moment, nullable=False),
    Column("withdrawn_at", Moment, comment="when it was undone: it counts no longer"),
    Column("withdrawn_by", Text),
    comment="append-only: the latest of a case counts, earlier ones are superseded",
)

campaign = Table(
    "campaign",
    metadata,
    id_(),
    Column("key", Text, nullable=False, unique=True, comment="of its first tie"),
    Column("ties", Text, nullable=False, comment="JSON: what ties its cases, with the values"),
    Column("opened_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

census = Table(
    "census",
    metadata,
    to("artist", primary_key=True),
    Column("group_id", BigId, primary_key=True),
    Column("kind", Text, primary_key=True, comment="release or profile"),
    Column("place", SmallInteger, nullable=False, comment="1: the one most unlike the rest"),
    Column("score", Float, nullable=False),
    Column("bits", Float, nullable=False),
    Column("title", Text, nullable=False),
    Column("evidence", Text, nullable=False, comment="JSON, as in a case"),
    Column("rule_version", Text, nullable=False),
    Column("judged_at", Moment, nullable=False),
    comment="what already stood on and near an artist's pages, most unlike first",
)

rejudge = Table(
    "rejudge",
    metadata,
    id_(),
    to("artist", nullable=True, index=True),
    Column("group_id", BigId, nullable=False),
    Column("kind", Text, nullable=False, comment="release, profile, census"),
    Column("why", Text, nullable=False),
    Column("error", Text, nullable=False, server_default="", comment="why it could not be judged"),
    Column("rule_version", Text, nullable=False, server_default="", comment="the rules that failed on it"),
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    Column("since", Moment, nullable=False),
    Index("uq_rejudge", "artist_id", "kind", "group_id", unique=True),
    comment="events that wait for judgement",
)

rules = Table(
    "rules",
    metadata,
    Column("version", Text, primary_key=True),
    Column("since", Moment, nullable=False),
    comment="the rules that judge, or judged, this store",
)

latecomer = Table(
    "latecomer",
    metadata,
    to("artist", primary_key=True),
    Column("place", Text, nullable=False, server_default="profile", comment="the table that is read"),
    Column("row_id", BigId, nullable=False, server_default="0", comment="its last row that was read"),
    Column("turn", Integer, nullable=False, server_default="1", comment="grows with each new name"),
    Column("since", Moment, nullable=False),
    Index("ix_latecomer_place", "place", "row_id"),
    comment="artists with names that are not yet held against all that is stored, and how far the reading is",
)

resembling = Table(
    "resembling",
    metadata,
    to("artist", primary_key=True),
    Column("kind", Text, primary_key=True, comment="release or profile"),
    Column("row_id", BigId, primary_key=True, comment="of the release or the profile"),
    Column("since", Moment, nullable=False),
    Column("judged_at", Moment, comment="null: it waits for judgement"),
    Index(
        "ix_resembling_unjudged",
        "artist_id",
        sqlite_where=text("judged_at IS NULL"),
        postgresql_where=text("judged_at IS NULL"),
    ),
    comment="what was stored before an artist's name came and resembles it",
)

outbox = Table(
    "outbox",
    metadata,
    id_(),
    Column("position", BigId, comment="the feed's cursor, given after the commit; null: not yet told"),
    Column("case_id", BigId, ForeignKey("suspect_case.id"), nullable=False, index=True),
    Column("event", Text, nullable=False, comment="opened, changed, decided, withdrawn"),
    Column("idempotency_key", Text, nullable=False, unique=True),
    Column("document", Text, nullable=False, comment="JSON: the candidate, self-contained"),
    Column("written_at", Moment, nullable=False),
    Index("ix_outbox_position", "position", unique=True),
    Index("ix_outbox_unplaced", "id", sqlite_where=text("position IS NULL"), postgresql_where=text("position IS NULL")),
)
