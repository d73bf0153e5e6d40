"""The views as Parquet files, written as they are read, each field with what it means, its unit and its clock."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, text

from storage.views.columns import VIEWS_SAY, column
from storage.views.making import NAMES, view_columns

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_A_GROUP = 20_000
SQL = "views.sql"


def export(engine: Engine, folder: Path, views: Sequence[str] = NAMES) -> Iterator[tuple[str, int]]:
    """Write each view into a folder, all as of one moment, and yield it with its rows."""
    folder.mkdir(parents=True, exist_ok=True)
    with _moment(engine) as connection:
        for view in views:
            unfinished = folder / f"{view}.parquet.part"
            count = _write(connection, view, unfinished)
            unfinished.replace(folder / f"{view}.parquet")
            yield view, count
    there = [name for name in NAMES if (folder / f"{name}.parquet").is_file()]
    lines = [f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM '{name}.parquet';\n" for name in there]
    (folder / SQL).write_text("".join(lines), encoding="utf-8")


@contextmanager
def _moment(engine: Engine) -> Iterator[Connection]:
    isolation = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**isolation) as connection:
        yield connection


def schema(view: str, names: Sequence[str]) -> "pa.Schema":
    """Make the schema of a view's file."""
    import pyarrow as pa

    kinds = {
        "text": pa.string(),
        "json": pa.string(),
        "whole": pa.int64(),
        "number": pa.float64(),
        "truth": pa.bool_(),
        "moment": pa.timestamp("us", "UTC"),
        "day": pa.date32(),
    }
    fields = []
    for name in names:
        told = column(view, name)
        words = {"description": told.says, "kind": told.kind, "unit": told.unit, "clock": told.clock}
        fields.append(pa.field(name, kinds[told.kind], metadata={key: word for key, word in words.items() if word}))
    return pa.schema(fields, metadata={"description": f"one row for each {VIEWS_SAY[view]}", "view": view})


def _write(connection: Connection, view: str, path: Path) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = view_columns(connection, view)
    made = schema(view, names)
    read = [_READ.get(column(view, name).kind) for name in names]
    count = 0
    with path.open("wb") as sink, pq.ParquetWriter(sink, made, compression="zstd") as writer:
        streamed = {"stream_results": True, "yield_per": ROWS_A_GROUP}
        for rows in _batches(connection.execute(text(f"SELECT * FROM {view}"), execution_options=streamed)):
            count += len(rows)
            columns = [_column(values, one) for values, one in zip(zip(*rows, strict=True), read, strict=True)]
            arrays = [pa.array(values, field.type) for values, field in zip(columns, made, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=made))
    return count


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    ahead = iter(rows)
    while several := list(islice(ahead, ROWS_A_GROUP)):
        yield several


def _column(values: Sequence[Any], read: Callable[[Any], Any] | None) -> Sequence[Any]:
    return values if read is None else [None if value is None else read(value) for value in values]


def _moment_of(value: Any) -> datetime:
    """Read a moment, which SQLite keeps as text in UTC."""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _day_of(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


_READ: dict[str, Callable[[Any], Any]] = {
    "moment": _moment_of,
    "day": _day_of,
    "truth": bool,
    "text": str,
    "json": str,
    "number": float,
}
