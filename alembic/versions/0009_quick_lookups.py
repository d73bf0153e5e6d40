"""An artist is found by the name as written, and all credits of a release without reading all credits."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_artist_name", "artist", ["name"])
    op.create_index("ix_credit_release_id", "credit", ["release_id"])


def downgrade() -> None:
    op.drop_index("ix_credit_release_id", "credit")
    op.drop_index("ix_artist_name", "artist")
