"""What canaries are known to say, so that a field which all of them lose is seen; the last calls of each budget."""

import sqlalchemy as sa
from alembic import op

from storage.models import BigId, Moment

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "canary",
        sa.Column("target_id", BigId, nullable=False),
        sa.Column("said", sa.Text(), nullable=False, comment="JSON list: fields that its answers are known to tell"),
        sa.Column(
            "silent",
            sa.Text(),
            nullable=False,
            comment="JSON object: fields the last answer lacked: since when",
        ),
        sa.Column("heard_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_canary_target_id_target")),
        sa.PrimaryKeyConstraint("target_id", name=op.f("pk_canary")),
        comment="questions about pages that should always be answered alike: what they lack, an API has lost",
    )
    op.add_column(
        "budget",
        sa.Column(
            "recent",
            sa.Text(),
            nullable=False,
            server_default="[]",
            comment="JSON: epoch seconds of the last calls",
        ),
    )


def downgrade() -> None:
    with op.batch_alter_table("budget") as batch:
        batch.drop_column("recent")
    op.drop_table("canary")
