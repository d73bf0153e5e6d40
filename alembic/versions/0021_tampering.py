"""What the group of a case about a change is: the comment said a page, and a release's tracks change too."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None

BEFORE = "release group; profile group for profile, page for tampering"
AFTER = "release or profile group; for tampering a page, or minus the group whose tracks changed"


def upgrade() -> None:
    _comment(AFTER, BEFORE)


def downgrade() -> None:
    _comment(BEFORE, AFTER)


def _comment(after: str, before: str) -> None:
    if op.get_bind().dialect.name != "sqlite":  # SQLite keeps no comments
        op.alter_column(
            "suspect_case", "group_id", existing_type=sa.BigInteger(), comment=after, existing_comment=before
        )
