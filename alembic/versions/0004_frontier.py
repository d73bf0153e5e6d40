"""The frontier: claims with tokens, live targets apart from retired ones, workers that beat, feed positions."""

import sqlalchemy as sa
from alembic import op

from storage.views import drop_views

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LIVE, HELD, UNPLACED = "due_at IS NOT NULL", "lease_owner IS NOT NULL", "position IS NULL"
QUEUE = ["platform", "ask", "market", "priority", "due_at"]


def upgrade() -> None:
    drop_views(op.get_bind())
    op.drop_index("ix_target_rank", "target")
    op.drop_column("target", "rank_at")
    # Whoever held something ran an older version: what it held is due again.
    op.execute("UPDATE target SET lease_owner = NULL, lease_until = NULL WHERE lease_owner IS NOT NULL")
    op.add_column("target", sa.Column("lease_token", sa.Text(), comment="of the one claim that may finish it"))
    news = sa.Column("last_news_at", sa.DateTime(timezone=True), comment="the last look that brought something new")
    op.add_column("target", news)
    _index("ix_target_queue", "target", QUEUE, LIVE)
    _index("ix_target_lease", "target", ["lease_owner"], HELD)
    op.create_table(
        "enrolment",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column(
            "artist_id", BIG, autoincrement=False, nullable=False, comment="no foreign key: leftovers do no harm"
        ),
        sa.Column(
            "mark", sa.Text(), nullable=False, comment="a hash of all that decides what is asked for the artist's sake"
        ),
        sa.PrimaryKeyConstraint("platform", "artist_id", name=op.f("pk_enrolment")),
        comment="what was put on the frontier for whom: enrolling again touches only what changed",
    )
    op.create_table(
        "worker",
        sa.Column("name", sa.Text(), nullable=False, comment="the lease owner"),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column(
            "process", sa.Text(), nullable=False, comment="number and start of the process, as its host knows it"
        ),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="real time, by the database's clock, as is beat_at",
        ),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trouble", sa.Text(), server_default="", nullable=False, comment="what keeps a lane from working"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker")),
    )
    op.add_column(
        "outbox",
        sa.Column("position", BIG, comment="the feed's cursor, given after the commit; null: not yet told"),
    )
    op.execute("UPDATE outbox SET position = id")
    op.create_index("ix_outbox_position", "outbox", ["position"], unique=True)
    _index("ix_outbox_unplaced", "outbox", ["id"], UNPLACED)
    _comment("target", "lease_owner", None, "the worker that holds it")
    _comment("outbox", "id", "the feed's cursor", None)


def downgrade() -> None:
    drop_views(op.get_bind())
    _comment("outbox", "id", None, "the feed's cursor")
    _comment("target", "lease_owner", "the worker that holds it", None)
    op.drop_index("ix_outbox_unplaced", "outbox")
    op.drop_index("ix_outbox_position", "outbox")
    op.drop_column("outbox", "position")
    op.drop_table("worker")
    op.drop_table("enrolment")
    op.drop_index("ix_target_lease", "target")
    op.drop_index("ix_target_queue", "target")
    op.drop_column("target", "last_news_at")
    op.drop_column("target", "lease_token")
    rank = "due time plus a patience for each step of priority: nothing waits for ever"
    op.add_column("target", sa.Column("rank_at", sa.DateTime(timezone=True), comment=rank))
    op.execute("UPDATE target SET rank_at = due_at")
    op.create_index("ix_target_rank", "target", ["platform", "rank_at"])


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _comment(table: str, column: str, before: str | None, after: str | None) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(table, column, comment=after, existing_comment=before)
