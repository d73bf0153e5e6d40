"""Push: endpoints and deliveries; keys of detection systems and their answers."""

import sqlalchemy as sa
from alembic import op

from storage.models import BigId, Moment
from storage.views import drop_views

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("api_key") as table:
        table.add_column(
            sa.Column(
                "detector",
                sa.Boolean(),
                server_default=sa.text("false"),
                nullable=False,
                comment="a detection system: decides nothing",
            )
        )
    with op.batch_alter_table("verdict") as table:
        table.add_column(
            sa.Column(
                "question",
                sa.Text(),
                server_default="",
                nullable=False,
                comment="that a detector answered: ai_generated, ...",
            )
        )
        table.add_column(
            sa.Column("answer", sa.Text(), server_default="", nullable=False, comment="JSON: a detector's whole answer")
        )
    op.create_table(
        "endpoint",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column(
            "salt",
            sa.Text(),
            nullable=False,
            comment="with the operator's signing key it gives the secret; alone nothing",
        ),
        sa.Column("old_salt", sa.Text(), comment="of the secret before a rotation"),
        sa.Column("old_until", Moment(), comment="until when the secret before signs too"),
        sa.Column(
            "key_check", sa.Text(), nullable=False, comment="tells whether the signing key is still the one it was"
        ),
        sa.Column("filters", sa.Text(), server_default="{}", nullable=False, comment="JSON: which candidates it wants"),
        sa.Column(
            "position", BigId, server_default="0", nullable=False, comment="the feed was queued up to this cursor"
        ),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False, comment="one after the other"),
        sa.Column("failing_since", Moment()),
        sa.Column("paused_until", Moment()),
        sa.Column("disabled_at", Moment()),
        sa.Column("disabled_because", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endpoint")),
        sa.UniqueConstraint("name", name=op.f("uq_endpoint_name")),
        comment="where candidates are pushed to",
    )
    op.create_table(
        "delivery",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("endpoint_id", BigId, nullable=False),
        sa.Column("position", BigId, nullable=False, comment="the candidate's cursor in the feed"),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("message", sa.Text(), nullable=False, comment="the same at every try"),
        sa.Column("body", sa.Text(), nullable=False, comment="JSON, the very bytes of every try"),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False, comment="waiting, delivered, dead"),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("lease", sa.Text(), comment="of the deliverer that sends it now"),
        sa.Column("leased_until", Moment()),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("queued_at", Moment(), nullable=False),
        sa.Column("delivered_at", Moment()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoint.id"], name=op.f("fk_delivery_endpoint_id")),
        sa.UniqueConstraint("endpoint_id", "position", name=op.f("uq_delivery_endpoint_id_position")),
        comment="a candidate on its way to an endpoint",
    )
    op.create_index("ix_delivery_endpoint_id_case_id", "delivery", ["endpoint_id", "case_id", "id"])
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_delivery_waiting", "delivery", ["endpoint_id", "id"], sqlite_where=waiting, postgresql_where=waiting
    )


def downgrade() -> None:
    op.drop_table("delivery")
    op.drop_table("endpoint")
    drop_views(op.get_bind())  # SQLite rebuilds the table, and would not under a view of it
    with op.batch_alter_table("verdict") as table:
        table.drop_column("answer")
        table.drop_column("question")
    with op.batch_alter_table("api_key") as table:
        table.drop_column("detector")
