"""Earmark: an invented detector of AI-made music that answers at once, by a track's id or an ISRC. A worked example.

It stands in the sandbox (sandbox/detectors/earmark.py) and speaks as several real ones do:
- Errors sit in a 200 body: `status` is ok, too_short, no_music, not_found, out_of_credit. Too short is no "human".
- `probability_ai_generated` counts 0 to 100 and is no probability: its makers say it is for ranking only.
- An ISRC fetches whichever recording it knows under it: `analysed` tells which, and another one says nothing of ours.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from crawler.detectors.contract import Detector, Failed, Limits, Reference, Rung, Told
from crawler.detectors.reading import misshapen, raw_of
from crawler.feed.answer import Answer, Basis, Label, Outcome, Question

WORDS = {"deezer": "deezerTrackId", "spotify": "spotifyTrackId"}
OUTCOMES: Mapping[str, Outcome] = {
    "too_short": "unusable_input",
    "no_music": "unusable_input",
    "not_found": "not_found",
    "out_of_credit": "quota",
}
LABELS: Mapping[str, Label] = {"Human Made": "no", "Processed AI": "uncertain", "Pure AI": "yes"}


class Earmark(Detector):
    """Says whether a recording was made by a machine."""

    name = "earmark"
    title = "Earmark (sandbox)"
    terms = "Invented: stands in the sandbox only."
    takes: ClassVar[tuple[Rung, ...]] = ("platform_id", "isrc")
    id_platforms = frozenset(WORDS)
    questions: ClassVar[tuple[Question, ...]] = ("ai_generated",)
    mode = "at once"
    limits = Limits(per_minute=60, per_day=1000, millicents=200)

    def ask(self, reference: Reference, callback_url: str) -> Told:
        """Ask by id or ISRC."""
        word = "isrc" if reference.rung == "isrc" else WORDS[reference.source]
        headers = {"X-API-Key": self.reach.key}
        said = self.line.ask("POST", f"{self.reach.url}/v1/detect", headers, {word: reference.value})
        return Told((read_answer(said, reference, word),))


def read_answer(said: Mapping[str, Any], reference: Reference, word: str) -> Answer:
    """Read an answer about one reference."""
    status, raw = said.get("status"), raw_of(said)
    if status != "ok":
        outcome = OUTCOMES.get(str(status), "failed")
        if outcome in ("quota", "failed"):
            raise Failed(outcome, f"its status is {str(status)[:40]!r}")
        return Answer(outcome=outcome, question="ai_generated", raw=raw)
    analysed = said.get("analysed")
    heard = analysed.get(word) if isinstance(analysed, Mapping) else None
    if not isinstance(heard, str) or said.get("prediction") not in LABELS:
        raise misshapen()
    seconds = analysed.get("seconds") if isinstance(analysed, Mapping) else None
    basis = Basis(reference=reference.rung, value=heard, heard="preview", seconds=seconds)
    label = LABELS[said["prediction"]] if heard == reference.value else None
    return Answer(
        outcome="inconclusive" if label is None else "verdict",  # it heard another recording
        question="ai_generated",
        label=label,
        score=said.get("probability_ai_generated"),
        scale="0-100, for ranking",
        generator=said.get("most_likely_ai_type") if label == "yes" else None,
        basis=basis,
        version=said.get("model"),
        raw=raw,
    )
