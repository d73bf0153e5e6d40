"""Artists that are added later are held against what is stored; workers say by which names they judge."""

import sqlalchemy as sa
from alembic import op

from storage.models import BigId, Moment
from storage.views import drop_views

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    drop_views(op.get_bind())
    with op.batch_alter_table("worker") as batch:
        batch.add_column(
            sa.Column(
                "roster_revision",
                BigId,
                server_default="0",
                nullable=False,
                comment="of the names that it judges by",
            )
        )
    op.create_table(
        "latecomer",
        sa.Column("artist_id", BigId, nullable=False),
        sa.Column("place", sa.Text(), server_default="profile", nullable=False, comment="the table that is read"),
        sa.Column("row_id", BigId, server_default="0", nullable=False, comment="its last row that was read"),
        sa.Column("turn", sa.Integer(), server_default="1", nullable=False, comment="grows with each new name"),
        sa.Column("since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("artist_id", name=op.f("pk_latecomer")),
        sa.ForeignKeyConstraint(["artist_id"], ["artist.id"], name=op.f("fk_latecomer_artist_id")),
        comment="artists with names that are not yet held against all that is stored, and how far the reading is",
    )
    op.create_index("ix_latecomer_place", "latecomer", ["place", "row_id"])
    op.create_table(
        "resembling",
        sa.Column("artist_id", BigId, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="release or profile"),
        sa.Column("row_id", BigId, nullable=False, comment="of the release or the profile"),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("judged_at", Moment(), comment="null: it waits for judgement"),
        sa.PrimaryKeyConstraint("artist_id", "kind", "row_id", name=op.f("pk_resembling")),
        sa.ForeignKeyConstraint(["artist_id"], ["artist.id"], name=op.f("fk_resembling_artist_id")),
        comment="what was stored before an artist's name came and resembles it",
    )
    unjudged = sa.text("judged_at IS NULL")
    op.create_index(
        "ix_resembling_unjudged",
        "resembling",
        ["artist_id"],
        sqlite_where=unjudged,
        postgresql_where=unjudged,
    )


def downgrade() -> None:
    drop_views(op.get_bind())
    op.drop_table("resembling")
    op.drop_table("latecomer")
    with op.batch_alter_table("worker") as batch:
        batch.drop_column("roster_revision")
