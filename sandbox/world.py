"""The values that a synthetic world is made of, and what a world can be asked.

Times are seconds since the epoch (UTC); a window is closed at its start and open at its end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import inf
from typing import Any, Protocol, TypeVar

from sandbox.dialects import facts

PLATFORMS = tuple(facts.every())
MARKETS = ("US", "GB", "DE", "FR", "JP", "BR", "AU", "CA", "SE", "MX", "IT", "ES")
EVERYWHERE = tuple(name for name, platform in facts.every().items() if not platform.reference)
# What chance chooses among: a store whose chances are drawn apart goes along and changes nothing for the others.
STORES = tuple(name for name in EVERYWHERE if not facts.of(name).apart)
GENRES = ("Pop", "Rock", "Electronic", "Hip-Hop", "Jazz", "Folk", "Metal", "Soul", "Classical", "Ambient")
DAY = 86400.0


def seconds(moment: datetime) -> float:
    """Give a moment as seconds since the epoch."""
    return moment.timestamp()


def iso(moment: float) -> str | None:
    """Give seconds since the epoch as ISO 8601 in UTC, or nothing for an open end."""
    if moment in (inf, -inf):
        return None
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Profile:
    """An act's page on one platform."""

    platform: str
    id: str
    name: str
    since: float = -inf
    until: float = inf
    followers: int = 0
    image: str = ""
    changes: tuple["Change", ...] = ()

    def is_up(self, now: float) -> bool:
        """Tell whether the page exists at a time."""
        return self.since <= now < self.until


@dataclass(frozen=True, slots=True)
class Link:
    """A url relation as MusicBrainz keeps it."""

    url: str
    type: str
    type_id: str
    ended: bool = False
    since: float = -inf
    until: float = inf

    def is_there(self, now: float) -> bool:
        """Tell whether an editor has entered the relation, and nobody has removed it."""
        return self.since <= now < self.until


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody or something with profiles: an artist, a namesake, an impostor."""

    n: int
    key: str
    name: str
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
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Credit:
    """An act's name on a release or a track; a guest is credited on tracks only."""

    act: int
    role: str = "main"
    printed: str = ""
    since: float = -inf
    until: float = inf
    platforms: frozenset[str] | None = None

    def holds(self, platform: str, now: float) -> bool:
        """Tell whether a platform shows this credit at a time."""
        return self.since <= now < self.until and (self.platforms is None or platform in self.platforms)


@dataclass(frozen=True, slots=True)
class Hidden:
    """A market in which a release cannot be seen for a while."""

    market: str
    since: float = -inf
    until: float = inf


@dataclass(frozen=True, slots=True)
class Presence:
    """A release on one platform: under which id, from when to when, and where."""

    id: str
    since: float = -inf
    until: float = inf
    markets: frozenset[str] | None = None
    hidden: tuple[Hidden, ...] = ()
    upc: str = ""
    twin: str = ""

    def is_up(self, market: str, now: float) -> bool:
        """Tell whether the release can be seen in a market at a time."""
        if not self.since <= now < self.until or (self.markets is not None and market not in self.markets):
            return False
        return not any(hide.market == market and hide.since <= now < hide.until for hide in self.hidden)


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a release or a page that says something else from a time on."""

    at: float
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Release:
    """An album, EP, single or compilation, without its tracks."""

    n: int
    key: str
    title: str
    kind: str
    date: str
    upc: str
    label: str
    p_line: str
    c_line: str
    cover: str
    genre: str
    explicit: bool
    track_count: int
    credits: tuple[Credit, ...]
    on: Mapping[str, Presence]
    changes: tuple[Change, ...] = ()
    tracks_vary: bool = False
    nature: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """One track of a release; its credits are whole, not only what differs from the release."""

    position: int
    title: str
    isrc: str
    duration_ms: int
    credits: tuple[Credit, ...]
    ids: Mapping[str, str]
    disc: int = 1
    version: str = ""
    explicit: bool = False
    writers: tuple[str, ...] = ()
    since: float = -inf
    until: float = inf


@dataclass(frozen=True, slots=True)
class Binding:
    """One place where a planted event shows: a release or track under a profile, in a role and under a printed name."""

    platform: str
    profile: str
    release: str = ""
    track: str = ""
    since: float = -inf
    until: float = inf
    role: str = ""
    credited: str = ""


@dataclass(frozen=True, slots=True)
class Planted:
    """An attack or its innocent twin, with where and when it shows.

    `group` is the attack's class, `since` when it begins, `visible` when it can first be seen anywhere (never, for what
    metadata cannot show), `swapped` when something official was changed, `down` when the last of it was gone.
    """

    id: str
    kind: str
    scenario: str
    artist: int
    attack: bool
    since: float
    bindings: tuple[Binding, ...] = ()
    profiles: tuple[Binding, ...] = ()
    campaign: str = ""
    note: str = ""
    group: str = ""
    visible: float = inf
    swapped: float = inf
    down: float = inf


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A monitored artist as a rights team would list it."""

    act: int
    name: str
    aliases: tuple[str, ...] = ()
    mbid: str = ""
    labels: tuple[str, ...] = ()
    isrc_prefixes: tuple[str, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)


class World(Protocol):
    """What the stand-in platforms ask of a world, made up or loaded."""

    start: float

    def act(self, n: int) -> Act:
        """Give an act."""

    def acts(self) -> Iterable[int]:
        """Give every act's number."""

    def find_profile(self, platform: str, id: str) -> Act | None:
        """Give the act behind a platform's profile id."""

    def linked_to(self, act: Act) -> Sequence[Act]:
        """Give the other acts whose url relations name one of an act's profiles."""

    def find_release(self, platform: str, id: str) -> Release | None:
        """Give the release behind a platform's id or twin id."""

    def find_track(self, platform: str, id: str) -> tuple[Release, Track] | None:
        """Give the track behind a platform's id."""

    def listings(self, act: int) -> Sequence[Release]:
        """Give every release that credits an act at any time, on the release or on a track."""

    def tracks(self, release: Release) -> Sequence[Track]:
        """Give a release's tracks, including those of other times."""

    def by_upc(self, upc: str) -> Sequence[Release]:
        """Give the releases with a UPC, compared without leading zeros."""

    def by_isrc(self, isrc: str) -> Sequence[tuple[Release, Track]]:
        """Give the tracks that carry an ISRC."""

    def search(self, words: str, exact: bool) -> Sequence[int]:
        """Give the acts whose names answer some words, best first; without `exact` also near misses."""

    def titled(self, text: str) -> Sequence[Release]:
        """Give releases whose titles have all of some words."""

    def roster(self) -> Sequence[RosterRow]:
        """Give the monitored artists."""

    def planted(self) -> Iterable[Planted]:
        """Give the attacks and their innocent twins."""


Said = TypeVar("Said", "Release", "Profile")


def at(said: Said, now: float) -> Said:
    """Give a release or a page as its fields read at a time."""
    due = [change for change in said.changes if change.at <= now]
    if not due:
        return said
    changed: dict[str, Any] = {change.field: change.value for change in sorted(due, key=lambda change: change.at)}
    return replace(said, **changed)


def tracks_at(world: World, release: Release, now: float) -> list[Track]:
    """Give the tracks that a release has at a time, numbered without gaps."""
    if not release.tracks_vary:
        return list(world.tracks(release))
    return [track for track in world.tracks(release) if track.since <= now < track.until]


def track_count_at(world: World, release: Release, now: float) -> int:
    """Give how many tracks a release has at a time."""
    return len(tracks_at(world, release, now)) if release.tracks_vary else release.track_count


def credits_at(credits: Iterable[Credit], platform: str, now: float) -> list[Credit]:
    """Give the credits that a platform shows at a time."""
    return [credit for credit in credits if credit.holds(platform, now)]
