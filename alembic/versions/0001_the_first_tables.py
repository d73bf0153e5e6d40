"""The first tables."""

import sqlalchemy as sa
from alembic import op

from storage.views import drop_views

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "artist",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="stable key: MBID, else folded name"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("mbid", sa.Text(), nullable=True),
        sa.Column("weight", sa.Float(), server_default="1", nullable=False),
        sa.Column("watched", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artist")),
        sa.UniqueConstraint("key", name=op.f("uq_artist_key")),
        sa.UniqueConstraint("mbid", name=op.f("uq_artist_mbid")),
    )
    with op.batch_alter_table("artist", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_artist_name_key"), ["name_key"], unique=False)

    op.create_table(
        "budget",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False, comment="credential or egress that the platform counts by"),
        sa.Column("next_at", sa.Float(), server_default="0", nullable=False, comment="epoch seconds"),
        sa.Column("paused_until", sa.Float(), server_default="0", nullable=False),
        sa.Column("pause_reason", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "hours",
            sa.Text(),
            server_default="{}",
            nullable=False,
            comment="JSON: epoch hour -> calls of the rolling day",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget")),
        sa.UniqueConstraint("platform", "bucket", "holder", name=op.f("uq_budget_platform_bucket_holder")),
    )
    op.create_table(
        "payload",
        sa.Column("hash", sa.Text(), nullable=False, comment="SHA-256 of the body"),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="zlib"),
        sa.Column("size", sa.Integer(), nullable=False, comment="uncompressed bytes"),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_payload")),
    )
    with op.batch_alter_table("payload", schema=None) as batch_op:
        batch_op.create_index("ix_payload_retention", ["platform", "last_seen_at"], unique=False)

    op.create_table(
        "profile",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("platform_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("followers", sa.BigInteger(), nullable=True),
        sa.Column("release_count", sa.Integer(), nullable=True),
        sa.Column("genres", sa.Text(), nullable=True, comment="JSON list"),
        sa.Column("aliases", sa.Text(), nullable=True, comment="JSON list: other names that a reference source prints"),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("disambiguation", sa.Text(), nullable=True),
        sa.Column("began", sa.Text(), nullable=True),
        sa.Column("ended", sa.Text(), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile")),
        sa.UniqueConstraint("platform", "platform_id", name=op.f("uq_profile_platform_platform_id")),
        postgresql_with={"fillfactor": 50},
    )
    with op.batch_alter_table("profile", schema=None) as batch_op:
        batch_op.create_index("ix_profile_name_key", ["name_key"], unique=False)

    op.create_table(
        "release",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("platform_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("date_raw", sa.Text(), nullable=True, comment="as printed: 2024-08-16, 2009-05, 2009, 0000"),
        sa.Column("date_precision", sa.Text(), nullable=True, comment="day, month, year, none"),
        sa.Column("date", sa.Date(), nullable=True, comment="first day the claim can mean"),
        sa.Column("upc_raw", sa.Text(), nullable=True),
        sa.Column("gtin14", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("cover_url", sa.Text(), nullable=True),
        sa.Column("track_count", sa.Integer(), nullable=True),
        sa.Column("explicit", sa.Boolean(), nullable=True),
        sa.Column("genres", sa.Text(), nullable=True, comment="JSON list"),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("platform", "platform_id", name=op.f("uq_release_platform_platform_id")),
        postgresql_with={"fillfactor": 50},
    )
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.create_index("ix_release_first_seen_at", ["first_seen_at"], unique=False)
        batch_op.create_index("ix_release_gtin14", ["gtin14"], unique=False)
        batch_op.create_index("ix_release_title_key", ["title_key"], unique=False)

    op.create_table(
        "target",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("ask", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), server_default="", nullable=False),
        sa.Column("market", sa.Text(), server_default="", nullable=False),
        sa.Column("priority", sa.SmallInteger(), server_default="5", nullable=False, comment="0 first, 9 last"),
        sa.Column(
            "due_at", sa.DateTime(timezone=True), nullable=True, comment="null: asked once and answered, or retired"
        ),
        sa.Column(
            "rank_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due time plus a patience for each step of priority: nothing waits for ever",
        ),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.SmallInteger(), server_default="0", nullable=False, comment="in a row"),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_outcome", sa.Text(), nullable=True),
        sa.Column("last_complete_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "baseline_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="end of the first complete look: what came later is new",
        ),
        sa.Column("resume", sa.Text(), nullable=True),
        sa.Column(
            "walk_started_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="start of the walk that `resume` continues",
        ),
        sa.Column(
            "quiet_partials",
            sa.SmallInteger(),
            server_default="0",
            nullable=False,
            comment="looks in a row that reached the end marker short of the total and brought nothing new",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint(
            "platform",
            "ask",
            "subject",
            "section",
            "market",
            name=op.f("uq_target_platform_ask_subject_section_market"),
        ),
    )
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.create_index("ix_target_rank", ["platform", "rank_at"], unique=False)

    op.create_table(
        "artist_alias",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("artist_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False, comment="roster, musicbrainz, analyst"),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["artist_id"], ["artist.id"], name=op.f("fk_artist_alias_artist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artist_alias")),
        sa.UniqueConstraint("artist_id", "name", name=op.f("uq_artist_alias_artist_id_name")),
    )
    with op.batch_alter_table("artist_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_artist_alias_name_key"), ["name_key"], unique=False)

    op.create_table(
        "claim",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("artist_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "subject", sa.Text(), nullable=False, comment="label, isrc_prefix, isrc, upc, profile, release, distributor"
        ),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("value_key", sa.Text(), nullable=False, comment="normalised for comparison"),
        sa.Column("stance", sa.Text(), nullable=False, comment="ours or not_ours"),
        sa.Column(
            "authority", sa.Text(), nullable=False, comment="who says so: roster, musicbrainz, analyst:<name>, ..."
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["artist_id"], ["artist.id"], name=op.f("fk_claim_artist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint(
            "artist_id",
            "subject",
            "value_key",
            "authority",
            "stance",
            name=op.f("uq_claim_artist_id_subject_value_key_authority_stance"),
        ),
    )
    op.create_table(
        "listing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("profile_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("section", sa.Text(), server_default="", nullable=False),
        sa.Column("market", sa.Text(), server_default="", nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("new", sa.Boolean(), nullable=False, comment="first seen after the list's complete baseline"),
        sa.Column(
            "misses",
            sa.SmallInteger(),
            server_default="0",
            nullable=False,
            comment="complete looks in a row without it",
        ),
        sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "removed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="set by the second complete look without it",
        ),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_listing_profile_id")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_listing_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint(
            "profile_id",
            "release_id",
            "section",
            "market",
            name=op.f("uq_listing_profile_id_release_id_section_market"),
        ),
        comment="a release as shown on a profile's page",
        postgresql_with={"fillfactor": 50},
    )
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.create_index(
            "ix_listing_new",
            ["first_seen_at"],
            unique=False,
            sqlite_where=sa.text('"new"'),
            postgresql_where=sa.text('"new"'),
        )
        batch_op.create_index(batch_op.f("ix_listing_release_id"), ["release_id"], unique=False)

    op.create_table(
        "look",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("stop_reason", sa.Text(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column(
            "blind",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="fields this look could not see, comma separated",
        ),
        sa.Column("worker", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "outcome IN ('complete','partial','blind','absent','throttled','refused','malformed','failed')",
            name=op.f("ck_look_outcome"),
        ),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_look_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look")),
    )
    with op.batch_alter_table("look", schema=None) as batch_op:
        batch_op.create_index("ix_look_target", ["target_id", "id"], unique=False)

    op.create_table(
        "market",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("country", sa.Text(), nullable=False, comment="ISO 3166-1 alpha-2"),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "gone_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="a later answer named the markets, and not this one",
        ),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_market_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market")),
        sa.UniqueConstraint("release_id", "country", name=op.f("uq_market_release_id_country")),
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "profile_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("profile_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("type_id", sa.Text(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_profile_link_profile_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_link")),
        sa.UniqueConstraint("profile_id", "url", "type_id", name=op.f("uq_profile_link_profile_id_url_type_id")),
        postgresql_with={"fillfactor": 50},
    )
    with op.batch_alter_table("profile_link", schema=None) as batch_op:
        batch_op.create_index("ix_profile_link_url", ["url"], unique=False)

    op.create_table(
        "release_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="label, p, c"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_key", sa.Text(), nullable=False, comment="without symbol, year and case"),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_release_line_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_line")),
        sa.UniqueConstraint("release_id", "kind", "text", name=op.f("uq_release_line_release_id_kind_text")),
        postgresql_with={"fillfactor": 50},
    )
    with op.batch_alter_table("release_line", schema=None) as batch_op:
        batch_op.create_index("ix_release_line_text_key", ["text_key"], unique=False)

    op.create_table(
        "standing",
        sa.Column("profile_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("artist_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False, comment="official, proposed, namesake, suspected, unknown"),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["artist_id"], ["artist.id"], name=op.f("fk_standing_artist_id")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_standing_profile_id")),
        sa.PrimaryKeyConstraint("profile_id", "artist_id", name=op.f("pk_standing")),
    )
    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standing_artist_id"), ["artist_id"], unique=False)

    op.create_table(
        "suspect_case",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="kind and binding: the same suspicion is one case"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("artist_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("profile_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("role", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), nullable=False, comment="open or decided"),
        sa.Column("score_low", sa.Float(), nullable=False),
        sa.Column("score_high", sa.Float(), nullable=False),
        sa.Column("rule_version", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False, comment="JSON: signals with the values they quote"),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["artist_id"], ["artist.id"], name=op.f("fk_suspect_case_artist_id")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_suspect_case_profile_id")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_suspect_case_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspect_case")),
        sa.UniqueConstraint("key", name=op.f("uq_suspect_case_key")),
    )
    with op.batch_alter_table("suspect_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suspect_case_artist_id"), ["artist_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_suspect_case_profile_id"), ["profile_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_suspect_case_release_id"), ["release_id"], unique=False)
        batch_op.create_index("ix_suspect_case_status", ["status", "changed_at"], unique=False)

    op.create_table(
        "track",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("platform_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_key", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("disc", sa.SmallInteger(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("isrc_raw", sa.Text(), nullable=True),
        sa.Column("isrc", sa.Text(), nullable=True),
        sa.Column("explicit", sa.Boolean(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_track_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track")),
        sa.UniqueConstraint(
            "platform", "platform_id", "release_id", name=op.f("uq_track_platform_platform_id_release_id")
        ),
        postgresql_with={"fillfactor": 50},
    )
    with op.batch_alter_table("track", schema=None) as batch_op:
        batch_op.create_index("ix_track_isrc", ["isrc"], unique=False)
        batch_op.create_index(batch_op.f("ix_track_release_id"), ["release_id"], unique=False)

    op.create_table(
        "watch",
        sa.Column("target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("artist_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["artist_id"], ["artist.id"], name=op.f("fk_watch_artist_id")),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_watch_target_id")),
        sa.PrimaryKeyConstraint("target_id", "artist_id", name=op.f("pk_watch")),
        comment="for whose sake a target is asked",
    )
    with op.batch_alter_table("watch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_watch_artist_id"), ["artist_id"], unique=False)

    op.create_table(
        "ai_disclosure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("track_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("field", sa.Text(), nullable=False, comment="the platform's field that said so"),
        sa.Column(
            "value", sa.Text(), nullable=False, comment="yes, no or partial; no row means undeclared, never 'human'"
        ),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_ai_disclosure_release_id")),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_ai_disclosure_track_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_disclosure")),
        postgresql_with={"fillfactor": 50},
    )
    with op.batch_alter_table("ai_disclosure", schema=None) as batch_op:
        batch_op.create_index(
            "uq_ai_disclosure_release",
            ["release_id", "field"],
            unique=True,
            sqlite_where=sa.text("track_id IS NULL"),
            postgresql_where=sa.text("track_id IS NULL"),
        )
        batch_op.create_index(
            "uq_ai_disclosure_track",
            ["track_id", "field"],
            unique=True,
            sqlite_where=sa.text("track_id IS NOT NULL"),
            postgresql_where=sa.text("track_id IS NOT NULL"),
        )

    op.create_table(
        "change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("entity", sa.Text(), nullable=False, comment="the table whose row changed"),
        sa.Column("entity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "field",
            sa.Text(),
            nullable=False,
            comment="a column, or 'appeared', 'missing', 'removed', 'returned', 'cleaned'",
        ),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("look_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["look_id"], ["look.id"], name=op.f("fk_change_look_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        comment="append-only",
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index("ix_change_changed_at", ["changed_at"], unique=False)
        batch_op.create_index("ix_change_entity", ["entity", "entity_id"], unique=False)

    op.create_table(
        "credit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("track_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("profile_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "who", sa.Text(), nullable=False, comment="the platform's profile id, else 'name:' and the folded name"
        ),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="as printed"),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_credit_profile_id")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_credit_release_id")),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_credit_track_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit")),
        postgresql_with={"fillfactor": 50},
    )
    with op.batch_alter_table("credit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credit_profile_id"), ["profile_id"], unique=False)
        batch_op.create_index(
            "uq_credit_release",
            ["release_id", "who", "role"],
            unique=True,
            sqlite_where=sa.text("track_id IS NULL"),
            postgresql_where=sa.text("track_id IS NULL"),
        )
        batch_op.create_index(
            "uq_credit_track",
            ["track_id", "who", "role"],
            unique=True,
            sqlite_where=sa.text("track_id IS NOT NULL"),
            postgresql_where=sa.text("track_id IS NOT NULL"),
        )

    op.create_table(
        "look_payload",
        sa.Column("look_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column(
            "hash", sa.Text(), nullable=False, comment="no foreign key: retention purges bodies, not evidence of them"
        ),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["look_id"], ["look.id"], name=op.f("fk_look_payload_look_id")),
        sa.PrimaryKeyConstraint("look_id", "position", name=op.f("pk_look_payload")),
    )
    with op.batch_alter_table("look_payload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_look_payload_hash"), ["hash"], unique=False)

    op.create_table(
        "outbox",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="the feed's cursor",
        ),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event", sa.Text(), nullable=False, comment="opened, changed, decided"),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False, comment="JSON: the candidate, self-contained"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["suspect_case.id"], name=op.f("fk_outbox_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_outbox_idempotency_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_case_id"), ["case_id"], unique=False)

    op.create_table(
        "verdict",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False, comment="impersonation, legitimate, namesake, unsure"),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["suspect_case.id"], name=op.f("fk_verdict_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
        comment="append-only: the latest of a case counts, earlier ones are superseded",
    )
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verdict_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    drop_views(op.get_bind())
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verdict_case_id"))

    op.drop_table("verdict")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_case_id"))

    op.drop_table("outbox")
    with op.batch_alter_table("look_payload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_look_payload_hash"))

    op.drop_table("look_payload")
    with op.batch_alter_table("credit", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_credit_track",
            sqlite_where=sa.text("track_id IS NOT NULL"),
            postgresql_where=sa.text("track_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_credit_release", sqlite_where=sa.text("track_id IS NULL"), postgresql_where=sa.text("track_id IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_credit_profile_id"))

    op.drop_table("credit")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index("ix_change_entity")
        batch_op.drop_index("ix_change_changed_at")

    op.drop_table("change")
    with op.batch_alter_table("ai_disclosure", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_ai_disclosure_track",
            sqlite_where=sa.text("track_id IS NOT NULL"),
            postgresql_where=sa.text("track_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_ai_disclosure_release",
            sqlite_where=sa.text("track_id IS NULL"),
            postgresql_where=sa.text("track_id IS NULL"),
        )

    op.drop_table("ai_disclosure")
    with op.batch_alter_table("watch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_watch_artist_id"))

    op.drop_table("watch")
    with op.batch_alter_table("track", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_track_release_id"))
        batch_op.drop_index("ix_track_isrc")

    op.drop_table("track")
    with op.batch_alter_table("suspect_case", schema=None) as batch_op:
        batch_op.drop_index("ix_suspect_case_status")
        batch_op.drop_index(batch_op.f("ix_suspect_case_release_id"))
        batch_op.drop_index(batch_op.f("ix_suspect_case_profile_id"))
        batch_op.drop_index(batch_op.f("ix_suspect_case_artist_id"))

    op.drop_table("suspect_case")
    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standing_artist_id"))

    op.drop_table("standing")
    with op.batch_alter_table("release_line", schema=None) as batch_op:
        batch_op.drop_index("ix_release_line_text_key")

    op.drop_table("release_line")
    with op.batch_alter_table("profile_link", schema=None) as batch_op:
        batch_op.drop_index("ix_profile_link_url")

    op.drop_table("profile_link")
    op.drop_table("market")
    with op.batch_alter_table("look", schema=None) as batch_op:
        batch_op.drop_index("ix_look_target")

    op.drop_table("look")
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listing_release_id"))
        batch_op.drop_index("ix_listing_new", sqlite_where=sa.text('"new"'), postgresql_where=sa.text('"new"'))

    op.drop_table("listing")
    op.drop_table("claim")
    with op.batch_alter_table("artist_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_artist_alias_name_key"))

    op.drop_table("artist_alias")
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.drop_index("ix_target_rank")

    op.drop_table("target")
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.drop_index("ix_release_title_key")
        batch_op.drop_index("ix_release_gtin14")
        batch_op.drop_index("ix_release_first_seen_at")

    op.drop_table("release")
    with op.batch_alter_table("profile", schema=None) as batch_op:
        batch_op.drop_index("ix_profile_name_key")

    op.drop_table("profile")
    with op.batch_alter_table("payload", schema=None) as batch_op:
        batch_op.drop_index("ix_payload_retention")

    op.drop_table("payload")
    op.drop_table("budget")
    with op.batch_alter_table("artist", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_artist_name_key"))

    op.drop_table("artist")
