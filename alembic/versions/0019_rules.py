"""Which rules have judged this store: new ones judge what older ones did once more."""

import sqlalchemy as sa
from alembic import op

from storage.models import Moment

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rules",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_rules")),
        comment="the rules that judge, or judged, this store",
    )


def downgrade() -> None:
    op.drop_table("rules")
