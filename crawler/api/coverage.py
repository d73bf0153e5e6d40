"""`/v1/coverage`: what was asked for each artist, and how much of the answers was seen."""

from fastapi import APIRouter

from crawler.api.access import READ
from crawler.api.paging import After, Limit, Name, Page, Reading
from storage.facts import reports, roster_pages

router = APIRouter(prefix="/v1/coverage", tags=["coverage"], dependencies=[READ])


@router.get("")
def coverage(connection: Reading, artist: Name = None, after: After = 0, limit: Limit = 20) -> Page:
    """List what is watched for a page of artists; `next` is the last artist's number, null on the last page."""
    numbers = [row["id"] for row in roster_pages.watched(connection, after, limit, artist)]
    rows = list(reports.coverage(connection, artist_ids=numbers))
    return {"items": rows, "next": numbers[-1] if len(numbers) == limit else None}
