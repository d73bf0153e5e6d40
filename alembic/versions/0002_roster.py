"""Who is who for good: stable keys, merges, joint pages, what corrections replaced, and the roster's revision."""

import sqlalchemy as sa
from alembic import op

from storage.views import drop_views

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE, AFTER = "stable key: MBID, else folded name", "given once: renames, new MBIDs and merges keep it"

SOURCES_BEFORE, SOURCES = "roster, musicbrainz, analyst", "roster, musicbrainz, analyst, rename"


def upgrade() -> None:
    drop_views(op.get_bind())
    with op.batch_alter_table("artist") as batch:
        batch.alter_column("key", existing_type=sa.Text(), comment=AFTER, existing_comment=BEFORE)
        batch.add_column(sa.Column("merged_into", BIG, comment="the artist that this one turned out to be"))
        batch.create_foreign_key(op.f("fk_artist_merged_into"), "artist", ["merged_into"], ["id"])
    with op.batch_alter_table("artist_alias") as batch:
        batch.alter_column("source", existing_type=sa.Text(), comment=SOURCES, existing_comment=SOURCES_BEFORE)
        batch.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), comment="withdrawn by a correction"))
    with op.batch_alter_table("standing") as batch:
        batch.add_column(
            sa.Column(
                "joint",
                sa.Boolean(),
                server_default=sa.text("(false)"),
                nullable=False,
                comment="declared to be the page of several artists",
            )
        )
    op.create_table(
        "roster_change",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("artist_id", BIG, nullable=False),
        sa.Column(
            "what", sa.Text(), nullable=False, comment="name, mbid, weight, watched, alias, claim, standing, merged"
        ),
        sa.Column(
            "subject",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="platform:profile of a standing, an alias, ...",
        ),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("authority", sa.Text(), nullable=False, comment="who changed it"),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["artist_id"], ["artist.id"], name=op.f("fk_roster_change_artist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_change")),
        comment="append-only: what a correction replaced",
    )
    op.create_index("ix_roster_change_artist", "roster_change", ["artist_id", "id"])
    op.create_table(
        "roster_revision",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("bumps", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_revision")),
        comment="the sum of bumps grows with every change of the roster; rows are only added, so that writers never "
        "wait",
    )


def downgrade() -> None:
    drop_views(op.get_bind())
    op.drop_table("roster_revision")
    op.drop_table("roster_change")
    with op.batch_alter_table("standing") as batch:
        batch.drop_column("joint")
    op.execute("DELETE FROM artist_alias WHERE ended_at IS NOT NULL")
    with op.batch_alter_table("artist_alias") as batch:
        batch.drop_column("ended_at")
        batch.alter_column("source", existing_type=sa.Text(), comment=SOURCES_BEFORE, existing_comment=SOURCES)
    with op.batch_alter_table("artist") as batch:
        batch.drop_constraint(op.f("fk_artist_merged_into"), type_="foreignkey")
        batch.drop_column("merged_into")
        batch.alter_column("key", existing_type=sa.Text(), comment=BEFORE, existing_comment=AFTER)
