"""`/v1/audit`: who changed what, and when."""

from fastapi import APIRouter

from crawler.api.access import ADMIN
from crawler.api.paging import After, Limit, Page, Reading
from storage import audit

router = APIRouter(prefix="/v1/audit", tags=["audit"], dependencies=[ADMIN])


@router.get("")
def changes(connection: Reading, after: After = 0, limit: Limit = 100) -> Page:
    """List writes over HTTP and changes of keys, oldest first; an empty page's `next` is the number given."""
    rows = list(audit.since(connection, after, limit))
    return {"items": rows, "next": rows[-1]["id"] if rows else after}
