"""How other tools open the store to read it, in a command that holds no password, and what Datasette is told."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import URL, make_url

from storage.views.columns import VIEWS_SAY, column
from storage.views.questions import QUESTIONS, Question

TOOLS = ("psql", "sqlite3", "datasette", "duckdb")


class OtherStore(Exception):
    """The tool can't open a store of this kind, and this sentence says what can."""


def command(tool: str, database_url: str) -> str:
    """Write the command that opens the store with a tool, for reading; a password is asked for, never shown."""
    url = make_url(database_url)
    is_sqlite = url.get_backend_name() == "sqlite"
    match tool:
        case "psql" if not is_sqlite:
            return f"PGOPTIONS='-c default_transaction_read_only=on -c timezone=UTC' psql {shlex.quote(_bare(url))}"
        case "sqlite3" if is_sqlite:
            return f"sqlite3 -readonly -header -column {shlex.quote(url.database or '')}"
        case "datasette" if is_sqlite:
            kept = "falsetto-metadata.json"
            return f"falsetto sql --metadata > {kept} && datasette {shlex.quote(url.database or '')} --metadata {kept}"
        case "duckdb":
            return "falsetto sql --parquet views && cd views && duckdb -init views.sql"
    other = "psql or duckdb" if not is_sqlite else "sqlite3, datasette or duckdb"
    raise OtherStore(f"{tool} opens no store of this kind: take {other}")


def _bare(url: URL) -> str:
    query = {name: value for name, value in url.query.items() if "password" not in name}
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)
    return bare.render_as_string(hide_password=False)


def metadata(database: str, columns: Mapping[str, Sequence[str]], today: Any) -> dict[str, Any]:
    """Write what Datasette shows beside the views: what each column means, and the worked questions."""
    tables = {}
    for view, names in columns.items():
        told = {name: column(view, name) for name in names}
        units = {name: one.unit for name, one in told.items() if one.unit}
        tables[view] = {
            "description": f"one row for each {VIEWS_SAY[view]}",
            "columns": {name: _said(one.says, one.unit, one.clock) for name, one in told.items()},
            **({"units": units} if units else {}),
        }
    return {"databases": {database: {"tables": tables, "queries": _queries(QUESTIONS, today)}}}


def _said(says: str, unit: str, clock: str) -> str:
    more = "; ".join(part for part in (unit, clock and f"clock: {clock}") if part)
    return f"{says} ({more})" if more else says


def _queries(questions: Mapping[str, Question], today: Any) -> dict[str, dict[str, str]]:
    return {name: {"title": one.asks, "sql": one.on(today)} for name, one in questions.items()}
