"""`/v1/candidates`: the feed by pull, in the order of the outbox's positions."""

from fastapi import APIRouter, Response

from crawler.api.access import READ
from crawler.api.paging import After, Limit, Reading
from storage import outbox

router = APIRouter(prefix="/v1/candidates", tags=["candidates"], dependencies=[READ])


@router.get("")
def candidates(connection: Reading, after: After = 0, limit: Limit = 100) -> Response:
    """List the documents of new and changed cases after a cursor; an empty page's `next` is the cursor given."""
    rows = list(outbox.since(connection, after, limit))
    following = rows[-1][0] if rows else after
    # The documents were written as JSON: they go out as they are, unread.
    items = ",".join(f'{{"cursor":{cursor},"candidate":{document}}}' for cursor, document in rows)
    headers = {"Link": f'</v1/candidates?after={following}&limit={limit}>; rel="next"'} if rows else {}
    return Response(f'{{"items":[{items}],"next":{following}}}', headers=headers, media_type="application/json")
