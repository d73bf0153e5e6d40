"""Access over HTTP: keys, the audit of what was changed with them, and answers that are given once."""

import sqlalchemy as sa
from alembic import op

from storage.models import BigId, Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False, comment="the half of the key that is no secret"),
        sa.Column("name", sa.Text(), nullable=False, comment="the authority of verdicts; never given twice"),
        sa.Column("role", sa.Text(), nullable=False, comment="read, decide, admin"),
        sa.Column("secret_sha256", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_api_key_public_id")),
        sa.UniqueConstraint("name", name=op.f("uq_api_key_name")),
    )
    op.create_table(
        "idempotent_answer",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("api_key_id", BigId, nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="the Idempotency-Key that the caller gave"),
        sa.Column("request_sha256", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False, comment="JSON, as it was sent"),
        sa.Column("answered_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotent_answer")),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_key.id"], name=op.f("fk_idempotent_answer_api_key_id")),
        sa.UniqueConstraint("api_key_id", "key", name=op.f("uq_idempotent_answer_api_key_id_key")),
    )
    op.create_table(
        "audit",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False, comment="a key's name, or: command line"),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        comment="every write that came over HTTP, and every change of keys",
    )
    op.create_index("ix_audit_at", "audit", ["at"])


def downgrade() -> None:
    op.drop_table("audit")
    op.drop_table("idempotent_answer")
    op.drop_table("api_key")
