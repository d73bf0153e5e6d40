"""What was asked of detection systems; and the rows that retention looks for by their age."""

import sqlalchemy as sa
from alembic import op

from storage.models import BigId, Moment
from storage.views import drop_views

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    drop_views(op.get_bind())
    op.create_table(
        "asking",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("detector", sa.Text(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False, comment="platform_id, isrc, page_url, audio_url"),
        sa.Column("value", sa.Text(), nullable=False, comment="the reference that was handed off, never a file"),
        sa.Column("source", sa.Text(), nullable=False, comment="the platform that told it, or: operator"),
        sa.Column(
            "job",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="the detector's own number of what it works on",
        ),
        sa.Column(
            "state",
            sa.Text(),
            server_default="waiting",
            nullable=False,
            comment="waiting, answered, failed, quota",
        ),
        sa.Column(
            "millicents", BigId, server_default="0", nullable=False, comment="what it costs by the detector's list"
        ),
        sa.Column("said", sa.Text(), server_default="", nullable=False, comment="why it failed, in a few words"),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("answered_at", Moment()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asking")),
        sa.ForeignKeyConstraint(["case_id"], ["suspect_case.id"], name=op.f("fk_asking_case_id")),
        comment="what was asked of detection systems, by reference, and what became of it",
    )
    op.create_index("ix_asking_case", "asking", ["case_id", "detector"])
    op.create_index("ix_asking_detector", "asking", ["detector", "asked_at"])
    op.create_index(
        "ix_asking_waiting",
        "asking",
        ["detector", "job"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    drop_views(op.get_bind())
    op.drop_table("asking")
