"""What pages have in common: where they begin, how long they are, which store they come from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from sqlalchemy import Connection, Engine

LARGEST = 2**63 - 1
EXACT = 2**53 - 1  # the largest number that every reader of JSON keeps as it is

After = Annotated[int, Query(ge=0, le=LARGEST, description="Go on after this: `next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=1000, description="At most so many.")]
Name = Annotated[str | None, Query(max_length=500, pattern=r"^[^\x00]*$", description="Only this monitored artist.")]


def engine_of(request: Request) -> Engine:
    """Return the store that this application serves."""
    engine: Engine = request.app.state.engine
    return engine


def _connection(request: Request) -> Iterator[Connection]:
    with engine_of(request).connect() as connection:
        yield connection


Reading = Annotated[Connection, Depends(_connection)]
Page = dict[str, Any]


def page(rows: Sequence[Mapping[str, Any]], limit: int) -> Page:
    """Make a page of rows by number; `next` is null on the last one."""
    return {"items": rows, "next": rows[-1]["id"] if len(rows) == limit else None}
