"""`/v1/candidates`: the feed by pull, in the order of the outbox's positions."""

import asyncio
import time
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine

from crawler.api.access import READ
from crawler.api.paging import After, Limit, engine_of
from storage import outbox

router = APIRouter(prefix="/v1/candidates", tags=["candidates"], dependencies=[READ])
LOOK_EVERY_S = 0.25
LONGEST_WAIT_S = 60
Wait = Annotated[int, Query(ge=0, le=LONGEST_WAIT_S, description="With nothing to tell, wait for it so many seconds.")]


@router.get("")
async def candidates(request: Request, after: After = 0, limit: Limit = 100, wait: Wait = 0) -> Response:
    """List the documents of new and changed cases after a cursor; an empty page's `next` is the cursor given."""
    engine, until = engine_of(request), time.monotonic() + min(wait, LONGEST_WAIT_S)
    rows = await run_in_threadpool(_page, engine, after, limit)
    while not rows and time.monotonic() < until and not await request.is_disconnected():
        await asyncio.sleep(LOOK_EVERY_S)  # no thread and no connection is held meanwhile
        rows = await run_in_threadpool(_page, engine, after, limit)
    following = rows[-1][0] if rows else after
    # The documents were written as JSON: they go out as they are, unread.
    items = ",".join(f'{{"cursor":{cursor},"candidate":{document}}}' for cursor, document in rows)
    headers = {"Link": f'</v1/candidates?after={following}&limit={limit}>; rel="next"'} if rows else {}
    return Response(f'{{"items":[{items}],"next":{following}}}', headers=headers, media_type="application/json")


def _page(engine: Engine, after: int, limit: int) -> list[tuple[int, str]]:
    with engine.connect() as connection:
        return list(outbox.since(connection, after, limit))
