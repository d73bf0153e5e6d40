"""MusicBrainz' JSON dumps: artists as look-ups tell them, one a line, twice a week. Pure: bytes in, entries out.

https://musicbrainz.org/doc/Development/JSON_Data_Dumps
A file holds millions of artists: a line is parsed only where it holds an id that is wanted.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from spiders.base.errors import Misunderstood
from spiders.base.reading import Noted, noting, parse
from spiders.musicbrainz.reading import read_artist
from storage.observations import OddRow, ProfileSeen

MBID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One artist of a dump, with the line it was read from and what in it could not be read."""

    place: int
    artist: ProfileSeen
    body: bytes
    odd: tuple[OddRow, ...] = ()


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that holds a wanted id and could not be read."""

    place: int
    reason: str


def entries(lines: Iterable[bytes], wanted: Collection[str]) -> Iterator[Entry | BadLine]:
    """Yield the wanted artists of a dump, and the lines about them that could not be read."""
    ids = {one.encode() for one in wanted}
    for place, line in enumerate(lines, 1):
        if not ids.isdisjoint(MBID.findall(line)):
            try:
                found = read_line(place, line)
            except Misunderstood as trouble:
                yield BadLine(place, str(trouble))
                continue
            if found.artist.id.encode() in ids:
                yield found


def read_line(place: int, line: bytes) -> Entry:
    """Read one line; an artist without relations would take back all links that were known."""
    noted, raw = Noted(), parse(line, "line")
    with noting(noted):
        artist = read_artist(raw)
    if artist.links is None:
        raise Misunderstood("mandatory key 'relations' is missing: is it a dump of artists?")
    return Entry(place, artist, line.strip(), noted.take())
