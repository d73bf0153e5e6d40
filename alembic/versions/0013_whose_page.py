"""A page says whose it is and who delivers there; a release says when the platform got it."""

import sqlalchemy as sa
from alembic import op

from storage.views import drop_views

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    drop_views(op.get_bind())
    with op.batch_alter_table("profile") as batch:
        batch.add_column(
            sa.Column("owner", sa.Text(), comment="the platform's word for whose page it is: label, user, mixed, topic")
        )
        batch.add_column(
            sa.Column("providers", sa.Text(), comment="JSON list of [who delivered, how many tracks or null]")
        )
    with op.batch_alter_table("release") as batch:
        batch.add_column(
            sa.Column("added_raw", sa.Text(), comment="when the platform says that it came there, as printed")
        )


def downgrade() -> None:
    drop_views(op.get_bind())
    with op.batch_alter_table("release") as batch:
        batch.drop_column("added_raw")
    with op.batch_alter_table("profile") as batch:
        batch.drop_column("providers")
        batch.drop_column("owner")
