"""Runs the migrations: inside the caller's transaction, or by the `alembic` command on FALSETTO_DATABASE_URL."""

import os
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.types import TypeEngine

from storage.database import DatabaseTrouble, migrating, open_database
from storage.models import Moment, metadata
from storage.views import create_views


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Write our own column types as what they are in SQL, so that a migration never imports the models."""
    if isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, TypeEngine) and item._variant_mapping:
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return False


def make_views(ctx: Any, step: Any, heads: Any, **_: Any) -> None:
    """Make the views when the newest version is reached."""
    if step.is_upgrade and set(heads) == set(context.script.get_heads()):
        create_views(ctx.connection)


def run(connection: Connection) -> None:
    """Run what was asked of alembic on this connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=render_item,
        transactional_ddl=True,
        compare_type=True,
        on_version_apply=make_views,
    )
    context.run_migrations()


def main() -> None:
    """Find the database and run."""
    given = context.config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    # Alembic's own command line has no settings of ours: this file and crawler/settings.py read the same variable.
    url = os.environ.get("FALSETTO_DATABASE_URL", "sqlite:///falsetto.db")  # noqa: TID251
    try:
        engine = open_database(url)
    except DatabaseTrouble as trouble:
        raise SystemExit(f"alembic: {trouble}") from None
    try:
        with migrating(engine) as connection:
            run(connection)
    finally:
        engine.dispose()


main()
