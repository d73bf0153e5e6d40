"""Entries of answers that could not be read."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "odd_row",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("what", sa.Text(), nullable=False, comment="which entry of the answer, when it was last seen"),
        sa.Column("reason", sa.Text(), nullable=False, comment="why it could not be read"),
        sa.Column("raw", sa.Text(), nullable=False, comment="the entry as it came, cut where it is very long"),
        sa.Column("digest", sa.Text(), nullable=False, comment="SHA-256 of the raw text"),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_odd_row_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_odd_row")),
        sa.UniqueConstraint("target_id", "digest", name=op.f("uq_odd_row_target_id_digest")),
        comment="entries of answers that could not be read, once for each target",
    )


def downgrade() -> None:
    op.drop_table("odd_row")
