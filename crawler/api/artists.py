"""`/v1/artists`: who is monitored, and which pages are theirs."""

from fastapi import APIRouter

from crawler.api.access import READ
from crawler.api.paging import After, Limit, Name, Page, Reading, page
from storage.facts import roster_pages

router = APIRouter(prefix="/v1/artists", tags=["artists"], dependencies=[READ])


@router.get("")
def artists(connection: Reading, artist: Name = None, after: After = 0, limit: Limit = 100) -> Page:
    """List monitored artists; `next` is null on the last page."""
    rows = roster_pages.watched(connection, after, limit, artist)
    return page(rows, limit)
