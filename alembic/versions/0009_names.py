"""An artist is found by the name as written: what analysts ask their views by."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_artist_name", "artist", ["name"])


def downgrade() -> None:
    op.drop_index("ix_artist_name", "artist")
