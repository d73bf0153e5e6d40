"""The roster file: CSV or JSON in, checked rows out. Nothing of a file with a bad row is taken.

CSV has the header `name,aliases,mbid,labels,isrc_prefixes,<platform>...`; several values in a cell are separated by
`|`. JSON is a list of objects with the same keys, several values as lists. Profiles are ids or pages' addresses; one
that belongs to several artists is written `joint:<profile>` in each of them.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from crawler.roster.cells import JOINT, read_mbid, read_profile
from crawler.roster.sheet import BadFile, Cells, Number, Sheet
from spiders.base.platform import platform_names
from storage.normalize import clean_text, name_key

FIXED = ("name", "aliases", "mbid", "labels", "isrc_prefixes", "weight", "tags")
ISRC_PREFIX = re.compile(r"[A-Z]{2}[A-Z0-9]{3}([0-9]{2})?")


class BadRoster(BadFile):
    """The roster file can't be taken; each line says where and why."""


@dataclass(frozen=True, slots=True)
class RosterArtist:
    """One monitored artist as the roster names it."""

    name: str
    aliases: tuple[str, ...] = ()
    mbid: str | None = None
    labels: tuple[str, ...] = ()
    isrc_prefixes: tuple[str, ...] = ()
    weight: float = 1.0
    tags: tuple[str, ...] = ()  # whose artist it is: a team, a label, a territory
    profiles: dict[str, tuple[str, ...]] = field(default_factory=dict)  # platform -> official profile ids
    joint: frozenset[tuple[str, str]] = frozenset()  # those of them that are declared to be of several artists
    where: str = ""  # file and line
    columns: frozenset[str] = frozenset()  # what the file has columns for


def read_roster(path: Path, encoding: str | None = None) -> list[RosterArtist]:
    """Read and check a roster file, or raise BadRoster with every fault's line and reason."""
    try:
        sheet = Sheet(path, {*FIXED, *platform_names()}, ("name",), encoding)
        return _checked(sheet)
    except BadRoster:
        raise
    except BadFile as bad:
        raise BadRoster(bad.faults) from None


def _checked(sheet: Sheet) -> list[RosterArtist]:
    seen = _Seen()
    faults = []
    columns, platforms = frozenset(sheet.columns), tuple(platform_names())
    for where, cells in sheet.rows():
        try:
            if isinstance(cells, ValueError):
                raise cells
            seen.add(_artist(cells, where, columns, platforms))
        except ValueError as fault:
            faults.append(f"{where}: {fault}")
    if faults:
        raise BadRoster(faults)
    if not seen.artists:
        raise BadRoster([f"{sheet.path.name}: no artist in the file"])
    return seen.artists


class _Seen:
    """The rows so far, so that no artist stands in the file twice and no page belongs to two."""

    def __init__(self) -> None:
        self.artists: list[RosterArtist] = []
        self.mbids: set[str] = set()
        self.names: dict[str, list[RosterArtist]] = {}
        self.owners: dict[tuple[str, str], RosterArtist] = {}

    def add(self, artist: RosterArtist) -> None:
        """Take a row, or raise ValueError."""
        if artist.mbid in self.mbids:
            raise ValueError(
                f"the artist {artist.name!r} is in the file twice: the MBID {artist.mbid} is another row's"
            )
        named = self.names.setdefault(name_key(artist.name), [])
        for other in named:
            if not _told_apart(artist, other):
                raise ValueError(
                    f"the artist {artist.name!r} is in the file twice ({other.where}); two namesakes need different "
                    "MBIDs, or different profiles on one platform"
                )
        for page in [(p, i) for p, ids in artist.profiles.items() for i in ids]:
            other_owner = self.owners.setdefault(page, artist)
            if other_owner is not artist and not (page in artist.joint and page in other_owner.joint):
                declare = f"; if it is the page of both, write {JOINT}{page[1]} in both"
                raise ValueError(f"{page[0]} profile {page[1]} is also given to {other_owner.name!r}{declare}")
        self.artists.append(artist)
        named.append(artist)
        if artist.mbid:
            self.mbids.add(artist.mbid)


def _told_apart(one: RosterArtist, other: RosterArtist) -> bool:
    if one.mbid and other.mbid:
        return one.mbid != other.mbid
    own = [{(p, i) for p, ids in a.profiles.items() for i in ids} - a.joint for a in (one, other)]
    shared_platforms = {p for p, _ in own[0]} & {p for p, _ in own[1]} - {"musicbrainz"}
    return any(not {page for page in own[0] & own[1] if page[0] == p} for p in shared_platforms)


def _artist(cells: Cells, where: str, columns: frozenset[str], platforms: tuple[str, ...]) -> RosterArtist:
    name = _one(cells, "name")
    if not name:
        raise ValueError("name: empty")
    for column in ("name", "aliases", "labels"):
        for value in cells.get(column, []):
            if isinstance(value, Number):
                raise ValueError(f'{column}: text was expected, got the number {value}; write "{value}"')
    mbid = _one(cells, "mbid")
    if mbid is not None:
        try:
            mbid = read_mbid(mbid)
        except ValueError as fault:
            raise ValueError(f"mbid: {fault}") from None
    profiles, joint = _profiles(cells, platforms)
    if mbid is not None and "musicbrainz" not in profiles and "musicbrainz" in platforms:
        profiles["musicbrainz"] = (mbid,)
    theirs = profiles.get("musicbrainz", ())
    if mbid is None and len(theirs) == 1 and ("musicbrainz", theirs[0]) not in joint:
        mbid = theirs[0]
    return RosterArtist(
        name=_printable("name", name),
        aliases=tuple(dict.fromkeys(_printable("aliases", alias) for alias in cells.get("aliases", []))),
        mbid=mbid,
        labels=tuple(dict.fromkeys(_printable("labels", label) for label in cells.get("labels", []))),
        isrc_prefixes=_prefixes(cells.get("isrc_prefixes", [])),
        weight=_weight(_one(cells, "weight")),
        tags=tuple(dict.fromkeys(_printable("tags", str(tag)) for tag in cells.get("tags", []))),
        profiles=profiles,
        joint=joint,
        where=where,
        columns=columns,
    )


def _one(cells: Cells, column: str) -> str | None:
    values = cells.get(column, [])
    if len(values) > 1:
        raise ValueError(f"{column}: one value was expected, got {len(values)}")
    return values[0] if values else None


def _profiles(
    cells: Cells, platforms: tuple[str, ...]
) -> tuple[dict[str, tuple[str, ...]], frozenset[tuple[str, str]]]:
    profiles: dict[str, tuple[str, ...]] = {}
    joint = set()
    for platform in platforms:
        ids = []
        for cell in cells.get(platform, []):
            shared = cell.lower().startswith(JOINT)
            try:
                profile_id = read_profile(platform, str(cell[len(JOINT) :] if shared else cell).strip())
            except ValueError as fault:
                raise ValueError(f"{platform}: {fault}") from None
            ids.append(profile_id)
            if shared:
                joint.add((platform, profile_id))
        if ids:
            profiles[platform] = tuple(dict.fromkeys(ids))
    return profiles, frozenset(joint)


def _prefixes(cells: list[str]) -> tuple[str, ...]:
    prefixes = tuple(p.upper().replace("-", "") for p in cells)
    for prefix in prefixes:
        if not ISRC_PREFIX.fullmatch(prefix):
            raise ValueError(f"isrc_prefixes: not the start of an ISRC: {prefix!r}")
    return prefixes


def _printable(column: str, value: str) -> str:
    cleaned, faults = clean_text(value)
    if faults or any(unicodedata.category(c) == "Cc" for c in value):
        raise ValueError(f"{column}: control characters or broken text")
    return cleaned


def _weight(value: str | None) -> float:
    try:
        weight = 1.0 if value is None else float(value)
    except ValueError:
        raise ValueError(f"weight: not a number: {value!r}") from None
    if not 0 < weight <= 1000:
        raise ValueError(f"weight: must lie above 0 and up to 1000, is {weight:g}")
    return weight
