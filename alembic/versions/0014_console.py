"""The console: shared views, decisions that can be undone, reminders; counts of the queue from an index alone."""

import sqlalchemy as sa
from alembic import op

from storage.models import BigId, Moment
from storage.views import drop_views

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COUNTED = ("status", "kind", "attack", "loud", "origin", "artist_id", "opened_at")


def upgrade() -> None:
    drop_views(op.get_bind())
    op.create_index("ix_suspect_case_counted", "suspect_case", list(COUNTED))
    with op.batch_alter_table("verdict") as batch:
        batch.add_column(sa.Column("withdrawn_at", Moment(), comment="when it was undone: it counts no longer"))
        batch.add_column(sa.Column("withdrawn_by", sa.Text()))
    op.create_table(
        "saved_view",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False, comment="the list's address, without its page"),
        sa.Column("who", sa.Text(), nullable=False, comment="who saved it; everybody sees it"),
        sa.Column("saved_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("name", name=op.f("uq_saved_view_name")),
    )
    op.create_table(
        "console_action",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "query", sa.Text(), server_default="", nullable=False, comment="of a bulk decision: what was selected by"
        ),
        sa.Column(
            "matched",
            sa.Integer(),
            server_default="1",
            nullable=False,
            comment="how many cases matched when it was frozen",
        ),
        sa.Column("frozen_at", Moment(), nullable=False),
        sa.Column("done_at", Moment()),
        sa.Column("undone_at", Moment()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_console_action")),
        comment="one decision on one case or on many, which can be undone as one",
    )
    op.create_index("ix_console_action_who", "console_action", ["who", "done_at"])
    op.create_table(
        "console_case",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("action_id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False, comment="that was seen; a later one is a conflict"),
        sa.Column(
            "outcome",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="empty, decided, conflict, undone, kept",
        ),
        sa.Column("verdict_id", BigId, comment="no foreign key: verdicts never go"),
        sa.Column("before", sa.Text(), server_default="", nullable=False, comment="JSON: what undoing brings back"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_console_case")),
        sa.ForeignKeyConstraint(["action_id"], ["console_action.id"], name=op.f("fk_console_case_action_id")),
        sa.ForeignKeyConstraint(["case_id"], ["suspect_case.id"], name=op.f("fk_console_case_case_id")),
        sa.UniqueConstraint("action_id", "case_id", name=op.f("uq_console_case_action_id_case_id")),
        comment="the frozen list of an action",
    )
    op.create_index("ix_console_case_case", "console_case", ["case_id"])
    op.create_table(
        "reminder",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("done_at", Moment()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.ForeignKeyConstraint(["case_id"], ["suspect_case.id"], name=op.f("fk_reminder_case_id")),
        sa.UniqueConstraint("case_id", "who", name=op.f("uq_reminder_case_id_who")),
    )
    op.create_index("ix_reminder_who", "reminder", ["who", "due_at"])


def downgrade() -> None:
    drop_views(op.get_bind())
    for table in ("reminder", "console_case", "console_action", "saved_view"):
        op.drop_table(table)
    with op.batch_alter_table("verdict") as batch:
        batch.drop_column("withdrawn_by")
        batch.drop_column("withdrawn_at")
    op.drop_index("ix_suspect_case_counted", "suspect_case")
