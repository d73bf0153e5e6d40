"""PostgreSQL too looks for a part of a title in an index; the few titles too long for it have one of their own.

A second or two with 170,000 cases: on PostgreSQL cases can't be written meanwhile, on SQLite it makes an empty index.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None

SHORT, LONG = sa.text("octet_length(title) <= 1000"), sa.text("octet_length(title) > 1000")
TITLE = ("ix_suspect_case_title", "suspect_case", ["status", "score", "title"])


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.drop_index("ix_suspect_case_title", "suspect_case")
        op.create_index(*TITLE, postgresql_include=["id"], postgresql_where=SHORT)
    op.create_index(
        "ix_suspect_case_long_title",
        "suspect_case",
        ["status"],
        sqlite_where=sa.text("length(title) > 1000"),
        postgresql_where=LONG,
    )


def downgrade() -> None:
    op.drop_index("ix_suspect_case_long_title", "suspect_case")
    if op.get_context().dialect.name == "postgresql":
        op.drop_index("ix_suspect_case_title", "suspect_case")
        op.create_index(*TITLE, postgresql_where=sa.text("false"))
