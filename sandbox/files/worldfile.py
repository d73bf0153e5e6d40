"""Worlds as documented JSON: what such a file may say, and one clear line about a file that says something else."""

import json
import re
from collections.abc import Iterable
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from sandbox.dialects import facts

FORMAT = "falsetto-world/1"
LONGEST_FILE = 2_000_000_000
if TYPE_CHECKING:
    Platform = str
else:
    Platform = Literal[tuple(facts.every())]
Market = Literal["US", "GB", "DE", "FR", "JP", "BR", "AU", "CA", "SE", "MX", "IT", "ES"]
ClaimedDate = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
Upc = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
Isrc = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[A-Z0-9]{3}\d{7}$")]


SHAPED = ("profile", "album", "track")
ID_SHAPES = {name: platform.id_shape for name, platform in facts.every().items()}


class BadWorld(ValueError):
    """A world file that cannot be used; the message is one line with the path inside the file."""


class Part(BaseModel):
    """Anything in a world file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(Part):
    """Something with a beginning and an end; an absent end is open."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    @property
    def window(self) -> tuple[float, float]:
        """Give the span in seconds."""
        return self.since.timestamp() if self.since else -inf, self.until.timestamp() if self.until else inf


class FilePageChange(Part):
    """A field of a page that says something else from a time on."""

    at: AwareDatetime
    field: Literal["name", "image"]
    value: str


class FileProfile(Span):
    """An artist's page on one platform."""

    platform: Platform
    id: str = Field(min_length=1)
    name: str = ""
    followers: int = Field(default=0, ge=0)
    image: str = Field(default="", description="The picture's hash; one that belongs to the id if absent.")
    changes: tuple[FilePageChange, ...] = ()


class FileLink(Span):
    """A url relation as MusicBrainz keeps it: entered `since`, removed `until`."""

    url: str
    type: str
    type_id: str
    ended: bool = False


class FileArtist(Part):
    """Somebody with profiles."""

    key: str = Field(min_length=1)
    name: str = Field(min_length=1)
    n: int | None = Field(
        default=None, ge=0, description="Decides small invented facts; the place in the list if absent."
    )
    aliases: tuple[str, ...] = ()
    latin: str = ""
    label: str = ""
    labels: tuple[str, ...] = ()
    isrc_prefixes: tuple[str, ...] = ()
    genre: str = "Pop"
    country: str = "US"
    begin: str = ""
    ended: str = ""
    disambiguation: str = ""
    profiles: tuple[FileProfile, ...] = ()
    links: tuple[FileLink, ...] = ()


class FileCredit(Span):
    """An artist's name on a release or track; a guest of a release is credited on tracks only."""

    artist: str
    role: Literal["main", "featured", "guest"] = "main"
    printed: str = ""
    platforms: tuple[Platform, ...] | None = None


class FileHidden(Span):
    """A market in which a release cannot be seen for a while."""

    market: Market


class FilePresence(Span):
    """A release on one platform: `since` it appears, `until` it is removed."""

    platform: Platform
    id: str = Field(min_length=1)
    markets: tuple[Market, ...] | None = None
    hidden: tuple[FileHidden, ...] = ()
    upc: str = Field(default="", description="As this platform spells it.")
    twin: str = Field(default="", description="A second id: Spotify's duplicate, Deezer's regional alternative.")


class FileChange(Part):
    """A field of a release that says something else from a time on."""

    at: AwareDatetime
    field: Literal["title", "label", "p_line", "c_line", "cover", "date"]
    value: str


class FileTrack(Span):
    """A track; without credits it has those of its release."""

    position: int = Field(ge=1)
    title: str
    isrc: Isrc
    duration_ms: int = Field(ge=0)
    ids: dict[Platform, str]
    credits: tuple[FileCredit, ...] | None = None
    disc: int = Field(default=1, ge=1)
    version: str = ""
    explicit: bool = False
    writers: tuple[str, ...] = ()


class FileRelease(Part):
    """A release with its tracks."""

    key: str = Field(min_length=1)
    n: int | None = Field(
        default=None, ge=0, description="Decides small invented facts; the place in the list if absent."
    )
    title: str
    kind: Literal["album", "single", "ep", "compilation"]
    date: ClaimedDate
    upc: Upc
    label: str = ""
    p_line: str = ""
    c_line: str = ""
    cover: str = Field(default="0" * 32, min_length=24)
    genre: str = "Pop"
    explicit: bool = False
    credits: tuple[FileCredit, ...] = Field(min_length=1)
    on: tuple[FilePresence, ...] = ()
    changes: tuple[FileChange, ...] = ()
    nature: str = Field(default="", description="What an arrival is, for the truth: re-delivery, digitised, ...")
    tracks: tuple[FileTrack, ...] = Field(min_length=1)


class FileRosterRow(Part):
    """A monitored artist as the rights team lists it."""

    artist: str
    name: str = ""
    aliases: tuple[str, ...] = ()
    mbid: str = ""
    labels: tuple[str, ...] = ()
    isrc_prefixes: tuple[str, ...] = ()
    ids: dict[Platform, str] = {}


class FileBinding(Span):
    """Where a planted event shows, in which role and under which printed name."""

    platform: Platform
    profile: str
    release: str = ""
    track: str = ""
    role: str = ""
    credited: str = ""


class FilePlanted(Part):
    """The truth about an attack or its innocent twin."""

    id: str
    kind: str
    scenario: str = ""
    artist: str
    attack: bool
    since: AwareDatetime
    bindings: tuple[FileBinding, ...] = ()
    profiles: tuple[FileBinding, ...] = ()
    campaign: str = ""
    note: str = ""
    group: str = Field(default="", description="The attack's class: A to K, or inverse.")
    visible: AwareDatetime | None = Field(default=None, description="When it can first be seen; absent if never.")
    swapped: AwareDatetime | None = Field(default=None, description="When something official was changed.")
    down: AwareDatetime | None = Field(default=None, description="When the last of it was gone.")


class WorldFile(Part):
    """A whole world."""

    format: Literal["falsetto-world/1"]
    start: AwareDatetime
    artists: tuple[FileArtist, ...]
    releases: tuple[FileRelease, ...]
    roster: tuple[FileRosterRow, ...] = ()
    planted: tuple[FilePlanted, ...] = ()


def schema() -> dict[str, Any]:
    """Give the JSON Schema of a world file."""
    said = WorldFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "world.schema.json", **said}


def read_world(path: Path) -> WorldFile:
    """Read and check a world file."""
    try:
        if path.stat().st_size > LONGEST_FILE:
            raise BadWorld(f"{path}: larger than {LONGEST_FILE} bytes")
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise BadWorld(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadWorld(f"{path}: not UTF-8") from None
    except json.JSONDecodeError as error:
        raise BadWorld(f"{path}: not JSON: {error.msg} at line {error.lineno} column {error.colno}") from None
    except RecursionError:
        raise BadWorld(f"{path}: nested too deeply") from None
    try:
        world = WorldFile.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadWorld(f"{path}: {place(first['loc'])}: {first['msg'].lower()}") from None
    check_names(path, world)
    return world


def place(steps: Iterable[int | str]) -> str:
    """Write a path inside a file."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
    return text or "the whole file"


def check_names(path: Path, world: WorldFile) -> None:
    """Refuse what refers to nothing, and what is there twice."""
    artists = {artist.key for artist in world.artists}
    for said, where in referred(world):
        if said not in artists:
            raise BadWorld(f"{path}: {where}: no artist is called {said!r}")
    seen: dict[tuple[str, ...], str] = {}
    for key, where in claimed(world):
        if key[0] in SHAPED and not ID_SHAPES[key[1]].fullmatch(key[2]):
            raise BadWorld(f"{path}: {where}: {key[2]!r} has not the shape of an id on {key[1]}")
        if key in seen:
            raise BadWorld(f"{path}: {where}: {' '.join(key)!r} is already {seen[key]}")
        seen[key] = where
    for spot, release in enumerate(world.releases):
        check_release(path, f"releases[{spot}]", release)


def check_release(path: Path, where: str, release: FileRelease) -> None:
    """Refuse impossible dates and tracks without an id on a platform that has the release."""
    if not re.fullmatch(r"0000|(?!0000)\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", release.date):
        raise BadWorld(f"{path}: {where}.date: {release.date!r} is no date")
    for place_, track in enumerate(release.tracks):
        for entry in release.on:
            if entry.platform not in track.ids:
                raise BadWorld(
                    f"{path}: {where}.tracks[{place_}].ids: no id on {entry.platform}, which has the release"
                )


def referred(world: WorldFile) -> Iterable[tuple[str, str]]:
    """Give every artist key that something refers to, with its place."""
    for spot, release in enumerate(world.releases):
        for at, credit in enumerate(release.credits):
            yield credit.artist, f"releases[{spot}].credits[{at}].artist"
        for number, track in enumerate(release.tracks):
            for at, credit in enumerate(track.credits or ()):
                yield credit.artist, f"releases[{spot}].tracks[{number}].credits[{at}].artist"
    for spot, row in enumerate(world.roster):
        yield row.artist, f"roster[{spot}].artist"
    for spot, event in enumerate(world.planted):
        yield event.artist, f"planted[{spot}].artist"


def claimed(world: WorldFile) -> Iterable[tuple[tuple[str, ...], str]]:
    """Give everything that may be there only once, with its place."""
    for spot, artist in enumerate(world.artists):
        yield ("artist", artist.key), f"artists[{spot}].key"
        yield ("artist number", str(spot if artist.n is None else artist.n)), f"artists[{spot}].n"
        for at, profile in enumerate(artist.profiles):
            yield ("profile", profile.platform, profile.id), f"artists[{spot}].profiles[{at}].id"
            yield ("platform of", artist.key, profile.platform), f"artists[{spot}].profiles[{at}].platform"
    for spot, release in enumerate(world.releases):
        yield ("release", release.key), f"releases[{spot}].key"
        yield ("release number", str(spot if release.n is None else release.n)), f"releases[{spot}].n"
        for at, entry in enumerate(release.on):
            yield ("album", entry.platform, entry.id), f"releases[{spot}].on[{at}].id"
            if entry.twin:
                yield ("album", entry.platform, entry.twin), f"releases[{spot}].on[{at}].twin"
            yield ("platform of", release.key, entry.platform), f"releases[{spot}].on[{at}].platform"
        for number, track in enumerate(release.tracks):
            for platform, id in track.ids.items():
                yield ("track", platform, id), f"releases[{spot}].tracks[{number}].ids.{platform}"
