"""The facts of an event as plain values: what judgement is given, whoever reads it out of the store. No SQL here.

An event is one release group, or one profile group, against one artist. What its appearances on all platforms show is
added up in `Shown`; the artist's past is a tuple of the same values, so that a release of a page can be judged against
all the others of that page.
"""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Line:
    """A label or rights line as printed: kind is 'label', 'p', 'c' or 'provider'; the key is its folded form."""

    kind: str
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Credit:
    """A name on a release or on one of its tracks."""

    name: str
    key: str  # folded name
    role: str  # the platform's word: main, featured, remixer, composer, ...
    on_track: bool = False
    artist_id: int | None = None  # the monitored artist whose official profile it is
    profile: tuple[str, str] | None = None  # (platform, profile id)


@dataclass(frozen=True, slots=True)
class Track:
    """A recording on a release, as the platform that tells most of it shows it."""

    title: str
    key: str  # folded title
    version: str | None = None
    duration_ms: int | None = None
    isrc: str | None = None
    since: datetime | None = None  # first seen on this release
    until: datetime | None = None  # no longer there since


@dataclass(frozen=True, slots=True)
class Shown:
    """What one release group shows, added up over its appearances; a field that nobody told is empty and `blind`."""

    group_id: int
    title: str
    keys: frozenset[str]  # folded titles, without a store's " - Single"
    kind: str  # album, single, ep, compilation or ""
    role: str  # own, appears_on, compilation
    date: date | None  # the earliest claimed date with a day
    year: int | None  # the earliest claimed year
    first_seen_at: datetime
    news: bool  # first seen after a complete baseline, on every page that lists it
    platforms: frozenset[str] = frozenset()
    lines: tuple[Line, ...] = ()
    isrcs: frozenset[str] = frozenset()
    gtins: frozenset[str] = frozenset()  # GTIN-14
    credits: tuple[Credit, ...] = ()
    tracks: tuple[Track, ...] = ()
    genres: frozenset[str] = frozenset()
    covers: frozenset[str] = frozenset()  # addresses
    explicit: bool | None = None
    ai: tuple[str, ...] = ()  # disclosures as "platform field: value"
    blind: frozenset[str] = frozenset()  # label, p_line, c_line, isrc, upc, provider, composer, genre, tracks


@dataclass(frozen=True, slots=True)
class Page:
    """A profile as judgement sees it."""

    id: int
    platform: str
    platform_id: str
    name: str
    url: str | None = None
    image_url: str | None = None
    followers: int | None = None
    release_count: int | None = None
    genres: frozenset[str] = frozenset()
    country: str | None = None
    disambiguation: str | None = None
    first_seen_at: datetime | None = None
    standing: str = ""  # towards the event's artist: official, namesake, suspected, or ""
    official_for: tuple[int, ...] = ()  # monitored artists whose official page it is


@dataclass(frozen=True, slots=True)
class Finding:
    """One binding of the event on one platform: a release on a page, or a page that goes by the name."""

    page: Page
    release_id: int | None  # row id; None: the page itself
    platform_id: str | None  # the release's id on the platform
    title: str | None
    role: str  # listed, appears_on, credited, named, page
    url: str | None
    first_seen_at: datetime
    news: bool = True
    baseline_at: datetime | None = None
    missing_since: datetime | None = None
    removed_at: datetime | None = None
    detailed: bool = True  # its full record was seen; a list's row says little


@dataclass(frozen=True, slots=True)
class Resembled:
    """A text that met the artist's name: by which spelling, how, and how surprising that is."""

    text: str
    met: str
    where: str  # profile, credit, title
    kinds: tuple[str, ...]
    bits: float  # log2 of how much likelier an imitation prints this than somebody unconcerned
    chance: float  # such texts expected by chance among the credits looked at
    evidence: str
    same: bool  # the name itself, at most printed another way
    whole: bool  # the text is the name, not one of several in it


@dataclass(frozen=True, slots=True)
class Claimed:
    """An authority's word on something that the event carries."""

    subject: str  # label, isrc, isrc_prefix, upc, release, profile, distributor
    value: str
    stance: str  # ours or not_ours
    authority: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Referred:
    """A reference source's word on a page or release: evidence with a date, never a verdict."""

    source: str
    says: str  # anchored (the artist's), elsewhere (a namesake's), unanchored (asked: nobody's), lists (this release)
    who: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Shared:
    """Something that the event has in common with events of other artists lately."""

    what: str  # line, registrant, cover, writer, naming, code_run
    value: str
    artists: frozenset[int]  # monitored artists, the event's own left out
    events: frozenset[int]  # their group ids
    spread: int  # unrelated artists that use it in all: a hub says little
    days: float  # between the first and the last of them


@dataclass(frozen=True, slots=True)
class Spread:
    """How many acts of the whole store carry a value that the event carries; the event's artist is left out."""

    what: str  # holder, registrant, prefix
    value: str  # as crawler.suspicion.lines.holder_text prints it; ISRC registrant; GTIN-14 digits 2 to 8
    acts: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the whole store knows about the values that the event carries."""

    acts: int = 0  # acts whose releases the store knows; 0: nobody counted
    spreads: tuple[Spread, ...] = ()
    homes: frozenset[str] = frozenset()  # folded lines that stood before on pages of other monitored artists credited


@dataclass(frozen=True, slots=True)
class Artist:
    """A monitored artist."""

    id: int
    name: str
    aliases: tuple[str, ...] = ()
    country: str | None = None
    tags: frozenset[str] = frozenset()
    died: date | None = None  # or disbanded
    weight: float = 1.0
    home_labels: frozenset[str] = frozenset()  # folded: claimed or taught by a legitimate verdict
    home_prefixes: frozenset[str] = frozenset()  # ISRC registrants and GTIN prefixes, claimed or taught
    namesakes: int = 0  # other pages of that very name that were seen


@dataclass(frozen=True, slots=True)
class Event:
    """One release group, or one profile group, against one artist: everything that judgement may look at."""

    kind: str  # release, profile, disappearance, tampering
    artist: Artist
    findings: tuple[Finding, ...]
    shown: Shown | None = None  # the release group; None for profiles
    releases: tuple[Shown, ...] = ()  # what a profile group lists
    leaders: tuple[Page, ...] = ()  # whose release it is by its first credit, where that is somebody else
    resembled: tuple[Resembled, ...] = ()
    claims: tuple[Claimed, ...] = ()
    references: tuple[Referred, ...] = ()
    shared: tuple[Shared, ...] = ()
    past: tuple[Shown, ...] = ()  # the artist's own and guest releases, this one left out
    surroundings: Surroundings = Surroundings()
    watched_platforms: frozenset[str] = frozenset()  # hosts where the artist has a page with a complete baseline
    still_on: frozenset[str] = frozenset()  # platforms that showed what is lost elsewhere after it was missed there
    coverage_gap: bool = False  # our looks before it were not complete: it may be older than it seems
    at: datetime | None = None  # when it is judged
    notes: tuple[str, ...] = field(default=())
