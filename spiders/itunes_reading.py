"""What the iTunes lookup's answers say: pure readers, and whose row is whose in an answer about several artists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from spiders.errors import Misunderstood
from spiders.reading import identifier, may, need, parse
from storage.observations import CreditSeen, LineSeen, ProfileSeen, ReleaseSeen, TrackSeen

Row = Mapping[str, Any]


@dataclass(slots=True)
class Part:
    """The rows of an answer that concern one id."""

    head: Row | None = None  # the artist, or the collection
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Parts:
    """An answer about several ids, taken apart."""

    asked: list[str]
    of: dict[str, Part] = field(default_factory=dict)
    lost: int = 0  # rows that can't be given to anybody

    def at(self, one: str) -> Part:
        """Return the part of an id, asked or not."""
        return self.of.setdefault(one, Part())

    def instead_of(self, one: str) -> list[str]:
        """Name what came that nobody asked for, where this id may be meant: it may have been merged into it."""
        return [other for other in self.of if other not in self.asked] if self.at(one).head is None else []

    @property
    def missing(self) -> int:
        """Count the ids asked that have no row of their own."""
        return sum(self.at(one).head is None for one in self.asked)


def read_rows(body: bytes) -> tuple[list[Row], str]:
    """Return the rows of an answer, and a doubt where the answer does not hold as many as it says."""
    raw = parse(body, "answer")
    rows = need(raw, "results", list)
    count = need(raw, "resultCount", int)
    return rows, "" if count == len(rows) else f"{len(rows)} rows came, resultCount says {count}"


def by_artist(rows: list[Row], asked: list[str]) -> Parts:
    """Give each artist their collections.

    An artist's collections follow the artist's row, also those that credit another artist. Were all artists to come
    first, the credited id would decide.
    """
    parts = Parts(asked)
    grouped = not _all_artists_first(rows, asked)
    current: Part | None = None
    for row in rows:
        kind = need(row, "wrapperType", str)
        if kind == "artist":
            current = parts.at(identifier(row, "artistId"))
            current.head = row
        elif kind == "collection" and grouped and current is not None:
            current.rows.append(row)
        elif kind == "collection" and not grouped and str(row.get("artistId")) in parts.of:
            parts.at(str(row["artistId"])).rows.append(row)
        else:
            parts.lost += 1
    return parts


def _all_artists_first(rows: list[Row], asked: list[str]) -> bool:
    kinds = [row.get("wrapperType") for row in rows]
    artists = kinds.count("artist")
    if artists < 2 or "artist" in kinds[artists:]:
        return False
    last = str(rows[artists - 1].get("artistId"))
    return any(str(row.get("artistId")) != last and str(row.get("artistId")) in asked for row in rows[artists:])


def cut_artist(rows: list[Row], limit: int) -> str | None:
    """Name the artist at whom an answer about several may have been cut: it is just as long as one list may be."""
    artists = [row for row in rows if row.get("wrapperType") == "artist"]
    if not artists or limit not in (len(rows), len(rows) - len(artists)):
        return None
    return identifier(artists[-1], "artistId")


def by_collection(rows: list[Row], asked: list[str]) -> Parts:
    """Give each collection its tracks."""
    parts = Parts(asked)
    for row in rows:
        match need(row, "wrapperType", str):
            case "collection":
                parts.at(identifier(row, "collectionId")).head = row
            case "track":
                parts.at(identifier(row, "collectionId")).rows.append(row)
            case _:
                parts.lost += 1
    return parts


def read_artist(row: Row, position: int | None = None) -> ProfileSeen:
    """Read an artist row."""
    if row.get("wrapperType") != "artist":
        raise Misunderstood(f"an artist was expected, got {row.get('wrapperType')!r}")
    genre = may(row, "primaryGenreName", str)
    return ProfileSeen(
        id=identifier(row, "artistId"),
        name=need(row, "artistName", str),
        url=may(row, "artistLinkUrl", str),
        genres=(genre,) if genre else None,
        position=position,
    )


def read_collection(row: Row, listed_on: str | None = None, upc: str | None = None) -> ReleaseSeen:
    """Read a collection row; Various Artists have no page, and prices say nothing."""
    genre, line = may(row, "primaryGenreName", str), may(row, "copyright", str)
    return ReleaseSeen(
        id=identifier(row, "collectionId"),
        title=need(row, "collectionName", str),
        url=may(row, "collectionViewUrl", str),
        kind=need(row, "collectionType", str),
        date=may(row, "releaseDate", str),
        upc=upc,
        cover_url=may(row, "artworkUrl100", str),
        track_count=may(row, "trackCount", int),
        explicit=read_explicit(row, "collectionExplicitness"),
        genres=(genre,) if genre else None,
        lines=(LineSeen("c" if line.lstrip().startswith("©") else "p", line),) if line else (),
        credits=(read_credit(row),),
        listed_on=listed_on,
    )


def read_track(row: Row) -> TrackSeen:
    """Read a song row."""
    return TrackSeen(
        id=identifier(row, "trackId"),
        title=need(row, "trackName", str),
        release_id=identifier(row, "collectionId"),
        disc=may(row, "discNumber", int),
        position=may(row, "trackNumber", int),
        duration_ms=may(row, "trackTimeMillis", int),
        explicit=read_explicit(row, "trackExplicitness"),
        url=may(row, "trackViewUrl", str),
        credits=(read_credit(row),),
    )


def read_credit(row: Row) -> CreditSeen:
    """Read whom a row credits."""
    known = row.get("artistId") is not None
    return CreditSeen(need(row, "artistName", str), identifier(row, "artistId") if known else None)


def read_explicit(row: Row, key: str) -> bool | None:
    """Read an explicitness; a cleaned version is not explicit."""
    match may(row, key, str):
        case None:
            return None
        case "explicit":
            return True
        case "cleaned" | "notExplicit":
            return False
        case other:
            raise Misunderstood(f"{key} is {other!r}")
