"""Makes the views: they hold no history, so they are made anew whenever a schema reaches the newest version."""

import hashlib
import re
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, inspect, text

from storage.views.columns import SHARED, SPECIAL, VIEWS_SAY, column
from storage.views.definitions import KINDS, LINK, OF_LINK, OWNED_BY, VIEWS, WORDS

OURS = ("v_", "v1_", "view_columns")  # what earlier versions made, too
COLUMNS_VIEW = "view_columns"
OF_COLUMNS = ("view_name", "position", "column_name", "kind", "unit", "clock", "description")
READER = "falsetto_reader"
NAMES = (*VIEWS, COLUMNS_VIEW)


def create_views(connection: Connection) -> None:
    """Make every view anew, with what its columns mean."""
    drop_views(connection)
    for name in VIEWS:
        connection.exec_driver_sql(_definition(connection, name))
    connection.exec_driver_sql(_columns_view(connection))
    if connection.dialect.name == "postgresql":
        for name in NAMES:
            _comment(connection, name)
        grant(connection)


def drop_views(connection: Connection) -> None:
    """Drop every view, earlier versions' too: tables can't be rebuilt under them."""
    for name in sorted({*NAMES, *(n for n in inspect(connection).get_view_names() if n.startswith(OURS))}):
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")


def are_current(connection: Connection) -> bool:
    """Tell whether the views are those of this version."""
    if connection.dialect.name == "postgresql":
        found = {name: str(said).rpartition(" ")[2].strip("[]") for name, said in connection.execute(text(_MARKS))}
        return found == {name: _mark(connection, name) for name in NAMES}
    rows = dict(map(tuple, connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'view'"))))
    ours = {name: sql for name, sql in rows.items() if name.startswith(OURS)}
    is_told = _mark(connection, COLUMNS_VIEW) in ours.pop(COLUMNS_VIEW, "")
    return is_told and ours == {name: _definition(connection, name) for name in VIEWS}


def view_columns(connection: Connection, view: str) -> tuple[str, ...]:
    """List a view's columns in their order."""
    return tuple(connection.exec_driver_sql(f"SELECT * FROM {view} LIMIT 0").keys())


def grant(connection: Connection) -> None:
    """Let the role that only reads the views read them, where PostgreSQL has it."""
    # Views that are made anew have lost who may read them; the role is the database administrator's to make.
    if not has_role(connection, READER):
        return
    schema = connection.scalar(text("SELECT quote_ident(current_schema())"))
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {READER}")
    connection.exec_driver_sql(f"GRANT SELECT ON {', '.join(NAMES)} TO {READER}")


def has_role(connection: Connection, name: str) -> bool:
    """Tell whether PostgreSQL knows a role."""
    return connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name}) is not None


class Unfit(Exception):
    """The login must not be made a reader; the message says why."""


def make_reader(connection: Connection, login: str = "") -> list[str]:
    """Make the role that only reads the views, and perhaps somebody who logs in with it; say what is new."""
    if login in (READER, writer := connection.scalar(text("SELECT current_user"))):
        raise Unfit(f"{login} is no person: workers write as {writer}, and readers share {READER}")
    made = []
    if not has_role(connection, READER):
        connection.exec_driver_sql(f"CREATE ROLE {READER} NOLOGIN")
        made.append(READER)
    if login:
        name = connection.dialect.identifier_preparer.quote_identifier(login)
        if not has_role(connection, login):
            connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN")
            made.append(login)
        connection.exec_driver_sql(f"GRANT {READER} TO {name}")
        connection.exec_driver_sql(f"ALTER ROLE {name} SET default_transaction_read_only = on")
        connection.exec_driver_sql(f"ALTER ROLE {name} SET timezone = 'UTC'")
    grant(connection)
    return made


_MARKS = """SELECT c.relname, obj_description(c.oid, 'pg_class') FROM pg_class c
WHERE c.relkind = 'v' AND c.relnamespace = current_schema()::regnamespace
    AND (starts_with(c.relname, 'v_') OR starts_with(c.relname, 'v1_') OR c.relname = 'view_columns')"""


def _comment(connection: Connection, name: str) -> None:
    # PostgreSQL keeps no text of a view, so the text's mark stands behind what the view says.
    said = f"one row for each {VIEWS_SAY[name]} [{_mark(connection, name)}]"
    connection.exec_driver_sql(f"COMMENT ON VIEW {name} IS {_quoted(said)}")
    for one in view_columns(connection, name):
        told = column(name, one)
        more = "; ".join(part for part in (told.unit, told.clock and f"clock: {told.clock}") if part)
        comment = _quoted(told.says + (f" ({more})" if more else ""))
        connection.exec_driver_sql(f'COMMENT ON COLUMN {name}."{one}" IS {comment}'.replace("%", "%%"))


def _columns_view(connection: Connection) -> str:
    rows = [*_told(connection, VIEWS), *_own()]
    written = ",\n".join("(" + ", ".join(v if isinstance(v, str) else str(v) for v in row) + ")" for row in rows)
    mark = f"/* {_mark(connection, COLUMNS_VIEW)} */" if connection.dialect.name == "sqlite" else ""
    return (
        f"CREATE VIEW {COLUMNS_VIEW} AS WITH told ({', '.join(OF_COLUMNS)}) AS (VALUES\n{written})\n"
        f"SELECT {', '.join(OF_COLUMNS)} FROM told {mark}".replace("%", "%%")
    )


def _told(connection: Connection, names: Sequence[str] | dict[str, str]) -> Iterator[tuple[str | int, ...]]:
    for view in names:
        for at, name in enumerate(view_columns(connection, view), 1):
            yield _row(view, at, name)


def _own() -> Iterator[tuple[str | int, ...]]:
    for at, name in enumerate(OF_COLUMNS, 1):
        yield _row(COLUMNS_VIEW, at, name)


def _row(view: str, at: int, name: str) -> tuple[str | int, ...]:
    told = column(view, name)
    words = (told.kind, told.unit, told.clock, told.says)
    return (_quoted(view), at, _quoted(name), *(_quoted(word) for word in words))


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _definition(connection: Connection, name: str) -> str:
    query = VIEWS[name]
    if connection.dialect.name == "sqlite" and name in OWNED_BY:
        query = _in_two(query, OWNED_BY[name])
    for word, written in WORDS[connection.dialect.name].items():
        query = query.replace(word, written)
    return f"CREATE VIEW {name} AS {query}"


def _in_two(query: str, link: str) -> str:
    linked = LINK.sub(lambda found: f"JOIN {found.group(1)}", query)
    lines = [line for line in query.splitlines() if not re.match(r"LEFT JOIN (watch|artist|standing) ", line)]
    alone = OF_LINK.sub(lambda found: f"CAST(NULL AS {KINDS.get(found.group(1), 'TEXT')}) AS", "\n".join(lines))
    word = "AND" if lines[-1].startswith("WHERE") else "WHERE"
    return f"{linked}UNION ALL{alone}\n{word} NOT EXISTS (SELECT 1 FROM {link})\n"


def _mark(connection: Connection, name: str) -> str:
    if name == COLUMNS_VIEW:
        said = repr((SHARED, SPECIAL, VIEWS_SAY, [_definition(connection, one) for one in VIEWS]))
    else:
        said = _definition(connection, name)
    return hashlib.sha256(said.encode()).hexdigest()[:32]
