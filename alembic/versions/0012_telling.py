"""Telling people: alert rules, what was told, what is muted, artists' tags; and what was reported to platforms."""

import sqlalchemy as sa
from alembic import op

from storage.models import BigId, Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "artist_tag",
        sa.Column("artist_id", BigId, nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("artist_id", "tag", name=op.f("pk_artist_tag")),
        sa.ForeignKeyConstraint(["artist_id"], ["artist.id"], name=op.f("fk_artist_tag_artist_id")),
        comment="whose artist it is, for alert rules: a team, a label, a territory",
    )
    op.create_index(op.f("ix_artist_tag_tag"), "artist_tag", ["tag"])
    op.create_table(
        "alert_rule",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "destination", sa.Text(), nullable=False, comment="a name: its address stands in the settings, never here"
        ),
        sa.Column("about", sa.Text(), server_default="all", nullable=False, comment="cases, trouble, all"),
        sa.Column("artist_id", BigId),
        sa.Column("tag", sa.Text(), server_default="", nullable=False),
        sa.Column("platform", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False, comment="of case: release, profile, ..."),
        sa.Column("least", sa.Float(), server_default="0", nullable=False, comment="score from which on a case counts"),
        sa.Column(
            "daily_at", sa.Text(), server_default="", nullable=False, comment="HH:MM of the digest; empty: at once"
        ),
        sa.Column("quiet_from", sa.Text(), server_default="", nullable=False, comment="HH:MM"),
        sa.Column("quiet_to", sa.Text(), server_default="", nullable=False),
        sa.Column("zone", sa.Text(), server_default="UTC", nullable=False, comment="of the daily and the quiet hours"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("failing_since", Moment(), comment="its destination took nothing since"),
        sa.Column("trouble", sa.Text(), server_default="", nullable=False, comment="why, without anything secret"),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False, comment="in a row that failed"),
        sa.Column("next_try_at", Moment()),
        sa.Column("sending_until", Moment(), comment="somebody sends for it; after that it is taken for dead"),
        sa.Column("sender", sa.Text(), comment="which one: a token"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_rule")),
        sa.UniqueConstraint("name", name=op.f("uq_alert_rule_name")),
        sa.ForeignKeyConstraint(["artist_id"], ["artist.id"], name=op.f("fk_alert_rule_artist_id")),
    )
    op.create_table(
        "alert",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("rule_id", BigId, nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="case:17, campaign:3, lane:deezer, ...; one is told once"),
        sa.Column("occasion", sa.Text(), nullable=False, comment="grows with every reopening or return: told again"),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column(
            "tell_at", Moment(), nullable=False, comment="not before: trouble that passes by itself is told to nobody"
        ),
        sa.Column(
            "silent",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="stood before the rule: not told",
        ),
        sa.Column("sent_for", sa.Text(), comment="a sending's token, from before it leaves until it arrived"),
        sa.Column("told_at", Moment()),
        sa.Column("ended_at", Moment(), comment="since when it is no longer so"),
        sa.Column("end_told_at", Moment()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.ForeignKeyConstraint(["rule_id"], ["alert_rule.id"], name=op.f("fk_alert_rule_id"), ondelete="CASCADE"),
        sa.UniqueConstraint("rule_id", "key", "occasion", name=op.f("uq_alert_rule_id_key_occasion")),
    )
    still, untold = sa.text("ended_at IS NULL"), sa.text("told_at IS NULL AND ended_at IS NULL")
    op.create_index("ix_alert_open", "alert", ["rule_id"], sqlite_where=still, postgresql_where=still)
    op.create_index("ix_alert_untold", "alert", ["rule_id", "id"], sqlite_where=untold, postgresql_where=untold)
    op.create_table(
        "alert_mute",
        sa.Column(
            "subject", sa.Text(), nullable=False, comment="rule:NAME, artist:ID, case:17, campaign:3, lane:deezer, ..."
        ),
        sa.Column("until", Moment(), comment="null: until it is taken back"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_alert_mute")),
    )
    op.create_table(
        "takedown",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False, comment="wrong-page, copyright, impersonation, likeness"),
        sa.Column("reported_at", Moment(), nullable=False),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), server_default="", nullable=False),
        sa.Column("deadline_at", Moment(), comment="by when an answer is due"),
        sa.Column("answered_at", Moment(), comment="null: still waits"),
        sa.Column("answer", sa.Text(), server_default="", nullable=False, comment="removed, refused, other"),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedown")),
        sa.ForeignKeyConstraint(["case_id"], ["suspect_case.id"], name=op.f("fk_takedown_case_id")),
        comment="what people reported to platforms; nothing is ever sent by Falsetto",
    )
    op.create_index(op.f("ix_takedown_case_id"), "takedown", ["case_id"])


def downgrade() -> None:
    for table in ("takedown", "alert_mute", "alert", "alert_rule", "artist_tag"):
        op.drop_table(table)
