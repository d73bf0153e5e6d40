"""`/v1/profiles`, `/v1/releases`, `/v1/claims`: what was seen, and what authorities say is whose."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from crawler.api.access import READ
from crawler.api.paging import After, Limit, Name, Page, Reading, page
from storage.facts import shelves

router = APIRouter(prefix="/v1", tags=["catalogue"], dependencies=[READ])
Platform = Annotated[str | None, Query(max_length=50, pattern=r"^[a-z0-9_]+$", description="Only of this platform.")]
Stands = Literal["official", "proposed", "namesake", "suspected", "unknown"]
Gtin = Annotated[str | None, Query(pattern=r"^[0-9]{14}$", description="GTIN-14: a barcode with leading zeros.")]
Whole = Annotated[bool, Query(description="Also what a later word of the same authority superseded.")]


@router.get("/profiles")
def profiles(
    connection: Reading,
    artist: Name = None,
    platform: Platform = None,
    standing: Stands | None = None,
    after: After = 0,
    limit: Limit = 100,
) -> Page:
    """List artist pages with their standing towards monitored artists; `next` is null on the last page."""
    rows = shelves.profiles(connection, after, limit, platform=platform, artist_name=artist, stands=standing)
    return page(rows, limit)


@router.get("/releases")
def releases(
    connection: Reading,
    artist: Name = None,
    platform: Platform = None,
    gtin: Gtin = None,
    after: After = 0,
    limit: Limit = 100,
) -> Page:
    """List releases with the pages that list them, `artist`: on that artist's own pages; `next` is null at the end."""
    rows = shelves.releases(connection, after, limit, platform=platform, artist_name=artist, gtin14=gtin)
    return page(rows, limit)


@router.get("/claims")
def claims(
    connection: Reading, artist: Name = None, superseded: Whole = False, after: After = 0, limit: Limit = 100
) -> Page:
    """List claims: this is ours, that is not; `next` is null on the last page."""
    rows = shelves.claims(connection, after, limit, artist_name=artist, superseded=superseded)
    return page(rows, limit)
