"""The candidate document: a case as handed to detection systems, self-contained and versioned."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from crawler.feed.answer import Answer

Status = Literal["open", "watching", "confirmed", "cleared", "takedown_requested", "gone", "returned", "merged"]


class Part(BaseModel):
    """What all parts of a document share: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ProfilePart(Part):
    """A profile: one that the event is bound to, or one of the artist's own."""

    platform: str
    id: str
    name: str
    url: str | None = None
    image_url: str | None = None
    standing: str | None = Field(None, description="towards the artist: official, proposed, namesake, suspected")
    followers: int | None = None
    first_seen_at: datetime
    last_seen_at: datetime | None = None


class ArtistPart(Part):
    """The monitored artist whose name is concerned; a victim or a namesake, never the accused."""

    key: str
    name: str
    mbid: str | None = None
    official: list[ProfilePart] = Field(default_factory=list, description="the artist's own pages, as reference")


class TrackPart(Part):
    """A track of the release."""

    platform_id: str
    title: str
    version: str | None = None
    disc: int | None = None
    position: int | None = None
    duration_ms: int | None = Field(None, description="milliseconds")
    isrc_raw: str | None = Field(None, description="as the platform prints it")
    isrc: str | None = Field(None, description="normalised ISRC")
    url: str | None = None


class ReleasePart(Part):
    """The release as one platform shows it."""

    id: str
    title: str
    kind: str | None = None
    url: str | None = None
    date: str | None = Field(None, description="as the uploader claims it, raw")
    upc_raw: str | None = Field(None, description="as the platform prints it")
    gtin: str | None = Field(None, description="GTIN-14")
    artwork_url: str | None = None
    lines: list[str] = Field(default_factory=list, description="label, P and C lines as printed")
    credits: list[str] = Field(default_factory=list, description="names as printed, with role")
    ai: list[str] = Field(default_factory=list, description="AI disclosures: the platform's field and value")
    tracks: list[TrackPart] = Field(default_factory=list)
    first_seen_at: datetime
    last_seen_at: datetime | None = None


class FindingPart(Part):
    """One binding of the event on one platform."""

    role: str = Field(description="listed, appears_on, credited, named; page: the profile itself")
    profile: ProfilePart
    release: ReleasePart | None = None
    first_seen_at: datetime
    removed_at: datetime | None = None
    oldest_at: datetime | None = Field(None, description="when the oldest of its texts was last heard")


class WeightPart(Part):
    """One weight of the published table, how many times it was put on, and for which values."""

    weight: str
    times: float
    bits: float
    quote: str = ""


class SignalPart(Part):
    """One signal: its reason, its state and the values it quotes."""

    signal: str
    reason: str
    state: Literal["fired", "quiet", "blind"]
    bits: float = Field(description="its part of the score; all parts add up to `bits` of the case")
    because: str
    weights: list[WeightPart] = Field(default_factory=list)
    low: float = Field(0.0, description="bits that what is blind might still take off")
    high: float = Field(0.0, description="bits that it might still add")


class VerdictPart(Part):
    """The verdict that counts now."""

    decision: str
    authority: str
    note: str
    decided_at: datetime


class DetectionPart(Part):
    """What one detection system answered: it moves the score, and decides nothing."""

    detector: str
    decision: str = Field(description="on the whole case; unsure where a question was answered")
    question: str | None = Field(None, description="ai_generated, copy_of, cover_of, voice_clone")
    said: str = Field(description="the answer in a few words, or the detector's note")
    answer: Answer | None = None
    answered_at: datetime


class CampaignPart(Part):
    """The campaign that the event seems to belong to, and what ties its cases."""

    id: int
    ties: list[str]


class SourcePart(Part):
    """What the use of one platform's facts obliges to."""

    platform: str
    attribution: str
    keep_days: int | None = Field(None, description="the longest that raw answers may be kept")


class Candidate(Part):
    """A case under suspicion: a candidate, unconfirmed until somebody with authority decided."""

    schema_version: Literal["falsetto.candidate/2"] = "falsetto.candidate/2"
    event: Literal["opened", "changed", "decided", "withdrawn"]
    idempotency_key: str = Field(description="the same event of the same case always bears the same key")
    case_id: int
    revision: int = Field(ge=1, description="grows with every change of meaning: ignore lower ones")
    kind: Literal["release", "profile", "disappearance", "tampering"]
    attack: str = Field(description="the class of attack it would be")
    origin: Literal["news", "census"]
    status: Status
    statement: str = Field(description="what is suspected, in one sentence")
    score_low: float = Field(ge=0, le=1)
    score: float = Field(ge=0, le=1)
    score_high: float = Field(ge=0, le=1)
    bits: float
    blind: list[str] = Field(default_factory=list, description="signals that could not see: they widen the interval")
    rule_version: str
    artist: ArtistPart
    findings: list[FindingPart]
    signals: list[SignalPart]
    campaign: CampaignPart | None = None
    verdict: VerdictPart | None = None
    detections: list[DetectionPart] = Field(default_factory=list, description="newest first; at most 20")
    merged_into: int | None = Field(None, description="where a withdrawn case went")
    sources: list[SourcePart] = Field(default_factory=list)
    lapsed: list[str] = Field(
        default_factory=list,
        description="platforms whose texts may be kept no longer: they are blank here",
    )
    opened_at: datetime
    written_at: datetime
