"""What a platform said, verbatim, in a few frozen value types.

Nothing here is cleaned or judged. `None` means "this answer did not say"; it never overwrites what an earlier answer
said. A tuple (lines, credits, markets, links) is all that this answer shows: what it lacks may have ended. Ids are
text. Only units are converted: durations are milliseconds.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.targets import Target


@dataclass(frozen=True, slots=True)
class LinkSeen:
    """A reference source says that this URL belongs to the profile it was told with."""

    url: str
    type_id: str
    ended: bool = False


@dataclass(frozen=True, slots=True)
class ProviderSeen:
    """Who delivered tracks that stand on an artist's page, and how many, where the platform counts them."""

    name: str
    tracks: int | None = None


@dataclass(frozen=True, slots=True)
class ProfileSeen:
    """An artist page, as a search hit, as the thing asked, or as credited on a release."""

    id: str
    name: str
    url: str | None = None
    image_url: str | None = None
    followers: int | None = None
    release_count: int | None = None
    genres: tuple[str, ...] | None = None
    country: str | None = None
    disambiguation: str | None = None
    aliases: tuple[str, ...] | None = None
    began: str | None = None
    ended: str | None = None
    links: tuple[LinkSeen, ...] | None = None
    owner: str | None = None  # the platform's word for whose page it is: label, user, mixed, topic, ...
    providers: tuple[ProviderSeen, ...] | None = None
    position: int | None = None  # rank in the search that found it, from 1


@dataclass(frozen=True, slots=True)
class CreditSeen:
    """One name on a release or track: who, in which role, as printed."""

    name: str
    profile_id: str | None = None
    role: str = "main"  # the platform's word, lower case: main, featured, remixer, composer, ...
    join: str | None = None  # what is printed between this name and the next: " feat. ", " & "


@dataclass(frozen=True, slots=True)
class LineSeen:
    """A rights or label line as printed: kind is 'label', 'p', 'c', 'provider' (who delivered) or 'catalogue'."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class AiSeen:
    """An AI disclosure: what the platform's field said, and which field it was."""

    field: str
    value: str  # yes, no, partial


@dataclass(frozen=True, slots=True)
class ReleaseSeen:
    """A release as a list row (`listed_on` a profile's page) or as its full record."""

    id: str
    title: str
    url: str | None = None
    kind: str | None = None  # the platform's word: album, single, ep, compilation, ...
    date: str | None = None  # raw: "2024-08-16", "2009-05", "2009", "0000", ""
    upc: str | None = None
    cover_url: str | None = None
    track_count: int | None = None
    explicit: bool | None = None
    genres: tuple[str, ...] | None = None
    lines: tuple[LineSeen, ...] | None = None
    credits: tuple[CreditSeen, ...] | None = None
    markets: tuple[str, ...] | None = None
    ai: AiSeen | None = None
    listed_on: str | None = None  # profile id whose page listed it
    section: str = ""  # the part of that page
    added: str | None = None  # raw: when the platform says that it came there, which no uploader chooses
    status: str | None = None  # the platform's word where it has one: official, bootleg, unavailable, ...


@dataclass(frozen=True, slots=True)
class TrackSeen:
    """A track on a release."""

    id: str
    title: str
    release_id: str
    version: str | None = None
    disc: int | None = None
    position: int | None = None
    duration_ms: int | None = None
    isrc: str | None = None
    explicit: bool | None = None
    url: str | None = None
    credits: tuple[CreditSeen, ...] | None = None
    markets: tuple[str, ...] | None = None
    ai: AiSeen | None = None


@dataclass(frozen=True, slots=True)
class IdentitySeen:
    """A reference source knows this profile URL, and says which artist it belongs to."""

    url: str
    artist_id: str  # the reference source's id (an MBID)
    artist_name: str
    type_id: str
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Redirected:
    """The platform answered with another thing than was asked (a regional alternative, a merged profile)."""

    asked: str
    got: str


@dataclass(frozen=True, slots=True)
class Absent:
    """The platform answered "not here". This is an answer, never a failure."""

    id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OddRow:
    """One entry of an answer that could not be read; what stood around it was."""

    what: str  # which entry of what: "release 17", "credit 2"
    reason: str
    raw: str  # the entry as it came, cut where it is very long


Observation = ProfileSeen | ReleaseSeen | TrackSeen | IdentitySeen | Redirected | Absent | OddRow


class Outcome(StrEnum):
    """How a look ended. Only COMPLETE can say that something is gone; none of the others can."""

    COMPLETE = "complete"  # all of it, ended by the platform's own marker
    PARTIAL = "partial"  # a part: early stop, a silent cap, a short page, a total never reached, a cycle
    BLIND = "blind"  # answered, but the platform withholds what was asked from this credential
    ABSENT = "absent"  # answered: no such thing
    THROTTLED = "throttled"  # told to slow down, or our own budget is spent
    REFUSED = "refused"  # credentials, terms or a block
    MALFORMED = "malformed"  # answered in a shape we do not understand
    FAILED = "failed"  # no answer: timeouts, resets, server errors


@dataclass(frozen=True, slots=True)
class Coverage:
    """The last thing said for a target: how much of it was seen, and why the looking stopped."""

    outcome: Outcome
    pages: int = 0
    expected: int | None = None  # the largest total that the platform named during the walk
    received: int = 0  # distinct ids
    stop_reason: str = ""
    cost: int = 0  # calls spent
    resume: str | None = None  # where the next look should go on, when this one was cut short
    resumed: bool = False  # this look continued an earlier one
    to_end: bool = False  # the platform's own end marker was reached
    cut: bool = False  # the platform shows only so many: what lies beyond was never seen
    retry_at: datetime | None = None  # not before this moment (throttled)
    blind: frozenset[str] = frozenset()
    odd: int = 0  # entries that could not be read; a look with one never says that anything is gone
    about_target: bool = False  # a refusal of this question alone: the platform answers others


@dataclass(frozen=True, slots=True)
class Payload:
    """One raw answer. `url` holds no secret."""

    url: str
    status: int
    body: bytes
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What one answer said about one target; the last page of a target carries its coverage."""

    target: Target
    observations: tuple[Observation, ...] = ()
    payload: Payload | None = None
    coverage: Coverage | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Everything said for one target in one look: the unit that is recorded whole or not at all."""

    target: Target
    observations: tuple[Observation, ...]
    coverage: Coverage
    started_at: datetime
    ended_at: datetime
    payloads: tuple[Payload, ...] = ()
