"""Claims by the hundred thousand: each keeps its file and line, and is found by what it claims."""

import sqlalchemy as sa
from alembic import op

from storage.views import drop_views

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    drop_views(op.get_bind())
    with op.batch_alter_table("claim") as batch:
        batch.add_column(
            sa.Column("source", sa.Text(), server_default="", nullable=False, comment="the file that it came in")
        )
        batch.add_column(
            sa.Column("place", sa.Text(), server_default="", nullable=False, comment="the line or item of that file")
        )
        batch.add_column(sa.Column("note", sa.Text(), server_default="", nullable=False))
        batch.create_index("ix_claim_value", ["subject", "value_key"])


def downgrade() -> None:
    drop_views(op.get_bind())
    with op.batch_alter_table("claim") as batch:
        batch.drop_index("ix_claim_value")
        batch.drop_column("note")
        batch.drop_column("place")
        batch.drop_column("source")
