"""The one vocabulary in which detection systems answer, whatever each of them calls it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Outcome = Literal["verdict", "inconclusive", "unusable_input", "not_found", "quota", "failed"]
Question = Literal["ai_generated", "copy_of", "cover_of", "voice_clone"]
Label = Literal["yes", "no", "uncertain"]
Word = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
LONGEST_RAW = 20_000


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Segment(_Strict):
    """A part of the recording that a detector singled out."""

    start_ms: int = Field(ge=0, le=2**53)
    end_ms: int = Field(ge=0, le=2**53)
    label: Label | None = None
    score: float | None = None


class Basis(_Strict):
    """What was really analysed: an ISRC can fetch another recording than the suspect one."""

    reference: Literal["platform_id", "isrc", "page_url", "audio_url"]
    value: Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
    heard: Literal["preview", "full", "unknown"] = "unknown"
    seconds: float | None = Field(None, ge=0, le=1e6)


class Answer(_Strict):
    """A detector's answer to one question; only the outcome `verdict` has a label: "too short" is not "no"."""

    outcome: Outcome
    question: Question
    label: Label | None = Field(None, description="what the detector says to the question")
    score: float | None = None
    scale: Word | None = Field(None, description="what the score counts, such as 0-1, 0-100")
    calibrated: bool = Field(False, description="whether the score is a probability; most are for ranking only")
    generator: Word | None = Field(None, description="which generator it thinks was used")
    generator_score: float | None = None
    segments: list[Segment] = Field(default_factory=list, max_length=1000)
    basis: Basis | None = None
    version: Word | None = Field(None, description="the detector's")
    raw: str | None = Field(None, max_length=LONGEST_RAW, pattern=r"^[^\x00]*$", description="as it answered")

    @model_validator(mode="after")
    def _a_label_belongs_to_a_verdict(self) -> "Answer":
        if (self.outcome == "verdict") != (self.label is not None):
            raise ValueError("a label and the outcome 'verdict' come together")
        return self

    def sentence(self) -> str:
        """Say it in a few words."""
        said = self.label if self.label is not None else f"no verdict ({self.outcome})"
        score = f", score {self.score:g} of {self.scale or 'no stated scale'}" if self.score is not None else ""
        return f"{self.question}: {said}{score}"
