"""Roll-ups of looks, the day's jobs, and the indexes that keep retention and reports quick."""

import sqlalchemy as sa
from alembic import op

from storage.views import drop_views

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OUTCOMES = ("complete", "partial", "blind", "absent", "throttled", "refused", "malformed", "failed")


def upgrade() -> None:
    drop_views(op.get_bind())
    op.create_table(
        "look_day",
        sa.Column("target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="in UTC, by the end of the look"),
        *(sa.Column(outcome, sa.Integer(), server_default="0", nullable=False) for outcome in OUTCOMES),
        sa.Column("pages", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cost", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "received", sa.Integer(), server_default="0", nullable=False, comment="the most that one look received"
        ),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_look_day_target_id")),
        sa.PrimaryKeyConstraint("target_id", "day", name=op.f("pk_look_day")),
        comment="looks that changed nothing, counted by target and day when their own rows went",
    )
    op.create_index("ix_look_day_day", "look_day", ["day"])
    op.create_table(
        "upkeep",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_upkeep")),
        comment="jobs that the workers of a store do once a day, whoever comes first",
    )
    op.create_index(
        "ix_change_look_id",
        "change",
        ["look_id"],
        sqlite_where=sa.text("look_id IS NOT NULL"),
        postgresql_where=sa.text("look_id IS NOT NULL"),
    )


def downgrade() -> None:
    drop_views(op.get_bind())
    op.drop_index("ix_change_look_id", "change")
    op.drop_table("upkeep")
    op.drop_index("ix_look_day_day", "look_day")
    op.drop_table("look_day")
