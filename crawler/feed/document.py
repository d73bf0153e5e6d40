"""The candidate document: a case as handed to detection systems, self-contained and versioned."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """What all parts of a document share: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ArtistPart(Part):
    """The monitored artist whose name is concerned; a victim or a namesake, never the accused."""

    key: str
    name: str
    mbid: str | None = None


class ProfilePart(Part):
    """The profile that the release is bound to, or that goes by the name."""

    platform: str
    id: str
    name: str
    url: str | None = None
    standing: str | None = Field(None, description="towards the artist: official, proposed, namesake, suspected")
    followers: int | None = None
    first_seen_at: datetime


class TrackPart(Part):
    """A track of the release."""

    platform_id: str
    title: str
    version: str | None = None
    disc: int | None = None
    position: int | None = None
    duration_ms: int | None = Field(None, description="milliseconds")
    isrc: str | None = Field(None, description="normalised ISRC")


class ReleasePart(Part):
    """The release that is bound to the profile."""

    id: str
    title: str
    kind: str | None = None
    url: str | None = None
    date: str | None = Field(None, description="as the uploader claims it, raw")
    upc: str | None = Field(None, description="GTIN-14")
    lines: list[str] = Field(default_factory=list, description="label, P and C lines as printed")
    credits: list[str] = Field(default_factory=list, description="names as printed, with role")
    tracks: list[TrackPart] = Field(default_factory=list)
    first_seen_at: datetime


class SignalPart(Part):
    """One signal: its reason, its state and the values it quotes."""

    signal: str
    reason: str
    state: Literal["fired", "quiet", "blind"]
    strength: float = Field(ge=0, le=1)
    because: str


class VerdictPart(Part):
    """The verdict that counts now."""

    decision: str
    authority: str
    note: str
    decided_at: datetime


class Candidate(Part):
    """A case under suspicion: a candidate, unconfirmed until somebody with authority decided."""

    schema_version: Literal["falsetto.candidate/1"] = "falsetto.candidate/1"
    event: Literal["opened", "changed", "decided"]
    idempotency_key: str = Field(description="the same event of the same case always bears the same key")
    case_id: int
    kind: str
    role: str = ""
    status: Literal["open", "decided"]
    statement: str = Field(description="what is suspected, in one sentence")
    score_low: float = Field(ge=0, le=1)
    score_high: float = Field(ge=0, le=1)
    rule_version: str
    artist: ArtistPart
    profile: ProfilePart
    release: ReleasePart | None = None
    signals: list[SignalPart]
    verdict: VerdictPart | None = None
    opened_at: datetime
    written_at: datetime
