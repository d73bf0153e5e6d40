"""A title is looked for in an index, not in every case's whole row; on PostgreSQL the index holds nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    never = {"postgresql_where": sa.text("false")}
    op.create_index("ix_suspect_case_title", "suspect_case", ["status", "score", "title"], **never)


def downgrade() -> None:
    op.drop_index("ix_suspect_case_title", "suspect_case")
