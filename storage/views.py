"""The analysts' views: plain SQL, the same names and columns on both engines. docs/views.md describes them.

Views hold no history, so they are no step of a migration: they are made anew whenever a schema reaches the newest
version. No view speaks of an artist as good or bad: the binding of a release to a profile is the unit.
"""

from sqlalchemy import Connection

VIEWS: dict[str, str] = {}


def create_views(connection: Connection) -> None:
    """Make every view anew."""
    drop_views(connection)
    for name, query in VIEWS.items():
        connection.exec_driver_sql(f"CREATE VIEW {name} AS {query}")


def drop_views(connection: Connection) -> None:
    """Drop every view: tables can't be rebuilt under them."""
    for name in reversed(VIEWS):
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")
