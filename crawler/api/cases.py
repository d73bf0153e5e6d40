"""`/v1/cases`: what is suspected, the most suspicious first, and one case with its evidence."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from crawler.api.access import READ
from crawler.api.paging import LARGEST, Limit, Name, Page, Reading, page
from crawler.feed.candidates import candidate
from crawler.feed.document import Candidate
from storage.facts import case_list
from storage.facts.case_file import case_file

router = APIRouter(prefix="/v1/cases", tags=["cases"], dependencies=[READ])
Status = Literal["open", "watching", "returned", "confirmed", "takedown_requested", "gone", "cleared"]
Last = Annotated[int | None, Query(ge=1, le=LARGEST, description="Go on after this case: `next` of the page before.")]
Number = Annotated[int, Path(ge=1, le=LARGEST)]


@router.get("")
def cases(
    connection: Reading,
    status: Annotated[list[Status] | None, Query()] = None,
    artist: Name = None,
    after: Last = None,
    limit: Limit = 100,
) -> Page:
    """List cases; `next` is null on the last page."""
    rows = list(case_list.cases(connection, statuses=status or (), artist_name=artist, limit=limit, after=after))
    return page(rows, limit)


@router.get("/{case_id}")
def case(connection: Reading, case_id: Number) -> Candidate:
    """Show a case as its candidate document; the number of one that was merged shows the case it went up in."""
    return candidate(case_file(connection, case_id), "changed", f"shown-{case_id}", datetime.now(UTC))
