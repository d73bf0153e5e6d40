"""Longear: an invented detector of cloned voices that takes an audio URL and calls back, signed. A worked example.

It stands in the sandbox (sandbox/detectors/longear.py) and speaks as several real ones do:
- A job is taken with 202. What became of it is posted to the callback URL, signed as Standard Webhooks does, at least
  once; `GET /v2/jobs/{id}` tells it too, for callbacks that got lost.
- `status` is ok, too_short, no_voice, unreadable; only ok has a verdict.
- `similarity` is calibrated, 0 to 1. Segments are seconds.
"""

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from crawler.detectors.contract import CallingBack, Limits, Reference, Rung, Told
from crawler.detectors.reading import misshapen, raw_of
from crawler.feed.answer import Answer, Basis, Label, Outcome, Question, Segment

OUTCOMES: Mapping[object, Outcome] = {
    "too_short": "unusable_input",
    "no_voice": "inconclusive",
    "unreadable": "unusable_input",
}
LABELS: Mapping[str, Label] = {"clone": "yes", "unsure": "uncertain", "own": "no"}


class Longear(CallingBack):
    """Says whether a voice is an artist's own or a clone of it."""

    name = "longear"
    title = "Longear (sandbox)"
    terms = "Invented: stands in the sandbox only."
    takes: ClassVar[tuple[Rung, ...]] = ("audio_url",)
    questions: ClassVar[tuple[Question, ...]] = ("voice_clone",)
    limits = Limits(per_minute=30, per_day=200, millicents=5000)

    def ask(self, reference: Reference, callback_url: str) -> Told:
        """Hand the URL over, and learn the job's number."""
        asked = {"audio_url": reference.value, "callback_url": callback_url or None}
        return Told(job=job_of(self.line.ask("POST", f"{self.reach.url}/v2/jobs", self._headers, asked)))

    def poll(self, job: str) -> Told:
        """Ask what became of a job."""
        said = self.line.ask("GET", f"{self.reach.url}/v2/jobs/{quote(job, safe='')}", self._headers)
        return Told(job=job) if said.get("status") == "working" else self.read(said)

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Told:
        """Read a finished job."""
        job, status = job_of(body), body.get("status")
        raw = raw_of(body)
        if status in OUTCOMES:
            return Told((Answer(outcome=OUTCOMES[status], question="voice_clone", raw=raw),), job)
        if status != "ok" or body.get("voice") not in LABELS or not isinstance(body.get("audio_url"), str):
            raise misshapen()
        label = LABELS[body["voice"]]
        answer = Answer(
            outcome="verdict",
            question="voice_clone",
            label=label,
            score=body.get("similarity"),
            scale="0-1",
            calibrated=True,
            generator=body.get("cloned_by") if label == "yes" else None,
            segments=[_segment(one) for one in body.get("segments") or ()],
            basis=Basis(reference="audio_url", value=body["audio_url"], heard="unknown", seconds=body.get("seconds")),
            version=body.get("model"),
            raw=raw,
        )
        return Told((answer,), job)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.reach.key}"}


def job_of(said: Mapping[str, Any]) -> str:
    """Read a job's number."""
    job = said.get("job")
    if not isinstance(job, str) or not 0 < len(job) <= 200 or not job.isprintable():
        raise misshapen("its answer names no job")
    return job


def _segment(raw: Any) -> Segment:
    if not isinstance(raw, Mapping) or not all(isinstance(raw.get(end), int | float) for end in ("from", "to")):
        raise misshapen("its answer has a segment that is none")
    start, end = raw["from"], raw["to"]
    if not (0 <= start <= end <= 1e6):
        raise misshapen("its answer has a segment that is none")
    return Segment(start_ms=round(start * 1000), end_ms=round(end * 1000), label="yes", score=raw.get("similarity"))
