"""${message}.

A migration that changes a table some view reads begins with `drop_views(op.get_bind())`; the views come back by
themselves when the newest version is reached (alembic/env.py).
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
