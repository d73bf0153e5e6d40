"""Claims into the store, and what they say against what the platforms show."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Engine

from crawler.roster.claims_file import Artists, claims_of
from crawler.roster.sheet import BadFile
from storage import claims, judging_queue
from storage.claims import NOT_OURS, OURS, Claim, Kept, OnPage
from storage.database import writing
from storage.facts.roll import Known, roll

AT_ONCE = 2_000  # claims a transaction: a worker that writes meanwhile never waits long
CODES = ("release", "upc", "isrc")


def import_claims(
    engine: Engine,
    path: Path,
    authority: str,
    at: datetime,
    *,
    encoding: str | None = None,
    artist: str | None = None,
    replace: bool = False,
    progress: Callable[[int], None] = lambda rows: None,
) -> Kept:
    """Keep a file of claims: it is read through first, so that nothing of a file with a bad row is taken."""
    with engine.connect() as connection:
        artists = Artists(roll(connection))

    def said() -> Iterator[Claim]:
        return claims_of(path, authority, artists, encoding, artist)

    if not sum(1 for _ in said()):
        raise BadFile([f"{path.name}: no claim in the file"])
    kept = Kept()
    given: set[tuple[int, str, str, str]] = set()
    rows = said()
    while part := list(islice(rows, AT_ONCE)):
        with writing(engine) as connection:
            changed = claims.keep(connection, part, at)
            if changed.fresh or changed.turned:
                judging_queue.want(connection, {c.artist_id for c in part}, "claims came in", at)
        kept.add(changed)
        given.update((*c.about, c.stance) for c in part)
        progress(kept.read)
    if replace:
        with writing(engine) as connection:
            gone = claims.withdraw_others(connection, authority, given, at)
            judging_queue.want(connection, gone.keys(), "claims were withdrawn", at)
            kept.withdrawn = sum(gone.values())
    return kept


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that the platforms and the claims don't agree on."""

    artist: str
    artist_key: str
    what: str  # refused, unclaimed, blind: on a page; missing: claimed, and seen nowhere
    platform: str
    release_id: str
    title: str
    codes: tuple[str, ...]
    because: str
    url: str | None = None


def differences(connection: Connection, artists: list[Known]) -> Iterator[Difference]:
    """Yield what is on the artists' pages but not theirs, and what is theirs but not there."""
    for artist in artists:
        claimed = claims.standing_claims(connection, artist.id)
        if not any((subject, stance) in claimed for subject in CODES for stance in (OURS, NOT_OURS)):
            continue
        pages = claims.on_pages(connection, artist.id)
        for page in pages:
            found = _of_page(artist, page, claimed)
            if found is not None:
                yield found
        yield from _missing(connection, artist, pages, claimed)


def _of_page(artist: Known, page: OnPage, claimed: dict[tuple[str, str], set[str]]) -> Difference | None:
    held = {
        "release": {f"{page.platform}:{page.release_id}"},
        "upc": {page.gtin14} if page.gtin14 else set(),
        "isrc": set(page.isrcs),
    }
    codes = tuple(sorted(held["upc"] | held["isrc"]))

    def met(stance: str) -> list[str]:
        return [f"{s} {v}" for s in CODES for v in sorted(held[s] & claimed.get((s, stance), set()))]

    def tell(what: str, because: str) -> Difference:
        place = (page.platform, page.release_id, page.title)
        return Difference(artist.name, artist.key, what, *place, codes, because, page.url)

    if refused := met(NOT_OURS):
        return tell("refused", f"claimed as not ours: {', '.join(refused[:3])}")
    if met(OURS):
        return None
    if not any(claimed.get((subject, OURS)) for subject in CODES):
        return None  # nothing is claimed as ours, so nothing can be missing from it
    if not codes:
        return tell("blind", "neither barcode nor ISRC was told, and the release's id is not claimed")
    return tell("unclaimed", f"no claim holds its id, its barcode or one of its {len(page.isrcs)} ISRCs")


def _missing(
    connection: Connection, artist: Known, pages: list[OnPage], claimed: dict[tuple[str, str], set[str]]
) -> Iterator[Difference]:
    lists, whole = claims.lists_seen(connection, artist.id)
    told = {"isrc": any(p.isrcs for p in pages), "upc": any(p.gtin14 for p in pages), "release": bool(pages)}
    coverage = f"{whole} of {lists} lists of official pages were seen whole"
    for subject in CODES:
        ours = claimed.get((subject, OURS), set())
        gone = ours - claims.seen_anywhere(connection, subject, ours)
        for value in sorted(gone):
            blind = "" if told[subject] else f"; no page told any {subject} yet"
            platform, _, release_id = value.partition(":") if subject == "release" else ("", "", "")
            because = f"claimed as ours, seen on no platform; {coverage}{blind}"
            yield Difference(
                artist.name, artist.key, "missing", platform, release_id, "", (f"{subject} {value}",), because
            )
